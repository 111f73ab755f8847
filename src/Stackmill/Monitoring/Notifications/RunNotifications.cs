using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Monitoring.Runs;

namespace Stackmill.Monitoring.Notifications;

/// <summary>Tells people how one run ended, where that is configured. What goes wrong is a warning and a count, never the end of the run.</summary>
internal sealed class RunNotifications : IDisposable
{
    // The last whole run is among these, unless all of them failed.
    private const int EarlierRuns = 50;

    private readonly NotificationOptions _options;
    private readonly RunSubject _subject;
    private readonly Notifier? _notifier;
    private readonly Counter<long> _count;

    /// <summary>The channels of a run.</summary>
    /// <exception cref="UsageException">A variable that is named is not set, or holds no address.</exception>
    public RunNotifications(RunSubject subject, TimeProvider clock, Meter meter)
    {
        (_subject, _options) = (subject, subject.Notifications ?? new NotificationOptions());
        _notifier = subject.Notifications is { } options ? Create(options, clock) : null;
        _count = meter.CreateCounter<long>(MetricCatalog.Notifications.Name, null, MetricCatalog.Notifications.Help);
    }

    /// <summary>Tells of the end of a run; true when something was sent or should have been.</summary>
    /// <param name="run">How it stands.</param>
    /// <param name="traceId">Its trace.</param>
    /// <param name="records">Folder of the records of runs; <c>null</c> for none.</param>
    /// <param name="cancellation">Set when the run must end at once.</param>
    public bool Tell(RunRecord run, string? traceId, string? records, CancellationToken cancellation)
    {
        if (_notifier is null)
            return false;
        IReadOnlyList<string> anomalies = _subject.TellsFailuresOnly || records is null
            ? [] : RunAnomalies.Of(run, RunRecord.Newest(records, EarlierRuns, NullLogger.Instance, but: run.RunId), _options.DropRateJump);
        if (Event(run, anomalies) is not { } what)
            return false;
        // One message a run: a failure says what is unusual as well.
        var outcomes = _notifier.SendAsync(new Notification(what, run, traceId ?? "", _subject.Folder, anomalies), cancellation).GetAwaiter().GetResult();
        foreach (var outcome in outcomes)
            _count.Add(1, new("channel", outcome.Channel), new("outcome", outcome.Problem is null ? "sent" : "failed"));
        if (outcomes.Any(o => o.Problem is not null))
            _subject.Warn($"not everybody was told how the run ended: {string.Join("; ", outcomes.Where(o => o.Problem is not null).Select(o => $"{o.Channel}: {o.Problem}"))}. The run itself is not touched; 'stackmill notify' tries the channels");
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _notifier?.Dispose();

    private Notifier? Create(NotificationOptions options, TimeProvider clock)
    {
        try
        {
            return Notifier.Create(options, _subject.Environment, clock);
        }
        catch (UsageException fault) when (_subject.TellsFailuresOnly)
        {
            // A worker may do its task without being able to tell people of it.
            _subject.Warn($"failures of this task are told to nobody: {fault.Message}");
            return null;
        }
    }

    private string? Event(RunRecord run, IReadOnlyList<string> anomalies)
    {
        var what = run.ExitCode is not ((int)ExitCode.Done or (int)ExitCode.Interrupted) ? "failure" : anomalies.Count > 0 && _options.Events.Contains("anomaly") ? "anomaly" : "end";
        return _options.Events.Contains(what) && !(_subject.TellsFailuresOnly && what != "failure") ? what : null;
    }
}
