using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Monitoring.Exposition;

namespace Stackmill.Monitoring.Runs;

/// <summary>
/// Makes metrics of what a run's observer hears. Counters follow the shards; the gauges <c>stackmill_stage_*</c> have the stage's own books when
/// it has ended. Labels are names of stages and reasons from the program's catalogs, never anything of a file.
/// </summary>
internal sealed class RunMetrics : IRunObserver
{
    private const string ShardFailure = "shard_failed";
    private const int MostTaskChars = 36;

    private readonly PipelineMonitor _monitor;
    private readonly string _runId;
    private readonly ConcurrentDictionary<string, (StageState State, string Step)> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StageState> _stages = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private readonly ConcurrentDictionary<(string Stage, string Task), long> _taskStarts = new();
    private readonly ConcurrentDictionary<string, Books> _counted = new(StringComparer.Ordinal);
    private readonly Histogram<double> _taskSeconds;
    private readonly Counter<long> _records;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _redactions;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _tokens;
    private readonly HubMetrics _hub;
    private volatile Func<IReadOnlyList<KeyValuePair<string, long>>>? _download;

    /// <summary>Adds the instruments of runs to a pipeline's.</summary>
    public RunMetrics(PipelineMonitor monitor, string runId)
    {
        (_monitor, _runId) = (monitor, runId);
        var meter = monitor.Meter;
        _taskSeconds = meter.CreateHistogram(MetricCatalog.TaskSeconds.Name, "s", MetricCatalog.TaskSeconds.Help, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricCatalog.TaskBounds });
        _records = Counter(MetricCatalog.Records);
        _dropped = Counter(MetricCatalog.Dropped);
        _redactions = Counter(MetricCatalog.Redactions);
        _duplicates = Counter(MetricCatalog.Duplicates);
        _tokens = Counter(MetricCatalog.Tokens);
        StageGauges.AddTo(meter, () => Stages);
        DownloadMetrics.AddTo(meter, () => _download?.Invoke() ?? []);
        _hub = new HubMetrics(meter);

        Counter<long> Counter(MetricDescription metric) => meter.CreateCounter<long>(metric.Name, null, metric.Help);
    }

    /// <summary>All stages that the run has met, in that order.</summary>
    public IReadOnlyList<StageFigures> Stages => [.. _order.Select(s => _stages[s].Figures)];

    /// <inheritdoc/>
    public void StageStarted(string stage, int tasks, int tasksDone, long weight)
    {
        var (state, step) = Find(stage);
        state.Start(step, tasks, weight);
    }

    /// <inheritdoc/>
    public void TaskStarted(string stage, ShardTask task)
    {
        Find(stage).State.TaskStarted();
        _taskStarts[(stage, task.Name)] = _monitor.Clock.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Advanced(string stage, long records, long bytes) => Find(stage).State.Advance(records, bytes);

    /// <inheritdoc/>
    public void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
    {
        var (state, step) = Find(stage);
        state.TaskDone(task, marker.Books, reused);
        if (!reused && _taskStarts.TryRemove((stage, task.Name), out var start))
        {
            var seconds = _monitor.Clock.GetElapsedTime(start).TotalSeconds;
            MetricStore.WithExemplar(Exemplar(task.Name), () => _taskSeconds.Record(seconds, PipelineMonitor.Stage(state.Stage)));
        }

        // Other steps only prepare: their books are no part of the stage's.
        if (step.Length == 0)
            Count(state.Stage, marker.Books);
    }

    /// <inheritdoc/>
    public void ShardFailed(string stage, ShardTask task, string error)
    {
        var (state, _) = Find(stage);
        state.TaskFailed(error);
        _taskStarts.TryRemove((stage, task.Name), out _);
        _monitor.RecordErrors(state.Stage, ShardFailure, 1);
    }

    /// <inheritdoc/>
    public void StageEnded(string stage, Books books, bool upToDate)
    {
        var (state, _) = Find(stage);
        var took = state.End(books, upToDate);
        // Asked once more, so that what the stage ended with stays.
        if (_download is { } download && state.Stage == DownloadMetrics.Stage)
            _download = AsTheyAre(download());
        if (upToDate)
            return;
        // Organize counts what it leaves out of the listing in no shard.
        Count(state.Stage, Missing(books, _counted.GetValueOrDefault(state.Stage) ?? new Books()));
        _counted.TryRemove(state.Stage, out _);
        MetricStore.WithExemplar(Exemplar(null), () => _monitor.RecordTime(state.Stage, took));
        _monitor.RecordBatch(state.Stage, books.In, took);
    }

    /// <inheritdoc/>
    public void WatchCounts(string stage, Func<IReadOnlyList<KeyValuePair<string, long>>> counts)
    {
        if (stage == DownloadMetrics.Stage)
            _download = counts;
        else if (stage == HubMetrics.Source)
            _hub.Add(counts);
    }

    /// <inheritdoc/>
    public void Note(string stage, string message)
    {
    }

    /// <summary>The run ended: what runs still, runs no more.</summary>
    /// <param name="errorType">What ended it; <c>null</c> when it was nothing bad.</param>
    /// <param name="error">The same for people.</param>
    public void End(string? errorType, string? error)
    {
        var stages = Stages;
        var where = stages.LastOrDefault(s => s.IsRunning)?.Stage ?? (stages.Count > 0 ? stages[^1].Stage : "run");
        foreach (var state in _stages.Values)
            state.Break(error);
        if (errorType is not null)
            _monitor.RecordErrors(where, errorType, 1);
        if (_download is { } download)
            _download = AsTheyAre(download());
    }

    // The labels of an exemplar may have 128 characters together; ids of run and trace have 94 of them with their names.
    private KeyValuePair<string, string>[] Exemplar(string? task)
    {
        var trace = Activity.Current?.TraceId.ToHexString();
        KeyValuePair<string, string>[] ids = trace is null ? [new("run_id", _runId)] : [new("run_id", _runId), new("trace_id", trace)];
        return task is null ? ids : [.. ids, new("task", LabelText.Bound(task) is { Length: > MostTaskChars } name ? name[^MostTaskChars..] : LabelText.Bound(task))];
    }

    private static Func<IReadOnlyList<KeyValuePair<string, long>>> AsTheyAre(IReadOnlyList<KeyValuePair<string, long>> counts) => () => counts;

    // The parts of a stage are named 'stage: step'.
    private (StageState State, string Step) Find(string stage) => _byName.TryGetValue(stage, out var known) ? known : _byName.GetOrAdd(stage, name =>
    {
        var parts = name.Split(": ", 2);
        var label = LabelText.Bound(parts[0]);
        var state = _stages.GetOrAdd(label, l =>
        {
            _order.Enqueue(l);
            // From nothing to one is no growth for a query: the series are there before anything is counted.
            _monitor.Store.Prepare(MetricCatalog.ProcessingSeconds.Name, PipelineMonitor.Stage(l));
            _monitor.Store.Prepare(MetricCatalog.Errors.Name, PipelineMonitor.Stage(l), new("error_type", ShardFailure));
            return new StageState(l, _monitor.Clock, _monitor.Volume(l));
        });
        return (state, parts.Length > 1 ? parts[1] : "");
    });

    private void Count(string stage, Books books)
    {
        var label = PipelineMonitor.Stage(stage);
        foreach (var (outcome, count) in Outcomes(books))
        {
            if (count > 0)
                _records.Add(count, label, new KeyValuePair<string, object?>("outcome", outcome));
        }

        foreach (var (reason, count) in books.Dropped)
        {
            _dropped.Add(count, label, new KeyValuePair<string, object?>("reason", reason));
            if (reason.StartsWith("duplicate_", StringComparison.Ordinal) || reason == "contained")
                _duplicates.Add(count, new KeyValuePair<string, object?>("kind", reason.Replace("duplicate_", "", StringComparison.Ordinal)));
        }

        foreach (var (reason, count) in books.Failed)
            _monitor.RecordErrors(stage, reason, count);
        foreach (var (counter, count) in books.Counters)
        {
            if (counter.StartsWith("redactions.", StringComparison.Ordinal))
                _redactions.Add(count, new KeyValuePair<string, object?>("kind", counter["redactions.".Length..]));
            else if (counter.StartsWith("tokens.", StringComparison.Ordinal))
                _tokens.Add(count, label);
        }

        var counted = _counted.GetOrAdd(stage, _ => new Books());
        lock (counted)
            counted.Merge(books);
    }

    internal static (string Outcome, long Count)[] Outcomes(Books books) => [("in", books.In), ("kept", books.Kept), ("dropped", books.DroppedTotal), ("failed", books.FailedTotal)];

    // A counter never goes back: where a stage takes something out of its shards' books again, only the gauges say so.
    private static Books Missing(Books whole, Books counted)
    {
        var missing = new Books { In = Math.Max(0, whole.In - counted.In), Kept = Math.Max(0, whole.Kept - counted.Kept) };
        Fill(missing.Dropped, whole.Dropped, counted.Dropped);
        Fill(missing.Failed, whole.Failed, counted.Failed);
        Fill(missing.Counters, whole.Counters, counted.Counters);
        return missing;
    }

    private static void Fill(SortedDictionary<string, long> target, SortedDictionary<string, long> whole, SortedDictionary<string, long> counted)
    {
        foreach (var (key, amount) in whole)
        {
            if (amount - counted.GetValueOrDefault(key) is > 0 and var more)
                target[key] = more;
        }
    }
}
