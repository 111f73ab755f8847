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

    /// <summary>At the first of two digits that stand behind an upper-case letter.</summary>
    UpperDigit,

    /// <summary>At a colon or dash that stands again three and six bytes on, or a dot that stands again five bytes on.</summary>
    Separators,

    /// <summary>A pattern of a user, which is matched against the whole text.</summary>
    Pattern,
}

/// <summary>Looks at the text around <paramref name="anchor"/>, a bounded window of it, and adds what it finds to <paramref name="sink"/>.</summary>
internal delegate void RuleMatcher(Rule rule, ReadOnlySpan<byte> text, int anchor, CandidateSink sink);

/// <summary>
/// One thing to find. Beside the rule stand samples that the tests run: in <see cref="Positives"/> the value is
/// between « and », and exactly that must be found; in <see cref="Negatives"/> no rule may find anything.
/// </summary>
internal sealed record Rule(string Id, RedactionKind Kind, string Description, RuleAnchor Anchor, RuleMatcher Match)
{
    private readonly double _confidence;

    /// <summary>Where two finds overlap, the one of the higher specificity stays: 30 a provider's own format, 20 a checked structure, 10 a guess by name.</summary>
    public required int Specificity { get; init; }

    /// <summary>Probability that a find is what the rule says, 0 to 1: <c>redaction.min_confidence</c> is held against it.</summary>
    public double Confidence { get => _confidence > 0 ? _confidence : Specificity >= 30 ? 0.95 : Specificity >= 15 ? 0.85 : 0.7; init => _confidence = value; }

    /// <summary>True for passwords, which some styles tell from other keys.</summary>
    public bool IsPassword { get; init; }

    /// <summary>Whether the options ask for it, beside its kind; <c>null</c> when its kind decides.</summary>
    public Func<RedactionOptions, bool>? IsWanted { get; init; }

    /// <summary>The literals that lead to the rule; at least three bytes each, so that a search for all of them at once stays fast.</summary>
    public string[] Literals { get; init; } = [];

    /// <summary>Of rules that begin at digits: which lengths of the first run they take, bit n for n digits, and the last bit for all above.</summary>
    public uint FirstRuns { get; init; } = uint.MaxValue;

    /// <summary>Texts in which exactly the part between « and » is found.</summary>
    public required string[] Positives { get; init; }

    /// <summary>Texts in which nothing is found.</summary>
    public required string[] Negatives { get; init; }

    /// <summary>Linguist's name of the language of the samples; empty for text.</summary>
    public string SampleLanguage { get; init; } = "";
}
