using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A processed dataset of many shards, and what one process makes of it.</summary>
public sealed class ProcessedDataset : IDisposable
{
    private readonly TempFolder _folder = new();

    public ProcessedDataset()
    {
        GeneratedCorpus.Write(_folder["input"], files: 600, seed: 12);
        StackmillProgram.Run("organize", "--input", _folder["input"], "--output", _folder["staged"], "--set", "shard_size=64KiB").Expect(0);
        StackmillProgram.Run("preprocess", "--input", _folder["staged"], "--output", Input).Expect(0);
        StackmillProgram.Run("deduplicate", "--input", Input, "--output", _folder["alone"], "--workers", "1").Expect(0);
        Alone = TreeState.OfOutput(_folder["alone"]);
    }

    internal string Input => _folder["processed"];

    internal SortedDictionary<string, string> Alone { get; }

    internal string Folder(string name) => _folder[name];

    public void Dispose() => _folder.Dispose();
}

public sealed class DeduplicateTasksTests(ProcessedDataset dataset) : IClassFixture<ProcessedDataset>
{
    private string[] Args(string output, params string[] more) => ["deduplicate", "--input", dataset.Input, "--output", dataset.Folder(output), "--quiet", .. more];

    private JsonNode Plan(string output) => JsonNode.Parse(StackmillProgram.Run(Args(output, "--plan")).Expect(0).Output)!;

    [Fact]
    public void Processes_that_share_the_tasks_and_do_some_of_them_twice_make_what_one_makes_alone()
    {
        // Who watches changes no byte.
        string[] watched = ["--set", "lineage.enabled=true", "--set", $"lineage.folder={dataset.Folder("events")}", "--metrics-file", dataset.Folder("metrics.prom")];
        var plan = Plan("shared");
        var steps = plan["steps"]!.AsArray();
        Assert.Equal(["signatures", "repositories", "order", "buckets", "parts", "decisions", "keep", "publish"], steps.Select(s => (string)s!["step"]!));
        Assert.InRange(steps[0]!["tasks"]!.AsArray().Count, 4, 100);
        foreach (var step in steps.Take(steps.Count - 1))
        {
            var tasks = step!["tasks"]!.AsArray().Select(t => (string)t!).ToList();
            // Three processes at once: all of the step, its first task, its last one.
            var running = new[] { (string)step["step"]!, tasks[0], tasks[^1] }.Select(t => new StackmillProgram().Start(Args("shared", ["--task", t, .. watched]))).ToList();
            foreach (var process in running)
            {
                process.Wait().Expect(0);
                process.Dispose();
            }
        }

        StackmillProgram.Run(Args("shared", ["--task", "publish", .. watched])).Expect(0);
        Assert.Equal(dataset.Alone, TreeState.OfOutput(dataset.Folder("shared")));
        Assert.True(Directory.GetFiles(dataset.Folder("events")).Length > 0 && File.Exists(dataset.Folder("metrics.prom")));
        StackmillProgram.Run(Args("shared", "--task", "keep")).Expect(0);
        StackmillProgram.Run(Args("shared", "--task", "publish")).Expect(0);
        Assert.Equal(dataset.Alone, TreeState.OfOutput(dataset.Folder("shared")));
        Assert.True((bool)Plan("shared")["up_to_date"]!);
    }

    [Fact]
    public void A_task_before_its_time_of_another_plan_or_without_one_is_refused_and_leaves_what_is_there()
    {
        Assert.Contains("no tasks are planned", StackmillProgram.Run(Args("refused", "--task", "signatures")).Expect(2).Error, StringComparison.Ordinal);
        Plan("refused");
        Assert.Contains("step 'signatures' comes first", StackmillProgram.Run(Args("refused", "--task", "repositories")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("there is no step 'sort'; expected signatures, ", StackmillProgram.Run(Args("refused", "--task", "sort")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("there is no task 'signatures/999'", StackmillProgram.Run(Args("refused", "--task", "signatures/999")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("were planned for something else", StackmillProgram.Run(Args("refused", "--task", "signatures", "--set", "similarity_threshold=0.7")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("step 'keep' comes first", StackmillProgram.Run(Args("refused", "--task", "publish")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("expected one of them", StackmillProgram.Run(Args("refused", "--task", "keep", "--plan")).Expect(2).Error, StringComparison.Ordinal);

        // One process goes on where the tasks ended.
        StackmillProgram.Run(Args("refused", "--task", "signatures/0")).Expect(0);
        StackmillProgram.Run(Args("refused")).Expect(0);
        Assert.Equal(dataset.Alone, TreeState.OfOutput(dataset.Folder("refused")));
    }

    [Fact]
    public async Task A_task_that_was_killed_is_done_again_and_the_result_is_the_same()
    {
        var steps = Plan("killed")["steps"]!.AsArray().Select(s => (string)s!["step"]!).SkipLast(1).ToList();
        var random = new Random(5);
        var kills = 0;
        foreach (var step in steps)
        {
            for (var i = 0; i < 2; i++)
            {
                using var running = new StackmillProgram().Start(Args("killed", "--task", step, "--workers", "1"));
                await Task.Delay(random.Next(100, 700));
                kills += running.Kill() ? 1 : 0;
            }

            StackmillProgram.Run(Args("killed", "--task", step)).Expect(0);
        }

        Assert.True(kills >= 5, $"only {kills} tasks were killed before their end");
        StackmillProgram.Run(Args("killed", "--task", "publish")).Expect(0);
        Assert.Equal(dataset.Alone, TreeState.OfOutput(dataset.Folder("killed")));
    }

    [Fact]
    public void A_scratch_file_that_was_changed_meanwhile_is_made_again_or_told_of()
    {
        Plan("changed");
        foreach (var step in new[] { "signatures", "repositories", "order" })
            StackmillProgram.Run(Args("changed", "--task", step)).Expect(0);
        var ranks = Path.Combine(dataset.Folder("changed"), "_work", "search", "order", "ranks");
        File.Delete(ranks);
        Assert.Contains("step 'order' comes first", StackmillProgram.Run(Args("changed", "--task", "buckets")).Expect(2).Error, StringComparison.Ordinal);
        // The same length with other bytes, as a power cut may leave it.
        StackmillProgram.Run(Args("changed", "--task", "order")).Expect(0);
        File.WriteAllBytes(ranks, new byte[new FileInfo(ranks).Length]);
        StackmillProgram.Run(Args("changed")).Expect(0);
        Assert.Equal(dataset.Alone, TreeState.OfOutput(dataset.Folder("changed")));
    }

    [Fact]
    public void Little_memory_gives_the_same_bytes()
    {
        StackmillProgram.Run(Args("little", "--memory", "500MB", "--set", "filters.file_size.max_bytes=1MB")).Expect(0);
        Assert.Equal(dataset.Alone, TreeState.OfOutput(dataset.Folder("little")));
    }
}
