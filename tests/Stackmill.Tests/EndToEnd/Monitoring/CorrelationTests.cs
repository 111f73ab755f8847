using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd.Monitoring;

/// <summary>One run in its log, its metrics, its traces and its record: the ids lead from each to the others.</summary>
public sealed partial class CorrelationTests : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ids_of_run_trace_and_task_are_the_same_in_logs_on_disk_and_console_in_otlp_in_exemplars_and_in_the_record()
    {
        await using var server = await RecordingServer.StartAsync();
        var scrape = "";
        GeneratedCorpus.Write(_folder["input"], files: 200, seed: 8);
        var port = PrometheusStack.FreePort();
        using var client = new HttpClient();
        // The collector asks for the run's metrics while it takes its last ones: the run is there still.
        server.Answer = r =>
        {
            if (r.Path == "/v1/metrics")
                scrape = Scrape(client, port) ?? scrape;
            return (200, "");
        };
        var program = new StackmillProgram { Environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = server.Address, ["TRACEPARENT"] = $"00-{Trace}-b7ad6b7169203331-01" } };
        var run = program.With(
            "run", "--input", _folder["input"], "--output", _folder["p"], "--workers", "2", "--quiet", "--log-level", "debug", "--set", "logging.console=json", "--metrics-port", port.ToString(CultureInfo.InvariantCulture)).Expect(0);

        var record = JsonNode.Parse(File.ReadAllText(Directory.GetFiles(_folder["p", "logs", "runs"]).Single()))!;
        var runId = (string)record["run_id"]!;
        var lines = File.ReadLines(_folder["p", "logs", "stackmill.jsonl"]).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.All(lines, l => Assert.Equal(runId, (string?)l["RunId"]));
        Assert.All(lines, l => Assert.Equal(Trace, (string?)l["@tr"]));
        var ofTasks = lines.Where(l => l["TaskId"] is not null).ToList();
        Assert.Equal(["started", "done"], new[] { "started", "done" }.Where(what => ofTasks.Exists(l => ((string)l["@mt"]!).Contains(what, StringComparison.Ordinal))));
        Assert.All(ofTasks.Where(l => l["Shard"] is not null), l => Assert.EndsWith("/" + (string?)l["Shard"], (string?)l["TaskId"], StringComparison.Ordinal));
        // Lines of one task have the span of that task, and no other task's.
        Assert.All(ofTasks.GroupBy(l => (string)l["TaskId"]!), g => Assert.True(g.Select(l => (string?)l["@sp"]).Distinct().Count() <= 1, g.Key));
        Assert.All(lines.Where(l => l["Shard"] is not null), l => Assert.NotNull(l["TaskId"]));
        Assert.All(File.ReadLines(_folder["p", "logs", "stackmill.log"]), l => Assert.Contains($" run={runId}", l, StringComparison.Ordinal));
        Assert.Contains(File.ReadLines(_folder["p", "logs", "stackmill.log"]), l => l.Contains(" task=organize/", StringComparison.Ordinal));
        var console = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.StartsWith('{')).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(lines.Count, console.Count);

        // Protobuf: texts stand in it as they are, ids of traces as their bytes.
        var logs = server.Requests.Where(r => r.Path == "/v1/logs").ToList();
        var trace = Convert.FromHexString(Trace);
        Assert.NotEmpty(logs);
        Assert.All(logs, l => Assert.Contains(runId, l.Text, StringComparison.Ordinal));
        Assert.All(logs, l => Assert.True(l.Body.AsSpan().IndexOf(trace) >= 0));
        Assert.All((string[])["TaskId", "ended with exit code 0", "organize: started", (string)ofTasks[0]["TaskId"]!], t => Assert.Contains(logs, l => l.Text.Replace("\"organize\"", "organize", StringComparison.Ordinal).Contains(t, StringComparison.Ordinal)));
        var spans = server.Requests.Where(r => r.Path == "/v1/traces").ToList();
        Assert.Contains(spans, s => s.Body.AsSpan().IndexOf(trace) >= 0 && s.Text.Contains(runId, StringComparison.Ordinal));
        Assert.Contains(spans, s => s.Body.AsSpan().IndexOf(Convert.FromHexString((string)ofTasks[0]["@sp"]!)) >= 0);

        var exemplars = Exemplar().Matches(scrape).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(exemplars);
        Assert.All(exemplars, e => Assert.Contains($"run_id=\"{runId}\"", e, StringComparison.Ordinal));
        Assert.All(exemplars, e => Assert.Contains($"trace_id=\"{Trace}\"", e, StringComparison.Ordinal));
        Assert.All(exemplars, e => Assert.True(Labels().Matches(e).Sum(l => l.Groups[1].Length + l.Groups[2].Length) <= 128, e));
    }

    private static string? Scrape(HttpClient client, int port)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/metrics");
        request.Headers.Accept.ParseAdd("application/openmetrics-text;version=1.0.0");
        try
        {
            using var answer = client.Send(request);
            using var reader = new StreamReader(answer.Content.ReadAsStream());
            return reader.ReadToEnd();
        }
        catch (HttpRequestException)
        {
            // Before the server is there, and after.
            return null;
        }
    }

    [GeneratedRegex(@" # \{([^}]*)\}")]
    private static partial Regex Exemplar();

    [GeneratedRegex("(\\w+)=\"([^\"]*)\"")]
    private static partial Regex Labels();
}
