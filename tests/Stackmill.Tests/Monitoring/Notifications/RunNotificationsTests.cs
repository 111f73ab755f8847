using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Monitoring;
using Stackmill.Monitoring.Notifications;
using Stackmill.Monitoring.Runs;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Monitoring.Notifications;

/// <summary>When people are told of a run, and that nothing of it ends one.</summary>
public sealed class RunNotificationsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ExitCode.Done, "end")]
    [InlineData(ExitCode.Interrupted, "end")]
    [InlineData(ExitCode.RunFault, "failure")]
    [InlineData(ExitCode.ShardsFailed, "failure")]
    [InlineData(ExitCode.ValidationFailed, "failure")]
    public async Task Each_end_of_a_run_is_told_once_and_counted(ExitCode code, string what)
    {
        await using var server = await RecordingServer.StartAsync();
        var metrics = Run(server.Address, new NotificationOptions(), code);

        var body = JsonNode.Parse(Assert.Single(server.Requests).Text)!;
        Assert.Equal((what, (int)code), ((string?)body["event"], (int)body["exit_code"]!));
        Assert.Contains("\nstackmill_notifications_total{channel=\"webhook\",outcome=\"sent\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_told_and_parts_of_a_run_tell_only_failures()
    {
        await using var server = await RecordingServer.StartAsync();
        Run(server.Address, new NotificationOptions { Events = ["failure"] }, ExitCode.Done);
        Run(server.Address, new NotificationOptions { Events = ["end"] }, ExitCode.RunFault);
        Run(server.Address, new NotificationOptions(), ExitCode.Done, part: true);
        Assert.Empty(server.Requests);
        Run(server.Address, new NotificationOptions(), ExitCode.RunFault, part: true);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_channel_that_fails_is_one_warning_and_a_count()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = _ => (500, "");
        var metrics = Run(server.Address, new NotificationOptions { Retries = 0 }, ExitCode.Done);

        Assert.Contains("\nstackmill_notifications_total{channel=\"webhook\",outcome=\"failed\"} 1\n", metrics, StringComparison.Ordinal);
        var warning = Assert.Single(_warnings);
        Assert.Contains("webhook: the server answered 500", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", warning, StringComparison.Ordinal);
        Assert.Contains("\npipeline_status{pipeline_name=\"stackmill\"} 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_that_is_missing_stops_a_run_before_it_begins_but_no_task()
    {
        var options = new NotificationOptions { Webhook = new WebhookOptions { UrlVariable = "NOT_SET" } };
        var fault = Assert.Throws<UsageException>(() => Start(options, "", part: false));
        // What is taken for a name may be the secret itself.
        Assert.DoesNotContain("NOT_SET", fault.Message, StringComparison.Ordinal);
        using (var monitor = Start(options, "", part: true))
            monitor.End(ExitCode.RunFault);
        Assert.Equal($"failures of this task are told to nobody: {fault.Message}", Assert.Single(_warnings));
    }

    [Theory]
    [InlineData(1000, 100, 1000, 400, 1)]
    [InlineData(1000, 100, 1000, 250, 0)]
    [InlineData(1000, 400, 1000, 100, 0)]
    [InlineData(1000, 100, 99, 90, 0)]
    [InlineData(99, 1, 1000, 900, 0)]
    public void A_stage_that_drops_far_more_than_before_is_an_anomaly(long recordsBefore, long droppedBefore, long records, long dropped, int expected)
    {
        var before = SampleNotification.Run(0, null, recordsBefore, droppedBefore, "before");
        var found = RunAnomalies.Of(SampleNotification.Run(0, null, records, dropped), [before], 0.2);

        Assert.Equal(expected, found.Count);
        if (expected == 1)
            Assert.Equal("organize dropped 40.0 % of its records, 10.0 % in the run before; most of it for too_small", found[0]);
    }

    [Fact]
    public void A_run_is_compared_with_the_last_whole_one_of_its_pipeline_and_command_and_not_with_itself()
    {
        var run = SampleNotification.Run(0, null, 1000, 400);
        var failed = SampleNotification.Run(1, "x", 1000, 100, "failed");
        var another = SampleNotification.Run(0, null, 1000, 100, "another") with { PipelineName = "another" };
        Assert.Empty(RunAnomalies.Of(run, [run, failed, another], 0.2));
        Assert.Empty(RunAnomalies.Of(run, [SampleNotification.Run(0, null, 1000, 100, "alone") with { Command = "organize" }], 0.2));
        Assert.Single(RunAnomalies.Of(run, [run, failed, another, SampleNotification.Run(0, null, 1000, 100, "well")], 0.2));
        Assert.Empty(RunAnomalies.Of(run, [], 0.2));
    }

    [Theory]
    [InlineData("end", "end")]
    [InlineData("anomaly", "anomaly")]
    public async Task What_is_unusual_is_told_with_every_end_that_is_told(string asked, string what)
    {
        await using var server = await RecordingServer.StartAsync();
        SampleNotification.Run(0, null, 1000, 100, "019a1c2f-0000-7000-8000-000000000000").Write(_folder["records"]);
        using var meter = new System.Diagnostics.Metrics.Meter("test");
        var subject = new RunSubject("run", "1.2.3", _folder.Path, _folder["logs"])
        {
            Environment = _ => server.Address,
            Notifications = new NotificationOptions { Events = [asked], Webhook = new WebhookOptions { UrlVariable = "HOOK" } },
        };
        using var notifications = new RunNotifications(subject, TimeProvider.System, meter);
        Assert.True(notifications.Tell(SampleNotification.Run(0, null, 1000, 400), null, _folder["records"], CancellationToken.None));

        var body = JsonNode.Parse(Assert.Single(server.Requests).Text)!;
        Assert.Equal(what, (string?)body["event"]);
        Assert.Contains("40.0 %", (string?)Assert.Single(body["anomalies"]!.AsArray()), StringComparison.Ordinal);
    }

    private string Run(string address, NotificationOptions options, ExitCode code, bool part = false)
    {
        options.Webhook.UrlVariable = "HOOK";
        using (var monitor = Start(options, address, part))
            monitor.End(code, code == ExitCode.RunFault ? new RunFaultException("the disk is full") : null);
        return File.ReadAllText(_folder["m.prom"]);
    }

    private RunMonitor Start(NotificationOptions options, string address, bool part) => RunMonitor.Start(
        new MonitoringOptions { File = _folder["m.prom"], IntervalSeconds = 3600 },
        new RunSubject("run", "1.2.3", _folder.Path, _folder["logs"])
        {
            Environment = name => name == "HOOK" ? address + "/SECRET" : null,
            Warn = _warnings.Add,
            Notifications = options,
            TellsFailuresOnly = part,
        },
        TimeProvider.System);
}
