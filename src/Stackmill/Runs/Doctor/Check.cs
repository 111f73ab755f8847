using Stackmill.Core.Faults;

namespace Stackmill.Runs.Doctor;

/// <summary>How a check ended.</summary>
internal enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>A run can do, but may be slow or stop later.</summary>
    Warning,

    /// <summary>A run with this configuration can't do.</summary>
    Failed,

    /// <summary>Not needed, or not there to be looked at.</summary>
    Skipped,
}

/// <summary>How much this configuration depends on what a check looks at.</summary>
internal enum Need
{
    /// <summary>Nothing uses it.</summary>
    None,

    /// <summary>It may be used; what is wrong with it is a warning.</summary>
    Optional,

    /// <summary>No run can do without it.</summary>
    Required,
}

/// <summary>What a check found. None of its texts ever holds a secret.</summary>
/// <param name="Id">Name of the check, kebab-case.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Found">What was found, in one line.</param>
/// <param name="Remedy">What to do, in one line; <c>null</c> where there is nothing to do.</param>
internal sealed record Check(string Id, CheckStatus Status, string Found, string? Remedy = null)
{
    /// <summary>Measured values, for machines.</summary>
    public IReadOnlyList<(string Name, double Value)> Figures { get; init; } = [];

    /// <summary>As it should be.</summary>
    public static Check Ok(string id, string found, params (string Name, double Value)[] figures) => new(id, CheckStatus.Ok, found) { Figures = figures };

    /// <summary>Good enough to run.</summary>
    public static Check Warning(string id, string found, string? remedy, params (string Name, double Value)[] figures) =>
        new(id, CheckStatus.Warning, found, remedy) { Figures = figures };

    /// <summary>Not needed, or not tried.</summary>
    public static Check Skipped(string id, string found, string? remedy = null) => new(id, CheckStatus.Skipped, found, remedy);

    /// <summary>Wrong: a failure where it is required, else a warning.</summary>
    public static Check Wrong(string id, Need need, string found, string? remedy, params (string Name, double Value)[] figures) =>
        new(id, need == Need.Required ? CheckStatus.Failed : CheckStatus.Warning, found, remedy) { Figures = figures };

    /// <summary>Wrong, as a fault tells it: its first sentence says what was found, the others what to do or what was expected.</summary>
    public static Check Wrong(string id, Need need, StackmillException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var text = fault.Message.ReplaceLineEndings(" ").Trim();
        var end = EndOfFirstSentence(text);
        if (end >= 0)
            return Wrong(id, need, text[..end].TrimEnd('.'), text[(end + 1)..].TrimStart());
        // One sentence: what was expected is the second half.
        end = text.LastIndexOf("; expected ", StringComparison.Ordinal);
        return end < 0 ? Wrong(id, need, text, null) : Wrong(id, need, text[..end], text[(end + 2)..].TrimEnd('.'));
    }

    // A point, a blank and a capital, outside of brackets: those hold what a server said, which may be sentences itself.
    private static int EndOfFirstSentence(string text)
    {
        var (depth, any) = (0, -1);
        for (var i = 0; i + 2 < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' when depth > 0 => -1, _ => 0 };
            if (text[i] is not '.' || text[i + 1] != ' ' || !char.IsUpper(text[i + 2]))
                continue;
            if (depth == 0)
                return i + 1;
            any = any < 0 ? i + 1 : any;
        }

        return any;
    }
}
