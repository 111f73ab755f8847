using System.Diagnostics.Metrics;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Monitoring.Machine;
using Stackmill.Monitoring.Notifications;

namespace Stackmill.Monitoring.Runs;

/// <summary>
/// Watches one run from its beginning to its end: metrics to a file and a Pushgateway, traces, and its record. The last state always goes out:
/// after success, after a failure, and when the run was asked to stop.
/// </summary>
internal sealed class RunMonitor : IDisposable
{
    private static volatile RunMonitor? _current;

    private readonly MonitoringOptions _options;
    private readonly RunSubject _subject;
    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _started;
    private readonly RunMetrics _metrics;
    private readonly RunTracing _tracing;
    private readonly OtlpExport? _otlp;
    private readonly Pushgateway? _gateway;
    private readonly Gauge<double> _lastSuccess;
    private readonly Gauge<long> _exitCode;
    private readonly RunNotifications _notifications;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _quit = new();
    private readonly CancellationTokenSource _last = new();
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ending;
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private readonly Task _loop;
    private (int ExitCode, string? Error)? _ended;
    private volatile TaskOf? _task;

    private RunMonitor(MonitoringOptions options, RunSubject subject, TimeProvider clock, OtlpExport? otlp, Pushgateway? gateway, string runId)
    {
        (_options, _subject, _clock, _otlp, _gateway, RunId) = (options, subject, clock, otlp, gateway, runId);
        _started = clock.GetUtcNow();
        Pipeline = new PipelineMonitor(options.PipelineName, clock);
        _notifications = new RunNotifications(subject, clock, Pipeline.Meter);
        _metrics = new RunMetrics(Pipeline, runId);
        _tracing = new RunTracing(subject.Command, runId, subject.Environment);
        Observer = new RunFan(_metrics, _tracing, task => _task = task);
        MachineMetrics.AddTo(Pipeline, subject.Folder, subject.Version);
        var start = Pipeline.Meter.CreateGauge<double>(MetricCatalog.RunStart.Name, "s", MetricCatalog.RunStart.Help);
        _lastSuccess = Pipeline.Meter.CreateGauge<double>(MetricCatalog.LastSuccess.Name, "s", MetricCatalog.LastSuccess.Help);
        _exitCode = Pipeline.Meter.CreateGauge<long>(MetricCatalog.ExitCode.Name, null, MetricCatalog.ExitCode.Help);
        start.Record(_started.ToUnixTimeMilliseconds() / 1e3, Name());
        Pipeline.SetStatus(PipelineStatus.Running);
        if (Records is { } records)
        {
            Try("record", () => RunRecord.Retain(records, _options.RetainedRuns - 1, _started));
            Try("record", () => TaskHistory.Retain(subject.Logs!, _options.RetainedRuns));
        }

        _loop = Task.Run(LoopAsync);
        _current = this;
    }

    /// <summary>Id of the run.</summary>
    public string RunId { get; }

    /// <summary>Id of the run's trace; <c>null</c> when there is none.</summary>
    public string? TraceId => _tracing.TraceId;

    /// <summary>Takes lines of the log for a collector; <c>null</c> without one.</summary>
    public Action<Serilog.Events.LogEvent>? Logs => _otlp is { } otlp ? otlp.Logs.Take : null;

    /// <summary>The metrics.</summary>
    public PipelineMonitor Pipeline { get; }

    /// <summary>Hears of the run.</summary>
    public IRunObserver Observer { get; }

    /// <summary>Where the metrics are served, for the record.</summary>
    public string? MetricsAddress { get; set; }

    /// <summary>How the run stands.</summary>
    public RunRecord Record => new(
        RunId, _subject.Command, Pipeline.PipelineName, _subject.Version, Environment.MachineName, Environment.ProcessId, _started, _clock.GetUtcNow(),
        Pipeline.Status switch { PipelineStatus.Running => "running", PipelineStatus.Failed => "failed", _ => "stopped" }, _options.IntervalSeconds, _metrics.Stages)
    {
        ExitCode = _ended?.ExitCode,
        Error = _ended?.Error,
        MetricsAddress = MetricsAddress,
        Plan = _task?.Plan,
        Task = _task?.Task,
    };

    // A task of a plan has its record among those of the plan, of which there may be thousands; until it is known which it is, it has none.
    private string? Records => _subject.Logs is not { } logs || _options.RetainedRuns == 0 ? null
        : _task is { } task ? TaskHistory.FolderOf(logs, task.Plan) : IsTask && _ended is null ? null : Path.Combine(logs, RunRecord.FolderName);

    private bool IsTask => _subject.Command == "task";

    /// <summary>Begins to watch.</summary>
    /// <exception cref="UsageException">An address of the configuration or the environment is none.</exception>
    public static RunMonitor Start(MonitoringOptions options, RunSubject subject, TimeProvider clock)
    {
        // Not random alone: ids sort by time. They are in logs and metrics, never in a result.
        var runId = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        var gateway = Gateway(options, subject.Environment);
        return new RunMonitor(options, subject, clock, OtlpExport.Start(options, subject.Version, runId, subject.Environment), gateway, runId);
    }

    /// <summary>The Pushgateway of the configuration or the environment; <c>null</c> when neither names one.</summary>
    /// <exception cref="UsageException">The address is none.</exception>
    public static Pushgateway? Gateway(MonitoringOptions options, Func<string, string?> environment)
    {
        var push = options.Pushgateway;
        var (address, where) = push.Url.Length > 0 ? (push.Url, "monitoring.pushgateway.url") : (environment(MonitoringOptions.PushgatewayAddress) ?? "", MonitoringOptions.PushgatewayAddress);
        return address.Length == 0 ? null : new Pushgateway(
            Pushgateway.Parse(address, where), push.Job, push.Instance.Length > 0 ? push.Instance : Environment.MachineName,
            environment(MonitoringOptions.PushgatewayAuthorization) is { Length: > 0 } authorization ? authorization : null, TimeSpan.FromSeconds(push.TimeoutSeconds));
    }

    /// <summary>The run ended; the last state goes out before this returns.</summary>
    /// <param name="code">How it ended.</param>
    /// <param name="fault">What ended it; <c>null</c> when it ended by itself or was asked to stop.</param>
    public void End(ExitCode code, StackmillException? fault = null) => End(code, ErrorType(code, fault), fault?.Message);

    /// <inheritdoc/>
    public void Dispose()
    {
        // A fault that nobody expected came out of the run.
        End(ExitCode.RunFault, "unexpected", "an unexpected fault");
        _current = null;
        _notifications.Dispose();
        _gateway?.Dispose();
        _tracing.Dispose();
        _otlp?.Dispose();
        Pipeline.Dispose();
        _stop.Dispose();
        _quit.Dispose();
        _last.Dispose();
    }

    /// <summary>
    /// The process is about to end at once, whatever its threads do: the last state of the run that it does, if it does one, goes out within the time.
    /// </summary>
    public static void TellNow(TimeSpan most) => _current?.EndNow(most);

    private static string? ErrorType(ExitCode code, StackmillException? fault) => (code, fault) switch
    {
        (ExitCode.Done or ExitCode.Interrupted, _) => null,
        // Its shards are counted already.
        (ExitCode.ShardsFailed, _) => null,
        (ExitCode.ValidationFailed, _) => "validation_failed",
        (_, UsageException) => "usage",
        _ => "run_fault",
    };

    private void End(ExitCode code, string? errorType, string? error)
    {
        // Two may want to end it: the run itself, and who asks a second time that it ends at once. The other one waits, so that nothing is taken from under the first.
        if (Interlocked.Exchange(ref _ending, 1) != 0)
        {
            Finish(_told.Task);
            return;
        }

        _stop.Cancel();
        Finish(_loop);
        _metrics.End(errorType, error);
        SetEnd(code, error ?? errorType?.Replace('_', ' '));
        _tracing.End((int)code, _ended?.Error);
        Finish(TellAsync(_last.Token));
        // The state is out before people are told, and again with how many were.
        if (_notifications.Tell(Record, TraceId, Records, _quit.Token))
            Finish(TellAsync(_last.Token));
        _told.TrySetResult();
        if (_otlp?.Flush(TimeSpan.FromSeconds(5)) == false)
            WarnOnce("otlp", "the OpenTelemetry collector did not take what the run measured; check monitoring.otlp.endpoint");
    }

    private void EndNow(TimeSpan most)
    {
        // What the run's own end waits for is given up; its last push has the time that is left.
        _last.CancelAfter(most);
        _quit.Cancel();
        var telling = _told.Task;
        if (Interlocked.Exchange(ref _ending, 1) == 0)
        {
            SetEnd(ExitCode.Interrupted, null);
            telling = Task.WhenAll(TellAsync(_last.Token), Task.Run(() => _otlp?.Flush(most)));
        }

        Task.WhenAny(telling, Task.Delay(most)).GetAwaiter().GetResult();
        _told.TrySetResult();
    }

    private void SetEnd(ExitCode code, string? error)
    {
        _ended = ((int)code, error);
        Pipeline.SetStatus(code is ExitCode.Done or ExitCode.Interrupted ? PipelineStatus.Stopped : PipelineStatus.Failed);
        _exitCode.Record((int)code, Name());
        if (code == ExitCode.Done)
            _lastSuccess.Record(_clock.GetUtcNow().ToUnixTimeMilliseconds() / 1e3, Name());
    }

    // What goes wrong in it, expected or not, must not end the run.
    private void Finish(Task task)
    {
        Task.WhenAny(task).GetAwaiter().GetResult();
        if (task.Exception is { } fault)
            WarnOnce("monitoring", $"the monitoring has stopped: {fault.InnerException?.Message}");
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_options.IntervalSeconds), _clock);
        try
        {
            do
                await TellAsync(_stop.Token).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the run, which tells once more by itself.
        }
    }

    private async Task TellAsync(CancellationToken cancellation)
    {
        if (Records is { } records)
            Try("record", () => Record.Write(records));
        if (_options.File.Length > 0)
            Try("file", () => Pipeline.WriteFile(_options.File));
        if (_gateway is null)
            return;
        try
        {
            await _gateway.PushAsync(Pipeline.Expose(), cancellation).ConfigureAwait(false);
        }
        catch (HttpRequestException fault)
        {
            WarnOnce("pushgateway", $"the Pushgateway did not take the metrics at {_gateway.Group}: {fault.Message}; the run goes on. Check monitoring.pushgateway.url");
        }
    }

    private void Try(string what, Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            WarnOnce(what, $"{(what == "file" ? $"the metrics can't be written to '{_options.File}'" : "the record of the run can't be written")}: {fault.Message}; the run goes on");
        }
    }

    private void WarnOnce(string what, string message)
    {
        lock (_warned)
        {
            if (!_warned.Add(what))
                return;
        }

        _subject.Warn(message);
    }

    private KeyValuePair<string, object?> Name() => new("pipeline_name", Pipeline.PipelineName);
}
