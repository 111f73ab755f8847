namespace Stackmill.Core.Model;

/// <summary>
/// One source file on its way through the pipeline. Column names in storage follow The Stack v2 where it has one.
/// <see cref="Content"/> points into a buffer owned by the reader of the batch: copy what must outlive it.
/// </summary>
public sealed class CodeRecord
{
    /// <summary>SHA-1 of the original bytes, 40 lower-case hex digits (Software Heritage's S3 key).</summary>
    public string BlobId { get; set; } = "";

    /// <summary>Git blob id of the original bytes: SHA-1 of <c>blob LENGTH\0</c> and the bytes. The record's identity.</summary>
    public string ContentId { get; set; } = "";

    /// <summary>Name of the repository, e.g. <c>owner/name</c>; empty when unknown.</summary>
    public string RepoName { get; set; } = "";

    /// <summary>POSIX path inside the repository or input folder: relative, normalised, never above its root.</summary>
    public string Path { get; set; } = "";

    /// <summary>Extension without the dot, lower case; empty when there is none.</summary>
    public string Extension { get; set; } = "";

    /// <summary>Language by linguist's name, e.g. <c>C++</c>; empty until it is known.</summary>
    public string Language { get; set; } = "";

    /// <summary>SPDX ids, or <c>null</c> when the source says nothing about licences.</summary>
    public IReadOnlyList<string>? DetectedLicenses { get; set; }

    /// <summary><c>permissive</c>, <c>no_license</c>, <c>non_permissive</c>, or <c>null</c> when unknown.</summary>
    public string? LicenseType { get; set; }

    /// <summary>Stars of the repository, where known.</summary>
    public long? StarEventsCount { get; set; }

    /// <summary>Forks of the repository, where known.</summary>
    public long? ForkEventsCount { get; set; }

    /// <summary>Revision that the file was taken from, as the source gives it.</summary>
    public string? RevisionId { get; set; }

    /// <summary>Branch that the file was taken from, as the source gives it.</summary>
    public string? BranchName { get; set; }

    /// <summary>Directory id in Software Heritage, as the source gives it.</summary>
    public string? DirectoryId { get; set; }

    /// <summary>Snapshot id in Software Heritage, as the source gives it.</summary>
    public string? SnapshotId { get; set; }

    /// <summary>Commit time in microseconds since 1970-01-01 UTC, where known.</summary>
    public long? CommitterDateMicros { get; set; }

    /// <summary>GitHub's number of the repository, where known.</summary>
    public long? GithubId { get; set; }

    /// <summary>True for a copy of somebody else's code: the source's own flag where it has one, else told by the path.</summary>
    public bool? IsVendor { get; set; }

    /// <summary>True for a file that a tool has written: the source's own flag where it has one, else told by path and content.</summary>
    public bool? IsGenerated { get; set; }

    /// <summary>Encoding that the bytes were decoded from (before decoding: what the source declared, or <c>null</c>).</summary>
    public string? SrcEncoding { get; set; }

    /// <summary>Length of the original bytes.</summary>
    public long LengthBytes { get; set; }

    /// <summary>Original bytes in the staged dataset, UTF-8 text from the processed one on.</summary>
    public ReadOnlyMemory<byte> Content { get; set; }

    /// <summary>SHA-256 of the bytes of <see cref="Content"/>, 64 lower-case hex digits.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>Measures of the cleaned text; <c>null</c> before preprocessing.</summary>
    public RecordMeasures? Measures { get; set; }

    /// <summary>Where something was replaced, in code points of the new text; <c>null</c> before preprocessing.</summary>
    public IReadOnlyList<Redaction>? Redactions { get; set; }

    /// <summary>What the quality rules say; <c>null</c> when they were not asked, or dropped what they rejected.</summary>
    public IReadOnlyList<FilterVerdict>? Filters { get; set; }

    /// <summary>Repository and path, as messages and reports name the record.</summary>
    public string DisplayPath => RepoName.Length == 0 ? Path : RepoName + "/" + Path;
}

/// <summary>Figures of one cleaned text, stored as columns.</summary>
/// <param name="Bytes">Bytes of the text as UTF-8.</param>
/// <param name="Characters">Unicode code points.</param>
/// <param name="Lines">Line feeds, plus one for a last line without one.</param>
/// <param name="BlankLines">Lines of white space only.</param>
/// <param name="MeanLineLength">Code points a line, line feeds not counted.</param>
/// <param name="LongestLine">Code points of the longest line.</param>
/// <param name="AlphaFraction">Letters, as a share of all code points, 0 to 1.</param>
/// <param name="AlphanumFraction">Letters and digits, as a share of all code points, 0 to 1.</param>
/// <param name="DigitFraction">Digits, as a share of all code points, 0 to 1.</param>
/// <param name="WhitespaceFraction">White space, as a share of all code points, 0 to 1.</param>
/// <param name="Tokens">BPE tokens of the configured vocabulary; <c>null</c> when tokenisation is off.</param>
public sealed record RecordMeasures(
    long Bytes,
    long Characters,
    long Lines,
    long BlankLines,
    double MeanLineLength,
    long LongestLine,
    double AlphaFraction,
    double AlphanumFraction,
    double DigitFraction,
    double WhitespaceFraction,
    long? Tokens)
{
    /// <summary>Bytes of the text as UTF-8.</summary>
    public long Bytes { get; set; } = Bytes;

    /// <summary>Unicode code points.</summary>
    public long Characters { get; set; } = Characters;

    /// <summary>Line feeds, plus one for a last line without one.</summary>
    public long Lines { get; set; } = Lines;

    /// <summary>Lines of white space only.</summary>
    public long BlankLines { get; set; } = BlankLines;

    /// <summary>Code points a line, line feeds not counted.</summary>
    public double MeanLineLength { get; set; } = MeanLineLength;

    /// <summary>Code points of the longest line.</summary>
    public long LongestLine { get; set; } = LongestLine;

    /// <summary>Letters, as a share of all code points, 0 to 1.</summary>
    public double AlphaFraction { get; set; } = AlphaFraction;

    /// <summary>Letters and digits, as a share of all code points, 0 to 1.</summary>
    public double AlphanumFraction { get; set; } = AlphanumFraction;

    /// <summary>Digits, as a share of all code points, 0 to 1.</summary>
    public double DigitFraction { get; set; } = DigitFraction;

    /// <summary>White space, as a share of all code points, 0 to 1.</summary>
    public double WhitespaceFraction { get; set; } = WhitespaceFraction;

    /// <summary>BPE tokens of the configured vocabulary; <c>null</c> when tokenisation is off.</summary>
    public long? Tokens { get; set; } = Tokens;

    /// <summary>Lines with code; <c>null</c> here and below in datasets that were made before these columns were.</summary>
    public long? CodeLines { get; set; }

    /// <summary>Lines with comment and no code.</summary>
    public long? CommentLines { get; set; }

    /// <summary>Comment lines as a share of the lines that are not blank, 0 to 1.</summary>
    public double? CommentFraction { get; set; }

    /// <summary>True when a comment or literal has no end.</summary>
    public bool? LexDegraded { get; set; }

    /// <summary>How lines are indented: <c>none</c>, <c>tabs</c>, <c>spaces-2</c>, <c>spaces-4</c>, <c>spaces-8</c>, <c>spaces</c>, <c>mixed</c>.</summary>
    public string? Indentation { get; set; }

    /// <summary>Shannon entropy of the bytes, bits a byte, 0 to 8.</summary>
    public double? ByteEntropy { get; set; }

    /// <summary>Bytes of the longest stretch of encoded data; 0 for none.</summary>
    public long? LongestEncodedRun { get; set; }

    /// <summary>Functions with a body; <c>null</c> here and below for languages without a rule.</summary>
    public long? Functions { get; set; }

    /// <summary>Declared types.</summary>
    public long? Classes { get; set; }

    /// <summary>Statements that import.</summary>
    public long? Imports { get; set; }

    /// <summary>Mean cyclomatic complexity of a function; <c>null</c> without functions.</summary>
    public double? MeanComplexity { get; set; }

    /// <summary>The highest cyclomatic complexity of a function; <c>null</c> without functions.</summary>
    public long? MaxComplexity { get; set; }
}
