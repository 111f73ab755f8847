namespace Stackmill.Shared.Languages.Heuristics;

/// <summary>One sign by which a content tells its language.</summary>
/// <param name="Language">The language, by linguist's name.</param>
/// <param name="Test">True when the text shows the sign.</param>
/// <param name="Yes">A text that shows it.</param>
/// <param name="No">A text that nearly does.</param>
internal sealed record HeuristicRule(string Language, TextTest Test, string Yes, string No);

/// <summary>How content tells apart the languages that share an extension: the first rule that holds decides.</summary>
/// <param name="Extensions">The extensions, separated by spaces.</param>
/// <param name="Usual">The language when no rule holds; empty when it is none of them then.</param>
/// <param name="Rules">The rules.</param>
internal sealed record Disambiguation(string Extensions, string Usual, params HeuristicRule[] Rules)
{
    /// <summary>Case does not matter: the rules see the text in lower case.</summary>
    public bool AnyCase { get; init; }

    /// <summary>Name of a rule in reasons: extension and language, and a number when the language has several.</summary>
    public string Id(int rule)
    {
        var language = Rules[rule].Language;
        var earlier = Rules.Take(rule).Count(r => r.Language == language);
        return $"{Extensions.Split(' ')[0]}-{LanguageTable.Get(language).ShortName}{(earlier > 0 ? $"-{earlier + 1}" : "")}";
    }
}
