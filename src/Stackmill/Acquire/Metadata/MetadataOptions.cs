using Stackmill.Core.Options;
using Stackmill.Shared.Filters;

namespace Stackmill.Acquire.Metadata;

/// <summary>Section <c>metadata</c>: rows that describe files, and are filtered before any content is fetched.</summary>
internal sealed class MetadataSectionOptions
{
    [Option("dataset", "Dataset on the Hub whose rows describe files, e.g. bigcode/the-stack-v2-dedup. With it, run needs no --input.")]
    public string Dataset { get; set; } = "";

    [Option("revision", "Branch, tag or commit of the dataset; it is pinned to a commit, which the manifest records.")]
    public string Revision { get; set; } = "main";

    [Option("limit", "Most rows to keep of each language; 0 for all.", Min = 0)]
    public long Limit { get; set; }

    [Option("sample", "Share of the files to keep, chosen by a hash of blob_id: the same files on every machine.", Min = 0, Max = 1)]
    public double Sample { get; set; } = 1;

    [Option("json", "Also write filtered_metadata_<language>.json, one array of whole rows.")]
    public bool Json { get; set; }
}

/// <summary>What the stage <c>metadata</c> needs to know; part of its dataset's key.</summary>
internal sealed class MetadataOptions : IFileSelection
{
    [Section("metadata", "Rows that describe files.")]
    public MetadataSectionOptions Metadata { get; set; } = new();

    [Option("languages", "Languages to keep, by linguist's or short name.")]
    public IReadOnlyList<string> Languages { get; set; } = [];

    [Option("max_file_size_mb", "Hard limit: larger files are never read, in MiB.", Min = 1, Max = 1024)]
    public int MaxFileSizeMb { get; set; } = 10;

    [Section("filters", "Which files go on.")]
    public FilterOptions Filters { get; set; } = new();
}
