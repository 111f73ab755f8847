using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;

namespace Stackmill.Datasets;

/// <summary>
/// The manifest of a dataset, written last: a folder without it is unfinished. It holds no time and no machine's
/// name, so that equal datasets have equal manifests.
/// </summary>
internal sealed record Manifest
{
    /// <summary>Name of the file in the dataset folder.</summary>
    public const string FileName = "_manifest.json";

    /// <summary>Version of this form.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Version of the form the file has.</summary>
    public int SchemaVersion { get; init; } = CurrentSchema;

    /// <summary>Id of the stage that made the dataset.</summary>
    public required string Stage { get; init; }

    /// <summary>Version of that stage's code.</summary>
    public required int StageVersion { get; init; }

    /// <summary>What <c>content</c> holds: <c>bytes</c> (original) or <c>text</c> (UTF-8).</summary>
    public required string Content { get; init; }

    /// <summary>SHA-256 of stage, version, configuration and inputs: equal keys mean nothing has to be done again.</summary>
    public required string Key { get; init; }

    /// <summary>The options that the stage used.</summary>
    public required JsonNode Configuration { get; init; }

    /// <summary>What the dataset was made from, with the hash of each.</summary>
    public required IReadOnlyList<ManifestInput> Inputs { get; init; }

    /// <summary>SHA-256 over path and SHA-256 of all shards: two datasets with the same root hash have the same records.</summary>
    public required string RootHash { get; init; }

    /// <summary>Counts of the stage.</summary>
    public required ManifestBooks Books { get; init; }

    /// <summary>Shards, by path.</summary>
    public required IReadOnlyList<ShardOutput> Shards { get; init; }

    /// <summary>Parts of the ledger, by path.</summary>
    public required IReadOnlyList<ShardOutput> Ledger { get; init; }

    /// <summary>Tasks that failed; the dataset lacks their records.</summary>
    public required IReadOnlyList<FailedShard> FailedShards { get; init; }

    /// <summary>The root hash of a set of shards.</summary>
    public static string HashShards(IEnumerable<ShardOutput> shards)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var shard in shards.OrderBy(s => s.Path, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{shard.Sha256}  {shard.Path}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Reads the manifest of a dataset folder; <c>null</c> when there is none.</summary>
    /// <exception cref="UsageException">It is there, but unreadable or of a newer form.</exception>
    public static Manifest? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        Manifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<Manifest>(File.ReadAllBytes(path), ShardRunner.Json);
        }
        catch (JsonException fault)
        {
            throw Broken(path, $"line {fault.LineNumber + 1} is not valid JSON, or a field is missing or of another type", fault);
        }

        if (manifest is null)
            throw Broken(path, "it holds null", null);
        if (manifest.SchemaVersion > CurrentSchema)
        {
            throw new UsageException(
                $"'{path}' has the form {manifest.SchemaVersion}, this program knows up to {CurrentSchema}. Use the version of Stackmill that wrote it, or a newer one.");
        }

        return manifest;
    }

    private static UsageException Broken(string path, string found, Exception? cause) =>
        new($"'{path}' is not a Stackmill manifest: {found}. Make the dataset again with the stage that wrote it and --force.", cause);
}

/// <summary>One thing that a dataset was made from.</summary>
/// <param name="Name">What it is, e.g. <c>staged</c> or <c>folder</c>.</param>
/// <param name="Hash">Root hash of a dataset, or fingerprint of an input's listing.</param>
internal sealed record ManifestInput(string Name, string Hash);

/// <summary>A task that failed.</summary>
internal sealed record FailedShard(string Task, string Error);

/// <summary>Books as the manifest holds them.</summary>
internal sealed record ManifestBooks(
    long In,
    long Kept,
    long DroppedTotal,
    long FailedTotal,
    long BytesIn,
    long BytesKept,
    SortedDictionary<string, long> Dropped,
    SortedDictionary<string, long> Failed,
    SortedDictionary<string, long> Counters)
{
    /// <summary>The books in stored form.</summary>
    public static ManifestBooks From(Books books) => new(
        books.In, books.Kept, books.DroppedTotal, books.FailedTotal, books.BytesIn, books.BytesKept, books.Dropped, books.Failed, books.Counters);

    /// <summary>The books in working form.</summary>
    public Books ToBooks() => new()
    {
        In = In,
        Kept = Kept,
        BytesIn = BytesIn,
        BytesKept = BytesKept,
        Dropped = new(Dropped, StringComparer.Ordinal),
        Failed = new(Failed, StringComparer.Ordinal),
        Counters = new(Counters, StringComparer.Ordinal),
    };
}
