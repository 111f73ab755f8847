using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Shared;

namespace Stackmill.Datasets;

/// <summary>What a dataset will be made of and from; its hash decides whether anything has to be done.</summary>
/// <param name="Stage">Stage id.</param>
/// <param name="Version">Version of the stage's code: raised when the same input gives other bytes.</param>
/// <param name="Content"><c>bytes</c> or <c>text</c>.</param>
/// <param name="Configuration">The options that matter to the result, as JSON.</param>
/// <param name="Inputs">What it is made from.</param>
internal sealed record DatasetPlan(
    string Stage, int Version, string Content, string Configuration, IReadOnlyList<ManifestInput> Inputs)
{
    /// <summary>Equal keys mean equal datasets.</summary>
    public string Key { get; } = Hash(Stage, Version, Content, Configuration, Inputs);

    private static string Hash(string stage, int version, string content, string configuration, IReadOnlyList<ManifestInput> inputs)
    {
        var text = new StringBuilder();
        text.Append(stage).Append('\n').Append(version).Append('\n').Append(Manifest.CurrentSchema).Append('\n').Append(content).Append('\n').Append(configuration).Append('\n');
        foreach (var input in inputs)
            text.Append(input.Name).Append('\t').Append(input.Hash).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>
/// One build of a dataset folder: takes its lock, finds out what is already done, runs the tasks, publishes the manifest.
/// A build that was killed at any moment is gone on with by the next one with the same key.
/// </summary>
internal sealed partial class DatasetBuild : IDisposable
{
    private const string WorkFolder = "_work";
    private const string PlanName = "plan";
    private const string ScratchSuffix = ".scratch";

    private readonly string _folder;
    private readonly RunContext _context;
    private readonly WorkPart _part;
    private readonly List<string> _own = [];
    private OutputLock? _lock;
    private bool _isShared;
    private DatasetPlan? _preparedPlan;

    private DatasetBuild(string folder, RunContext context, WorkPart part)
    {
        _folder = folder;
        _context = context;
        _part = part;
        _isShared = part.IsShared;
        _lock = part.IsShared ? OutputLock.Await(folder, shared: true, context.Cancellation) : OutputLock.Take(folder);
    }

    /// <summary>The manifest, when the dataset is whole and of the prepared plan already.</summary>
    public Manifest? UpToDate { get; private set; }

    private string Work => Path.Combine(_folder, WorkFolder);

    private string Done => Path.Combine(Work, "done");

    private string PlanFile => Path.Combine(Work, PlanName);

    private DatasetPlan Plan => _preparedPlan ?? throw new InvalidOperationException("Prepare comes first.");

    /// <summary>Takes a folder for one build, or takes part in one that other processes share.</summary>
    /// <exception cref="UsageException">The folder holds something that is not a dataset; or nothing is prepared there that could be shared.</exception>
    /// <exception cref="RunFaultException">Another run is writing to it.</exception>
    public static DatasetBuild Begin(string folder, RunContext context, WorkPart? part = null)
    {
        part ??= WorkPart.Whole();
        RequireOwn(folder);
        if (part.IsTasks || part.IsEnd)
            RequirePrepared(folder, part);
        var build = new DatasetBuild(folder, context, part);
        var ready = false;
        try
        {
            if (!build._isShared)
                build.RemoveScratch();
            ready = true;
            return build;
        }
        finally
        {
            if (!ready)
                build.Dispose();
        }
    }

    /// <summary>The runner of the build's own tasks.</summary>
    public ShardRunner Runner(int threads = 0) => new(Plan.Stage, _folder, Done, Plan.Key, threads > 0 ? threads : _context.Workers, _context.Observer);

    /// <summary>A folder for what all processes of the build need meanwhile, which is gone when it is published.</summary>
    public string ScratchFolder(string name) => Directory.CreateDirectory(Path.Combine(Work, name)).FullName;

    /// <summary>Name of a scratch file of this process that is removed when the build ends, or by the next one if this is killed.</summary>
    public string ScratchFile(string name)
    {
        Directory.CreateDirectory(Work);
        return Path.Combine(Work, $"{name}.{AtomicFile.ProcessMark}{ScratchSuffix}");
    }

    /// <summary>True when tasks of an earlier, interrupted build are done.</summary>
    public bool HasDone => Directory.Exists(Done) && Directory.EnumerateFiles(Done, "*.json").Any();

    /// <summary>True when an earlier, interrupted build has kept a record.</summary>
    public bool HasKept => HasDone && Markers(m => m is { Books.Kept: > 0 }).Any();

    /// <summary>Forgets the tasks of an earlier, interrupted build in which records failed: they are done anew.</summary>
    public void ForgetFailed()
    {
        foreach (var path in HasDone ? Markers(m => m is not { Books.FailedTotal: 0 }).ToList() : [])
            File.Delete(path);
    }

    /// <summary>
    /// Makes a dataset unfinished again, so that the tasks in which records failed are done anew, and no others. To be called
    /// before <see cref="Prepare(DatasetPlan, string[])"/>; a dataset of another plan is left as it is.
    /// </summary>
    public void ReopenFailed(DatasetPlan plan)
    {
        if (Manifest.Read(_folder) is { } manifest)
        {
            if (manifest.Key != plan.Key)
                return;
            Directory.CreateDirectory(Done);
            foreach (var marker in TaskMarkers.Of(Dataset.Of(_folder, manifest)))
                File.WriteAllBytes(Path.Combine(Done, marker.Task + ".json"), JsonSerializer.SerializeToUtf8Bytes(marker, ShardRunner.Json));
            File.WriteAllText(PlanFile, plan.Key);
            // Last: a kill before leaves the dataset as it was, and one after it an unfinished one, which the next build goes on with.
            File.Delete(Path.Combine(_folder, Manifest.FileName));
        }

        ForgetFailed();
    }

    /// <summary>Finds out what is done already; sets <see cref="UpToDate"/> when there is nothing to do.</summary>
    /// <param name="plan">What is to be made.</param>
    /// <param name="reports">Files beside the shards that must be there too.</param>
    public void Prepare(DatasetPlan plan, params string[] reports) => Prepare(plan, () => { }, reports);

    /// <summary>As the other; <paramref name="beforeClear"/> removes what an earlier build left beside its shards.</summary>
    public void Prepare(DatasetPlan plan, Action beforeClear, params string[] reports)
    {
        _preparedPlan = plan;
        if (_part.IsShared && Share(plan, reports))
            return;
        // Also a manifest that can't be read must not keep --force from making the dataset anew.
        var manifest = _context.Force ? null : Manifest.Read(_folder);
        if (manifest is not null && manifest.Key == plan.Key && manifest.FailedShards.Count == 0 && IsWhole(manifest) && reports.All(File.Exists))
        {
            UpToDate = manifest;
            _context.Observer.DataWritten(plan.Stage, StageColumns.AmountOf(manifest));
            _context.Observer.StageEnded(plan.Stage, manifest.Books.ToBooks(), upToDate: true);
            return;
        }

        // A dataset with failed shards keeps its markers: only those shards are tried again.
        var partial = manifest is { FailedShards.Count: > 0 };
        var resumable = (manifest is null || partial) && !_context.Force && File.Exists(PlanFile) && File.ReadAllText(PlanFile) == plan.Key;
        if (!resumable)
        {
            beforeClear();
            Clear();
        }
        else if (partial)
        {
            File.Delete(Path.Combine(_folder, Manifest.FileName));
        }

        AtomicFile.RemoveLeftovers(_folder, SearchOption.AllDirectories);
        Directory.CreateDirectory(Work);
        AtomicFile.WriteAllBytes(PlanFile, Encoding.ASCII.GetBytes(plan.Key));
    }

    /// <summary>Does the tasks that are not done yet.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="createWorker">Makes the worker of a thread.</param>
    /// <param name="threads">Threads for tasks that wait more than they work; 0 for as many as the run has workers.</param>
    public IReadOnlyList<ShardMarker> Run(IReadOnlyList<ShardTask> tasks, Func<IShardWorker> createWorker, int threads = 0) =>
        Runner(threads).Run(tasks, createWorker, _context.Cancellation);

    /// <summary>Writes the manifest; <paramref name="beforePublish"/> writes what must be there before it.</summary>
    public Manifest Publish(IReadOnlyList<ShardMarker> markers, IReadOnlyList<ShardTask> tasks, Books? more = null, Action<Manifest>? beforePublish = null)
    {
        var books = new Books();
        if (more is not null)
            books.Merge(more);
        foreach (var marker in markers)
            books.Merge(marker.Books);
        books.Check($"stage '{Plan.Stage}'");
        var outputs = markers.SelectMany(m => m.Outputs).OrderBy(o => o.Path, StringComparer.Ordinal).ToList();
        var shards = outputs.Where(o => o.Kind == ShardOutput.ShardKind).ToList();
        var manifest = new Manifest
        {
            Stage = Plan.Stage,
            StageVersion = Plan.Version,
            Content = Plan.Content,
            Key = Plan.Key,
            Configuration = JsonNode.Parse(Plan.Configuration)!,
            Inputs = Plan.Inputs,
            RootHash = Manifest.HashShards(shards),
            Books = ManifestBooks.From(books),
            Shards = shards,
            Ledger = outputs.Where(o => o.Kind == ShardOutput.LedgerKind).ToList(),
            FailedShards = [.. markers.Where(m => m.Error is not null).Select(m => new FailedShard(m.Task, m.Error!))],
        };
        RemoveStrangers(manifest);
        beforePublish?.Invoke(manifest);
        AtomicFile.WriteAllBytes(Path.Combine(_folder, Manifest.FileName), JsonSerializer.SerializeToUtf8Bytes(manifest, ShardRunner.Json));
        if (Directory.Exists(Work) && manifest.FailedShards.Count == 0)
            Directory.Delete(Work, recursive: true);
        _context.Observer.DataWritten(Plan.Stage, StageColumns.AmountOf(manifest));
        _context.Observer.StageEnded(Plan.Stage, books, upToDate: false);
        return manifest;
    }

    /// <summary>Gives the folder free.</summary>
    public void Dispose()
    {
        foreach (var folder in _own.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        if (!_isShared && UpToDate is not null && Directory.Exists(Work))
            Directory.Delete(Work, recursive: true);
        else if (_isShared && UpToDate is not null)
            RemoveEmptyWork();
        _lock?.Dispose();
    }

    private IEnumerable<string> Markers(Func<ShardMarker?, bool> which) => Directory.EnumerateFiles(Done, "*.json").Where(path =>
    {
        try
        {
            return which(JsonSerializer.Deserialize<ShardMarker>(File.ReadAllBytes(path), ShardRunner.Json));
        }
        catch (JsonException)
        {
            // Cut by a power failure: the task is done again, as it would be anyway.
            return which(null);
        }
    });

    // By their bytes, not by their lengths: a damaged shard must not pass for a finished one. Hashing reads the compressed
    // shards only, at more than a gigabyte a second.
    private bool IsWhole(Manifest manifest) => manifest.Shards.Concat(manifest.Ledger).AsParallel().WithDegreeOfParallelism(Math.Clamp(_context.Workers, 1, 64)).WithCancellation(_context.Cancellation)
        .All(o => new FileInfo(Path.Combine(_folder, o.Path)) is { Exists: true } file && file.Length == o.Bytes && AtomicFile.Hash(file.FullName) == o.Sha256);

    // The manifest goes first: from then on the folder is unfinished, whatever happens. The work folder is marked
    // before, so that a kill in between leaves a folder that is still known as a dataset's.
    private void Clear()
    {
        Directory.CreateDirectory(Work);
        File.Delete(Path.Combine(_folder, Manifest.FileName));
        foreach (var part in Parts())
            File.Delete(part);
        foreach (var folder in Directory.EnumerateDirectories(Work))
            Directory.Delete(folder, recursive: true);
    }

    // A shard published by a run that was killed before its marker is overwritten by the same task; one whose task
    // gave no such shard this time (its input failed) must not stay.
    private void RemoveStrangers(Manifest manifest)
    {
        var known = manifest.Shards.Concat(manifest.Ledger).Select(o => Path.GetFullPath(Path.Combine(_folder, o.Path))).ToHashSet(StringComparer.Ordinal);
        foreach (var part in Parts().Where(p => !known.Contains(p)))
            File.Delete(part);
        foreach (var folder in Directory.EnumerateDirectories(_folder).Where(d => Path.GetFileName(d) != WorkFolder && !Directory.EnumerateFileSystemEntries(d).Any()).ToList())
            Directory.Delete(folder);
    }

    // In an export of plain files the folders of languages hold nothing but the users' own names.
    private List<string> Parts()
    {
        var files = Directory.Exists(Path.Combine(_folder, "_index"));
        return [.. Directory.EnumerateDirectories(_folder)
            .Where(d => Path.GetFileName(d) is var name && name != WorkFolder && (!files || name.StartsWith('_')))
            .SelectMany(d => Directory.EnumerateFiles(d, "part-*"))
            .Where(f => Part().IsMatch(Path.GetFileName(f)))
            .Select(Path.GetFullPath)];
    }

    [GeneratedRegex(@"^part-[0-9]{5,}(-[0-9]{4,})?\.(parquet|jsonl|jsonl\.gz|jsonl\.zst)$")]
    private static partial Regex Part();
}
