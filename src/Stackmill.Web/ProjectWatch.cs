using Microsoft.Extensions.Logging;
using Stackmill.Datasets;
using Stackmill.Monitoring;
using Stackmill.Monitoring.Exposition;
using Stackmill.Monitoring.Machine;
using Stackmill.Monitoring.Runs;

namespace Stackmill.Web;

/// <summary>
/// Shows the runs of a project folder by their records, from a process of its own: also when no run is running. Its metrics are the status, the
/// gauges of the latest run's stages, and the machine's.
/// </summary>
internal sealed class ProjectWatch : IDisposable
{
    private const int ShownRuns = 50;

    private readonly string _project;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly PipelineMonitor _monitor;
    private readonly Lock _gate = new();

    /// <summary>Begins to watch.</summary>
    public ProjectWatch(string project, string pipelineName, string version, ILogger log, TimeProvider clock)
    {
        (_project, _log, _clock) = (project, log, clock);
        _monitor = new PipelineMonitor(pipelineName, clock);
        MachineMetrics.AddTo(_monitor, project, version);
        StageGauges.AddTo(_monitor.Meter, () => Latest?.Stages ?? []);
    }

    /// <summary>What a server shows of it.</summary>
    public MonitorSource Source => new(Metrics, () => StatusPage.Write(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_project))), Runs(ShownRuns), _clock.GetUtcNow()), () => Directory.Exists(_project));

    private RunRecord? Latest { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _monitor.Dispose();

    private IReadOnlyList<RunRecord> Runs(int most) => RunRecord.Newest(Path.Combine(ProjectLayout.Logs(_project), RunRecord.FolderName), most, _log);

    private string Metrics(MetricsFormat format)
    {
        lock (_gate)
        {
            Latest = Runs(1) is [var latest, ..] ? latest : null;
            _monitor.SetStatus(Latest is { } run ? RunStatus.Value(RunStatus.Of(run, _clock.GetUtcNow())) : PipelineStatus.Stopped);
            foreach (var stage in Latest?.Stages.Where(s => s is { HasEnded: true, IsUpToDate: false }) ?? [])
                _monitor.RecordBatch(stage.Stage, stage.Books.In, TimeSpan.FromSeconds(stage.Seconds));
            return _monitor.Expose(format);
        }
    }
}
