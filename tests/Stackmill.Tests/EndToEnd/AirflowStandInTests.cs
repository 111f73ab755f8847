using System.Text.Json.Nodes;
using Stackmill.Catalog;
using Stackmill.Runs.Plans;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>The DAG on a stand-in: Airflow itself is asked in <see cref="AirflowTests"/>, where it is installed.</summary>
public sealed class AirflowStandInTests(PlannedProject shared) : IClassFixture<PlannedProject>
{
    [Theory]
    [InlineData("2")]
    [InlineData("3")]
    public void On_a_stand_in_for_Airflow_the_DAG_of_the_seed_loads_with_retries_pools_limits_and_callbacks_for_every_task(string version)
    {
        var report = new AirflowStandIn("/srv/project") { Settings = { ["STACKMILL_POOL"] = "heavy", ["STACKMILL_SCHEDULE"] = "@daily", ["STACKMILL_TASK_HOURS"] = "7" } }.Report("--airflow", version);

        Assert.Equal(("data_pipeline_dag", "data-platform", "@daily", false), ((string)report["dag_id"]!, (string)report["owner"]!, (string)report["schedule"]!, (bool)report["catchup"]!));
        Assert.Equal(["input", "slots", "settings"], report["params"]!.AsObject().Select(p => p.Key));
        var tasks = report["tasks"]!.AsArray().ToDictionary(t => (string)t!["id"]!, t => t!);
        Assert.True(tasks.Count > 40, $"only {tasks.Count} tasks");
        Assert.All(tasks.Values, t => Assert.Equal(("heavy", "none_failed", 3, true, 7.0, true), ((string)t["pool"]!, (string)t["trigger_rule"]!, (int)t["retries"]!, (bool)t["backoff"]!, (double)t["hours"]!, (bool)t["fails_loudly"]!)));
        Assert.All(tasks.Values.Where(t => (bool)t["mapped"]!), t => Assert.Equal(("BashOperator", 16), ((string)t["base"]!, (int)t["parallel"]!)));
        Assert.Equal("file:///srv/project/data/release", (string)Assert.Single(tasks["export.finish"]["outlets"]!.AsArray())!);
        // What the validation finds stops the release, and not the statistics.
        Assert.Contains("validation.finish", Before(tasks, "export.shards"));
        Assert.DoesNotContain("validation.finish", Before(tasks, "statistics.finish"));
        Assert.Contains("deduplication.finish", Before(tasks, "statistics.shards"));
    }

    [Fact]
    public void On_a_stand_in_for_Airflow_the_DAG_knows_every_group_that_a_plan_can_have_and_its_order()
    {
        var (options, errors) = Stackmill.Shared.Configuration.ConfigurationBinder.ApplyOverrides(
            new StackmillOptions(), ["dedup.against=[elsewhere]", "containment.mode=drop", "boilerplate.mode=remove"]);
        Assert.Empty(errors);
        var planned = new PlanGroups(3, 1_000, 1).Of(PlanStage.Of(options, acquires: true, isOne: false), new Dictionary<string, IReadOnlyList<Stackmill.Datasets.WorkStep>>());
        var stages = new AirflowStandIn("/srv/project").Report()["stages"]!.AsArray().Select(s => s!).ToList();

        Assert.Equal(planned.Select(g => g.Group), stages.SelectMany(s => s["groups"]!.AsArray()).Select(g => (string)g!));
        var stageOf = planned.ToDictionary(g => g.Group, g => stages.First(s => s["groups"]!.AsArray().Any(n => (string)n! == g.Group)));
        foreach (var group in planned)
        {
            foreach (var need in group.Needs.Where(n => stageOf[n] != stageOf[group.Group]))
                Assert.Contains((string)stageOf[need]["name"]!, Above(stages, stageOf[group.Group]));
        }
    }

    [Fact]
    public void On_a_stand_in_for_Airflow_a_run_maps_over_the_plan_makes_what_a_run_makes_and_pushes_what_it_did()
    {
        var repo = Repo("bash");
        // Two tasks at most are mapped over: the third one of a group goes with another.
        var airflow = new AirflowStandIn(repo) { Settings = { ["STACKMILL_MAP_LENGTH"] = "2" } };
        var report = airflow.Report("--gateway", "up", "--run", Parameters(Samples.CorpusPath, 3));

        Assert.True((string)report["state"]! == "success", airflow.Error);
        Assert.Empty(report["callback_errors"]!.AsArray());
        Assert.Equal(2, report["states"]!["preprocessing.shards"]!.AsArray().Count);
        Assert.Equal("skipped", (string)report["states"]!["acquisition.contents"]![0]!);
        TreeState.AssertEqual(shared.Alone, Tree(repo));
        Assert.Equal(6, report["outlets_made"]!.AsArray().Count);

        var pushes = report["pushes"]!.AsArray().Select(p => (Path: (string)p!["path"]!, Body: (string)p["body"]!, Key: (string)p["authorization"]!)).ToList();
        Assert.All(pushes, p => Assert.Equal("Basic " + Convert.ToBase64String("pusher:secret!word"u8), p.Key));
        Assert.DoesNotContain("secret", airflow.Error, StringComparison.Ordinal);
        Assert.Contains("pipeline_status{pipeline_name=\"data_pipeline_dag\"} 1\n", pushes[0].Body, StringComparison.Ordinal);
        Assert.Contains("pipeline_status{pipeline_name=\"data_pipeline_dag\"} 0\n", pushes[^1].Body, StringComparison.Ordinal);
        foreach (var (stage, dataset) in new[] { ("organize", "staged"), ("preprocessing", "processed"), ("deduplication", "corpus"), ("export", "release") })
        {
            var books = JsonNode.Parse(File.ReadAllBytes(Path.Combine(repo, "data", dataset, "_manifest.json")))!["books"]!;
            var push = pushes.Last(p => p.Path == $"/base/metrics/job/airflow_pipeline/stage/{stage}").Body;
            Assert.Contains($"batch_records_processed{{stage=\"{stage}\"}} {books["in"]}\n", push, StringComparison.Ordinal);
            Assert.Contains($"batch_bytes_processed{{stage=\"{stage}\"}} {books["bytes_in"]}\n", push, StringComparison.Ordinal);
            Assert.Contains($"batch_status{{stage=\"{stage}\"}} 0\n", push, StringComparison.Ordinal);
            Assert.Matches($"batch_duration_seconds\\{{stage=\"{stage}\"\\}} 0*[1-9.]", push);
        }

        Assert.Equal(2, pushes.Count(p => p.Body.Contains("} 159\n", StringComparison.Ordinal) && (p.Path.EndsWith("validation", StringComparison.Ordinal) || p.Path.EndsWith("statistics", StringComparison.Ordinal))));
    }

    [Fact]
    public void On_a_stand_in_for_Airflow_containers_get_the_same_tasks_and_a_gateway_that_is_down_stops_nothing()
    {
        var repo = Repo("docker");
        var airflow = new AirflowStandIn(repo) { Settings = { ["STACKMILL_OPERATOR"] = "docker", ["STACKMILL_IMAGE"] = "stackmill:0.1.0", ["AWS_ACCESS_KEY_ID"] = "key-of-a-test" } };
        var report = airflow.Report("--airflow", "2", "--gateway", "down", "--run", Parameters(Samples.CorpusPath, 1));

        Assert.True((string)report["state"]! == "success", airflow.Error);
        Assert.Empty(report["callback_errors"]!.AsArray());
        TreeState.AssertEqual(shared.Alone, Tree(repo));
        Assert.Contains("could not be pushed: URLError", airflow.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", airflow.Error, StringComparison.Ordinal);
        var task = report["tasks"]!.AsArray().First(t => (string)t!["id"]! == "organize.shards")!;
        Assert.Equal("DockerOperator", (string)task["base"]!);
        Assert.Equal("1654:1654", (string)task["options"]!["user"]!);
        Assert.Equal(repo, (string)task["options"]!["mounts"]![0]!["target"]!);
        // Credentials are handed on where nobody sees them.
        Assert.DoesNotContain("key-of-a-test", report.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_stand_in_for_Airflow_a_killed_task_is_tried_again_and_a_failed_validation_stops_the_release_only()
    {
        using var folder = new TempFolder();
        folder.Write("input/good.py", Source.Python(1));
        folder.Write("input/other.py", Source.Python(2));
        var repo = Directory.CreateDirectory(folder["repo"]).FullName;
        // The first task is killed twice, as by a system without memory; before the validation the books of the corpus are forged.
        var command = folder.Write("command.sh", $$"""
            if [ "$1" = plan ] && [ ! -e '{{folder["second"]}}' ]; then
              if [ -e '{{folder["first"]}}' ]; then touch '{{folder["second"]}}'; else touch '{{folder["first"]}}'; fi
              kill -9 $$
            fi
            if [ "$2" = validate ]; then sed -i 's/"kept": 2/"kept": 7/' '{{repo}}/data/corpus/_manifest.json'; fi
            exec {{AirflowStandIn.Command}} "$@"

            """);
        var airflow = new AirflowStandIn(repo) { Settings = { ["STACKMILL_COMMAND"] = $"bash '{command}'" } };
        var report = airflow.Report("--gateway", "up", "--run", Parameters(folder["input"], 1, "similarity_threshold=0.9"));

        Assert.True((string)report["state"]! == "failed", airflow.Error);
        var states = report["states"]!;
        Assert.Equal(("success", "failed", "upstream_failed"), ((string)states["plan.write"]![0]!, (string)states["validation.finish"]![0]!, (string)states["export.finish"]![0]!));
        Assert.Equal("success", (string)states["statistics.finish"]![0]!);
        Assert.False(Directory.Exists(Path.Combine(repo, "data", "release")));
        // Each pause is twice the one before; what another try can't change is not tried.
        Assert.Equal(["plan.write"], report["delays"]!.AsObject().Select(d => d.Key));
        Assert.Equal([30.0, 60.0], report["delays"]!["plan.write"]!.AsArray().Select(d => (double)d!));

        var pushes = report["pushes"]!.AsArray().Select(p => (string)p!["body"]!).ToList();
        Assert.Contains(pushes, p => p.Contains("pipeline_errors_total{stage=\"plan\",error_type=\"killed\"} 2\n", StringComparison.Ordinal));
        var failed = Assert.Single(pushes, p => p.Contains("error_type=\"validation\"", StringComparison.Ordinal));
        Assert.Contains("batch_status{stage=\"validation\"} -1\n", failed, StringComparison.Ordinal);
        Assert.Contains("pipeline_errors_total{stage=\"validation\",error_type=\"validation\"} 1\n", failed, StringComparison.Ordinal);
        // A failure is not a success of no records.
        Assert.DoesNotContain("batch_records_processed", failed, StringComparison.Ordinal);
        Assert.Contains("} -1\n", pushes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_stand_in_for_Airflow_a_pod_that_is_refused_is_not_tried_again()
    {
        using var folder = new TempFolder();
        var airflow = new AirflowStandIn(folder.Path) { Settings = { ["STACKMILL_OPERATOR"] = "kubernetes", ["STACKMILL_IMAGE"] = "stackmill:0.1.0", ["STACKMILL_POD_TEMPLATE"] = "/etc/stackmill/pod-template.yaml" } };
        var report = airflow.Report("--gateway", "up", "--run", Parameters(folder["not there"], 1));

        Assert.Equal("failed", (string)report["states"]!["plan.write"]![0]!);
        Assert.Empty(report["delays"]!.AsObject());
        Assert.Contains(report["pushes"]!.AsArray(), p => ((string)p!["body"]!).Contains("error_type=\"refused\"", StringComparison.Ordinal));
        Assert.All(report["states"]!.AsObject().Where(s => s.Key.EndsWith(".finish", StringComparison.Ordinal)), s => Assert.Equal("upstream_failed", (string)s.Value![0]!));
    }

    [Theory]
    [InlineData("AIRFLOW_REPO_DIR", "project", "AIRFLOW_REPO_DIR is 'project'; expected the absolute path")]
    [InlineData("STACKMILL_OPERATOR", "ssh", "STACKMILL_OPERATOR is 'ssh'; expected one of bash, docker, kubernetes")]
    [InlineData("STACKMILL_OPERATOR", "docker", "STACKMILL_IMAGE is not set")]
    [InlineData("STACKMILL_RETRIES", "many", "STACKMILL_RETRIES is 'many'; expected a whole number from 0 to 100")]
    public void On_a_stand_in_for_Airflow_a_wrong_setting_is_an_import_error_that_says_what_is_expected(string name, string value, string message) =>
        Assert.Contains(message, new AirflowStandIn("/srv/project") { Settings = { [name] = value } }.Refusal(), StringComparison.Ordinal);

    private static string Parameters(string input, int slots, params string[] settings) =>
        new JsonObject { ["input"] = input, ["slots"] = slots, ["settings"] = new JsonArray([.. settings.Select(s => (JsonNode)s)]) }.ToJsonString();

    private string Repo(string name)
    {
        var repo = Directory.CreateDirectory(shared.Folder(name)).FullName;
        File.WriteAllText(Path.Combine(repo, "stackmill.yaml"), "shard_size: 64KiB\n");
        return repo;
    }

    private static SortedDictionary<string, string> Tree(string repo) => TreeState.OfOutput(repo, p => p != "stackmill.yaml" && !p.StartsWith("plan/", StringComparison.Ordinal));

    private static HashSet<string> Before(Dictionary<string, JsonNode> tasks, string task)
    {
        var before = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([task]);
        while (open.TryPop(out var next))
        {
            foreach (var upstream in tasks[next]["upstream"]!.AsArray().Select(u => (string)u!).Where(before.Add))
                open.Push(upstream);
        }

        return before;
    }

    private static HashSet<string> Above(List<JsonNode> stages, JsonNode stage)
    {
        var above = stage["needs"]!.AsArray().Select(n => (string)n!).ToHashSet(StringComparer.Ordinal);
        foreach (var need in above.ToList())
            above.UnionWith(Above(stages, stages.First(s => (string)s["name"]! == need)));
        return above;
    }
}
