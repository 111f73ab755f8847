using Stackmill.Core.Model;
using Stackmill.Datasets.Parquet;

namespace Stackmill.Datasets;

/// <summary>The columns of a record, in their stored order, with the other names under which sources publish them.</summary>
internal static class RecordColumns
{
    /// <summary>Name of the column that holds the contents.</summary>
    public const string Content = "content";

    /// <summary>Other names of the contents in published datasets.</summary>
    public static readonly string[] ContentAliases = ["text", "code", "body", "whole_func_string", "func_code_string"];

    /// <summary>Other names of the path in published datasets.</summary>
    public static readonly string[] PathAliases = ["file_path", "filepath", "filename", "file_name", "file", "max_stars_repo_path", "func_path_in_repository", "name"];

    /// <summary>Other names of the repository in published datasets.</summary>
    public static readonly string[] RepoAliases = ["repo", "repository", "repository_name", "repo_path", "max_stars_repo_name"];

    /// <summary>Columns of a dataset whose contents are original bytes (<c>staged</c>).</summary>
    public static IReadOnlyList<ParquetColumn<CodeRecord>> Staged() => [.. Identity(), .. Contents(text: false)];

    /// <summary>Columns of a dataset whose contents are UTF-8 text (from <c>processed</c> on).</summary>
    public static IReadOnlyList<ParquetColumn<CodeRecord>> Text() => [.. Identity(), .. Contents(text: true), .. Measures()];

    /// <summary>Columns without the contents, for what needs figures only.</summary>
    public static IReadOnlyList<ParquetColumn<CodeRecord>> WithoutContent() => [.. Identity(), Sha256(), .. Measures()];

    /// <summary>Columns of rows that describe files whose contents lie elsewhere, by the ids that their publisher gave them.</summary>
    public static IReadOnlyList<ParquetColumn<CodeRecord>> Described() => [.. Identity()];

    private static IEnumerable<ParquetColumn<CodeRecord>> Identity() =>
    [
        Text("blob_id", r => r.BlobId, (r, v) => r.BlobId = v),
        Text("content_id", r => r.ContentId, (r, v) => r.ContentId = v),
        new TextColumn<CodeRecord>("repo_name", false, r => r.RepoName, (r, v) => r.RepoName = v ?? "") { Aliases = RepoAliases },
        new TextColumn<CodeRecord>("path", false, r => r.Path, (r, v) => r.Path = v ?? "") { Aliases = PathAliases },
        new TextColumn<CodeRecord>("extension", false, r => r.Extension, (r, v) => r.Extension = v ?? "") { Aliases = ["ext"] },
        new TextColumn<CodeRecord>("language", false, r => r.Language, (r, v) => r.Language = v ?? "") { Aliases = ["lang", "programming_language"] },
        new TextListColumn<CodeRecord>("detected_licenses", r => r.DetectedLicenses, (r, v) => r.DetectedLicenses = v) { Aliases = ["licenses", "max_stars_repo_licenses", "license"] },
        Optional("license_type", r => r.LicenseType, (r, v) => r.LicenseType = v),
        ValueColumns.Long<CodeRecord>("star_events_count", true, r => r.StarEventsCount, (r, v) => r.StarEventsCount = v, "stars", "stargazers_count", "max_stars_count"),
        ValueColumns.Long<CodeRecord>("fork_events_count", true, r => r.ForkEventsCount, (r, v) => r.ForkEventsCount = v, "forks", "forks_count", "max_forks_count"),
        Optional("revision_id", r => r.RevisionId, (r, v) => r.RevisionId = v, "commit_id", "commit", "max_stars_repo_head_hexsha"),
        Optional("branch_name", r => r.BranchName, (r, v) => r.BranchName = v, "ref"),
        Optional("directory_id", r => r.DirectoryId, (r, v) => r.DirectoryId = v),
        Optional("snapshot_id", r => r.SnapshotId, (r, v) => r.SnapshotId = v),
        ValueColumns.Time<CodeRecord>("committer_date", r => r.CommitterDateMicros, (r, v) => r.CommitterDateMicros = v),
        ValueColumns.Long<CodeRecord>("github_id", true, r => r.GithubId, (r, v) => r.GithubId = v),
        ValueColumns.Bool<CodeRecord>("is_vendor", r => r.IsVendor, (r, v) => r.IsVendor = v),
        ValueColumns.Bool<CodeRecord>("is_generated", r => r.IsGenerated, (r, v) => r.IsGenerated = v),
        Optional("src_encoding", r => r.SrcEncoding, (r, v) => r.SrcEncoding = v),
        ValueColumns.Long<CodeRecord>("length_bytes", false, r => r.LengthBytes, (r, v) => r.LengthBytes = v ?? 0),
    ];

    private static ParquetColumn<CodeRecord> Sha256() => Text("sha256", r => r.Sha256, (r, v) => r.Sha256 = v);

    private static IEnumerable<ParquetColumn<CodeRecord>> Contents(bool text) =>
    [
        Sha256(),
        new BytesColumn<CodeRecord>(Content, text, r => r.Content, (r, v, _) => r.Content = v),
    ];

    private static IEnumerable<ParquetColumn<CodeRecord>> Measures() =>
    [
        ValueColumns.Long<CodeRecord>("num_bytes", false, r => r.Measures?.Bytes, (r, v) => MeasuresOf(r).Bytes = v ?? 0),
        ValueColumns.Long<CodeRecord>("num_chars", false, r => r.Measures?.Characters, (r, v) => MeasuresOf(r).Characters = v ?? 0),
        ValueColumns.Long<CodeRecord>("num_lines", false, r => r.Measures?.Lines, (r, v) => MeasuresOf(r).Lines = v ?? 0),
        ValueColumns.Long<CodeRecord>("num_blank_lines", false, r => r.Measures?.BlankLines, (r, v) => MeasuresOf(r).BlankLines = v ?? 0),
        ValueColumns.Double<CodeRecord>("avg_line_length", false, r => r.Measures?.MeanLineLength, (r, v) => MeasuresOf(r).MeanLineLength = v ?? 0),
        ValueColumns.Long<CodeRecord>("max_line_length", false, r => r.Measures?.LongestLine, (r, v) => MeasuresOf(r).LongestLine = v ?? 0),
        ValueColumns.Double<CodeRecord>("alpha_fraction", false, r => r.Measures?.AlphaFraction, (r, v) => MeasuresOf(r).AlphaFraction = v ?? 0),
        ValueColumns.Double<CodeRecord>("alphanum_fraction", false, r => r.Measures?.AlphanumFraction, (r, v) => MeasuresOf(r).AlphanumFraction = v ?? 0),
        ValueColumns.Double<CodeRecord>("digit_fraction", false, r => r.Measures?.DigitFraction, (r, v) => MeasuresOf(r).DigitFraction = v ?? 0),
        ValueColumns.Double<CodeRecord>("whitespace_fraction", false, r => r.Measures?.WhitespaceFraction, (r, v) => MeasuresOf(r).WhitespaceFraction = v ?? 0),
        ValueColumns.Long<CodeRecord>("num_tokens", true, r => r.Measures?.Tokens, (r, v) => MeasuresOf(r).Tokens = v),
        new RedactionsColumn(),
        ValueColumns.Long<CodeRecord>("num_code_lines", true, r => r.Measures?.CodeLines, (r, v) => MeasuresOf(r).CodeLines = v),
        ValueColumns.Long<CodeRecord>("num_comment_lines", true, r => r.Measures?.CommentLines, (r, v) => MeasuresOf(r).CommentLines = v),
        ValueColumns.Double<CodeRecord>("comment_fraction", true, r => r.Measures?.CommentFraction, (r, v) => MeasuresOf(r).CommentFraction = v),
        ValueColumns.Bool<CodeRecord>("lex_degraded", r => r.Measures?.LexDegraded, (r, v) => MeasuresOf(r).LexDegraded = v),
        Optional("indentation", r => r.Measures?.Indentation, (r, v) => MeasuresOf(r).Indentation = v),
        ValueColumns.Double<CodeRecord>("byte_entropy", true, r => r.Measures?.ByteEntropy, (r, v) => MeasuresOf(r).ByteEntropy = v),
        ValueColumns.Long<CodeRecord>("max_encoded_run", true, r => r.Measures?.LongestEncodedRun, (r, v) => MeasuresOf(r).LongestEncodedRun = v),
        ValueColumns.Long<CodeRecord>("num_functions", true, r => r.Measures?.Functions, (r, v) => MeasuresOf(r).Functions = v),
        ValueColumns.Long<CodeRecord>("num_classes", true, r => r.Measures?.Classes, (r, v) => MeasuresOf(r).Classes = v),
        ValueColumns.Long<CodeRecord>("num_imports", true, r => r.Measures?.Imports, (r, v) => MeasuresOf(r).Imports = v),
        ValueColumns.Double<CodeRecord>("complexity_mean", true, r => r.Measures?.MeanComplexity, (r, v) => MeasuresOf(r).MeanComplexity = v),
        ValueColumns.Long<CodeRecord>("complexity_max", true, r => r.Measures?.MaxComplexity, (r, v) => MeasuresOf(r).MaxComplexity = v),
        new FiltersColumn(),
    ];

    // A column at a time: a new object for each value would be most of what a reader allocates.
    private static RecordMeasures MeasuresOf(CodeRecord record) => record.Measures ??= new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null);

    private static TextColumn<CodeRecord> Text(string name, Func<CodeRecord, string> get, Action<CodeRecord, string> set) =>
        new(name, false, get, (r, v) => set(r, v ?? ""));

    private static TextColumn<CodeRecord> Optional(string name, Func<CodeRecord, string?> get, Action<CodeRecord, string?> set, params string[] aliases) =>
        new(name, true, get, set) { Aliases = aliases };
}
