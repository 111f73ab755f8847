using System.Text.Json.Nodes;
using Stackmill.Datasets;
using Stackmill.Tests.Datasets.ObjectStorage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A plan in a bucket of a real server, divided among machines that share nothing else.</summary>
public sealed class PlannedObjectStorageTests(CephServer ceph, PlannedProject shared) : IClassFixture<PlannedProject>
{
    // Who watches changes no byte.
    private static readonly string[] Watched = ["--set", "lineage.enabled=true", "--set", "notifications.webhook.url_variable=HOOK"];

    [Fact]
    public async Task Machines_that_share_nothing_but_a_bucket_make_what_a_run_makes()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var plan = JsonNode.Parse(ObjectStorageRunTests.Run(place, "planner", ["plan", "--input", Samples.CorpusPath, "--output", place.Address("p"), "--set", "shard_size=64KiB", "--slots", "3", "--json", "--quiet", .. Watched]).Expect(0).Output)!;
        await using var hook = await RecordingServer.StartAsync();
        var number = 0;
        foreach (var group in plan["groups"]!.AsArray())
        {
            // Another machine each time, so that none has already what it needs; the first task on two at once.
            var running = group!["tasks"]!.AsArray().Select(t => (string)t!["id"]!).Append((string)group["tasks"]![0]!["id"]!)
                .Select((id, i) => new StackmillProgram { Environment = new Dictionary<string, string> { ["HOOK"] = hook.Address } }
                    .Start(["task", id, "--output", place.Address("p"), "--quiet", .. Watched, .. ObjectStorageRunTests.Set(place, $"machine-{(number + i) % 5}")])).ToList();
            number++;
            foreach (var process in running)
            {
                process.Wait().Expect(0);
                process.Dispose();
            }
        }

        var copy = await ObjectStorageRunTests.DownloadAsync(place, "p", "copy");
        TreeState.AssertEqual(shared.Alone, TreeState.OfOutput(copy, path => !path.StartsWith("plan/", StringComparison.Ordinal)));
        foreach (var name in (string[])["staged", "processed", "corpus", "release"])
            Assert.EndsWith(Manifest.FileName, place.Proxy.Seen.Last(r => r.Method == "PUT" && r.Key.Contains($"/data/{name}/", StringComparison.Ordinal) && !r.Key.Contains("/_work/", StringComparison.Ordinal)).Key, StringComparison.Ordinal);
    }
}
