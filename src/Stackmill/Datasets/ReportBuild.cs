using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Shared;

namespace Stackmill.Datasets;

/// <summary>
/// One build of a report: runs a task a shard of a dataset and writes one JSON file. The report carries the key that it was made for, so that an
/// unchanged dataset is not read again. What each shard gave lies in a folder beside the report until that is written, for processes that share the work and for a run that goes on.
/// </summary>
internal sealed class ReportBuild : IDisposable
{
    private const string KeyField = "key";
    private const string PlanName = "plan";

    private readonly string _path;
    private readonly DatasetPlan _plan;
    private readonly RunContext _context;
    private readonly WorkPart _part;
    private readonly string _work;
    private OutputLock? _lock;

    private ReportBuild(string path, DatasetPlan plan, RunContext context, WorkPart part)
    {
        (_path, _plan, _context, _part) = (path, plan, context, part);
        _work = WorkOf(path);
    }

    /// <summary>The report, when it was made from the same dataset, options and code.</summary>
    public JsonObject? UpToDate { get; private set; }

    private string PlanFile => Path.Combine(_work, PlanName);

    private string Planned => File.Exists(PlanFile) ? File.ReadAllText(PlanFile) : "";

    /// <summary>The folder in which a report is made.</summary>
    public static string WorkOf(string path) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.work");

    /// <summary>The key of the report that is being made; empty when none is.</summary>
    public static string KeyOf(string path) => File.Exists(Path.Combine(WorkOf(path), PlanName)) ? File.ReadAllText(Path.Combine(WorkOf(path), PlanName)) : "";

    /// <summary>Begins a build, or takes part in one that other processes share.</summary>
    /// <exception cref="UsageException">Nothing, or another report, is prepared that could be shared.</exception>
    public static ReportBuild Begin(string path, DatasetPlan plan, RunContext context, WorkPart part)
    {
        var build = new ReportBuild(path, plan, context, part);
        var ready = false;
        try
        {
            build.Begin();
            ready = true;
            return build;
        }
        finally
        {
            if (!ready)
                build.Dispose();
        }
    }

    /// <summary>Keeps what a shard gave.</summary>
    public static void Keep<T>(ShardTask task, ShardContext context, T findings) =>
        File.WriteAllBytes(context.CreateOutput(NameOf(task), "file", "", static () => (0, 0)), JsonSerializer.SerializeToUtf8Bytes(findings, ShardRunner.Json));

    /// <summary>What a shard gave.</summary>
    public T Read<T>(ShardTask task) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(Path.Combine(_work, NameOf(task))), ShardRunner.Json)!;

    /// <summary>
    /// Runs the tasks and gives the merged books, when this process ends the report. A shard that fails makes the report impossible, unless
    /// <paramref name="onFailed"/> takes it.
    /// </summary>
    public Books? Run(Dataset dataset, Func<IShardWorker> createWorker, Action<int, string>? onFailed = null)
    {
        var runner = new ShardRunner(_plan.Stage, _work, Path.Combine(_work, "done"), _plan.Key, _context.Workers, _context.Observer, scratch: true);
        if (_part.Last(WorkPart.Only, dataset.Tasks, runner, tasks => runner.Run(tasks, createWorker, _context.Cancellation)) is not { } markers)
            return null;
        for (var i = 0; i < markers.Count; i++)
        {
            if (markers[i].Error is not { } error)
                continue;
            if (onFailed is null)
                throw new RunFaultException($"stage '{_plan.Stage}' needs every shard: {error}");
            onFailed(i, error);
        }

        var books = new Books();
        foreach (var marker in markers)
            books.Merge(marker.Books);
        books.Check($"stage '{_plan.Stage}'");
        return books;
    }

    /// <summary>Writes the report with its key; what the shards gave is removed.</summary>
    public JsonObject Write(JsonObject report)
    {
        report[KeyField] = _plan.Key;
        Report.Write(_path, report);
        Remove();
        return report;
    }

    /// <summary>Gives the place free.</summary>
    public void Dispose() => _lock?.Dispose();

    private void Begin()
    {
        if ((UpToDate = Find()) is not null)
        {
            if (!_part.IsShared && Directory.Exists(_work))
                Remove();
            return;
        }

        if ((_part.IsTasks || _part.IsEnd || (_part.IsPlan && !_context.Force)) && Planned == _plan.Key)
        {
            _lock = OutputLock.Await(_work, shared: !_part.IsEnd, _context.Cancellation);
            // Another may have ended it meanwhile.
            UpToDate = Find();
            if (UpToDate is not null && _part.IsEnd)
                Remove();
            return;
        }

        if (_part.IsTasks || _part.IsEnd)
            throw new UsageException($"the report '{_path}' is not prepared for these tasks: {(Planned.Length > 0 ? $"its key is {Planned[..Math.Min(12, Planned.Length)]}…, that of this command {_plan.Key[..12]}…" : $"there is no '{PlanFile}'")}. Dataset, configuration and version must be those of the plan.");
        _lock = _part.IsShared ? OutputLock.Await(_work, shared: false, _context.Cancellation) : OutputLock.Take(_work);
        if (_context.Force || Planned != _plan.Key)
        {
            foreach (var file in Directory.EnumerateFiles(_work, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != OutputLock.FileName).ToList())
                File.Delete(file);
        }

        AtomicFile.RemoveLeftovers(_work, SearchOption.AllDirectories);
        AtomicFile.WriteAllBytes(PlanFile, System.Text.Encoding.ASCII.GetBytes(_plan.Key), flush: false);
    }

    private JsonObject? Find()
    {
        if (_context.Force || !File.Exists(_path))
            return null;
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(_path)) is JsonObject report && (string?)report[KeyField] == _plan.Key ? report : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            _context.Observer.Note(_plan.Stage, $"'{_path}' is not readable as a report; it is made again");
            return null;
        }
    }

    private void Remove()
    {
        _lock ??= OutputLock.Take(_work);
        _lock.Dispose();
        _lock = null;
        try
        {
            Directory.Delete(_work, recursive: true);
        }
        catch (IOException)
        {
            // Another process that waited to end the same report has the folder now, and removes it when it has seen the report.
        }
    }

    private static string NameOf(ShardTask task) => task.Name + ".json";
}
