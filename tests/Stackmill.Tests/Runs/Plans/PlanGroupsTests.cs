using NJsonSchema;
using Stackmill.Acquire.Contents;
using Stackmill.Catalog;
using Stackmill.Core.Engine;
using Stackmill.Datasets;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Search;
using Stackmill.Runs.Plans;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Runs.Plans;

public sealed class PlanGroupsTests
{
    [Fact]
    public async Task A_plan_is_valid_by_the_published_schema_and_is_read_as_it_was_written()
    {
        var schema = await JsonSchema.FromJsonAsync(PlanSchema.Text);
        foreach (var plan in new[] { Plan(Known(7), slots: 3), Plan([], slots: 0), Plan([], slots: 0, acquires: true), Plan(Known(0), slots: 0) })
        {
            Assert.Empty(schema.Validate(plan.ToJson()));
            using var folder = new TempFolder();
            plan.Write(folder["p"]);
            Assert.Equal(plan.ToJson(), RunPlan.Read(folder["p"]).ToJson());
        }

        Assert.NotEmpty(schema.Validate(Plan([], 0).ToJson().Replace("\"kind\": \"finish\"", "\"kind\": \"end\"", StringComparison.Ordinal)));
        Assert.NotEmpty(schema.Validate(Plan([], 0).ToJson().Replace("\"needs\"", "\"wants\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(7, 0, 7)]
    [InlineData(7, 3, 3)]
    [InlineData(7, 50, 7)]
    [InlineData(2500, 0, 1000)]
    [InlineData(2500, 2000, 2000)]
    [InlineData(0, 0, 1)]
    public void Tasks_divide_all_shards_and_no_shard_has_two(int shards, int slots, int expected)
    {
        var group = Plan(Known(shards), slots).Find("organize");
        Assert.Equal((expected, shards), (group.Count, group.Shards));
        Assert.Equal(Enumerable.Range(0, shards).Select(ShardWriter.PartName), group.Tasks.SelectMany(t => t.Shards!).Order(StringComparer.Ordinal));
        Assert.Equal(shards * 100L, group.Tasks.Sum(t => t.Bytes));
        Assert.All(group.Tasks, t => Assert.Equal($"organize/{t.Index:D5}", t.Id));
    }

    [Fact]
    public void Every_group_comes_after_those_that_it_needs_and_the_release_after_the_validation()
    {
        foreach (var acquires in new[] { false, true })
        {
            var (plan, seen) = (Plan([], 4, acquires), new HashSet<string>());
            foreach (var group in plan.Groups)
            {
                Assert.All(group.Needs, n => Assert.Contains(n, seen));
                Assert.True(seen.Add(group.Group));
                Assert.Equal(group.Count, group.Tasks.Count);
            }

            Assert.Contains("validate.finish", plan.Find("export").Needs);
            Assert.DoesNotContain("validate.finish", plan.Find("statistics").Needs);
            Assert.Equal(acquires, seen.Contains(ContentStage.Id));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("stages.deduplication=false")]
    [InlineData("containment.mode=drop,boilerplate.mode=report")]
    [InlineData("dedup.repositories=false")]
    public void The_steps_of_deduplication_are_those_that_the_options_promise(string set)
    {
        var (options, errors) = Stackmill.Shared.Configuration.ConfigurationBinder.ApplyOverrides(new StackmillOptions(), set.Split(',', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(errors);
        using var folder = new TempFolder();
        var input = TestDatasets.Make(folder["in"], [TestDatasets.Record("a.py", Source.Python(1)), TestDatasets.Record("b.py", Source.Python(2))]);
        var run = new DeduplicateRun(input, folder["out"], options.Deduplicate, TestRun.Context());
        var steps = run.Steps(new SearchFiles(folder["search"], run.Rows, run.Parameters, []));
        Assert.Equal(steps.Select(s => s.Name).Append(DeduplicateRun.Keep), DeduplicateRun.StepNames(options.Deduplicate).Select(s => s.Name));
        Assert.All(steps.Zip(DeduplicateRun.StepNames(options.Deduplicate)).Where(s => s.Second.IsOne), s => Assert.Single(s.First.Tasks));
    }

    [Fact]
    public void What_matters_to_the_result_is_compared_and_what_does_not_is_left()
    {
        var planned = new StackmillOptions();
        PlanConfiguration.RequireSame(planned, new StackmillOptions { Memory = 1 << 30, MaxWorkers = 7, Source = "elsewhere" });
        var fault = Assert.Throws<Stackmill.Core.Faults.UsageException>(() => PlanConfiguration.RequireSame(planned, new StackmillOptions { ShardSize = 1 << 20, MaxFileSizeMb = 3 }));
        Assert.Contains("max_file_size_mb is 3, planned 10, shard_size is 1048576, planned 16777216", fault.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, IReadOnlyList<WorkStep>> Known(int shards) =>
        new() { ["organize"] = [new WorkStep(WorkPart.Only, [.. Enumerable.Range(0, shards).Select(i => new ShardTask(i, ShardWriter.PartName(i), 100))])] };

    private static RunPlan Plan(Dictionary<string, IReadOnlyList<WorkStep>> known, int slots, bool acquires = false)
    {
        var options = new StackmillOptions();
        var stages = PlanStage.Of(options, acquires, isOne: false);
        return new RunPlan(
            RunPlan.CurrentSchema, "", RunPlan.CurrentProgram, "input", "", stages.ToDictionary(s => s.Id, s => s.Version), slots, PlanConfiguration.Write(options),
            new PlanGroups(slots, options.Memory, 1).Of(stages, known)).Sealed();
    }
}
