using System.Collections.Concurrent;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;

namespace Stackmill.Lineage;

/// <summary>
/// Tells of a command and of each of its stages as OpenLineage events, to a file and a server. A command that is one stage, or one task of a plan, is one run; others have
/// a run for each stage below their own. It never ends what it tells of: its own troubles are warnings.
/// </summary>
internal sealed class LineageRun : IRunObserver, IDisposable
{
    private readonly Lock _gate = new();
    private readonly LineageSettings _settings;
    private readonly LineageSubject _subject;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, string> _standing = new(StringComparer.Ordinal);
    private readonly EventMaker _maker;
    private readonly EventFile? _file;
    private readonly EventEndpoint? _endpoint;
    private readonly ConcurrentDictionary<string, TrackedRun> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Stage, bool Writes)> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _times = new(StringComparer.Ordinal);
    private readonly TrackedRun _command;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private RunReference? _parent;
    private DateTimeOffset _last;
    private bool _isOne;
    private bool _hasEnded;
    private long _unwritten;

    private LineageRun(LineageSettings settings, LineageSubject subject, TimeProvider clock)
    {
        (_settings, _subject, _clock, _parent) = (settings, subject, clock, settings.Parent);
        _maker = new EventMaker(settings, subject, _standing);
        _file = settings.Folder is { } folder ? new EventFile(folder, subject.RunId) : null;
        _endpoint = settings.Address is { } address ? new EventEndpoint(address, settings.Key, settings.Options, clock) : null;
        _isOne = subject.IsStage;
        _command = new TrackedRun(subject.IsStage ? JobOf(subject.Command) : subject.Pipeline, subject.RunId, clock.GetUtcNow()) { Stage = subject.IsStage ? subject.Command : null };
        _loop = settings.Options.IntervalSeconds > 0 ? Task.Run(LoopAsync) : Task.CompletedTask;
    }

    /// <summary>Begins to tell of a command; <c>null</c> when nothing is to be told.</summary>
    /// <exception cref="UsageException">An address of the configuration or the environment is none.</exception>
    public static LineageRun? Start(LineageOptions options, LineageSubject subject, string? logs, TimeProvider clock) =>
        LineageSettings.Of(options, logs, subject.Environment, subject.Warn) is { } settings ? new LineageRun(settings, subject, clock) : null;

    /// <inheritdoc/>
    public void TaskOfPlan(string plan, string stage, string task)
    {
        lock (_gate)
        {
            _maker.Task = (plan, task);
            (_command.Job, _command.Stage, _isOne) = (JobOf(stage), stage, true);
            // No process is the plan's own: who reads the events finds its tasks by the run that all of them name.
            _parent ??= new RunReference(_settings.Namespace, $"{_subject.Pipeline}.plan", TrackedRun.IdOf("plan", plan));
        }
    }

    /// <inheritdoc/>
    public void StandsFor(string folder, string address) => _standing[folder] = address;

    /// <inheritdoc/>
    public void DataKnown(string stage, StageData data)
    {
        lock (_gate)
        {
            // A task that ends a stage may find others finished.
            if (_isOne && _command.Stage != stage)
                return;
            var run = _isOne ? _command : Child(stage);
            run.Data = data;
            if (!_isOne)
                Begin(_command);
            _open[stage] = run;
            Begin(run);
        }
    }

    /// <inheritdoc/>
    public void DataWritten(string stage, DataAmount amount)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(stage, out var run))
                run.Result = amount;
        }
    }

    /// <inheritdoc/>
    public void StageStarted(string stage, int tasks, int tasksDone, long weight) => Find(stage).Run?.StepStarted(tasks);

    /// <inheritdoc/>
    public void Advanced(string stage, long records, long bytes) => Find(stage).Run?.Advance(records, bytes);

    /// <inheritdoc/>
    public void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
    {
        if (Find(stage) is not { Run: { } run, Writes: var writes })
            return;
        lock (_gate)
            run.TaskDone(marker, writes, reused);
    }

    /// <inheritdoc/>
    public void ShardFailed(string stage, ShardTask task, string error)
    {
        if (Find(stage).Run is not { } run)
            return;
        lock (_gate)
            run.TaskFailed(error);
    }

    /// <inheritdoc/>
    public void StageEnded(string stage, Books books, bool upToDate)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(stage, out var run))
                return;
            run.Ended(books, upToDate);
            if (run != _command)
                Close(stage, run);
        }
    }

    /// <inheritdoc/>
    public void Note(string stage, string message)
    {
    }

    /// <summary>The command ended; what is left to tell goes out before this returns.</summary>
    /// <param name="code">How it ended.</param>
    /// <param name="fault">What ended it; <c>null</c> when it ended by itself or was asked to stop.</param>
    public void End(ExitCode code, StackmillException? fault = null) => End(code, fault?.Message ?? code switch
    {
        ExitCode.ShardsFailed => "some shards failed; the others are done",
        ExitCode.ValidationFailed => "validation found errors",
        ExitCode.RunFault => "an unexpected fault",
        _ => null,
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        // A fault that nobody expected came out of the command.
        if (!_hasEnded)
            End(ExitCode.RunFault);
        _file?.Dispose();
        _endpoint?.Dispose();
        _stop.Dispose();
    }

    private void End(ExitCode code, string? error)
    {
        _stop.Cancel();
        Task.WhenAny(_loop).GetAwaiter().GetResult();
        lock (_gate)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
            var type = code switch { ExitCode.Done => EventTypes.Complete, ExitCode.Interrupted => EventTypes.Abort, _ => EventTypes.Fail };
            // A command that did nothing to data is no news, unless it should have.
            if (_command.IsTold || _isOne || _subject.Command == "run")
            {
                foreach (var run in _open.Values.Where(r => r != _command))
                    Tell(type == EventTypes.Complete ? EventTypes.Fail : type, run, Reference(_command), error ?? run.FirstError);
                Begin(_command);
                Tell(type, _command, _parent, code == ExitCode.ShardsFailed ? _command.FirstError ?? error : error);
            }
        }

        _endpoint?.End();
        if (_endpoint is { Lost: > 0 } endpoint)
            _subject.Warn($"{endpoint.Lost:N0} OpenLineage events were not taken by the server: {endpoint.Trouble}. The run is not changed by it. Check lineage.url or {LineageOptions.UrlVariable}.");
    }

    // Told when data is known, so that a beginning names what is read; a run of all stages tells at once.
    private void Begin(TrackedRun run)
    {
        if (run.IsTold)
            return;
        run.IsTold = true;
        var parent = run == _command ? _parent : Reference(_command);
        Send(_maker.Make(EventTypes.Start, run, parent, Later(run.Started)));
    }

    private void Close(string stage, TrackedRun run)
    {
        _open.TryRemove(stage, out _);
        var failed = run.FailedShards > 0;
        Tell(failed ? EventTypes.Fail : EventTypes.Complete, run, Reference(_command), failed ? $"{run.FailedShards} shards failed; the first: {run.FirstError}" : null);
    }

    private TrackedRun Child(string stage)
    {
        var times = _times[stage] = _times.GetValueOrDefault(stage) + 1;
        return new TrackedRun(JobOf(stage), TrackedRun.IdOf(_command.RunId, stage, times.ToString(System.Globalization.CultureInfo.InvariantCulture)), _clock.GetUtcNow()) { Stage = stage };
    }

    private void Tell(string type, TrackedRun run, RunReference? parent, string? error = null) => Send(_maker.Make(type, run, parent, Later(_clock.GetUtcNow()), error));

    // A clock that is set back must not turn the order of events round.
    private DateTimeOffset Later(DateTimeOffset time) => _last = time > _last ? time : _last;

    private void Send(System.Text.Json.Nodes.JsonObject lineage)
    {
        _endpoint?.Add(lineage);
        if (_file is null)
            return;
        try
        {
            _file.Add(lineage);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (_unwritten++ == 0)
                _subject.Warn($"OpenLineage events can't be written below '{_settings.Folder}': {fault.Message} The run goes on.");
        }
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_settings.Options.IntervalSeconds), _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                TellProgress();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the run, which tells by itself.
        }
    }

    private void TellProgress()
    {
        lock (_gate)
        {
            if (_hasEnded)
                return;
            if (_command.IsTold)
                Tell(EventTypes.Running, _command, _parent);
            foreach (var run in _open.Values.Where(r => r != _command))
                Tell(EventTypes.Running, run, Reference(_command));
        }
    }

    // The parts of a stage are named 'stage: step'; only the one without a name writes.
    private (TrackedRun? Run, bool Writes) Find(string name)
    {
        var (stage, writes) = _names.GetOrAdd(name, static n => (n.Split(": ", 2)[0], !n.Contains(": ", StringComparison.Ordinal)));
        return (_open.GetValueOrDefault(stage), writes);
    }

    private RunReference Reference(TrackedRun run) => new(_settings.Namespace, run.Job, run.RunId);

    private string JobOf(string stage) => $"{_subject.Pipeline}.{stage}";
}
