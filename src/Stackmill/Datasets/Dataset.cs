using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets.Parquet;

namespace Stackmill.Datasets;

/// <summary>A finished dataset on disk, opened for reading.</summary>
internal sealed class Dataset
{
    private Dataset(string folder, Manifest manifest)
    {
        Folder = folder;
        Manifest = manifest;
        Tasks = [.. manifest.Shards.Select((shard, i) => new ShardTask(i, ShardWriter.PartName(i), shard.ContentBytes))];
    }

    /// <summary>The dataset folder.</summary>
    public string Folder { get; }

    /// <summary>Its manifest.</summary>
    public Manifest Manifest { get; }

    /// <summary>One task a shard; the task's index is the shard's.</summary>
    public IReadOnlyList<ShardTask> Tasks { get; }

    /// <summary>A dataset whose manifest is at hand.</summary>
    public static Dataset Of(string folder, Manifest manifest) => new(folder, manifest);

    /// <summary>
    /// Opens a dataset folder, or a project folder, which stands for its latest dataset: corpus, else processed, else staged.
    /// </summary>
    /// <exception cref="UsageException">There is none.</exception>
    /// <param name="path">The folder.</param>
    /// <param name="name">The dataset that a project folder stands for; <c>null</c> for its latest.</param>
    public static Dataset Open(string path, string? name = null)
    {
        if (!Directory.Exists(path))
        {
            throw new UsageException(File.Exists(path)
                ? $"'{path}' is a file; expected a dataset folder (with {Manifest.FileName}) or a project folder (with data/)."
                : $"there is no folder '{path}'; expected a dataset folder (with {Manifest.FileName}) or a project folder (with data/).");
        }

        if (Manifest.Read(path) is { } own)
            return new Dataset(path, own);
        name ??= ProjectLayout.Corpus;
        var folder = Path.Combine(path, "data", name);
        if (Manifest.Read(folder) is { } manifest)
            return new Dataset(folder, manifest);
        // Never an earlier dataset instead: staged holds original bytes, with all their personal data.
        var others = ProjectLayout.NewestFirst.Select(n => Path.Combine(path, "data", n)).Where(f => File.Exists(Path.Combine(f, Manifest.FileName))).ToList();
        throw new UsageException(
            $"'{path}' holds no finished dataset: there is neither {Manifest.FileName} nor data/{name}/{Manifest.FileName}."
            + (others.Count > 0 ? $" There is '{string.Join("' and '", others)}': name it as the input if that is what you want, or finish the run." : " If a run was interrupted, run the same command again to finish it."));
    }

    /// <summary>Fails when the contents are not UTF-8 text with measures, which <paramref name="stage"/> needs.</summary>
    /// <exception cref="UsageException">They are original bytes, or another form.</exception>
    public void RequireText(string stage)
    {
        if (Manifest.Content == "text")
            return;
        throw new UsageException(Manifest.Content == "bytes"
            ? $"'{Folder}' is the dataset of stage '{Manifest.Stage}', which holds original bytes; {stage} expects text. Run preprocess first, or name its dataset."
            : $"'{Folder}' is a release of stage '{Manifest.Stage}'; {stage} expects the dataset that it was made from.");
    }

    /// <summary>Reads one shard after checking that it is the one that the manifest names.</summary>
    /// <exception cref="ShardFaultException">The shard is missing, changed or unreadable.</exception>
    public IEnumerable<IReadOnlyList<CodeRecord>> Read(int shard, IReadOnlyList<ParquetColumn<CodeRecord>> columns)
    {
        foreach (var batch in ParquetTableReader.Read(Verified(shard), columns, () => new CodeRecord()))
            yield return batch;
    }

    /// <summary>The path of a shard, after checking that its bytes are those that the manifest names.</summary>
    /// <exception cref="ShardFaultException">The shard is missing or changed.</exception>
    public string Verified(int shard)
    {
        var path = Path.Combine(Folder, Manifest.Shards[shard].Path);
        Verify(path, Manifest.Shards[shard], Manifest.Stage);
        return path;
    }

    /// <summary>Reads the whole ledger, in the order of its parts.</summary>
    public IEnumerable<LedgerRow> ReadLedger() => Manifest.Ledger.SelectMany(ReadLedger);

    /// <summary>Reads one part of the ledger.</summary>
    /// <exception cref="ShardFaultException">It is missing or damaged.</exception>
    public IEnumerable<LedgerRow> ReadLedger(ShardOutput part)
    {
        var path = Path.Combine(Folder, part.Path);
        Verify(path, part, Manifest.Stage);
        foreach (var batch in ParquetTableReader.Read(path, LedgerColumns.Read(), () => new LedgerColumns.Row()))
        {
            foreach (var row in batch)
                yield return row.Value;
        }
    }

    /// <summary>Makes sure that a shard is there and has the bytes that its manifest names.</summary>
    /// <exception cref="ShardFaultException">It is missing or changed.</exception>
    public static void Verify(string path, ShardOutput output, string stage)
    {
        if (!File.Exists(path))
            throw new ShardFaultException($"the shard '{path}' is missing, though the manifest of stage '{stage}' names it. Run that stage again with --force.");
        var hash = AtomicFile.Hash(path);
        if (hash != output.Sha256)
        {
            throw new ShardFaultException(
                $"the shard '{path}' was changed or damaged: its SHA-256 is {hash}, the manifest says {output.Sha256}. Run stage '{stage}' again with --force.");
        }
    }
}

/// <summary>Where things lie in a project folder (the layout of the system that this one replaces).</summary>
internal static class ProjectLayout
{
    /// <summary>Datasets below <c>data/</c>, the latest stage first.</summary>
    public static readonly string[] NewestFirst = [Corpus, "processed", "staged"];

    /// <summary>Datasets below <c>data/</c> that hold what was fetched, the latest stage first.</summary>
    public static readonly string[] AcquiredNewestFirst = [Contents, Raw];

    /// <summary>The final dataset of a project, below <c>data/</c>.</summary>
    public const string Corpus = "corpus";

    /// <summary>Rows that describe files, below <c>data/</c>.</summary>
    public const string Raw = "raw";

    /// <summary>Fetched contents, below <c>data/</c>.</summary>
    public const string Contents = "contents";

    /// <summary>The folder of a dataset.</summary>
    public static string Data(string project, string name) => Path.Combine(project, "data", name);

    /// <summary>
    /// Where a stage puts its report: <c>reports/</c> of the project when its dataset lies in a project's <c>data/</c>,
    /// else beside the dataset's shards.
    /// </summary>
    public static string ReportsFor(string dataset)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataset));
        var parent = Path.GetDirectoryName(full);
        return parent is not null && Path.GetFileName(parent) == "data" ? Reports(Path.GetDirectoryName(parent)!) : full;
    }

    /// <summary>
    /// Where what was fetched for a dataset is kept for later runs: <c>data/cache</c> of the project when the dataset lies in a
    /// project's <c>data/</c>, else below the user's cache folder.
    /// </summary>
    public static string CacheFor(string dataset)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataset));
        if (Path.GetDirectoryName(full) is { } parent && Path.GetFileName(parent) == "data")
            return Path.Combine(parent, "cache");
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given && Path.IsPathFullyQualified(given) ? given
            : OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "stackmill");
    }

    /// <summary>The folder of the reports.</summary>
    public static string Reports(string project) => Path.Combine(project, "reports");

    /// <summary>The folder of the logs.</summary>
    public static string Logs(string project) => Path.Combine(project, "logs");
}
