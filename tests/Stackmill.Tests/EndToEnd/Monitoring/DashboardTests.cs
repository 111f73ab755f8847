using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stackmill.Monitoring;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd.Monitoring;

/// <summary>What the shipped dashboards and rules ask, against a real Prometheus that has seen real runs; and alerts that come to a real receiver.</summary>
public sealed partial class DashboardTests
{
    private static readonly string[] SeedPanels = ["Pipeline status", "CPU", "Memory", "Disk", "Resources over time", "Errors by stage (1 h)", "Data volume by stage (5 min)"];

    [Fact]
    public async Task Every_expression_of_every_panel_and_rule_gives_data_for_a_run_from_the_hub_to_the_release()
    {
        await using var world = await StackV2World.MakeAsync();
        var port = PrometheusStack.FreePort().ToString(CultureInfo.InvariantCulture);
        await using var stack = await PrometheusStack.StartAsync($"127.0.0.1:{port}");
        var project = world["project"];
        string[] watched = ["--workers", "2", "--metrics-port", port, "--pushgateway", stack.PushgatewayAddress, "--set", "monitoring.interval_seconds=1"];
        world.Program.With(world.Run(project, watched)).Expect(0);

        var expressions = Panels().Select(p => p.Expression).Concat(Rules().Select(r => AlwaysTold(r.Expression))).ToList();
        Assert.True(expressions.Count > 60, $"only {expressions.Count} expressions were seen");
        var without = await stack.WithoutDataAsync(expressions.Select(PrometheusStack.Scaled));

        Assert.True(without.Count == 0, $"without data:\n{string.Join('\n', without)}");
        // The run was scraped as well, while it ran; on a busy machine one of some seconds may be over before an answer is there, so it is done again.
        const string Scraped = "max_over_time(pipeline_status{job=\"stackmill-live\"}[5m]) == 1";
        for (var again = 0; again < 8 && (await stack.QueryAsync(Scraped)).Count == 0; again++)
            world.Program.With(world.Run(project, [.. watched, "--force"])).Expect(0);
        Assert.NotEmpty(await stack.QueryAsync(Scraped));
        // The last state is at the gateway when a run has ended, and in Prometheus when that was asked the next time.
        await PrometheusStack.WaitAsync(async () => (string?)Assert.Single(await stack.QueryAsync("pipeline_status{job=\"stackmill\"}"))!["value"]![1] == "0", "the last state of the run");
    }

    [Fact]
    public async Task Every_alert_fires_to_a_receiver_when_it_should_and_one_that_is_explained_by_another_does_not()
    {
        await using var stack = await PrometheusStack.StartAsync("127.0.0.1:9");
        using var folder = new TempFolder();
        // A real run that fails, and a real one that is killed.
        folder.Write("input/person.py", "# ask ines.marsh@harbour-office.net\n" + Source.Python(2));
        var program = new StackmillProgram { Environment = new Dictionary<string, string> { [MonitoringOptions.PushgatewayAddress] = stack.PushgatewayAddress } };
        program.With("run", "--input", folder["input"], "--output", folder["p"], "--set", "stages.pii_removal=false", "--set", "monitoring.pushgateway.instance=before").Expect(0);
        program.With("validate", "--input", folder["p"], "--set", "monitoring.pipeline_name=failing", "--set", "monitoring.pushgateway.instance=failing").Expect(4);
        GeneratedCorpus.Write(folder["large"], files: 600, seed: 5);
        using (var killed = program.Start("run", "--input", folder["large"], "--output", folder["k"], "--workers", "1", "--set", "monitoring.pipeline_name=killed", "--set", "monitoring.pushgateway.instance=killed"))
        {
            var pushed = "pipeline_status{instance=\"killed\",job=\"stackmill\",pipeline_name=\"killed\"} 1";
            using var client = new HttpClient();
            await PrometheusStack.WaitAsync(async () => (await client.GetStringAsync(new Uri(stack.PushgatewayAddress + "/metrics"))).Contains(pushed, StringComparison.Ordinal), "the first push of the run");
            Assert.True(killed.Kill());
        }

        string[] alerts = [.. Rules().Where(r => r.Alert is not null).Select(r => r.Alert!)];
        Assert.Equal(9, alerts.Length);
        var round = 0;
        await PrometheusStack.WaitAsync(async () =>
        {
            await PushTroubleAsync(stack, round++);
            var heard = Heard(stack);
            return alerts.All(heard.Select(h => h.Name).Contains);
        }, $"all alerts ({string.Join(", ", alerts)})");

        var all = Heard(stack);
        Assert.Contains(("PipelineFailed", "failing", ""), all.Select(a => (a.Name, a.Pipeline, a.Stage)));
        Assert.Contains(all, a => a.Name == "PushgatewayStale" && a.Instance == "killed");
        Assert.Contains(("StageStalled", "still"), all.Select(a => (a.Name, a.Stage)));
        // Its pipeline is known to have failed.
        Assert.DoesNotContain(all, a => a.Name == "StageStalled" && a.Stage == "explained");
        Assert.DoesNotContain(all, a => a.Instance == "well" || a.Pipeline == "well");
    }

    [Fact]
    public void Dashboards_are_those_of_their_script_and_have_the_panels_of_the_seed()
    {
        Requires.Tool("python3");
        using var check = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("python3", [Path.Combine(PrometheusStack.Shipped, "tools", "make_dashboards.py"), "--check"]) { RedirectStandardError = true })!;
        var said = check.StandardError.ReadToEnd();
        check.WaitForExit();
        Assert.True(check.ExitCode == 0, said);

        var titles = Dashboards().Single(d => (string?)d["uid"] == "stackmill-pipeline")["panels"]!.AsArray().Select(p => (string)p!["title"]!).ToList();
        Assert.Equal(SeedPanels, titles.Where(SeedPanels.Contains));
        Assert.Equal(3, Dashboards().Select(d => (string)d["uid"]!).Distinct().Count());
        foreach (var dashboard in Dashboards())
        {
            var panels = dashboard["panels"]!.AsArray();
            Assert.Equal(panels.Count, panels.Select(p => (int)p!["id"]!).Distinct().Count());
            // Panels lie beside one another, not on one another.
            var cells = panels.SelectMany(p => from x in Enumerable.Range((int)p!["gridPos"]!["x"]!, (int)p["gridPos"]!["w"]!) from y in Enumerable.Range((int)p["gridPos"]!["y"]!, (int)p["gridPos"]!["h"]!) select (x, y)).ToList();
            Assert.Equal(cells.Count, cells.Distinct().Count());
            Assert.All(cells, c => Assert.InRange(c.x, 0, 23));
        }
    }

    [Fact]
    public void Panels_and_rules_name_only_metrics_that_there_are()
    {
        var known = MetricCatalog.All.SelectMany(m => m.Kind == MetricKind.Histogram ? new[] { m.Name + "_bucket", m.Name + "_sum", m.Name + "_count" } : [m.Name])
            .Concat(Rules().Select(r => r.Record).OfType<string>()).Append("push_time_seconds").Append("up").ToHashSet(StringComparer.Ordinal);
        var expressions = Panels().Select(p => p.Expression).Concat(Rules().Select(r => r.Expression)).ToList();
        var used = expressions.SelectMany(e => MetricName().Matches(Quoted().Replace(e, "\"\"")).Select(m => m.Value)).ToHashSet(StringComparer.Ordinal);

        Assert.True(used.Count > 30, $"only {used.Count} names were seen");
        Assert.Empty(used.Except(known));
        // What nobody looks at need not be measured.
        var unseen = MetricCatalog.All.Select(m => m.Name).Where(n => !used.Any(u => u == n || u.StartsWith(n + "_", StringComparison.Ordinal)));
        Assert.Equal([MetricCatalog.ProcessStart.Name, MetricCatalog.GcCollections.Name, MetricCatalog.FoldedSeries.Name], unseen.Order(StringComparer.Ordinal));
    }

    private static async Task PushTroubleAsync(PrometheusStack stack, int round)
    {
        var free = 100_000_000_000L - (round * 1_000_000_000L);
        var dropped = round < 20 ? 10 : 80;
        await stack.PushAsync("crafted", "bad", Typed($$"""
            # TYPE pipeline_errors_total counter
            pipeline_errors_total{stage="preprocess",error_type="unreadable"} {{round * 10}}
            # TYPE pipeline_processing_seconds histogram
            pipeline_processing_seconds_bucket{stage="deduplicate",le="300.0"} 0
            pipeline_processing_seconds_bucket{stage="deduplicate",le="600.0"} {{round}}
            pipeline_processing_seconds_bucket{stage="deduplicate",le="+Inf"} {{round}}
            pipeline_processing_seconds_sum{stage="deduplicate"} {{round * 500}}
            pipeline_processing_seconds_count{stage="deduplicate"} {{round}}
            stackmill_stage_running{stage="still"} 1
            stackmill_stage_last_progress_timestamp_seconds{stage="still"} 1000
            stackmill_stage_records{stage="preprocess",outcome="in"} 100
            stackmill_stage_records{stage="preprocess",outcome="dropped"} {{dropped}}
            system_cpu_usage_percent 95
            system_memory_usage_percent 95
            system_disk_free_bytes {{free}}

            """));
        await stack.PushAsync("crafted", "explained", Typed("""
            pipeline_status{pipeline_name="explained"} -1
            stackmill_stage_running{stage="explained"} 1
            stackmill_stage_last_progress_timestamp_seconds{stage="explained"} 1000

            """));
        await stack.PushAsync("crafted", "well", Typed("""
            pipeline_status{pipeline_name="well"} 1
            stackmill_stage_running{stage="done"} 0
            stackmill_stage_last_progress_timestamp_seconds{stage="done"} 1000
            system_cpu_usage_percent 5
            system_memory_usage_percent 5
            system_disk_free_bytes 100000000000

            """));
    }

    // The gateway refuses a metric that has another type in another group.
    private static string Typed(string metrics)
    {
        var typed = new HashSet<string>(StringComparer.Ordinal);
        return string.Concat(metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            var name = line.Split('{', ' ')[0];
            return $"{(MetricCatalog.All.Any(m => m.Name == name && m.Kind == MetricKind.Gauge) && typed.Add(name) ? $"# TYPE {name} gauge\n" : "")}{line}\n";
        }));
    }

    private static List<(string Name, string Pipeline, string Stage, string Instance)> Heard(PrometheusStack stack) =>
        [.. stack.Hook.Requests.SelectMany(r => JsonNode.Parse(r.Text)!["alerts"]!.AsArray()).Where(a => (string?)a!["status"] == "firing").Select(a => a!["labels"]!)
            .Select(l => ((string)l["alertname"]!, (string?)l["pipeline_name"] ?? "", (string?)l["stage"] ?? "", (string?)l["instance"] ?? ""))];

    // Whether an alert fires depends on the machine; that its series are there does not.
    private static string AlwaysTold(string expression) => Comparison().Replace(expression, "");

    private static List<JsonNode> Dashboards() => [.. Directory.EnumerateFiles(Path.Combine(PrometheusStack.Shipped, "grafana", "dashboards"), "*.json").Select(f => JsonNode.Parse(File.ReadAllText(f))!)];

    private static List<(string Title, string Expression)> Panels()
    {
        var found = Dashboards().SelectMany(d => d["panels"]!.AsArray()).SelectMany(p => (p!["targets"]?.AsArray() ?? []).Select(t => ((string)p["title"]!, (string)t!["expr"]!))).ToList();
        Assert.True(found.Count > 50, $"only {found.Count} expressions of panels were seen");
        return found;
    }

    private static List<(string? Alert, string? Record, string Expression)> Rules()
    {
        var found = new List<(string?, string?, string)>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(PrometheusStack.Shipped, "prometheus", "rules"), "*.yml"))
        {
            foreach (Match rule in Rule().Matches(File.ReadAllText(file)))
            {
                var (kind, name) = (rule.Groups["kind"].Value, rule.Groups["name"].Value);
                found.Add((kind == "alert" ? name : null, kind == "record" ? name : null, Space().Replace(rule.Groups["expr"].Value.Trim(), " ")));
            }
        }

        Assert.Equal((9, 5), (found.Count(r => r.Item1 is not null), found.Count(r => r.Item2 is not null)));
        return found;
    }

    [GeneratedRegex(@"- (?<kind>alert|record): (?<name>\S+)\n\s+expr: (?:>-\n)?(?<expr>.*?)(?=\n\s+for:|\n\s+- |\n\n|\z)", RegexOptions.Singleline)]
    private static partial Regex Rule();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@" (?:>|<|==) -?[\d.]+(?= and |$)")]
    private static partial Regex Comparison();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(?:stage:|pipeline_|batch_|data_volume|system_|stackmill_|process_|push_time)[a-z0-9_:]*\b(?!=|!)(?!\s*,?\s*\w*\))|\b(?:stage:|pipeline_status|batch_|data_volume|system_|stackmill_|process_)[a-z0-9_:]+(?=\)|\[|\{|\s)")]
    private static partial Regex MetricName();
}
