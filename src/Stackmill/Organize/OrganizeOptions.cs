using Stackmill.Core.Options;

namespace Stackmill.Organize;

/// <summary>Section <c>filters</c>: which files go on.</summary>
internal sealed class FilterOptions
{
    [Section("stars", "Popularity of the repository, where the source tells it.")]
    public StarOptions Stars { get; set; } = new();

    [Section("file_size", "Size of single files, in bytes of the original.")]
    public FileSizeOptions FileSize { get; set; } = new();

    [Option("licenses", "SPDX ids; a file whose source names licences is kept if any of them is listed. Empty: all are kept.")]
    public IReadOnlyList<string> Licenses { get; set; } = [];
}

/// <summary>Section <c>filters.stars</c>.</summary>
internal sealed class StarOptions
{
    [Option("min", "Fewest stars; files whose source tells no stars are kept.", Min = 0)]
    public long Min { get; set; } = 10;
}

/// <summary>Section <c>filters.file_size</c>.</summary>
internal sealed class FileSizeOptions
{
    [Option("min_bytes", "Smallest file that is kept.", Min = 0, IsSize = true)]
    public long MinBytes { get; set; } = 100;

    [Option("max_bytes", "Largest file that is kept.", Min = 1, IsSize = true)]
    public long MaxBytes { get; set; } = 1 << 20;
}

/// <summary>Section <c>input</c>: how the input is read.</summary>
internal sealed class InputOptions
{
    [Option("format", "What the input is; auto looks at it.", Values = ["auto", "folder", "jsonl", "parquet"])]
    public string Format { get; set; } = "auto";

    [Option("include_hidden", "Read files and folders whose name begins with a dot (version control folders are never read).")]
    public bool IncludeHidden { get; set; }

    [Option("respect_gitignore", "Leave out what .gitignore files in the input folder name.")]
    public bool RespectGitignore { get; set; }

    [Option("repo_depth", "Leading folders of a path that make the repository's name, for folders of repositories.", Min = 0, Max = 8)]
    public int RepoDepth { get; set; }

    [Option("content_column", "Column or key that holds the content, in JSONL and Parquet; empty: content, text, code …")]
    public string ContentColumn { get; set; } = "";

    [Option("path_column", "Column or key that holds the path, in JSONL and Parquet; empty: path, file_path, filename …")]
    public string PathColumn { get; set; } = "";
}

/// <summary>What <c>organize</c> needs to know; part of its dataset's key.</summary>
internal sealed class OrganizeOptions
{
    [Option("languages", "Languages to keep, by linguist's or short name.")]
    public IReadOnlyList<string> Languages { get; set; } = [];

    [Option("max_file_size_mb", "Hard limit: larger files are never read, in MiB.", Min = 1, Max = 1024)]
    public int MaxFileSizeMb { get; set; } = 10;

    [Option("shard_size", "Bytes of content a shard.", IsSize = true, Min = 1)]
    public long ShardSize { get; set; } = 16 << 20;

    [Section("filters", "Which files go on.")]
    public FilterOptions Filters { get; set; } = new();

    [Section("input", "How the input is read.")]
    public InputOptions Input { get; set; } = new();
}
