using Serilog.Core;
using Serilog.Events;

namespace Stackmill.Shared.Logging;

/// <summary>
/// Puts the ids of the run and of the task on every line of a log, whatever thread writes it, and passes lines on to where they go besides files.
/// Trace and span are the present ones of the thread; Serilog takes them by itself.
/// </summary>
public sealed class LogIds : ILogEventEnricher, ILogEventSink
{
    /// <summary>Property with the run's id.</summary>
    public const string Run = "RunId";

    /// <summary>Property with the task's id: stage and shard.</summary>
    public const string Task = "TaskId";

    // Threads that a task starts belong to it as well.
    private static readonly AsyncLocal<string?> PresentTask = new();

    private readonly Lock _gate = new();
    private LogEventProperty? _run;
    private Action<LogEvent>? _further;
    private List<LogEvent>? _early = [];

    /// <summary>The task that this thread does; <c>null</c> for none.</summary>
    public static string? TaskId
    {
        get => PresentTask.Value;
        set => PresentTask.Value = value;
    }

    /// <summary>The run has an id now. Lines go to a further place from now on, with those that were before, until what is returned is disposed.</summary>
    public IDisposable Begin(string runId, Action<LogEvent>? further)
    {
        List<LogEvent>? early;
        lock (_gate)
        {
            _run = new LogEventProperty(Run, new ScalarValue(runId));
            (early, _early, _further) = (_early, null, further);
        }

        foreach (var line in further is null ? [] : early ?? [])
            further!(line);
        return new Ending(this);
    }

    /// <inheritdoc/>
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        ArgumentNullException.ThrowIfNull(logEvent);
        if (_run is { } run)
            logEvent.AddPropertyIfAbsent(run);
        if (PresentTask.Value is { } task)
            logEvent.AddPropertyIfAbsent(new LogEventProperty(Task, new ScalarValue(task)));
    }

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        Action<LogEvent>? further;
        lock (_gate)
        {
            // Between the log's beginning and the run's there are a few lines at most.
            _early?.Add(logEvent);
            further = _further;
        }

        further?.Invoke(logEvent);
    }

    private sealed class Ending(LogIds ids) : IDisposable
    {
        public void Dispose()
        {
            lock (ids._gate)
                ids._further = null;
        }
    }
}
