namespace Stackmill.Core.Model;

/// <summary>What happened to a file that did not pass a stage unchanged.</summary>
public enum LedgerAction
{
    /// <summary>Left out by a rule, for a named reason.</summary>
    Dropped,

    /// <summary>Could not be processed.</summary>
    Failed,

    /// <summary>Kept, with another content than it came with.</summary>
    Changed,
}

/// <summary>One row of the ledger: a file that was dropped, failed or changed. It never holds a value from the content.</summary>
public sealed record LedgerRow
{
    /// <summary>Git blob id of the original bytes; empty when they were never read.</summary>
    public string ContentId { get; init; } = "";

    /// <summary>Repository of the file; empty when unknown.</summary>
    public string RepoName { get; init; } = "";

    /// <summary>Path of the file in its source.</summary>
    public required string Path { get; init; }

    /// <summary>Language by linguist's name; empty when unknown.</summary>
    public string Language { get; init; } = "";

    /// <summary>Stage that decided.</summary>
    public required string Stage { get; init; }

    /// <summary>What happened.</summary>
    public required LedgerAction Action { get; init; }

    /// <summary>The reason's name (snake_case); for changes, the names joined by commas.</summary>
    public required string Reason { get; init; }

    /// <summary>The measured value, where there is one.</summary>
    public double? Value { get; init; }

    /// <summary>The limit the value was held against, where there is one.</summary>
    public double? Threshold { get; init; }

    /// <summary>For a duplicate: repository and path of the file that stays.</summary>
    public string? KeptPath { get; init; }

    /// <summary>For a duplicate: Git blob id of the file that stays.</summary>
    public string? KeptId { get; init; }

    /// <summary>For a duplicate: exact Jaccard similarity to the file that stays, 0 to 1.</summary>
    public double? Similarity { get; init; }

    /// <summary>More for people, e.g. the line of a broken record; never a value from the content.</summary>
    public string? Detail { get; init; }

    /// <summary>Length of the original bytes, where known.</summary>
    public long? LengthBytes { get; init; }

    /// <summary>SHA-1 of the original bytes (Software Heritage's key), where the source names it and the bytes were not had.</summary>
    public string? BlobId { get; init; }
}
