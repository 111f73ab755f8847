using System.Diagnostics;
using System.Diagnostics.Metrics;
using Stackmill.Monitoring;
using Stackmill.Monitoring.Exposition;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Monitoring.Exposition;

public sealed class ExpositionWriterTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly MetricStore _store;

    public ExpositionWriterTests() => _store = new MetricStore(_meter);

    public void Dispose()
    {
        _store.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void A_counter_keeps_its_name_in_text_and_loses_its_ending_in_the_heads_of_openmetrics()
    {
        _meter.CreateCounter<long>("things_total", null, "Things.").Add(3, new KeyValuePair<string, object?>("kind", "a"));

        Assert.Equal("# HELP things_total Things.\n# TYPE things_total counter\nthings_total{kind=\"a\"} 3\n", Text());
        Assert.Equal("# HELP things Things.\n# TYPE things counter\nthings_total{kind=\"a\"} 3\n# EOF\n", OpenMetrics());
    }

    [Fact]
    public void Values_of_labels_and_help_are_escaped()
    {
        _meter.CreateGauge<long>("g", null, "A \"word\", a \\ and\na line.").Record(1, new KeyValuePair<string, object?>("path", "C:\\a\"b"));

        Assert.Equal("# HELP g A \"word\", a \\\\ and\\na line.\n# TYPE g gauge\ng{path=\"C:\\\\a\\\"b\"} 1\n", Text());
        Assert.StartsWith("# HELP g A \\\"word\\\", a \\\\ and\\na line.\n", OpenMetrics(), StringComparison.Ordinal);
    }

    [Fact]
    public void Buckets_of_a_histogram_add_up_and_its_exemplars_stand_in_openmetrics_alone()
    {
        var seconds = _meter.CreateHistogram("t_seconds", null, "Time.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 10] });
        seconds.Record(0.25);
        MetricStore.WithExemplar([new("run_id", "r1"), new("task", "part-00001")], () => seconds.Record(2));
        seconds.Record(99);

        Assert.Equal(
            "# HELP t_seconds Time.\n# TYPE t_seconds histogram\nt_seconds_bucket{le=\"0.5\"} 1\nt_seconds_bucket{le=\"1.0\"} 1\nt_seconds_bucket{le=\"10.0\"} 2\n"
            + "t_seconds_bucket{le=\"+Inf\"} 3\nt_seconds_sum 101.25\nt_seconds_count 3\n", Text());
        Assert.Contains("t_seconds_bucket{le=\"10.0\"} 2 # {run_id=\"r1\",task=\"part-00001\"} 2\n", OpenMetrics(), StringComparison.Ordinal);
        Assert.DoesNotContain("t_seconds_bucket{le=\"+Inf\"} 3 #", OpenMetrics(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_exemplar_holds_no_more_than_128_characters_of_labels()
    {
        var seconds = _meter.CreateHistogram("t_seconds", null, "Time.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1] });
        MetricStore.WithExemplar([new("run_id", new string('r', 36)), new("task", new string('t', 100))], () => seconds.Record(2));

        Assert.Contains($"# {{run_id=\"{new string('r', 36)}\"}} 2\n", OpenMetrics(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(1e21, "1E+21")]
    [InlineData(0.1, "0.1")]
    [InlineData(1795703221.178, "1795703221.178")]
    public void Numbers_are_written_as_prometheus_reads_them(double value, string expected) => Assert.Equal(expected, ExpositionWriter.Number(value));

    [Theory]
    [InlineData(null, MetricsFormat.Text)]
    [InlineData("", MetricsFormat.Text)]
    [InlineData("text/html,*/*;q=0.1", MetricsFormat.Text)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", MetricsFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;version=0.0.1", MetricsFormat.Text)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.2,text/plain;q=0.9", MetricsFormat.Text)]
    [InlineData("application/openmetrics-text;q=x,;;,=,text/plain;q=", MetricsFormat.Text)]
    public void The_form_is_the_one_that_the_client_prefers(string? accept, MetricsFormat expected) => Assert.Equal(expected, ExpositionWriter.Choose(accept));

    [Fact]
    public void Promtool_has_nothing_to_say_about_the_metrics_of_a_pipeline()
    {
        Requires.Tool("promtool");
        using var monitor = new PipelineMonitor("p");
        monitor.RecordError("a \"b\" \\ c", "line\nend");
        monitor.RecordVolume("parse", 12);
        monitor.RecordBatch("parse", 3, TimeSpan.FromSeconds(4));
        using (monitor.Track("parse"))
            monitor.SetStatus(PipelineStatus.Running);

        Assert.Equal("", Promtool(monitor.Expose()));
        // It does say something when there is something to say.
        Assert.NotEqual("", Promtool("no metrics at all\n"));
    }

    private static string Promtool(string metrics)
    {
        using var process = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Write(metrics);
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return said.Trim();
    }

    private string Text() => ExpositionWriter.Write(_store, MetricsFormat.Text);

    private string OpenMetrics() => ExpositionWriter.Write(_store, MetricsFormat.OpenMetrics);
}
