using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Monitoring;
using Stackmill.Monitoring.Runs;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Monitoring.Runs;

/// <summary>The last state of a run goes out, however it ends, and monitoring never ends a run.</summary>
public sealed class RunMonitorTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ExitCode.Done, 0, "stopped", true)]
    [InlineData(ExitCode.Interrupted, 0, "stopped", false)]
    [InlineData(ExitCode.ShardsFailed, -1, "failed", false)]
    [InlineData(ExitCode.ValidationFailed, -1, "failed", false)]
    public async Task The_last_push_the_file_and_the_record_tell_how_the_run_ended(ExitCode code, int status, string record, bool success)
    {
        await using var server = await RecordingServer.StartAsync();
        var options = Options(server.Address);
        using (var monitor = Start(options))
        {
            monitor.Observer.StageStarted("organize", 1, 0, 10);
            monitor.Observer.StageEnded("organize", new Books { In = 3, Kept = 3 }, upToDate: false);
            monitor.End(code);
        }

        var last = server.Requests.Last();
        Assert.Equal("/metrics/job/stackmill/instance/here", last.Path);
        Assert.All([last.Text, File.ReadAllText(options.File)], text =>
        {
            Assert.Contains($"\npipeline_status{{pipeline_name=\"stackmill\"}} {status}\n", text, StringComparison.Ordinal);
            Assert.Contains($"\nstackmill_run_exit_code{{pipeline_name=\"stackmill\"}} {(int)code}\n", text, StringComparison.Ordinal);
            // A run that did not do everything says nothing of a success, so that the gateway keeps the last one.
            Assert.Equal(success, text.Contains("\nstackmill_run_last_success_timestamp_seconds{", StringComparison.Ordinal));
            Assert.Equal(code == ExitCode.ValidationFailed, text.Contains("error_type=\"validation_failed\"} 1", StringComparison.Ordinal));
        });
        var run = RunRecord.Newest(_folder["logs", "runs"], 10, NullLogger.Instance).Single();
        Assert.Equal((record, (int?)code, 3L), (run.Status, run.ExitCode, run.Stages.Single().Books.Kept));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_fault_is_told_with_its_stage_and_one_that_nobody_caught_too()
    {
        await using var server = await RecordingServer.StartAsync();
        using (var monitor = Start(Options(server.Address)))
        {
            monitor.Observer.StageStarted("preprocess", 1, 0, 10);
            monitor.End(ExitCode.RunFault, new RunFaultException("the disk is full"));
        }

        Assert.Contains("pipeline_errors_total{stage=\"preprocess\",error_type=\"run_fault\"} 1\n", server.Requests.Last().Text, StringComparison.Ordinal);
        Assert.Equal("the disk is full", RunRecord.Newest(_folder["logs", "runs"], 10, NullLogger.Instance)[0].Error);

        Start(Options(server.Address)).Dispose();
        Assert.Contains("\npipeline_status{pipeline_name=\"stackmill\"} -1\n", server.Requests.Last().Text, StringComparison.Ordinal);
        Assert.Contains("error_type=\"unexpected\"} 1\n", server.Requests.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_run_is_pushed_as_running_before_it_ends()
    {
        await using var server = await RecordingServer.StartAsync();
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Answer = _ =>
        {
            came.TrySetResult();
            return (200, "");
        };
        using var monitor = Start(Options(server.Address));
        await came.Task.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Contains("\npipeline_status{pipeline_name=\"stackmill\"} 1\n", server.Requests.First().Text, StringComparison.Ordinal);
        monitor.End(ExitCode.Done);
    }

    [Fact]
    public async Task A_gateway_that_is_gone_and_a_file_that_can_not_be_written_are_told_once_and_end_nothing()
    {
        string address;
        await using (var server = await RecordingServer.StartAsync())
            address = server.Address;
        var options = Options(address);
        options.File = Path.Combine(_folder.Write("not-a-folder", ""), "m.prom");
        using (var monitor = Start(options))
            monitor.End(ExitCode.Done);

        Assert.Equal(2, _warnings.Count);
        Assert.Contains(_warnings, w => w.Contains("Pushgateway", StringComparison.Ordinal) && w.Contains("monitoring.pushgateway.url", StringComparison.Ordinal));
        Assert.Contains(_warnings, w => w.Contains("not-a-folder", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_gateway_wants_to_know_comes_from_the_environment_alone()
    {
        await using var server = await RecordingServer.StartAsync();
        var options = Options("");
        using (var monitor = Start(options, new()
        {
            [MonitoringOptions.PushgatewayAddress] = server.Address,
            [MonitoringOptions.PushgatewayAuthorization] = "Bearer abc",
        }))
        {
            monitor.End(ExitCode.Done);
        }

        Assert.All(server.Requests, r => Assert.Equal("Bearer abc", r.Headers["Authorization"]));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder["logs", "runs"]), f => File.ReadAllText(f).Contains("Bearer abc", StringComparison.Ordinal));
    }

    [Fact]
    public void Old_records_go_and_files_that_are_no_records_stay_and_are_passed_over()
    {
        _folder.Write("logs/runs/notes.json", "{}");
        for (var i = 0; i < 4; i++)
            _folder.Write($"logs/runs/{Guid.CreateVersion7(FakeClock.Start.AddDays(i))}.json", "not json");
        var options = Options("");
        options.RetainedRuns = 3;
        using (var monitor = Start(options))
            monitor.End(ExitCode.Done);

        Assert.Equal(4, Directory.GetFiles(_folder["logs", "runs"]).Length);
        Assert.Single(RunRecord.Newest(_folder["logs", "runs"], 10, NullLogger.Instance));
    }

    [Fact]
    public void Of_the_plans_that_were_worked_on_last_the_records_of_tasks_stay_and_those_of_others_go()
    {
        for (var i = 0; i < 4; i++)
        {
            _folder.Write($"logs/tasks/{i}123456789abcdef/{Guid.CreateVersion7(FakeClock.Start.AddDays(i))}.json", "{}");
            _folder.Write($"logs/tasks/{i}123456789abcdef/{Guid.CreateVersion7(FakeClock.Start.AddDays(i))}.json.120123456789.tmp", "half");
        }

        _folder.Write("logs/tasks/0123456789abcdef/notes.txt", "mine");
        _folder.Write("logs/tasks/notes/a.json", "{}");
        for (var i = 0; i < 4; i++)
            Directory.SetLastWriteTimeUtc(_folder["logs", "tasks", $"{i}123456789abcdef"], FakeClock.Start.UtcDateTime.AddDays(i));
        var options = Options("");
        options.RetainedRuns = 2;
        using (var monitor = Start(options))
            monitor.End(ExitCode.Done);

        Assert.Equal(["0123456789abcdef", "2123456789abcdef", "3123456789abcdef", "notes"], Directory.GetDirectories(_folder["logs", "tasks"]).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal));
        Assert.Equal(["notes.txt"], Directory.GetFiles(_folder["logs", "tasks", "0123456789abcdef"]).Select(p => Path.GetFileName(p)!));
        Assert.Equal(2, Directory.GetFiles(_folder["logs", "tasks", "2123456789abcdef"]).Length);
        Assert.Single(Directory.GetFiles(_folder["logs", "tasks", "notes"]));
    }

    [Fact]
    public void A_run_that_says_nothing_more_is_lost()
    {
        var options = Options("");
        options.IntervalSeconds = 15;
        using var monitor = Start(options);
        var record = monitor.Record;

        Assert.Equal("running", RunStatus.Of(record, record.Updated.AddMinutes(2)));
        Assert.Equal("lost", RunStatus.Of(record, record.Updated.AddMinutes(4)));
        Assert.Equal(PipelineStatus.Failed, RunStatus.Value("lost"));
        monitor.End(ExitCode.Done);
        Assert.Equal("stopped", RunStatus.Of(monitor.Record, record.Updated.AddDays(4)));
    }

    [Fact]
    public async Task Spans_of_run_stages_and_tasks_go_to_a_collector_below_the_parent_that_the_environment_names()
    {
        await using var server = await RecordingServer.StartAsync();
        var spans = new List<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = s => s.Name == RunTracing.SourceName, ActivityStopped = a => { lock (spans) spans.Add(a); } };
        ActivitySource.AddActivityListener(listener);
        var options = Options("");
        options.Otlp.Endpoint = server.Address;
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        using (var monitor = Start(options, new() { ["TRACEPARENT"] = $"00-{trace}-b7ad6b7169203331-01" }))
        {
            Assert.Equal(trace, monitor.TraceId);
            monitor.Observer.StageStarted("deduplicate: buckets", 1, 0, 10);
            monitor.Observer.StageStarted("deduplicate", 2, 0, 10);
            for (var i = 0; i < 2; i++)
                monitor.Observer.TaskStarted("deduplicate", new ShardTask(i, $"part-{i}", 5));
            monitor.Observer.ShardDone("deduplicate", new ShardTask(0, "part-0", 5), new ShardMarker("k", "part-0", new Books { In = 2, Kept = 2 }, []), reused: false);
            monitor.End(ExitCode.RunFault, new RunFaultException("the disk is full"));
        }

        var own = spans.Where(s => s.TraceId.ToHexString() == trace).ToList();
        Assert.Equal(5, own.Count);
        var root = own.Single(s => s.OperationName == "stackmill run");
        Assert.Equal("b7ad6b7169203331", root.ParentSpanId.ToHexString());
        Assert.All(own.Where(s => s.OperationName.StartsWith("deduplicate", StringComparison.Ordinal) && !s.OperationName.EndsWith("task", StringComparison.Ordinal)), s => Assert.Equal(root.SpanId, s.ParentSpanId));
        var stage = own.Single(s => s.OperationName == "deduplicate");
        var tasks = own.Where(s => s.OperationName == "deduplicate task").ToList();
        Assert.All(tasks, t => Assert.Equal(stage.SpanId, t.ParentSpanId));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Unset], tasks.Select(t => t.Status).OrderByDescending(s => (int)s));
        Assert.Empty(_warnings);

        var traces = server.Requests.Where(r => r.Path == "/v1/traces").ToList();
        var metrics = server.Requests.Where(r => r.Path == "/v1/metrics").ToList();
        Assert.Contains(traces, r => r.Text.Contains("deduplicate task", StringComparison.Ordinal));
        Assert.Contains(metrics, r => r.Text.Contains("pipeline_status", StringComparison.Ordinal) && r.Text.Contains("stackmill.pipeline_name", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collector_that_is_gone_is_told_and_ends_nothing()
    {
        string address;
        await using (var server = await RecordingServer.StartAsync())
            address = server.Address;
        var options = Options("");
        options.Otlp.Endpoint = address;
        using (var monitor = Start(options))
            monitor.End(ExitCode.Done);

        Assert.Contains("monitoring.otlp.endpoint", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    private MonitoringOptions Options(string gateway) => new()
    {
        File = _folder["m.prom"],
        IntervalSeconds = 3600,
        Pushgateway = new PushgatewayOptions { Url = gateway, Instance = "here" },
    };

    private RunMonitor Start(MonitoringOptions options, Dictionary<string, string>? environment = null) => RunMonitor.Start(
        options, new RunSubject("run", "1.2.3", _folder.Path, _folder["logs"]) { Environment = name => environment?.GetValueOrDefault(name), Warn = _warnings.Add }, TimeProvider.System);
}
