using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

public sealed class PlannedRunTests(PlannedProject shared) : IClassFixture<PlannedProject>
{
    [Fact]
    public void Processes_that_divide_every_group_and_do_tasks_twice_at_once_make_what_a_run_makes()
    {
        var groups = shared.Plan("divided", "--slots", "3");
        Assert.Equal(
            ["organize", "organize.finish", "preprocess", "preprocess.finish", "deduplicate.signatures", "deduplicate.repositories", "deduplicate.order", "deduplicate.buckets", "deduplicate.parts",
             "deduplicate.decisions", "deduplicate.keep", "deduplicate.finish", "validate", "validate.finish", "statistics", "statistics.finish", "export", "export.finish"],
            groups.Select(g => (string)g["group"]!));
        foreach (var group in groups)
        {
            var tasks = group["tasks"]!.AsArray().Select(t => (string)t!["id"]!).ToList();
            Assert.Equal((int)group["count"]!, tasks.Count);
            // The last one twice.
            Together(tasks.Append(tasks[^1]).Select(t => shared.TaskArgs("divided", t)));
        }

        TreeState.AssertEqual(shared.Alone, shared.Tree("divided"));
        // Done again after the end: nothing changes.
        var before = TreeState.Exact(shared.Folder("divided"), path => !path.StartsWith("logs/", StringComparison.Ordinal));
        foreach (var task in new[] { "organize/00001", "deduplicate.order", "deduplicate.finish", "validate.finish", "export/00002" })
            Assert.True((bool)JsonNode.Parse(StackmillProgram.Run(shared.TaskArgs("divided", task, "--json")).Expect(0).Output)!["was_done"]!);
        TreeState.AssertEqual(before, TreeState.Exact(shared.Folder("divided"), path => !path.StartsWith("logs/", StringComparison.Ordinal)));
        StackmillProgram.Run(shared.RunArgs("divided")).Expect(0);
        TreeState.AssertEqual(shared.Alone, shared.Tree("divided"));
    }

    [Fact]
    public async Task Three_processes_of_which_one_is_killed_again_and_again_make_what_a_run_makes()
    {
        var random = new Random(77);
        var kills = 0;
        foreach (var group in shared.Plan("killed", "--slots", "3"))
        {
            var running = group["tasks"]!.AsArray().Select(t => new StackmillProgram().Start(shared.TaskArgs("killed", (string)t!["id"]!, "--workers", "1"))).ToList();
            await Task.Delay(random.Next(150, 500));
            kills += running[^1].Kill() ? 1 : 0;
            StackmillProgram.Run(shared.TaskArgs("killed", (string)group["tasks"]!.AsArray()[^1]!["id"]!)).Expect(0);
            foreach (var process in running.SkipLast(1))
                process.Wait().Expect(0);
            running.ForEach(p => p.Dispose());
        }

        Assert.True(kills >= 9, $"only {kills} tasks were killed before their end");
        TreeState.AssertEqual(shared.Alone, shared.Tree("killed"));
    }

    [Fact]
    public void What_tasks_have_begun_a_run_ends_and_the_other_way_round()
    {
        shared.Plan("mixed", "--slots", "2");
        foreach (var task in new[] { "organize", "organize.finish", "preprocess/00001" })
            StackmillProgram.Run(shared.TaskArgs("mixed", task)).Expect(0);
        StackmillProgram.Run(shared.RunArgs("mixed")).Expect(0);
        TreeState.AssertEqual(shared.Alone, shared.Tree("mixed"));

        // A release that is gone is made again by the tasks of a plan that finds the rest done, and then knows the shards.
        Directory.Delete(Path.Combine(shared.Folder("mixed"), "data", "release"), recursive: true);
        var groups = shared.Plan("mixed", "--slots", "0");
        var export = groups.First(g => (string)g["group"]! == "export");
        Assert.Equal((int)export["shards"]!, (int)export["count"]!);
        Assert.True(StackmillProgram.Run(shared.TaskArgs("mixed", "validate", "--json")).Expect(0).Output.Contains("\"was_done\": true", StringComparison.Ordinal));
        Together(export["tasks"]!.AsArray().Take(3).Select(t => shared.TaskArgs("mixed", (string)t!["id"]!)));
        StackmillProgram.Run(shared.TaskArgs("mixed", "export")).Expect(0);
        StackmillProgram.Run(shared.TaskArgs("mixed", "export.finish")).Expect(0);
        TreeState.AssertEqual(shared.Alone, shared.Tree("mixed"));
    }

    [Fact]
    public void A_shard_that_is_gone_from_under_its_marker_is_told_of_and_made_again()
    {
        shared.Plan("gone");
        StackmillProgram.Run(shared.TaskArgs("gone", "organize")).Expect(0);
        var staged = Path.Combine(shared.Folder("gone"), "data", "staged");
        File.Delete(Directory.EnumerateFiles(Path.Combine(staged, "python"), "part-*.parquet").First());
        // Cut, as a power failure leaves it.
        var marker = Directory.EnumerateFiles(Path.Combine(staged, "_work", "done"), "*.json").Last();
        File.WriteAllBytes(marker, File.ReadAllBytes(marker)[..20]);

        var told = StackmillProgram.Run("task", "organize.finish", "--output", shared.Folder("gone")).Expect(2);
        Assert.Contains("'organize' comes first: 2 of its ", told.Error, StringComparison.Ordinal);
        Assert.Contains("is missing or has other bytes; the shard is done again", told.Error, StringComparison.Ordinal);
        Assert.Contains("is unreadable; the shard is done again", told.Error, StringComparison.Ordinal);

        StackmillProgram.Run(shared.TaskArgs("gone", "organize")).Expect(0);
        StackmillProgram.Run(shared.TaskArgs("gone", "organize.finish")).Expect(0);
        StackmillProgram.Run(shared.RunArgs("gone")).Expect(0);
        TreeState.AssertEqual(shared.Alone, shared.Tree("gone"));
    }

    private static void Together(IEnumerable<string[]> commands)
    {
        var running = commands.Select(c => new StackmillProgram().Start(c)).ToList();
        foreach (var process in running)
        {
            process.Wait().Expect(0);
            process.Dispose();
        }
    }
}
