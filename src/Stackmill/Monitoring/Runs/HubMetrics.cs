using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Stackmill.Monitoring.Runs;

/// <summary>What clients of the Hub count; without one there are no such series. Hosts are told by their kind, for a name could be anything.</summary>
internal sealed class HubMetrics
{
    /// <summary>What the counts are told as, in the place of a stage.</summary>
    public const string Source = "hub";

    private const string Requests = "requests.";

    private readonly ConcurrentQueue<Func<IReadOnlyList<KeyValuePair<string, long>>>> _clients = new();

    /// <summary>Adds the instruments.</summary>
    public HubMetrics(Meter meter)
    {
        meter.CreateObservableCounter(MetricCatalog.HubRequests.Name, () => Counts().Where(c => c.Key.StartsWith(Requests, StringComparison.Ordinal)).Select(c =>
        {
            var parts = c.Key.Split('.');
            return new Measurement<long>(c.Value, new("host", parts[1]), new("outcome", parts[2]));
        }), null, MetricCatalog.HubRequests.Help);
        meter.CreateObservableCounter(MetricCatalog.HubRetries.Name, () => Of("retries"), null, MetricCatalog.HubRetries.Help);
        meter.CreateObservableCounter(MetricCatalog.HubBytes.Name, () => Of("bytes"), null, MetricCatalog.HubBytes.Help);
    }

    /// <summary>One more client; what the earlier ones counted stays.</summary>
    public void Add(Func<IReadOnlyList<KeyValuePair<string, long>>> counts) => _clients.Enqueue(counts);

    private IEnumerable<Measurement<long>> Of(string name) => Counts().Where(c => c.Key == name).Select(c => new Measurement<long>(c.Value));

    private IEnumerable<KeyValuePair<string, long>> Counts() => _clients.SelectMany(c => c()).GroupBy(c => c.Key, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, g.Sum(c => c.Value)));
}
