using System.Diagnostics;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A larger generated corpus with many shards, one undisturbed run, and how long that took.</summary>
public sealed class LongRun : IDisposable
{
    private readonly TempFolder _folder = new();

    public LongRun()
    {
        GeneratedCorpus.Write(Input, files: 1_200, seed: 99);
        var clock = Stopwatch.StartNew();
        StackmillProgram.Run(Args(_folder["undisturbed"])).Expect(0);
        Duration = clock.Elapsed;
        State = TreeState.OfOutput(_folder["undisturbed"]);
    }

    internal string Input => _folder["input"];

    internal TimeSpan Duration { get; }

    internal SortedDictionary<string, string> State { get; }

    internal string Folder(string name) => _folder[name];

    internal string[] Args(string project) => ["run", "--input", Input, "--output", project, "--workers", "2", "--set", "shard_size=64KiB"];

    public void Dispose() => _folder.Dispose();
}

public sealed class InterruptionTests(LongRun run) : IClassFixture<LongRun>
{
    [Fact]
    public async Task Killed_at_ten_random_moments_a_run_ends_as_if_undisturbed()
    {
        var random = new Random(4711);
        var project = run.Folder("killed");
        var kills = 0;
        for (var i = 0; i < 10; i++)
        {
            // Every run goes on where the last was killed, so that later ones meet later stages.
            using var running = new StackmillProgram().Start(run.Args(project));
            await Task.Delay(TimeSpan.FromMilliseconds(run.Duration.TotalMilliseconds * (0.05 + (0.55 * random.NextDouble()))));
            kills += running.Kill() ? 1 : 0;
            AssertPublishedShardsAreWhole(project);
            if (File.Exists(Path.Combine(project, "data", "release", Manifest.FileName)))
            {
                // Done before its time, but for what it clears away at the very end; the next kills meet another beginning.
                StackmillProgram.Run(run.Args(project)).Expect(0);
                AssertIsUndisturbed(project);
                Directory.Delete(project, recursive: true);
            }
        }

        Assert.True(kills >= 5, $"only {kills} of 10 runs were killed before their end");
        StackmillProgram.Run(run.Args(project)).Expect(0);
        AssertIsUndisturbed(project);
    }

    [Theory]
    [InlineData("staged")]
    [InlineData("processed")]
    [InlineData("corpus")]
    [InlineData("release")]
    public void Killed_in_any_stage_a_run_is_gone_on_with(string dataset)
    {
        var project = run.Folder($"killed-in-{dataset}");
        var folder = ProjectLayout.Data(project, dataset);
        using (var running = new StackmillProgram().Start(run.Args(project)))
        {
            running.WaitUntil(() => HasSome(folder, 2), $"two done shards of {dataset}");
            Assert.True(running.Kill());
        }

        Assert.False(File.Exists(Path.Combine(folder, Manifest.FileName)), "the stage was over: nothing was tested");
        var again = StackmillProgram.Run(run.Args(project)).Expect(0);

        Assert.Contains("going on after", again.Error, StringComparison.Ordinal);
        AssertIsUndisturbed(project);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void Interrupted_by_a_signal_a_run_ends_with_130_and_is_gone_on_with(string signal)
    {
        Requires.Unix();
        Requires.Tool("kill");
        var project = run.Folder($"signal-{signal}");
        ProgramResult interrupted;
        using (var running = new StackmillProgram().Start(run.Args(project)))
        {
            running.WaitUntil(() => HasSome(ProjectLayout.Data(project, "processed"), 1), "a done shard");
            running.Signal(signal);
            interrupted = running.Wait();
        }

        interrupted.Expect(130);
        Assert.Contains("interrupted", interrupted.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", interrupted.All, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(project, "*.tmp", SearchOption.AllDirectories), _ => true);

        StackmillProgram.Run(run.Args(project)).Expect(0);
        AssertIsUndisturbed(project);
    }

    [Fact]
    public void A_second_run_on_the_same_output_is_refused_and_does_no_harm()
    {
        var project = run.Folder("shared");
        using var first = new StackmillProgram().Start(run.Args(project));
        first.WaitUntil(() => HasSome(ProjectLayout.Data(project, "staged"), 1), "a done shard");

        var second = StackmillProgram.Run(run.Args(project)).Expect(1);

        Assert.Contains("another Stackmill run is writing", second.Error, StringComparison.Ordinal);
        Assert.Contains(project, second.Error, StringComparison.Ordinal);
        first.Wait().Expect(0);
        AssertIsUndisturbed(project);
    }

    private static bool HasSome(string dataset, int markers)
    {
        var done = Path.Combine(dataset, "_work", "done");
        try
        {
            return Directory.Exists(done) && Directory.EnumerateFiles(done, "*.json").Take(markers).Count() == markers;
        }
        catch (DirectoryNotFoundException)
        {
            // The stage ended between the two looks.
            return false;
        }
    }

    // A name without .tmp stands for a whole file at any moment: it opens as Parquet.
    private static void AssertPublishedShardsAreWhole(string project)
    {
        if (!Directory.Exists(Path.Combine(project, "data")))
            return;
        foreach (var shard in Directory.EnumerateFiles(Path.Combine(project, "data"), "part-*.parquet", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(shard);
            Assert.True(bytes.AsSpan().StartsWith("PAR1"u8) && bytes.AsSpan().EndsWith("PAR1"u8), shard);
        }
    }

    private void AssertIsUndisturbed(string project)
    {
        TreeState.AssertEqual(run.State, TreeState.OfOutput(project));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(project, "*", SearchOption.AllDirectories), path =>
            path.EndsWith(".tmp", StringComparison.Ordinal) || path.EndsWith("_work", StringComparison.Ordinal) || path.EndsWith(".scratch", StringComparison.Ordinal));
    }
}
