namespace Stackmill.Core.Model;

/// <summary>What a rule decided about one file: kept, or dropped for a named reason. Never a bare bool.</summary>
/// <param name="Reason">Why the file is dropped (snake_case, from the catalog); <c>null</c> when it is kept.</param>
/// <param name="Value">The measured value that led to the drop, in the unit of the rule; <c>null</c> where nothing is measured.</param>
/// <param name="Threshold">The limit that <paramref name="Value"/> was held against; <c>null</c> where there is none.</param>
public readonly record struct Verdict(string? Reason, double? Value = null, double? Threshold = null)
{
    /// <summary>The file stays.</summary>
    public static Verdict Keep => default;

    /// <summary>True when the file stays.</summary>
    public bool IsKept => Reason is null;

    /// <summary>The file goes, for <paramref name="reason"/>.</summary>
    public static Verdict Drop(string reason, double? value = null, double? threshold = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new Verdict(reason, value, threshold);
    }
}
