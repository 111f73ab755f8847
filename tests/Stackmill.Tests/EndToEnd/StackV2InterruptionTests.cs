using Stackmill.Datasets;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A world of many small files, an undisturbed run from it, and how many requests that took.</summary>
public sealed class StackV2LongRun : IAsyncLifetime
{
    internal StackV2World World { get; private set; } = null!;

    internal SortedDictionary<string, string> State { get; private set; } = null!;

    internal int HubRequests { get; private set; }

    internal int BlobRequests { get; private set; }

    public async ValueTask InitializeAsync()
    {
        World = await StackV2World.MakeAsync(files: 100, rowsPerFile: 10, new StackV2Form { RowsPerGroup = 5 });
        World.Program.With(Args(World["undisturbed"])).Expect(0);
        State = StackV2RunTests.StateOf(World["undisturbed"]);
        (HubRequests, BlobRequests) = (World.Hub.Requests.Count, World.Blobs.Attempts.Count);
    }

    internal string[] Args(string project) => World.Run(project, "--workers", "2", "--set", "contents.max_concurrency=8");

    public async ValueTask DisposeAsync() => await World.DisposeAsync();
}

/// <summary>A run from the Hub that is killed while it waits for a server, or works: the next one ends as if nothing had been.</summary>
public sealed class StackV2InterruptionTests(StackV2LongRun run) : IClassFixture<StackV2LongRun>
{
    private StackV2World World => run.World;

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.2)]
    [InlineData(0.45)]
    [InlineData(0.7)]
    [InlineData(0.95)]
    public void Killed_while_metadata_is_read_it_goes_on(double share)
    {
        var (project, last, seen, held) = (World[$"hub-{share}"], (int)(run.HubRequests * share), 0, 0);
        World.Hub.Faults.Holds = (_, _) => Interlocked.Increment(ref seen) > last && Interlocked.Increment(ref held) > 0;
        using (var running = World.Program.Start(run.Args(project)))
        {
            running.WaitUntil(() => held > 0, "a request that is held");
            Assert.True(running.Kill());
        }

        World.Hub.Faults.Holds = null;
        Assert.False(File.Exists(Path.Combine(ProjectLayout.Data(project, "raw"), Manifest.FileName)), "the stage was over: nothing was tested");
        World.Program.With(run.Args(project)).Expect(0);

        TreeState.AssertEqual(run.State, StackV2RunTests.StateOf(project));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0.95)]
    public void Killed_while_contents_are_fetched_it_goes_on_and_fetches_hardly_anything_twice(double share)
    {
        var (project, last, seen, held) = (World[$"blobs-{share}"], (int)(run.BlobRequests * share), 0, 0);
        var before = new Dictionary<string, int>(World.Blobs.Attempts);
        World.Blobs.Fault = (_, _) => Interlocked.Increment(ref seen) > last && Interlocked.Increment(ref held) > 0 ? BlobServerFault.Silence : BlobServerFault.None;
        using (var running = World.Program.Start(run.Args(project)))
        {
            running.WaitUntil(() => held > 0, "a request that is held");
            Assert.True(running.Kill());
        }

        World.Blobs.Fault = (_, _) => BlobServerFault.None;
        Assert.False(File.Exists(Path.Combine(ProjectLayout.Data(project, "contents"), Manifest.FileName)), "the stage was over: nothing was tested");
        World.Program.With(run.Args(project)).Expect(0);

        TreeState.AssertEqual(run.State, StackV2RunTests.StateOf(project));
        // Eight may have been on their way, answered or not.
        Assert.InRange(World.Blobs.Attempts.Count(blob => blob.Value - before.GetValueOrDefault(blob.Key) > 1), 0, 16);
    }

    [Theory]
    [InlineData("staged")]
    [InlineData("processed")]
    [InlineData("corpus")]
    public void Killed_in_a_later_stage_it_goes_on_and_asks_for_no_content(string dataset)
    {
        var (project, folder) = (World[$"killed-in-{dataset}"], "");
        folder = ProjectLayout.Data(project, dataset);
        using (var running = World.Program.Start(run.Args(project)))
        {
            running.WaitUntil(() => Directory.Exists(Path.Combine(folder, "_work")), $"work on {dataset}");
            Assert.True(running.Kill());
        }

        Assert.False(File.Exists(Path.Combine(folder, Manifest.FileName)), "the stage was over: nothing was tested");
        var requests = World.Blobs.Requests;
        World.Program.With(run.Args(project)).Expect(0);

        Assert.Equal(requests, World.Blobs.Requests);
        TreeState.AssertEqual(run.State, StackV2RunTests.StateOf(project));
    }
}
