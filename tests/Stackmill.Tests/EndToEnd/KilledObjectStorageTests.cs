using System.Text.Json.Nodes;
using Stackmill.Tests.Datasets.ObjectStorage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A plan in a bucket whose workers and whose server are killed while they work.</summary>
public sealed class KilledObjectStorageTests(CephServer ceph, PlannedProject shared) : IClassFixture<PlannedProject>
{
    // A scheduler tries a task again when it has failed; so often it would have given up.
    private const int Tries = 8;

    [Fact]
    public async Task Three_workers_and_their_server_that_are_killed_at_random_moments_make_what_a_run_makes()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        using var gateway = await ceph.NewGatewayAsync();
        string[] Set(string machine) => [.. ObjectStorageRunTests.Set(place, machine, endpoint: gateway.Address)];
        var plan = JsonNode.Parse(StackmillProgram.Run(
            ["plan", "--input", Samples.CorpusPath, "--output", place.Address("p"), "--set", "shard_size=64KiB", "--slots", "3", "--json", "--quiet", .. Set("planner")]).Expect(0).Output)!;
        var random = new Random(83);
        var (workersKilled, serversKilled, triedAgain) = (0, 0, 0);
        var number = 0;
        foreach (var group in plan["groups"]!.AsArray())
        {
            var tasks = group!["tasks"]!.AsArray().Select(t => (string)t!["id"]!).ToList();
            StackmillProgram.Running Start(string task) => new StackmillProgram().Start(["task", task, "--output", place.Address("p"), "--quiet", "--workers", "1", .. Set($"machine-{tasks.IndexOf(task)}")]);
            var running = tasks.ConvertAll(Start);
            await Task.Delay(random.Next(200, 900));
            workersKilled += running[random.Next(running.Count)].Kill() ? 1 : 0;
            if (number++ % 3 == 0)
            {
                gateway.Kill();
                serversKilled++;
                await Task.Delay(random.Next(100, 1500));
                await gateway.StartAsync();
            }

            for (var i = 0; i < tasks.Count; i++)
            {
                var ended = running[i].Wait();
                running[i].Dispose();
                for (var attempt = 1; ended.ExitCode != 0; attempt++)
                {
                    // Killed, or the server was away for longer than the program asks it again: nothing else may go wrong.
                    Assert.True(ended.ExitCode is 1 or 137, ended.All);
                    Assert.True(attempt < Tries, ended.All);
                    triedAgain++;
                    using var again = Start(tasks[i]);
                    ended = again.Wait();
                }
            }
        }

        Assert.True(workersKilled >= 6, $"only {workersKilled} workers were killed before their end");
        Assert.True(serversKilled >= 6 && triedAgain >= workersKilled, $"{serversKilled} servers, {triedAgain} tries");
        var copy = await ObjectStorageRunTests.DownloadAsync(place, "p", "copy");
        TreeState.AssertEqual(shared.Alone, TreeState.OfOutput(copy, path => !path.StartsWith("plan/", StringComparison.Ordinal)));
    }
}
