namespace Stackmill.Preprocess.Redact;

/// <summary>How a candidate is replaced.</summary>
internal enum ReplacementMode : byte
{
    /// <summary>By the placeholder.</summary>
    Placeholder,

    /// <summary>By the placeholder and as many line ends as the value had.</summary>
    KeepLines,

    /// <summary>By an integer literal of the same length.</summary>
    Integer,

    /// <summary>By decimal numbers of the same length that are zero.</summary>
    Zeros,

    /// <summary>By the placeholder in quotes: a bare word of a shell.</summary>
    Quoted,
}

/// <summary>A stretch that a rule would replace, in bytes.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">The byte after the last.</param>
/// <param name="IdentityStart">First byte of what makes two values the same; more than the stretch where a key stands in pieces.</param>
/// <param name="IdentityEnd">The byte after the last of that.</param>
/// <param name="Mode">How it is replaced.</param>
internal readonly record struct Candidate(Rule Rule, int Start, int End, int IdentityStart, int IdentityEnd, ReplacementMode Mode)
{
    public int Length => End - Start;
}

/// <summary>Collects what rules find in one text, and counts their work. One per worker.</summary>
internal sealed class CandidateSink(RedactionOptions options)
{
    private readonly List<Candidate> _candidates = [];

    /// <summary>The options that rules may ask.</summary>
    public RedactionOptions Options { get; } = options;

    /// <summary>What was found, in no order.</summary>
    public List<Candidate> Candidates => _candidates;

    /// <summary>Bytes that rules have looked at so far, over all texts: the work that must stay linear.</summary>
    public long Steps { get; private set; }

    public void Count(int bytes) => Steps += bytes;

    public void Add(Rule rule, int start, int end, ReplacementMode mode = ReplacementMode.Placeholder) =>
        _candidates.Add(new Candidate(rule, start, end, start, end, mode));

    public void AddPiece(Rule rule, int start, int end, int identityStart, int identityEnd) =>
        _candidates.Add(new Candidate(rule, start, end, identityStart, identityEnd, ReplacementMode.Placeholder));
}
