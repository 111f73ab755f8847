using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>Tasks that would mix one run with another: each is refused with what was found and what to do, and nothing is written.</summary>
public sealed class RefusedTaskTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public RefusedTaskTests()
    {
        for (var i = 1; i <= 12; i++)
            _folder.Write($"input/{i}.py", Source.Python(i));
    }

    private string Project => _folder["project"];

    private string PlanFile => Path.Combine(Project, "plan", "plan.json");

    [Fact]
    public void Without_a_plan_or_out_of_turn_nothing_is_done()
    {
        Assert.Contains("there is no plan in", Task("organize").Expect(2).Error, StringComparison.Ordinal);
        Plan();
        Assert.Contains("'organize.finish' comes first: stage 'organize' is not finished for this plan", Task("preprocess").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("'organize' comes first: 1 of its 1 parts are not done", Task("organize.finish").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("the plan has no group 'sort'; expected organize, organize.finish, ", Task("sort").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("there is no task 'organize/7'; group 'organize' has 1: organize/00000.", Task("organize/7").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("there is no task 'organize/1'", Task("organize", "--index", "1").Expect(2).Error, StringComparison.Ordinal);
        foreach (var variable in new[] { "SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX" })
        {
            var scheduled = new StackmillProgram { Environment = new Dictionary<string, string> { [variable] = "3" } };
            Assert.Contains("there is no task 'organize/3'", scheduled.With("task", "organize", "--output", Project).Expect(2).Error, StringComparison.Ordinal);
        }

        Assert.Contains("--force is given", Task("organize", "--force").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_configuration_plan_or_program_is_refused_by_name()
    {
        var id = (string)Plan()["id"]!;
        Assert.Contains("the configuration is not the plan's: similarity_threshold is 0.7, planned 0.85", Task("organize", "--set", "similarity_threshold=0.7").Expect(2).Error, StringComparison.Ordinal);
        _folder.Write("other.yaml", "export:\n  format: jsonl\n");
        Assert.Contains("export.format is \"jsonl\", planned \"parquet\"", Task("organize", "--config", _folder["other.yaml"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("was planned again with another configuration, input or number of tasks", Task("organize", "--plan", "0123456789abcdef").Expect(2).Error, StringComparison.Ordinal);

        foreach (var tooShort in new[] { "", id[..7] })
            Assert.Contains($"--plan '{tooShort}': expected the id of a plan, or at least its first 8 characters", Task("organize", "--plan", tooShort).Expect(2).Error, StringComparison.Ordinal);

        var bytes = File.ReadAllText(PlanFile);
        File.WriteAllText(PlanFile, bytes.Replace("\"slots\": 0", "\"slots\": 5", StringComparison.Ordinal));
        Assert.Contains("was changed or damaged", Task("organize").Expect(2).Error, StringComparison.Ordinal);
        File.WriteAllText(PlanFile, bytes[..(bytes.Length / 2)]);
        Assert.Contains("is damaged", Task("organize").Expect(2).Error, StringComparison.Ordinal);
        File.WriteAllText(PlanFile, bytes.Replace("\"schema_version\": 1", "\"schema_version\": 2", StringComparison.Ordinal));
        Assert.Contains("has schema version 2; this program (", Task("organize").Expect(2).Error, StringComparison.Ordinal);
        File.WriteAllText(PlanFile, bytes);

        // Other threads, and the plan's own id, are no other configuration.
        Task("organize", "--workers", "1", "--plan", id[..12]).Expect(0);
        // Another number of tasks is another plan; what is done stays done.
        Assert.NotEqual(id, (string)Plan("--slots", "2")["id"]!);
        Assert.Contains("was planned again", Task("organize.finish", "--plan", id).Expect(2).Error, StringComparison.Ordinal);
        Task("organize.finish").Expect(0);
    }

    [Fact]
    public void An_input_or_dataset_that_changed_meanwhile_is_refused()
    {
        Plan();
        _folder.Write("input/13.py", Source.Python(13));
        Assert.Contains("were planned for something else", Task("organize").Expect(2).Error, StringComparison.Ordinal);
        Plan();
        Task("organize").Expect(0);
        Task("organize.finish").Expect(0);
        Task("preprocess").Expect(0);
        // Somebody makes the staged dataset of another input in between.
        _folder.Write("other/a.py", Source.Python(44));
        StackmillProgram.Run("organize", "--input", _folder["other"], "--output", Path.Combine(Project, "data", "staged")).Expect(0);
        Assert.Contains("is not the one that the plan's tasks made", Task("preprocess.finish").Expect(2).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Project, "data", "processed", "_manifest.json")));
    }

    [Fact]
    public void A_validation_that_fails_stops_the_release_and_not_the_statistics()
    {
        Plan();
        foreach (var group in new[] { "organize", "organize.finish", "preprocess", "preprocess.finish" })
            Task(group).Expect(0);
        var plan = JsonNode.Parse(File.ReadAllBytes(PlanFile))!;
        foreach (var group in plan["groups"]!.AsArray().Where(g => (string)g!["stage"]! == "deduplicate"))
            Task((string)group!["group"]!).Expect(0);
        // The corpus is damaged after it was made.
        File.Delete(Directory.EnumerateFiles(Path.Combine(Project, "data", "corpus", "python"), "*.parquet").First());
        Task("validate").Expect(0);
        for (var i = 0; i < 2; i++)
            Task("validate.finish").Expect(4);
        Assert.Contains("stage 'validate' found errors, so that 'export' is not made", Task("export").Expect(1).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Project, "data", "release")));
    }

    [Fact]
    public void A_secret_never_gets_into_a_plan()
    {
        var refused = StackmillProgram.Run("plan", "--input", _folder["input"], "--output", Project, "--set", "redaction.hash_key=0123456789abcdef0123", "--set", "redaction.style=hash").Expect(2);
        Assert.Contains("redaction.hash_key is set to the secret itself", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef0123", refused.All, StringComparison.Ordinal);
        refused = StackmillProgram.Run("plan", "--input", "https://ana:geheim@127.0.0.1:9/r.git", "--output", Project).Expect(2);
        Assert.Contains("holds a password", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", refused.All, StringComparison.Ordinal);
        Assert.Empty(Directory.Exists(Project) ? Directory.EnumerateFiles(Project, "plan.json", SearchOption.AllDirectories) : []);
    }

    public void Dispose() => _folder.Dispose();

    private JsonNode Plan(params string[] more) =>
        JsonNode.Parse(StackmillProgram.Run(["plan", "--input", _folder["input"], "--output", Project, "--json", "--quiet", .. more]).Expect(0).Output)!;

    private ProgramResult Task(string id, params string[] more) => StackmillProgram.Run(["task", id, "--output", Project, "--quiet", .. more]);
}
