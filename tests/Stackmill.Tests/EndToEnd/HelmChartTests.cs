using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;
using Stackmill.Tests.Conventions;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>The chart, and what it makes of the values that a plan gives: the Jobs of the manifests.</summary>
public sealed partial class HelmChartTests(PlannedProject shared) : IClassFixture<PlannedProject>
{
    [Fact]
    public async Task The_chart_renders_the_Jobs_of_the_manifests_in_an_order_that_a_failed_validation_does_not_take_the_statistics_with_it()
    {
        // What may stand in a path, and means something to shells, YAML, templates or a cluster.
        var project = Path.Combine(shared.Folder("helm"), "it's \"q\" ü {{ x }} $(HOME) $$y");
        StackmillProgram.Run("plan", "--input", Samples.CorpusPath, "--output", project, "--set", "shard_size=64KiB", "--set", "languages=[Python, \"C++\"]", "--slots", "3000", "--memory", "1000MB", "--quiet").Expect(0);
        var common = new[] { "submit", "kubernetes", "--output", project, "--image", "registry.local/stackmill:0.1.0", "--volume", $"project:{shared.Folder("helm")}", "--volume", $"code:{Samples.CorpusPath}:ro", "--max-concurrent", "20", "--retries", "5", "--secret", "lake" };
        var plain = StackmillProgram.Run(common).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(f => f.EndsWith(".yaml", StringComparison.Ordinal)).SelectMany(f => YamlText.Documents(File.ReadAllText(f))).ToList();
        var file = StackmillProgram.Run([.. common, "--helm"]).Expect(0).Output.TrimEnd();
        Assert.Equal([file], Directory.GetFiles(Path.Combine(project, "plan", "kubernetes")));
        Assert.Empty(await Faults(Merged(File.ReadAllText(file))));

        var rendered = HelmChart.Render(file, "data");
        var made = rendered.Where(r => r.Key.EndsWith(".yaml", StringComparison.Ordinal)).SelectMany(r => YamlText.Documents(r.Value)).ToList();
        var jobs = made.Where(d => (string)d["kind"]! == "Job").ToList();
        Assert.Equal(18, jobs.Count);
        Assert.Contains(jobs, j => (int)j["spec"]!["completions"]! == 3000);
        for (var number = 0; number < jobs.Count; number++)
        {
            var metadata = jobs[number]["metadata"]!.AsObject();
            Assert.True(metadata.Remove("annotations", out var hook));
            Assert.Equal(("post-install,post-upgrade", $"{number}", "before-hook-creation"), ((string)hook!["helm.sh/hook"]!, (string)hook["helm.sh/hook-weight"]!, (string)hook["helm.sh/hook-delete-policy"]!));
            // With the number of a pod it is the name of a host.
            Assert.True($"{metadata["name"]}-99999".Length <= 63);
        }

        Assert.Equal(ByName(plain).Keys, ByName(made).Keys);
        foreach (var (name, document) in ByName(plain))
            Assert.True(JsonNode.DeepEquals(document, ByName(made)[name]), $"{name}:\n{document}\n{ByName(made)[name]}");
        Assert.Equal(project, ((string)jobs[0]["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]![3]!).Replace("$$", "$", StringComparison.Ordinal));

        var order = jobs.Select(j => (string)j["metadata"]!["labels"]!["stackmill/group"]!).ToList();
        Assert.True(order.IndexOf("statistics.finish") < order.IndexOf("validate"));
        var needs = JsonNode.Parse(File.ReadAllText(Path.Combine(project, "plan", "plan.json")))!["groups"]!.AsArray().ToDictionary(g => (string)g!["group"]!, g => g!["needs"]!.AsArray().Select(n => (string)n!).ToList());
        Assert.All(order, group => Assert.All(needs[group], need => Assert.True(order.IndexOf(need) < order.IndexOf(group), $"{group} before {need}")));
        Assert.Contains("18 groups of tasks", rendered["NOTES.txt"], StringComparison.Ordinal);
        Assert.Contains("--namespace data", rendered["NOTES.txt"], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_tasks_and_with_an_account_that_is_there_the_chart_has_neither_Jobs_nor_an_account()
    {
        using var folder = new TempFolder();
        var values = folder.Write("values.yaml", $$"""
            image: registry.local/stackmill:0.1.0
            plan: {id: "{{new string('1', 64)}}", program: "0.1.0"}
            output: /project
            configuration: "{}"
            serviceAccount: {create: false, name: mine}
            """);
        var rendered = HelmChart.Render(values, "data");
        Assert.Equal("ConfigMap", (string)Assert.Single(rendered.Where(r => r.Key.EndsWith(".yaml", StringComparison.Ordinal)).SelectMany(r => YamlText.Documents(r.Value)))["kind"]!);
        Assert.Contains("every task is done", rendered["NOTES.txt"], StringComparison.Ordinal);

        File.AppendAllText(values, """

            groups: [{group: organize, count: 2, cpu: 1, memory: 64Mi}]
            volumes: [{claim: project, path: /project, readOnly: false}]
            imagePullSecrets: [{name: registry}]
            nodeSelector: {disk: fast}
            tolerations: [{key: batch, operator: Exists}]
            """);
        var pod = Assert.Single(YamlText.Documents(HelmChart.Render(values, "data")["jobs.yaml"]))["spec"]!["template"]!["spec"]!;
        Assert.Equal(("mine", "registry", "fast", "batch"), ((string)pod["serviceAccountName"]!, (string)pod["imagePullSecrets"]![0]!["name"]!, (string)pod["nodeSelector"]!["disk"]!, (string)pod["tolerations"]![0]!["key"]!));
    }

    [Fact]
    public async Task Every_value_that_templates_use_has_a_default_a_schema_and_a_use()
    {
        var chart = HelmChart.Document("Chart.yaml");
        Assert.Equal(StackmillProgram.Run("--version").Expect(0).Output.TrimEnd(), (string)chart["appVersion"]!);
        var templates = Repository.Paths.Where(p => p.StartsWith(HelmChart.Path + "templates/", StringComparison.Ordinal)).Select(p => new RepositoryFile(p).Text).ToList();
        Assert.True(templates.Count >= 5, $"only {templates.Count} templates were seen");
        Assert.All(templates, t => Assert.Equal(t.Split("{{").Length, t.Split("}}").Length));
        var used = templates.SelectMany(t => Value().Matches(t)).Select(m => m.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Equal(used, HelmChart.Values.AsObject().Select(v => v.Key).Order(StringComparer.Ordinal));
        var schema = JsonNode.Parse(new RepositoryFile(HelmChart.Path + "values.schema.json").Text)!;
        // What Helm itself adds for charts within charts.
        Assert.Equal(used, schema["properties"]!.AsObject().Select(p => p.Key).Where(k => k != "global").Order(StringComparer.Ordinal));
        // Helm's expressions know no conditions on what stands before or behind.
        Assert.DoesNotContain("(?", schema.ToJsonString(), StringComparison.Ordinal);
        // The chart alone names no plan: it can't be installed without a file of values.
        Assert.NotEmpty(await Faults(HelmChart.Values));
    }

    [Theory]
    [InlineData("image", "\"stackmill:latest\"")]
    [InlineData("image", "\"stackmill\"")]
    [InlineData("user", "0")]
    [InlineData("parallelism", "10001")]
    [InlineData("retries", "-1")]
    [InlineData("output", "\"relative\"")]
    [InlineData("secret", "\"Upper_Case\"")]
    [InlineData("volumes", "[]")]
    [InlineData("groups", "[{\"group\": \"organize\", \"count\": 0, \"cpu\": 1, \"memory\": \"4Gi\"}]")]
    [InlineData("groups", "[{\"group\": \"organize\", \"count\": 1, \"cpu\": 1, \"memory\": \"4 GB\"}]")]
    [InlineData("typo", "1")]
    public async Task Values_that_a_cluster_would_refuse_or_that_mean_nothing_are_refused_by_the_schema(string name, string value)
    {
        var good = Merged($$"""
            image: registry.local:5000/stackmill:0.1.0
            plan: {id: "{{new string('a', 64)}}", program: "0.1.0"}
            output: /project
            configuration: "{}"
            groups: [{group: organize.finish, count: 1, cpu: 1, memory: 4400Mi}]
            volumes: [{claim: project, path: /project, readOnly: false}]
            """);
        Assert.Empty(await Faults(good));
        good[name] = JsonNode.Parse(value);
        Assert.NotEmpty(await Faults(good));
    }

    private static async Task<IEnumerable<string>> Faults(JsonNode values)
    {
        var schema = await JsonSchema.FromJsonAsync(new RepositoryFile(HelmChart.Path + "values.schema.json").Text);
        return schema.Validate(values.ToJsonString()).Select(f => f.ToString());
    }

    // As Helm lays a file of values over the chart's own.
    private static JsonNode Merged(string text)
    {
        var values = HelmChart.Values;
        foreach (var (name, value) in Assert.Single(YamlText.Documents(text)).AsObject())
            values[name] = value?.DeepClone();
        return values;
    }

    private static SortedDictionary<string, JsonNode> ByName(List<JsonNode> documents) =>
        new(documents.ToDictionary(d => $"{d["kind"]} {d["metadata"]!["name"]}"), StringComparer.Ordinal);

    [GeneratedRegex(@"\.Values\.(?<name>\w+)")]
    private static partial Regex Value();
}
