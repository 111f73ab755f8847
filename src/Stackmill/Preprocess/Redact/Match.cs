namespace Stackmill.Preprocess.Redact;

/// <summary>One stretch that a rule found. It never holds the value.</summary>
/// <param name="Kind">What was found, such as <c>email</c> (<see cref="RedactionKinds"/>).</param>
/// <param name="Rule">Id of the rule that found it.</param>
/// <param name="Start">First byte in the given text.</param>
/// <param name="Length">Bytes in the given text.</param>
/// <param name="PlaceholderStart">First byte of the placeholder in the new text; 0 after <see cref="Redactor.Find"/>.</param>
/// <param name="PlaceholderLength">Bytes of the placeholder in the new text; 0 after <see cref="Redactor.Find"/>.</param>
internal readonly record struct Match(string Kind, string Rule, int Start, int Length, int PlaceholderStart, int PlaceholderLength)
{
    /// <summary>Probability that the find is what its rule says, 0 to 1.</summary>
    public double Confidence { get; init; } = 1;

    /// <summary>Keyed hash of the value (HMAC-SHA-256, the first 16 hex digits) when one is asked for.</summary>
    public string? Hash { get; init; }

    /// <summary>What becomes of it.</summary>
    public RedactionAction Action { get; init; }

    /// <summary>Bytes that were written before the placeholder for it, such as a quote.</summary>
    public int Before { get; init; }

    /// <summary>Bytes that were written behind the placeholder for it, such as line ends.</summary>
    public int After { get; init; }

    /// <summary>First byte of all that was written for it.</summary>
    public int WrittenStart => PlaceholderStart - Before;

    /// <summary>The byte after all that was written for it.</summary>
    public int WrittenEnd => PlaceholderStart + PlaceholderLength + After;
}
