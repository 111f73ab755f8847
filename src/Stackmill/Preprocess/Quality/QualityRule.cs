using Stackmill.Shared.Languages;

namespace Stackmill.Preprocess.Quality;

/// <summary>Which values a rule keeps.</summary>
internal enum QualityLimit
{
    /// <summary>Those up to the threshold.</summary>
    AtMost,

    /// <summary>Those from the threshold on.</summary>
    AtLeast,

    /// <summary>Those less than the threshold.</summary>
    Below,

    /// <summary>Those greater than the threshold.</summary>
    Above,
}

/// <summary>A rule on the text of a file. What its threshold is, a preset says.</summary>
/// <param name="Id">Its name, and the reason that the ledger gives (snake_case).</param>
/// <param name="Limit">Which values it keeps.</param>
/// <param name="Meaning">What is measured, with its unit.</param>
/// <param name="Measure">The value; <c>null</c> where the file has none, and the rule says nothing then.</param>
internal sealed record QualityRule(string Id, QualityLimit Limit, string Meaning, Func<QualityFacts, double?> Measure)
{
    /// <summary>A value that <see cref="Measure"/> is never above, and that is cheaper to tell; <c>null</c> for a rule without one.</summary>
    public Func<QualityFacts, double>? Bound { get; init; }

    /// <summary>A rule that keeps values up to the threshold.</summary>
    public static QualityRule AtMost(string id, string meaning, Func<QualityFacts, double?> measure) => new(id, QualityLimit.AtMost, meaning, measure);

    /// <summary>A rule that keeps values from the threshold on.</summary>
    public static QualityRule AtLeast(string id, string meaning, Func<QualityFacts, double?> measure) => new(id, QualityLimit.AtLeast, meaning, measure);

    /// <summary>A rule that keeps values less than the threshold.</summary>
    public static QualityRule Below(string id, string meaning, Func<QualityFacts, double?> measure) => new(id, QualityLimit.Below, meaning, measure);
}

/// <summary>Languages that a check is for.</summary>
/// <param name="Text">For people.</param>
/// <param name="Holds">Asked with linguist's entry; <c>null</c> for a file of no known language.</param>
internal sealed record QualityScope(string Text, Func<LanguageEntry?, bool> Holds)
{
    /// <summary>All files.</summary>
    public static readonly QualityScope All = new("all", _ => true);

    /// <summary>Languages of one of linguist's kinds.</summary>
    public static QualityScope OfType(params string[] types) => new(string.Join(", ", types), l => l is not null && types.Contains(l.Type));

    /// <summary>The named languages.</summary>
    public static QualityScope Of(params string[] languages) => new(string.Join(", ", languages), l => l is not null && languages.Contains(l.Name));

    /// <summary>This scope and the named languages.</summary>
    public QualityScope And(params string[] languages) => new($"{Text}, and {string.Join(", ", languages)}", l => Holds(l) || (l is not null && languages.Contains(l.Name)));

    /// <summary>This scope without another one.</summary>
    public QualityScope Without(QualityScope other) => new($"{Text}, without ({other.Text})", l => Holds(l) && !other.Holds(l));

    /// <summary>This scope without the named languages.</summary>
    public QualityScope But(params string[] languages) => new($"{Text} but {string.Join(", ", languages)}", l => Holds(l) && !(l is not null && languages.Contains(l.Name)));
}

/// <summary>A rule with its threshold, as a preset has it.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Threshold">The limit that values are held against.</param>
/// <param name="Scope">Languages that it is for.</param>
internal sealed record QualityCheck(QualityRule Rule, double Threshold, QualityScope Scope)
{
    /// <summary>Which values are kept: as the rule says, or as the source of the threshold compares.</summary>
    public QualityLimit Limit { get; init; } = Rule.Limit;

    /// <summary>This check, where a value that equals the threshold is not kept.</summary>
    public QualityCheck Strict() => this with { Limit = Rule.Limit is QualityLimit.AtMost or QualityLimit.Below ? QualityLimit.Below : QualityLimit.Above };

    /// <summary>Whether a file's value is certain to be kept, though it isn't known.</summary>
    public bool CertainlyKeeps(QualityFacts facts) => Limit is QualityLimit.AtMost or QualityLimit.Below && Rule.Bound is { } bound && Keeps(bound(facts));

    /// <summary>Whether a value is kept.</summary>
    public bool Keeps(double value) => Limit switch
    {
        QualityLimit.AtMost => value <= Threshold,
        QualityLimit.AtLeast => value >= Threshold,
        QualityLimit.Below => value < Threshold,
        _ => value > Threshold,
    };
}
