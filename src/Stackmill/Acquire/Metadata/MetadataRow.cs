namespace Stackmill.Acquire.Metadata;

/// <summary>One file as The Stack v2 describes it; names and meanings are the published ones. Times are microseconds since 1970 UTC.</summary>
internal sealed class MetadataRow
{
    /// <summary>SHA-1 of the bytes, 40 lower-case hex digits: the key of the contents in Software Heritage.</summary>
    public string BlobId { get; set; } = "";

    /// <summary>Directory in Software Heritage.</summary>
    public string? DirectoryId { get; set; }

    /// <summary>Path in the repository; it begins with <c>/</c>, as published.</summary>
    public string? Path { get; set; }

    /// <summary>Git blob id of the bytes.</summary>
    public string? ContentId { get; set; }

    /// <summary>SPDX ids found in licence files above the file.</summary>
    public IReadOnlyList<string>? DetectedLicenses { get; set; }

    /// <summary><c>permissive</c>, <c>no_license</c> or <c>non_permissive</c>.</summary>
    public string? LicenseType { get; set; }

    /// <summary>Repository, <c>owner/name</c>.</summary>
    public string? RepoName { get; set; }

    /// <summary>Snapshot in Software Heritage.</summary>
    public string? SnapshotId { get; set; }

    /// <summary>Revision in Software Heritage.</summary>
    public string? RevisionId { get; set; }

    /// <summary>Branch.</summary>
    public string? BranchName { get; set; }

    /// <summary>When Software Heritage visited the repository.</summary>
    public long? VisitDate { get; set; }

    /// <summary>Author date of the revision.</summary>
    public long? RevisionDate { get; set; }

    /// <summary>Committer date of the revision.</summary>
    public long? CommitterDate { get; set; }

    /// <summary>GitHub's number of the repository.</summary>
    public long? GithubId { get; set; }

    /// <summary>Stars.</summary>
    public long? StarEventsCount { get; set; }

    /// <summary>Forks.</summary>
    public long? ForkEventsCount { get; set; }

    /// <summary>Licence by GitHub Archive.</summary>
    public string? GhaLicenseId { get; set; }

    /// <summary>Time of the event in GitHub Archive that told of the repository.</summary>
    public long? GhaEventCreatedAt { get; set; }

    /// <summary>When the repository was made, by GitHub Archive.</summary>
    public long? GhaCreatedAt { get; set; }

    /// <summary>The repository's main language, by GitHub Archive.</summary>
    public string? GhaLanguage { get; set; }

    /// <summary>Encoding of the bytes.</summary>
    public string? SrcEncoding { get; set; }

    /// <summary>Language, by the dataset's own name for it.</summary>
    public string? Language { get; set; }

    /// <summary>True for copies of somebody else's code.</summary>
    public bool? IsVendor { get; set; }

    /// <summary>True for generated code.</summary>
    public bool? IsGenerated { get; set; }

    /// <summary>Length of the bytes.</summary>
    public long LengthBytes { get; set; }

    /// <summary>Extension without the dot.</summary>
    public string? Extension { get; set; }

    /// <summary>File name, where the dataset has the column.</summary>
    public string? Filename { get; set; }
}
