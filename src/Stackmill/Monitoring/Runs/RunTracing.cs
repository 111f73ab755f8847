using System.Collections.Concurrent;
using System.Diagnostics;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Monitoring.Exposition;

namespace Stackmill.Monitoring.Runs;

/// <summary>
/// Spans of a run: one for the run, one a stage or step of it, one a task. Without a listener (a collector) none is made. The run's parent is
/// that of the variables TRACEPARENT and TRACESTATE (W3C), which a scheduler sets.
/// </summary>
internal sealed class RunTracing : IRunObserver, IDisposable
{
    /// <summary>Name of the source, for <c>AddSource</c> of OpenTelemetry.</summary>
    public const string SourceName = PipelineMonitor.MeterName;

    private readonly ActivitySource _source = new(SourceName);
    private readonly ConcurrentDictionary<string, Activity> _stages = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Stage, string Task), Activity> _tasks = new();
    private readonly Activity? _run;
    private readonly string _runId;

    /// <summary>Begins the span of the run.</summary>
    public RunTracing(string command, string runId, Func<string, string?> environment)
    {
        _runId = runId;
        _ = ActivityContext.TryParse(environment("TRACEPARENT"), environment("TRACESTATE"), isRemote: true, out var parent);
        _run = _source.StartActivity($"stackmill {command}", ActivityKind.Internal, parent, [new("stackmill.run_id", runId)]);
    }

    /// <summary>Id of the trace; <c>null</c> when there is none.</summary>
    public string? TraceId => _run?.TraceId.ToHexString();

    /// <inheritdoc/>
    public void StageStarted(string stage, int tasks, int tasksDone, long weight)
    {
        if (_run is null || _stages.ContainsKey(stage))
            return;
        // A step ends when the next begins, for nobody tells of its end.
        foreach (var other in _stages.Keys.Where(s => Main(s) == Main(stage)).ToList())
            End(_stages, other, null);
        if (_source.StartActivity(LabelText.Bound(stage), ActivityKind.Internal, _run.Context, [new("stackmill.stage", Main(stage)), new("stackmill.tasks", tasks)]) is { } span)
            _stages[stage] = span;
    }

    /// <inheritdoc/>
    public void TaskStarted(string stage, ShardTask task)
    {
        if (_run is null)
            return;
        var parent = _stages.TryGetValue(stage, out var span) ? span.Context : _run.Context;
        if (_source.StartActivity($"{LabelText.Bound(stage)} task", ActivityKind.Internal, parent, [new("stackmill.task", LabelText.Bound(task.Name)), new("stackmill.run_id", _runId)]) is { } started)
            _tasks[(stage, task.Name)] = started;
    }

    /// <inheritdoc/>
    public void Advanced(string stage, long records, long bytes)
    {
    }

    /// <inheritdoc/>
    public void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
    {
        if (!_tasks.TryRemove((stage, task.Name), out var span))
            return;
        Tell(span, marker.Books);
        span.Dispose();
    }

    /// <inheritdoc/>
    public void ShardFailed(string stage, ShardTask task, string error)
    {
        if (!_tasks.TryRemove((stage, task.Name), out var span))
            return;
        span.SetStatus(ActivityStatusCode.Error, error);
        span.Dispose();
    }

    /// <inheritdoc/>
    public void StageEnded(string stage, Books books, bool upToDate)
    {
        if (_stages.TryGetValue(stage, out var span))
            Tell(span, books);
        foreach (var name in _stages.Keys.Where(s => Main(s) == stage).ToList())
            End(_stages, name, null);
    }

    /// <inheritdoc/>
    public void Note(string stage, string message)
    {
    }

    /// <summary>Ends all spans that are open.</summary>
    public void End(int exitCode, string? error)
    {
        foreach (var task in _tasks.Keys)
            End(_tasks, task, error ?? "the run ended before it");
        foreach (var stage in _stages.Keys)
            End(_stages, stage, error);
        _run?.SetTag("stackmill.exit_code", exitCode);
        if (error is not null)
            _run?.SetStatus(ActivityStatusCode.Error, error);
        _run?.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run?.Dispose();
        _source.Dispose();
    }

    private static string Main(string stage) => stage.Split(": ", 2)[0];

    private static void Tell(Activity span, Books books)
    {
        span.SetTag("stackmill.records.in", books.In).SetTag("stackmill.records.kept", books.Kept)
            .SetTag("stackmill.records.dropped", books.DroppedTotal).SetTag("stackmill.records.failed", books.FailedTotal);
    }

    private static void End<TKey>(ConcurrentDictionary<TKey, Activity> spans, TKey key, string? error)
        where TKey : notnull
    {
        if (!spans.TryRemove(key, out var span))
            return;
        if (error is not null)
            span.SetStatus(ActivityStatusCode.Error, error);
        span.Dispose();
    }
}
