using System.Globalization;
using System.Text;

namespace Stackmill.Monitoring.Exposition;

/// <summary>The two text forms that Prometheus reads.</summary>
public enum MetricsFormat
{
    /// <summary>Prometheus text, version 0.0.4; the only one that a Pushgateway and the text file collector take.</summary>
    Text,

    /// <summary>OpenMetrics 1.0, with exemplars.</summary>
    OpenMetrics,
}

/// <summary>
/// Writes metrics as text. Bounds of buckets are written as OpenMetrics wants them (<c>1.0</c>) in both forms: a series must not change its
/// labels with the form that a scrape happens to ask for.
/// </summary>
internal static class ExpositionWriter
{
    /// <summary>Content type of the Prometheus text.</summary>
    public const string TextType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Content type of OpenMetrics.</summary>
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private const string CounterSuffix = "_total";

    /// <summary>The text of all metrics of a store.</summary>
    public static string Write(MetricStore store, MetricsFormat format) => Write(store.Collect(), format);

    /// <summary>The text of metrics.</summary>
    public static string Write(IReadOnlyList<(MetricFamily Family, IReadOnlyList<MetricSeries> Series)> metrics, MetricsFormat format)
    {
        var text = new StringBuilder(1 << 14);
        foreach (var (family, series) in metrics)
        {
            var open = format == MetricsFormat.OpenMetrics;
            var (name, type) = (family.Name, family.Kind switch { MetricKind.Counter => "counter", MetricKind.Histogram => "histogram", _ => "gauge" });
            if (open && family.Kind == MetricKind.Counter && name.EndsWith(CounterSuffix, StringComparison.Ordinal))
                name = name[..^CounterSuffix.Length];
            text.Append("# HELP ").Append(name).Append(' ');
            Escape(text, family.Help, quotes: open).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            foreach (var one in series)
            {
                if (family.Kind == MetricKind.Histogram)
                    WriteHistogram(text, family, one, open);
                else
                    Sample(text, family.Name, one.Labels, null, one.Value).Append('\n');
            }
        }

        if (format == MetricsFormat.OpenMetrics)
            text.Append("# EOF\n");
        return text.ToString();
    }

    /// <summary>The form that a client's <c>Accept</c> header prefers; text when it says nothing, or what nobody knows.</summary>
    public static MetricsFormat Choose(string? accept)
    {
        var (best, weight) = (MetricsFormat.Text, 0.0);
        foreach (var range in (accept ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            MetricsFormat? form = parts[0].ToLowerInvariant() switch
            {
                "application/openmetrics-text" when Parameter(parts, "version") is null or "1.0.0" => MetricsFormat.OpenMetrics,
                "text/plain" or "text/*" or "*/*" => MetricsFormat.Text,
                _ => null,
            };
            var q = Parameter(parts, "q") is { } given ? double.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : 0 : 1;
            if (form is { } known && q > weight)
                (best, weight) = (known, q);
        }

        return best;
    }

    /// <summary>A number as both forms write it.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void WriteHistogram(StringBuilder text, MetricFamily family, MetricSeries series, bool open)
    {
        long count = 0;
        for (var i = 0; i < series.Buckets.Length; i++)
        {
            count += series.Buckets[i];
            Sample(text, family.Name + "_bucket", series.Labels, i < family.Bounds.Count ? Bound(family.Bounds[i]) : "+Inf", count);
            if (open && series.Exemplars[i] is { } exemplar)
                WriteExemplar(text, exemplar);
            text.Append('\n');
        }

        Sample(text, family.Name + "_sum", series.Labels, null, series.Value).Append('\n');
        Sample(text, family.Name + "_count", series.Labels, null, count).Append('\n');
    }

    private static void WriteExemplar(StringBuilder text, Exemplar exemplar)
    {
        var left = Exemplar.MostRunes;
        var fitting = exemplar.Labels.TakeWhile(l => (left -= l.Key.EnumerateRunes().Count() + l.Value.EnumerateRunes().Count()) >= 0).ToList();
        text.Append(" # ");
        Labels(text, fitting, null, always: true);
        text.Append(' ').Append(Number(exemplar.Value));
    }

    private static StringBuilder Sample(StringBuilder text, string name, IReadOnlyList<KeyValuePair<string, string>> labels, string? bound, double value)
    {
        text.Append(name);
        Labels(text, labels, bound, always: false);
        return text.Append(' ').Append(Number(value));
    }

    private static void Labels(StringBuilder text, IReadOnlyList<KeyValuePair<string, string>> labels, string? bound, bool always)
    {
        if (labels.Count == 0 && bound is null && !always)
            return;
        var separator = '{';
        foreach (var (key, value) in labels)
        {
            text.Append(separator).Append(key).Append("=\"");
            Escape(text, value, quotes: true).Append('"');
            separator = ',';
        }

        if (bound is not null)
            text.Append(separator).Append("le=\"").Append(bound).Append('"');
        else if (separator == '{')
            text.Append('{');
        text.Append('}');
    }

    private static StringBuilder Escape(StringBuilder text, string value, bool quotes)
    {
        foreach (var c in value)
        {
            switch (c)
            {
                case '\\':
                    text.Append(@"\\");
                    break;
                case '\n':
                    text.Append(@"\n");
                    break;
                case '"' when quotes:
                    text.Append("\\\"");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        return text;
    }

    private static string Bound(double bound) => Number(bound) is var number && number.All(char.IsAsciiDigit) ? number + ".0" : Number(bound);

    private static string? Parameter(string[] parts, string name) =>
        parts.Skip(1).Select(p => p.Split('=', 2)).Where(p => p.Length == 2 && p[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)).Select(p => p[1].Trim(' ', '"')).FirstOrDefault();
}
