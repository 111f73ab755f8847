using System.Diagnostics.Metrics;

namespace Stackmill.Monitoring.Runs;

/// <summary>What the stage <c>contents</c> counts while it fetches; without it there are no such series.</summary>
internal static class DownloadMetrics
{
    /// <summary>The stage that fetches.</summary>
    public const string Stage = "contents";

    private static readonly (string Name, MetricDescription Metric)[] Counts =
    [
        ("contents", MetricCatalog.DownloadContents), ("bytes", MetricCatalog.DownloadBytes), ("requests", MetricCatalog.DownloadRequests), ("retries", MetricCatalog.DownloadRetries),
        ("throttled", MetricCatalog.DownloadThrottled), ("lost", MetricCatalog.DownloadLost), ("limit", MetricCatalog.DownloadLimit), ("under_way", MetricCatalog.DownloadUnderWay),
    ];

    /// <summary>Adds the instruments.</summary>
    public static void AddTo(Meter meter, Func<IReadOnlyList<KeyValuePair<string, long>>> counts)
    {
        foreach (var (name, metric) in Counts)
        {
            if (metric.Kind == MetricKind.Counter)
                meter.CreateObservableCounter(metric.Name, () => Of(name), null, metric.Help);
            else
                meter.CreateObservableGauge(metric.Name, () => Of(name), null, metric.Help);
        }

        IEnumerable<Measurement<long>> Of(string name) => counts().Where(c => c.Key == name).Select(c => new Measurement<long>(c.Value));
    }
}
