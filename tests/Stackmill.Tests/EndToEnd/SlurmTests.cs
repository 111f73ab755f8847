using System.Diagnostics;
using System.Text.Json.Nodes;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A plan on a real cluster of three nodes.</summary>
public sealed class SlurmTests(PlannedProject shared) : IClassFixture<PlannedProject>
{
    [Fact]
    public async Task A_cluster_makes_what_a_run_makes_and_a_task_that_failed_is_submitted_alone()
    {
        using var cluster = await SlurmCluster.StartAsync();
        shared.Plan("cluster", "--slots", "3", "--memory", "600MB");
        // Its shard can't be written: a folder lies where it belongs.
        var blocked = Directory.CreateDirectory(Path.Combine(shared.Folder("cluster"), shared.Alone.Keys.First(p => p.StartsWith("data/staged/python/part-", StringComparison.Ordinal)), "x"));
        var first = Submit(cluster, "cluster", "--attempts", "1", "--max-concurrent", "3");
        Assert.Equal(18, first.Count);
        Assert.Equal([], Submit(cluster, "cluster"));
        await cluster.UntilAsync(() => !cluster.IsBusy(), "the end of the jobs");

        // The groups behind it were taken out of the queue.
        var status = Status(cluster, "cluster");
        var open = Open(status);
        Assert.Equal(1, (int)status["groups"]![0]!["jobs"]!["failed"]!);
        Assert.Single(open["organize"]);
        Assert.Single(open["export.finish"]);
        blocked.Parent!.Delete(recursive: true);

        var again = Submit(cluster, "cluster");
        Assert.Equal("organize", (string)again[0]!["group"]!);
        Assert.Equal(open["organize"], again[0]!["tasks"]!.AsArray().Select(t => (int)t!));
        Assert.Equal(18, again.Count);
        await cluster.UntilAsync(() => !cluster.IsBusy(), "the end of the jobs");
        AssertDone(cluster, "cluster");
    }

    [Fact]
    public async Task Workers_nodes_and_the_controller_may_be_killed_at_any_moment()
    {
        using var cluster = await SlurmCluster.StartAsync();
        shared.Plan("kills", "--slots", "3", "--memory", "600MB");
        var random = new Random(31);
        var kills = 0;
        Submit(cluster, "kills");
        for (var round = 0; round < 24 || cluster.IsBusy(); round++)
        {
            Assert.True(round < 1_200, $"no end\n{cluster.Log()}");
            await Task.Delay(random.Next(300, 900));
            if (round < 24)
            {
                kills += KillWorker(shared.Folder("kills"));
                if (round % 8 == 3)
                {
                    cluster.Kill("slurmctld");
                    cluster.StartController();
                }

                if (round % 8 == 7)
                {
                    cluster.Kill("n1");
                    cluster.StartNode(1);
                }

                continue;
            }

            // What the kills have cost a job all its tries is submitted again.
            if (round % 20 == 0)
                Submit(cluster, "kills");
        }

        Assert.True(kills >= 5, $"only {kills} workers were killed");
        for (var i = 0; i < 5 && Open(Status(cluster, "kills")).Count > 0; i++)
        {
            Submit(cluster, "kills");
            await cluster.UntilAsync(() => !cluster.IsBusy(), "the end of the jobs");
        }

        AssertDone(cluster, "kills");
    }

    [Fact]
    public void Without_Slurm_or_a_plan_it_says_so_and_a_dry_run_needs_neither_cluster_nor_queue()
    {
        Assert.Contains("there is no plan in", StackmillProgram.Run("submit", "slurm", "--output", shared.Folder("none")).Expect(2).Error, StringComparison.Ordinal);
        shared.Plan("dry run's", "--slots", "2");
        var without = new StackmillProgram { Environment = new Dictionary<string, string> { ["PATH"] = shared.Folder("empty") } };
        Assert.Contains("there is no program 'sbatch' on the PATH", without.With("submit", "slurm", "--output", shared.Folder("dry run's")).Expect(2).Error, StringComparison.Ordinal);

        var calls = JsonNode.Parse(without.With("submit", "slurm", "--output", shared.Folder("dry run's"), "--dry-run", "--json", "--max-array", "1", "--max-concurrent", "7", "--sbatch=--account=lab").Expect(0).Output)!.AsArray();
        var preprocess = calls.Where(c => (string)c!["group"]! == "preprocess").Select(c => c!["sbatch"]!.AsArray().Select(a => (string)a!).ToList()).ToList();
        Assert.Equal(2, preprocess.Count);
        Assert.All(preprocess, a => Assert.Contains("--account=lab", a));
        Assert.All(preprocess, a => Assert.Contains("--array=0%7", a));
        Assert.All(preprocess, a => Assert.Contains("--dependency=afterok:JOB_organize.finish", a));
        Assert.Equal("1", preprocess[1][^1]);
        // Every script is one that a shell reads.
        Requires.Tool("bash");
        var scripts = Directory.EnumerateFiles(Path.Combine(shared.Folder("dry run's"), "plan", "slurm"), "*.sh").ToList();
        Assert.Equal(18, scripts.Count);
        foreach (var script in scripts)
        {
            using var bash = Process.Start("bash", ["-n", script]);
            bash.WaitForExit();
            Assert.Equal(0, bash.ExitCode);
        }
    }

    private JsonArray Submit(SlurmCluster cluster, string project, params string[] more)
    {
        // The controller may have been killed just now.
        for (var attempt = 0; ; attempt++)
        {
            var result = new StackmillProgram { Environment = cluster.Environment }.With(["submit", "slurm", "--output", shared.Folder(project), "--json", .. more]);
            if (result.ExitCode == 0 || attempt == 20)
                return JsonNode.Parse(result.Expect(0).Output)!.AsArray();
        }
    }

    private JsonNode Status(SlurmCluster cluster, string project) =>
        JsonNode.Parse(new StackmillProgram { Environment = cluster.Environment }.With("status", "--output", shared.Folder(project), "--cluster", "--json").Expect(0).Output)!;

    private static Dictionary<string, int[]> Open(JsonNode status) => status["groups"]!.AsArray()
        .Where(g => g!["open"]!.AsArray().Count > 0).ToDictionary(g => (string)g!["group"]!, g => g!["open"]!.AsArray().Select(t => (int)t!).ToArray());

    private void AssertDone(SlurmCluster cluster, string project)
    {
        var status = Status(cluster, project);
        Assert.True((bool)status["done"]!, $"{status}\n{cluster.Log()}\n{string.Join('\n', Directory.EnumerateFiles(Path.Combine(shared.Folder(project), "plan", "slurm", "logs")).Select(f => $"{Path.GetFileName(f)}: {File.ReadAllText(f)}"))}");
        TreeState.AssertEqual(shared.Alone, shared.Tree(project));
    }

    // One of the tasks of the project that run now; 0 when none does.
    private static int KillWorker(string project)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), out _)))
        {
            try
            {
                var words = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
                if (!words.Contains("task") || !words.Contains(project) || Path.GetFileNameWithoutExtension(words[0]) != "dotnet")
                    continue;
                using var process = Process.GetProcessById(int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture));
                process.Kill();
                return 1;
            }
            catch (Exception fault) when (fault is IOException or ArgumentException or InvalidOperationException)
            {
                // It has ended meanwhile.
            }
        }

        return 0;
    }
}
