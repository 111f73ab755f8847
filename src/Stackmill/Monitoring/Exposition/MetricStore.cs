using System.Diagnostics.Metrics;

namespace Stackmill.Monitoring.Exposition;

/// <summary>
/// Gathers what the instruments of one meter measure. What counts anyway is asked for when somebody looks (observable instruments), so
/// that work costs nothing; what happens once a task or stage is told when it happens.
/// </summary>
internal sealed class MetricStore : IDisposable
{
    [ThreadStatic]
    private static IReadOnlyList<KeyValuePair<string, string>>? _exemplar;

    private readonly Lock _gate = new();
    private readonly Lock _collecting = new();
    private readonly List<MetricFamily> _families = [];
    private readonly MeterListener _listener;

    public MetricStore(Meter meter)
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (!ReferenceEquals(instrument.Meter, meter))
                    return;
                var family = new MetricFamily(instrument.Name, instrument.Description ?? "", KindOf(instrument), instrument.IsObservable, BoundsOf(instrument));
                lock (_gate)
                    _families.Add(family);
                listener.EnableMeasurementEvents(instrument, family);
            },
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags, _exemplar));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricFamily)state!).Record(value, tags, _exemplar));
        _listener.Start();
    }

    /// <summary>Measurements whose labels were put together.</summary>
    public long Folded
    {
        get
        {
            lock (_gate)
                return _families.Sum(f => f.Folded);
        }
    }

    /// <summary>Measures within a call with these labels as exemplar.</summary>
    public static void WithExemplar(IReadOnlyList<KeyValuePair<string, string>> labels, Action measure)
    {
        _exemplar = labels;
        try
        {
            measure();
        }
        finally
        {
            _exemplar = null;
        }
    }

    /// <summary>Makes a series that is shown before anything is measured.</summary>
    public void Prepare(string metric, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        MetricFamily? family;
        lock (_gate)
            family = _families.Find(f => f.Name == metric);
        family?.Prepare(tags);
    }

    /// <summary>All metrics with their series, by name; one without series is left out.</summary>
    public IReadOnlyList<(MetricFamily Family, IReadOnlyList<MetricSeries> Series)> Collect()
    {
        // One at a time: two observations at once would each clear what the other has taken.
        lock (_collecting)
        {
            List<MetricFamily> families;
            lock (_gate)
                families = [.. _families];
            foreach (var family in families)
                family.BeginObservation();
            _listener.RecordObservableInstruments();
            return [.. families.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => (f, f.Snapshot())).Where(f => f.Item2.Count > 0)];
        }
    }

    public void Dispose() => _listener.Dispose();

    private static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Histogram<>) ? MetricKind.Histogram
            : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
    }

    private static IReadOnlyList<double> BoundsOf(Instrument instrument) => instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } ? bounds : [];
}
