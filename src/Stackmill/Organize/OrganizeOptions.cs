using Stackmill.Core.Options;
using Stackmill.Organize.Licenses;
using Stackmill.Shared.Filters;

namespace Stackmill.Organize;

/// <summary>Section <c>input</c>: how the input is read.</summary>
internal sealed class InputOptions
{
    [Option("format", "What the input is; auto looks at it.", Values = ["auto", "folder", "jsonl", "parquet", "csv", "arrow", "archive", "git"])]
    public string Format { get; set; } = "auto";

    [Option("include_hidden", "Read files and folders whose name begins with a dot (version control folders are never read).")]
    public bool IncludeHidden { get; set; }

    [Option("respect_gitignore", "Leave out what .gitignore files in the input folder name.")]
    public bool RespectGitignore { get; set; }

    [Option("repo_depth", "Leading folders of a path that make the repository's name, for folders of repositories.", Min = 0, Max = 8)]
    public int RepoDepth { get; set; }

    [Option("content_column", "Column or key that holds the content, in records; empty: content, text, code …")]
    public string ContentColumn { get; set; } = "";

    [Option("path_column", "Column or key that holds the path, in records; empty: path, file_path, filename …")]
    public string PathColumn { get; set; } = "";

    [Option("columns", "Further columns or keys of records by what they hold: repo_name, language, detected_licenses, license_type, star_events_count, revision_id … to the source's own name. A dotted name reaches into a struct.")]
    public IReadOnlyDictionary<string, string> Columns { get; set; } = new Dictionary<string, string>();

    [Option("files_column", "Column or key that holds a list of files, for records that are one repository each; empty: files, where it is such a list.")]
    public string FilesColumn { get; set; } = "";

    [Option("detect", "When path and content of a record decide on its language and on whether it is vendored or generated: where its source does not say, or always.", Values = ["missing", "always"])]
    public string Detect { get; set; } = "missing";

    [Option("language", "Language of records that have neither a path nor a language, where their content names none either; empty: they are dropped.")]
    public string Language { get; set; } = "";

    [Section("git", "How Git repositories are read.")]
    public GitOptions Git { get; set; } = new();

    [Section("archives", "How archives are read.")]
    public ArchiveOptions Archives { get; set; } = new();
}

/// <summary>Section <c>input.git</c>.</summary>
internal sealed class GitOptions
{
    [Option("revision", "Branch, tag or commit to read; empty: what HEAD names. A list of repositories may name another for each.")]
    public string Revision { get; set; } = "";

    [Option("history", "Read every version of every file that the revision's history holds, each content once.")]
    public bool History { get; set; }

    [Option("metadata", "CSV file with a row a repository: repo_name, and any of stars, forks, license, license_type.")]
    public string Metadata { get; set; } = "";

    [Option("clones", "Folder that keeps clones of remote repositories; empty: below the project or the system's cache folder.")]
    public string Clones { get; set; } = "";

    [Option("timeout_seconds", "Time in which a Git server that sends nothing is waited for.", Min = 1, Max = 86400)]
    public int TimeoutSeconds { get; set; } = 120;
}

/// <summary>Section <c>input.archives</c>.</summary>
internal sealed class ArchiveOptions
{
    [Option("nested", "Read archives that lie inside archives, one level deep; when false they are left out and counted.")]
    public bool Nested { get; set; } = true;

    [Option("max_ratio", "Largest ratio of unpacked to packed bytes of an archive; one beyond it is taken for a bomb and not read on.", Min = 1, Max = 1_000_000)]
    public int MaxRatio { get; set; } = 1000;

    [Option("max_unpacked", "Most bytes that one archive may unpack to.", IsSize = true, Min = 1 << 20)]
    public long MaxUnpacked { get; set; } = 64L << 30;
}

/// <summary>What <c>organize</c> needs to know; part of its dataset's key.</summary>
internal sealed class OrganizeOptions : IFileSelection
{
    [Option("languages", "Languages to keep, by linguist's or short name.")]
    public IReadOnlyList<string> Languages { get; set; } = [];

    [Option("max_file_size_mb", "Hard limit: larger files are never read, in MiB.", Min = 1, Max = 1024)]
    public int MaxFileSizeMb { get; set; } = 10;

    [Option("shard_size", "Bytes of content a shard.", IsSize = true, Min = 1)]
    public long ShardSize { get; set; } = 16 << 20;

    [Section("filters", "Which files go on.")]
    public FilterOptions Filters { get; set; } = new();

    [Section("licenses", "How licences are recognised.")]
    public LicenseOptions Licenses { get; set; } = new();

    [Section("input", "How the input is read.")]
    public InputOptions Input { get; set; } = new();
}
