namespace Stackmill.Deduplicate;

/// <summary>How a document was found to be a duplicate.</summary>
internal enum DuplicateKind
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>The same bytes as an earlier document.</summary>
    Exact,

    /// <summary>The same tokens as an earlier document that stays where both are too short for shingles, or the same normalised text.</summary>
    Normalized,

    /// <summary>At least as similar as the threshold to an earlier document that stays.</summary>
    Near,

    /// <summary>Nearly all of its shingles are those of a larger document that stays.</summary>
    Contained,
}

/// <summary>Names of kinds.</summary>
internal static class DuplicateKinds
{
    /// <summary>All that a document goes for as a duplicate, in the order that they are looked for.</summary>
    public static readonly DuplicateKind[] All = [DuplicateKind.Exact, DuplicateKind.Normalized, DuplicateKind.Near];

    /// <summary>As reports name it.</summary>
    public static string Name(this DuplicateKind kind) => kind switch
    {
        DuplicateKind.Exact => "exact",
        DuplicateKind.Normalized => "normalized",
        DuplicateKind.Near => "near",
        _ => Reason(kind),
    };

    /// <summary>As books and ledger name it.</summary>
    public static string Reason(this DuplicateKind kind) => kind switch
    {
        DuplicateKind.Exact => "duplicate_exact",
        DuplicateKind.Normalized => "duplicate_normalized",
        DuplicateKind.Near => "duplicate_near",
        DuplicateKind.Contained => "contained",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A file that stays has no reason to go."),
    };
}
