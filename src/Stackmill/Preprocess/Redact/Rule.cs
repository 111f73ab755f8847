namespace Stackmill.Preprocess.Redact;

/// <summary>Where the search for a rule begins.</summary>
internal enum RuleAnchor : byte
{
    /// <summary>At each of the rule's literals, case kept.</summary>
    Literal,

    /// <summary>At each of the rule's literals, any case.</summary>
    LiteralAnyCase,

    /// <summary>At each <c>@</c>.</summary>
    AtSign,

    /// <summary>At the first digit of each run of digits.</summary>
    Digits,
}

/// <summary>Looks at the text around <paramref name="anchor"/>, a bounded window of it, and adds what it finds to <paramref name="sink"/>.</summary>
internal delegate void RuleMatcher(Rule rule, ReadOnlySpan<byte> text, int anchor, CandidateSink sink);

/// <summary>
/// One thing to find. Beside the rule stand samples that the tests run: in <see cref="Positives"/> the value is
/// between « and », and exactly that must be found; in <see cref="Negatives"/> no rule may find anything.
/// </summary>
internal sealed record Rule(string Id, RedactionKind Kind, string Description, RuleAnchor Anchor, RuleMatcher Match)
{
    /// <summary>Where two finds overlap, the one of the higher specificity stays: 30 a provider's own format, 20 a checked structure, 10 a guess by name.</summary>
    public required int Specificity { get; init; }

    /// <summary>The literals that lead to the rule; at least three bytes each, so that a search for all of them at once stays fast.</summary>
    public string[] Literals { get; init; } = [];

    /// <summary>Texts in which exactly the part between « and » is found.</summary>
    public required string[] Positives { get; init; }

    /// <summary>Texts in which nothing is found.</summary>
    public required string[] Negatives { get; init; }

    /// <summary>Linguist's name of the language of the samples; empty for text.</summary>
    public string SampleLanguage { get; init; } = "";
}
