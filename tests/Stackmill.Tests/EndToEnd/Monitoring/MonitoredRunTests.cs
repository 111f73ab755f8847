using System.Net;
using System.Text.Json.Nodes;
using Stackmill.Monitoring;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd.Monitoring;

/// <summary>The real program, watched from outside.</summary>
public sealed class MonitoredRunTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_is_asked_to_stop_pushes_that_it_stopped_and_its_record_says_so()
    {
        await using var server = await RecordingServer.StartAsync();
        GeneratedCorpus.Write(_folder["input"], files: 900, seed: 3);
        using var running = Program(server).Start("run", "--input", _folder["input"], "--output", _folder["p"], "--workers", "1", "--metrics-file", _folder["m.prom"]);
        running.WaitUntil(() => server.Requests.Count > 0, "the first push");
        running.Signal("TERM");
        running.Wait().Expect(130);

        Assert.Contains("\npipeline_status{pipeline_name=\"stackmill\"} 1\n", server.Requests.First().Text, StringComparison.Ordinal);
        Assert.All([server.Requests.Last().Text, File.ReadAllText(_folder["m.prom"])], text =>
        {
            Assert.Contains("\npipeline_status{pipeline_name=\"stackmill\"} 0\n", text, StringComparison.Ordinal);
            Assert.Contains("\nstackmill_run_exit_code{pipeline_name=\"stackmill\"} 130\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain("stackmill_stage_running{stage=\"organize\"} 1", text, StringComparison.Ordinal);
        });
        var record = JsonNode.Parse(File.ReadAllText(Directory.GetFiles(_folder["p", "logs", "runs"]).Single()))!;
        Assert.Equal(("stopped", 130), ((string?)record["status"], (int)record["exit_code"]!));
        var lines = File.ReadLines(_folder["p", "logs", "stackmill.jsonl"]).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, l => Assert.Equal((string?)record["run_id"], (string?)l["RunId"]));
    }

    [Fact]
    public async Task A_run_that_fails_pushes_that_it_failed_and_one_whose_gateway_is_gone_does_not_fail()
    {
        await using var server = await RecordingServer.StartAsync();
        _folder.Write("input/a.py", Source.Python(1));
        Program(server).With("run", "--input", _folder["input"], "--output", _folder["p"]).Expect(0);
        var shard = Directory.GetFiles(_folder["p", "data", "corpus"], "*.parquet", SearchOption.AllDirectories).First(f => !f.Contains("_ledger", StringComparison.Ordinal));
        File.WriteAllBytes(shard, File.ReadAllBytes(shard)[..^9]);
        Program(server).With("statistics", "--input", _folder["p"], "--force").Expect(1);

        Assert.Contains("\npipeline_status{pipeline_name=\"stackmill\"} -1\n", server.Requests.Last().Text, StringComparison.Ordinal);
        Assert.Contains("pipeline_errors_total{stage=\"statistics\",error_type=\"run_fault\"} 1\n", server.Requests.Last().Text, StringComparison.Ordinal);

        var gone = StackmillProgram.Run("run", "--input", _folder["input"], "--output", _folder["q"], "--pushgateway", $"http://127.0.0.1:{PrometheusStack.FreePort()}").Expect(0);
        Assert.Contains("monitoring: warning: the Pushgateway did not take the metrics", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_files_and_their_contents_are_in_no_metric_and_no_record()
    {
        await using var server = await RecordingServer.StartAsync();
        const string name = "evil\"}\\ 1\nfoo{a=\"";
        Requires.Unix();
        _folder.Write($"input/{name}.py", "# ask ines.marsh@harbour-office.net\n" + Source.Python(1));
        _folder.Write($"input/{name}.evilextension", "evil");
        _folder.Write($"input/{name}bin.py", "evil\0\0\0");
        Program(server).With("run", "--input", _folder["input"], "--output", _folder["p"], "--metrics-file", _folder["m.prom"]).Expect(0);

        Assert.All([.. server.Requests.Select(r => r.Text), File.ReadAllText(_folder["m.prom"]), .. Directory.GetFiles(_folder["p", "logs", "runs"]).Select(File.ReadAllText)], text =>
        {
            Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
            Assert.DoesNotContain("harbour", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Serve_shows_the_runs_of_a_project_and_health_tells_whether_it_does()
    {
        _folder.Write("input/a.py", Source.Python(1));
        _folder.Write("input/<script>alert(1)<.py", "");
        StackmillProgram.Run("run", "--input", _folder["input"], "--output", _folder["<b>p"]).Expect(0);
        using var serving = new StackmillProgram().Start("serve", "--project", _folder["<b>p"], "--port", "0");
        var address = await AddressAsync(serving);
        using var client = new HttpClient { BaseAddress = address };

        var page = await client.GetStringAsync("/");
        Assert.Contains("&lt;b&gt;p", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("<td>deduplicate</td><td>whole</td>", page, StringComparison.Ordinal);
        var metrics = await client.GetStringAsync("/metrics");
        Assert.Contains("\npipeline_status{pipeline_name=\"stackmill\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nstackmill_stage_records{stage=\"organize\",outcome=\"in\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/readyz")).StatusCode);

        var config = $"monitoring.health.metrics={address}";
        StackmillProgram.Run("health", "--only", "metrics", "--set", config).Expect(0);
        var one = StackmillProgram.Run("health", "--only", "metrics", "--only", "grafana", "--set", config, "--set", $"monitoring.health.grafana=http://127.0.0.1:{PrometheusStack.FreePort()}").Expect(1);
        Assert.Contains("ok     metrics", one.Output, StringComparison.Ordinal);
        Assert.Contains("failed grafana", one.Output, StringComparison.Ordinal);
        Assert.Contains("expected metrics, prometheus", StackmillProgram.Run("health", "--only", "nagios").Expect(2).Error, StringComparison.Ordinal);

        serving.Signal("TERM");
        serving.Wait().Expect(0);
    }

    [Fact]
    public async Task The_metrics_of_a_group_are_deleted_on_request()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = r => r.Path.EndsWith("/gone", StringComparison.Ordinal) ? (404, "no") : (202, "");
        StackmillProgram.Run("metrics", "delete", "--pushgateway", server.Address, "--job", "j", "--instance", "i").Expect(0);
        Assert.Equal(("DELETE", "/metrics/job/j/instance/i"), (server.Requests.Single().Method, server.Requests.Single().Path));
        Assert.Contains("404", StackmillProgram.Run("metrics", "delete", "--pushgateway", server.Address, "--instance", "gone").Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("no Pushgateway is named", StackmillProgram.Run("metrics", "delete").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_addresses_need_a_token_and_a_port_that_is_taken_ends_no_run()
    {
        _folder.Write("input/a.py", Source.Python(1));
        Assert.Contains(MonitoringOptions.Token, StackmillProgram.Run("run", "--input", _folder["input"], "--output", _folder["p"], "--metrics-port", "0", "--set", "monitoring.address=0.0.0.0").Expect(2).Error, StringComparison.Ordinal);
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("The run goes on without", StackmillProgram.Run("run", "--input", _folder["input"], "--output", _folder["q"], "--metrics-port", port).Expect(0).Error, StringComparison.Ordinal);
    }

    private static StackmillProgram Program(RecordingServer server) => new() { Environment = new Dictionary<string, string> { [MonitoringOptions.PushgatewayAddress] = server.Address } };

    private static async Task<Uri> AddressAsync(StackmillProgram.Running serving)
    {
        var line = await serving.FirstLineAsync();
        Assert.StartsWith("serving http://127.0.0.1:", line, StringComparison.Ordinal);
        return new Uri(line.Split(' ')[1]);
    }
}
