using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;

namespace Stackmill.Deduplicate.Search;

/// <summary>A file of an index.</summary>
/// <param name="Path">Path in the dataset's folder, with <c>/</c>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, lower-case hex.</param>
internal sealed record IndexFile(string Path, long Bytes, string Sha256);

/// <summary>The index of one shard.</summary>
/// <param name="Shard">Path of the shard in the dataset's folder.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Files">Documents, keys and names.</param>
internal sealed record IndexPart(string Shard, long Rows, IReadOnlyList<IndexFile> Files);

/// <summary>How the keys and digests of an index were made; an index serves only searches that make them so.</summary>
internal sealed record IndexForm(int Bands, int RowsPerBand, int ShingleTokens, string Identifiers, string Scope, bool Normalized, string ByteOrder)
{
    /// <summary>The form of a search.</summary>
    public static IndexForm Of(DedupOptions options, LshParameters parameters) =>
        new(parameters.Bands, parameters.Rows, options.ShingleTokens, options.Identifiers, options.Scope, options.Normalized, BitConverter.IsLittleEndian ? "little" : "big");

    /// <summary>What differs, in words; empty when nothing does.</summary>
    public string Differences(IndexForm other)
    {
        string[] all =
        [
            Difference("bands", Bands, other.Bands), Difference("rows of a band", RowsPerBand, other.RowsPerBand), Difference("dedup.shingle_tokens", ShingleTokens, other.ShingleTokens),
            Difference("dedup.identifiers", Identifiers, other.Identifiers), Difference("dedup.scope", Scope, other.Scope), Difference("dedup.normalized", Normalized, other.Normalized), Difference("byte order", ByteOrder, other.ByteOrder),
        ];
        return string.Join(", ", all.Where(d => d.Length > 0));
    }

    private static string Difference<T>(string name, T one, T other) => Equals(one, other) ? "" : FormattableString.Invariant($"{name} {one} and {other}").ToLowerInvariant();
}

/// <summary>
/// The kept index of a dataset: <c>_dedup/index.json</c>, and three files a shard beside it. docs/dedup-index.md describes the format.
/// </summary>
internal sealed record DedupIndex(string Format, int Version, string RootHash, IndexForm Form, IReadOnlyList<IndexPart> Parts)
{
    /// <summary>Kind of its files among a task's outputs.</summary>
    public const string Kind = "index";

    private const string FormatName = "stackmill-dedup-index";
    private const int CurrentVersion = 2;
    private const string Folder = "_dedup";

    /// <summary>Where a dataset's index lies.</summary>
    public static string FolderOf(string dataset) => Path.Combine(dataset, Folder);

    /// <summary>The file that says what the index holds; written last.</summary>
    public static string PathOf(string dataset) => Path.Combine(dataset, Folder, "index.json");

    /// <summary>A file of a shard's index, as a path in the dataset's folder.</summary>
    public static string NameOf(string shard, string what) => $"{Folder}/{Path.ChangeExtension(shard, what)}";

    /// <summary>Writes the index's file from what the tasks published.</summary>
    public static void Write(string dataset, Manifest manifest, IndexForm form, IEnumerable<ShardOutput> outputs)
    {
        var byPart = outputs.Where(o => o.Kind == Kind).ToLookup(o => Path.ChangeExtension(o.Path, null));
        var parts = manifest.Shards.Select(s => new IndexPart(s.Path, s.Rows, [.. byPart[Path.ChangeExtension(NameOf(s.Path, "x"), null)].OrderBy(o => o.Path, StringComparer.Ordinal).Select(o => new IndexFile(o.Path, o.Bytes, o.Sha256))]));
        AtomicFile.WriteAllBytes(PathOf(dataset), JsonSerializer.SerializeToUtf8Bytes(new DedupIndex(FormatName, CurrentVersion, manifest.RootHash, form, [.. parts]), ShardRunner.Json));
    }

    /// <summary>Opens the index of a dataset.</summary>
    /// <param name="path">A dataset or project folder.</param>
    /// <param name="form">The form of the search.</param>
    /// <exception cref="UsageException">There is none, or it is of another form, version or state of the dataset, or damaged.</exception>
    public static (Dataset Dataset, IReadOnlyList<IndexedShard> Shards) Open(string path, IndexForm form)
    {
        var dataset = Dataset.Open(path);
        var file = PathOf(dataset.Folder);
        if (!File.Exists(file))
            throw new UsageException($"the dataset '{dataset.Folder}' has no index (there is no '{file}'). Make it again with dedup.keep_index: true, or with --set dedup.keep_index=true.");
        DedupIndex? index;
        try
        {
            index = JsonSerializer.Deserialize<DedupIndex>(File.ReadAllBytes(file), ShardRunner.Json);
        }
        catch (JsonException fault)
        {
            throw new UsageException($"'{file}' is no index: expected JSON as docs/dedup-index.md describes it{(fault.Path is { Length: > 0 } place ? $"; it differs at {place}" : "")}. {Advice}", fault);
        }

        if (index is null || index.Format != FormatName || index.Version != CurrentVersion)
            throw new UsageException($"'{file}' is of format '{index?.Format}' version {index?.Version}; expected '{FormatName}' version {CurrentVersion}. {Advice}");
        if (index.RootHash != dataset.Manifest.RootHash)
            throw new UsageException($"'{file}' belongs to another state of the dataset: its root hash is {index.RootHash}, the dataset's {dataset.Manifest.RootHash}. {Advice}");
        if (index.Form.Differences(form) is { Length: > 0 } differences)
            throw new UsageException($"the index '{file}' and this run differ in {differences} (the index's first): they can't be compared. Use the same dedup section and similarity_threshold, or make the dataset again.");
        if (!index.Parts.Select(p => p.Shard).ToHashSet(StringComparer.Ordinal).SetEquals(dataset.Manifest.Shards.Select(s => s.Path)) || index.Parts.Count != dataset.Manifest.Shards.Count)
            throw new UsageException($"'{file}' names {index.Parts.Count} shards; expected each of the dataset's {dataset.Manifest.Shards.Count} once. {Advice}");
        return (dataset, [.. index.Parts.Select(p => Part(dataset, file, p))]);
    }

    private const string Advice = "Make the dataset again with dedup.keep_index: true and --force.";

    private static IndexedShard Part(Dataset dataset, string file, IndexPart part)
    {
        var shard = dataset.Manifest.Shards.ToList().FindIndex(s => s.Path == part.Shard && s.Rows == part.Rows);
        if (shard < 0 || part.Files.Count != 3)
            throw new UsageException($"'{file}' names the shard '{part.Shard}' with {part.Rows} rows and {part.Files.Count} files; the dataset has none such, or files are missing. {Advice}");
        foreach (var own in part.Files)
        {
            var path = Path.Combine(dataset.Folder, own.Path);
            if (!File.Exists(path) || new FileInfo(path).Length != own.Bytes || AtomicFile.Hash(path) != own.Sha256)
                throw new UsageException($"'{path}' is missing or was changed: it has not the {own.Bytes} bytes that '{file}' names. {Advice}");
        }

        return new IndexedShard(dataset, shard, Path.ChangeExtension(Path.Combine(dataset.Folder, part.Files[0].Path), null), part.Rows);
    }
}
