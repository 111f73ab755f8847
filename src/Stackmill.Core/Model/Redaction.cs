namespace Stackmill.Core.Model;

/// <summary>One place where personal data or a secret was found. It never holds the value.</summary>
/// <param name="Kind">What was found, such as <c>email</c>, <c>key</c>, <c>phone</c>.</param>
/// <param name="Rule">Id of the rule that found it, e.g. <c>aws-access-key-id</c>.</param>
/// <param name="Start">Offset of the first character, in Unicode code points (of the text that the holder of this record names).</param>
/// <param name="Length">Length in Unicode code points.</param>
public readonly record struct Redaction(string Kind, string Rule, int Start, int Length)
{
    /// <summary>Probability that the find is what its rule says, 0 to 1.</summary>
    public double Confidence { get; init; } = 1;

    /// <summary>True when a placeholder stands in the value's place; false when the value was left and is only written down.</summary>
    public bool IsReplaced { get; init; } = true;

    /// <summary>Keyed hash of the value, 16 hex digits; <c>null</c> when none was asked for.</summary>
    public string? Hash { get; init; }
}
