using Stackmill.Core.Faults;
using Stackmill.Monitoring;
using Stackmill.Monitoring.Exposition;
using Stackmill.Monitoring.Machine;
using Stackmill.Monitoring.Runs;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Monitoring;

public sealed class PipelineMonitorTests
{
    [Fact]
    public void A_stage_of_ones_own_is_tracked_with_its_volume_its_errors_and_its_status()
    {
        var clock = new InstantClock();
        using var monitor = new PipelineMonitor("corpus", clock);
        monitor.SetStatus(PipelineStatus.Running);
        using (monitor.Track("parse"))
            clock.Advance(TimeSpan.FromSeconds(90));
        monitor.RecordVolume("parse", 1_000);
        monitor.RecordVolume("parse", 24);
        monitor.RecordError("parse", "bad_header");
        monitor.RecordError("parse", "bad_header");
        monitor.RecordBatch("load", 7, TimeSpan.FromSeconds(3));
        monitor.SetStatus(PipelineStatus.Failed);

        var text = monitor.Expose();

        Assert.All(
        [
            "pipeline_status{pipeline_name=\"corpus\"} -1\n",
            "pipeline_processing_seconds_bucket{stage=\"parse\",le=\"60.0\"} 0\n",
            "pipeline_processing_seconds_bucket{stage=\"parse\",le=\"120.0\"} 1\n",
            "pipeline_processing_seconds_sum{stage=\"parse\"} 90\n",
            "data_volume_bytes_total{stage=\"parse\"} 1024\n",
            "pipeline_errors_total{stage=\"parse\",error_type=\"bad_header\"} 2\n",
            "batch_records_processed{stage=\"load\"} 7\n",
            "batch_duration_seconds{stage=\"load\"} 3\n",
            "batch_duration_seconds{stage=\"parse\"} 90\n",
        ], line => Assert.Contains("\n" + line, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_time_is_told_once_however_often_it_is_ended()
    {
        using var monitor = new PipelineMonitor("p", new InstantClock());
        var timer = monitor.Track("s");
        timer.Dispose();
        timer.Dispose();

        Assert.Contains("pipeline_processing_seconds_count{stage=\"s\"} 1\n", monitor.Expose(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_metric_of_the_catalog_is_made_and_every_one_made_is_in_the_catalog()
    {
        using var monitor = new PipelineMonitor("p");
        _ = new RunMetrics(monitor, "run");
        MachineMetrics.AddTo(monitor, ".", "1.2.3");
        using var run = RunMonitor.Start(new MonitoringOptions(), new RunSubject("run", "1.2.3", ".", null) { Environment = static _ => null }, TimeProvider.System);

        using var listener = new System.Diagnostics.Metrics.MeterListener();
        var made = new Dictionary<string, (string? Help, bool IsCounter)>(StringComparer.Ordinal);
        listener.InstrumentPublished = (i, _) =>
        {
            if (ReferenceEquals(i.Meter, run.Pipeline.Meter))
                made[i.Name] = (i.Description, i.GetType().Name.Contains("Counter", StringComparison.Ordinal));
        };
        listener.Start();

        Assert.Equal(MetricCatalog.All.Select(m => m.Name).Order(StringComparer.Ordinal), made.Keys.Order(StringComparer.Ordinal));
        Assert.All(MetricCatalog.All, m => Assert.Equal(m.Help, made[m.Name].Help));
        Assert.All(MetricCatalog.All, m => Assert.Equal(m.Kind == MetricKind.Counter, made[m.Name].IsCounter));
        Assert.All(MetricCatalog.All, m => Assert.Equal(m.Kind == MetricKind.Counter, m.Name.EndsWith("_total", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_file_of_metrics_appears_whole_in_the_place_of_the_last()
    {
        using var folder = new TempFolder();
        using var monitor = new PipelineMonitor("p");
        var path = folder.Write("m.prom", new string('x', 100_000));
        monitor.WriteFile(path);

        Assert.Equal(monitor.Expose(), File.ReadAllText(path));
        Assert.Equal(["m.prom"], folder.Files());
    }

    [Theory]
    [InlineData("nightly", "host-1", "/metrics/job/nightly/instance/host-1")]
    [InlineData("a/b", "größe", "/metrics/job@base64/YS9i/instance@base64/Z3LDtsOfZQ")]
    [InlineData("a", "..", "/metrics/job/a/instance@base64/Li4")]
    public async Task A_push_is_merged_into_its_group(string job, string instance, string path)
    {
        await using var server = await RecordingServer.StartAsync();
        using var monitor = new PipelineMonitor("p");
        await monitor.PushAsync(new Uri(server.Address), job, instance);

        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", path), (request.Method, request.Path));
        Assert.Equal(ExpositionWriter.TextType, request.Headers["Content-Type"]);
        Assert.Contains("pipeline_status{pipeline_name=\"p\"} 0\n", request.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_refuses_is_told_by_its_number_and_what_to_set()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = _ => (401, "who are you\u001b[2J");
        using var monitor = new PipelineMonitor("p");

        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => monitor.PushAsync(new Uri(server.Address), "j"));

        Assert.Contains("it answered 401;", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("who are you", fault.Message, StringComparison.Ordinal);
        Assert.Contains("STACKMILL_PUSHGATEWAY_AUTHORIZATION", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://user:secret@localhost:9091")]
    [InlineData("localhost:9091")]
    [InlineData("ftp://localhost")]
    public void An_address_with_a_password_or_without_a_scheme_is_refused_and_not_repeated(string address)
    {
        var fault = Assert.Throws<UsageException>(() => Pushgateway.Parse(address, "--pushgateway"));

        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }
}
