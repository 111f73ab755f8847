namespace Stackmill.Monitoring.Exposition;

/// <summary>An observation that is shown beside its bucket, so that people find the run and the task it came from.</summary>
/// <param name="Labels">Their labels.</param>
/// <param name="Value">What was observed.</param>
internal sealed record Exemplar(IReadOnlyList<KeyValuePair<string, string>> Labels, double Value)
{
    /// <summary>What labels and values may have together, by OpenMetrics.</summary>
    public const int MostRunes = 128;
}

/// <summary>One series of a metric: its labels and what was measured.</summary>
internal sealed class MetricSeries(IReadOnlyList<KeyValuePair<string, string>> labels, int buckets)
{
    /// <summary>Its labels, in the order in which they were given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; } = labels;

    /// <summary>Value of a counter or gauge; sum of a histogram.</summary>
    public double Value { get; set; }

    /// <summary>Observations in each bucket, the last without a bound; empty but for histograms.</summary>
    public long[] Buckets { get; init; } = buckets == 0 ? [] : new long[buckets];

    /// <summary>The last observation of each bucket that came with an exemplar.</summary>
    public Exemplar?[] Exemplars { get; init; } = buckets == 0 ? [] : new Exemplar?[buckets];

    /// <summary>A copy that no more changes.</summary>
    public MetricSeries Copy() => new(Labels, 0) { Value = Value, Buckets = [.. Buckets], Exemplars = [.. Exemplars] };
}

/// <summary>All series of one metric, at most <see cref="MostSeries"/>: what comes with further labels is put together as <c>other</c>.</summary>
/// <param name="name">Its name.</param>
/// <param name="help">One sentence for people.</param>
/// <param name="kind">How its value moves.</param>
/// <param name="isObserved">True when measurements are absolute and taken all at once.</param>
/// <param name="bounds">Upper bounds of buckets; empty but for histograms.</param>
internal sealed class MetricFamily(string name, string help, MetricKind kind, bool isObserved, IReadOnlyList<double> bounds)
{
    /// <summary>Most series of a metric; our own need less than a quarter, and more would be a fault that must not fill a server.</summary>
    public const int MostSeries = 500;

    private const string Other = "other";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public string Help { get; } = help;

    public MetricKind Kind { get; } = kind;

    public IReadOnlyList<double> Bounds { get; } = bounds;

    /// <summary>Measurements whose labels were put together.</summary>
    public long Folded { get; private set; }

    /// <summary>Forgets what was observed before, so that what is no more observed is no more shown.</summary>
    public void BeginObservation()
    {
        if (!isObserved)
            return;
        lock (_gate)
            _series.Clear();
    }

    /// <summary>Takes a measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, IReadOnlyList<KeyValuePair<string, string>>? exemplar)
    {
        var labels = Labels(tags);
        lock (_gate)
            Add(Find(labels), value, exemplar);
    }

    /// <summary>Makes a series in which nothing was measured.</summary>
    public void Prepare(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        lock (_gate)
            _ = Find(labels);
    }

    /// <summary>Copies of all series, in the order of their labels.</summary>
    public IReadOnlyList<MetricSeries> Snapshot()
    {
        lock (_gate)
            return [.. _series.Values.Select(s => s.Copy())];
    }

    private void Add(MetricSeries series, double value, IReadOnlyList<KeyValuePair<string, string>>? exemplar)
    {
        if (Kind == MetricKind.Histogram)
        {
            if (double.IsNaN(value))
                return;
            var bucket = 0;
            while (bucket < Bounds.Count && value > Bounds[bucket])
                bucket++;
            series.Buckets[bucket]++;
            series.Value += value;
            if (exemplar is not null)
                series.Exemplars[bucket] = new Exemplar(exemplar, value);
        }
        else
        {
            // What was folded adds up, also where single values are absolute.
            var adds = Kind == MetricKind.Counter && (!isObserved || IsOther(series));
            series.Value = adds ? series.Value + value : value;
        }
    }

    private MetricSeries Find(KeyValuePair<string, string>[] labels)
    {
        // Values hold no control characters.
        var key = string.Join('\u0001', labels.Select(l => l.Value));
        if (_series.TryGetValue(key, out var found))
            return found;
        if (_series.Count >= MostSeries - 1 && labels.Length > 0)
        {
            Folded++;
            labels = [.. labels.Select(l => KeyValuePair.Create(l.Key, Other))];
            key = string.Join('\u0001', labels.Select(l => l.Value));
            if (_series.TryGetValue(key, out found))
                return found;
        }

        return _series[key] = new MetricSeries(labels, Kind == MetricKind.Histogram ? Bounds.Count + 1 : 0);
    }

    private static KeyValuePair<string, string>[] Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new KeyValuePair<string, string>[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            labels[i] = new(tags[i].Key, LabelText.Bound(tags[i].Value?.ToString()));
        return labels;
    }

    private static bool IsOther(MetricSeries series) => series.Labels.Count > 0 && series.Labels.All(l => l.Value == Other);
}
