using CsCheck;
using Stackmill.Monitoring;
using Stackmill.Monitoring.Exposition;

namespace Stackmill.Tests.Monitoring.Exposition;

/// <summary>What comes into labels from outside is bounded, in length and in number.</summary>
public sealed class LabelTests
{
    [Theory]
    [InlineData("organize", "organize")]
    [InlineData("größe 文字 😀", "größe 文字 😀")]
    [InlineData("a\nb\tc\u001b[31m", "a_b_c_[31m")]
    [InlineData("a\u202Eb\u2028c", "a_b_c")]
    [InlineData("", "unknown")]
    [InlineData(null, "unknown")]
    public void A_value_is_free_of_what_steers_a_terminal_or_breaks_a_line(string? value, string expected) => Assert.Equal(expected, LabelText.Bound(value));

    [Fact]
    public void A_value_is_at_most_a_hundred_characters_and_always_whole_unicode() => Gen.String[Gen.Char, 0, 300].Sample(value =>
    {
        var bound = LabelText.Bound(value);
        return bound.Length is > 0 and <= LabelText.MostChars && !bound.Any(char.IsControl) && System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(bound)) == bound;
    });

    [Fact]
    public void A_cut_never_leaves_half_a_character()
    {
        var bound = LabelText.Bound(new string('a', 99) + "😀😀");

        Assert.Equal(new string('a', 99), bound);
        Assert.Equal("a_b_", LabelText.Bound("a\uD800b\uDC00"));
    }

    [Fact]
    public void A_metric_has_at_most_five_hundred_series_and_loses_no_count()
    {
        using var monitor = new PipelineMonitor("p");
        for (var i = 0; i < 3_000; i++)
            monitor.RecordError($"stage {i}", $"no such file /in/{i}.py");

        var series = monitor.Store.Collect().Single(f => f.Family.Name == MetricCatalog.Errors.Name).Series;

        Assert.Equal(MetricFamily.MostSeries, series.Count);
        Assert.Equal(3_000, series.Sum(s => s.Value));
        Assert.Equal(3_000 - (MetricFamily.MostSeries - 1), series.Single(s => s.Labels.All(l => l.Value == "other")).Value);
        Assert.Contains($"{MetricCatalog.FoldedSeries.Name} {3_000 - (MetricFamily.MostSeries - 1)}\n", monitor.Expose(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_observed_no_more_is_shown_no_more()
    {
        using var meter = new System.Diagnostics.Metrics.Meter("test");
        using var store = new MetricStore(meter);
        string[] stages = ["a", "b"];
        meter.CreateObservableGauge("g", () => stages.Select(s => new System.Diagnostics.Metrics.Measurement<long>(1, new KeyValuePair<string, object?>("stage", s))));

        Assert.Equal(2, store.Collect()[0].Series.Count);
        stages = ["b"];
        Assert.Equal("b", store.Collect()[0].Series.Single().Labels[0].Value);
        stages = [];
        Assert.Empty(store.Collect());
    }
}
