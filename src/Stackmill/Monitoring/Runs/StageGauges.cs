using System.Diagnostics.Metrics;

namespace Stackmill.Monitoring.Runs;

/// <summary>The gauges that show how stages stand, when somebody asks: of the run in this process, or of one whose record was read.</summary>
internal static class StageGauges
{
    /// <summary>Adds the instruments.</summary>
    public static void AddTo(Meter meter, Func<IReadOnlyList<StageFigures>> stages)
    {
        Gauge(MetricCatalog.StageRecords, s => RunMetrics.Outcomes(s.Books).Select(o => Of(o.Count, s, "outcome", o.Outcome)));
        Gauge(MetricCatalog.StageDropped, s => s.Books.Dropped.Select(d => Of(d.Value, s, "reason", d.Key)));
        Gauge(MetricCatalog.StageBytes, s => [Of(s.Books.BytesIn, s, "outcome", "in"), Of(s.Books.BytesKept, s, "outcome", "kept")]);
        Gauge(MetricCatalog.StageTasks, s =>
        [
            Of(Math.Max(0, s.IsRunning ? s.Tasks - s.Done - s.Failed - s.Active : 0), s, "state", "waiting"), Of(s.Active, s, "state", "active"), Of(s.Done, s, "state", "done"),
            Of(s.Reused, s, "state", "reused"), Of(s.Failed, s, "state", "failed"),
        ]);
        Gauge(MetricCatalog.StageRunning, s => [Of(s.IsRunning ? 1 : 0, s)]);
        Gauge(MetricCatalog.StageProgress, s => [Of(s.Progress, s)]);
        Gauge(MetricCatalog.StageEta, s => [Of(s.EtaSeconds, s)]);
        Gauge(MetricCatalog.StageLastProgress, s => s.LastProgress > 0 ? [Of(s.LastProgress, s)] : []);

        void Gauge(MetricDescription metric, Func<StageFigures, IEnumerable<Measurement<double>>> measure) =>
            meter.CreateObservableGauge(metric.Name, () => stages().SelectMany(measure), null, metric.Help);
    }

    private static Measurement<double> Of(double value, StageFigures stage) => new(value, PipelineMonitor.Stage(stage.Stage));

    private static Measurement<double> Of(double value, StageFigures stage, string label, string name) => new(value, PipelineMonitor.Stage(stage.Stage), new(label, name));
}
