using Amazon.S3.Model;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Datasets.ObjectStorage;

public sealed class ObjectPublicationTests(CephServer ceph)
{
    [Fact]
    public async Task A_dataset_comes_back_equal_on_another_machine_and_a_second_publication_sends_nothing()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        using var one = place.Machine("one");
        var output = one.Output(place.Address("out"));
        var made = MakeDataset(Path.Combine(output.LocalPath, "data", "corpus"), 8);
        File.WriteAllText(Path.Combine(output.LocalPath, "report.json"), "{}");
        var result = output.Publish();
        Assert.True(result.Files >= made.Manifest.Shards.Count + 2);
        Assert.True(result.Bytes > 0);
        Assert.Equal(0, output.Publish().Files);

        var copy = place.Machine("two").Input(place.Address("out"));
        var there = Manifest.Read(Path.Combine(copy, "data", "corpus"))!;
        Assert.Equal(made.Manifest.RootHash, there.RootHash);
        TreeState.AssertEqual(TreeState.OfOutput(output.LocalPath), TreeState.OfOutput(copy));
    }

    [Fact]
    public async Task The_manifest_goes_first_and_comes_back_last_and_only_files_of_the_dataset_are_removed()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        using (var paths = place.Machine())
        {
            var first = paths.Output(place.Address("out"));
            MakeDataset(first.LocalPath, 8);
            first.Publish();
        }

        await place.PutAsync("out/python/notes-of-others.txt", "stays");
        await place.PutAsync("elsewhere", "stays");
        var before = place.Proxy.Seen.Count;
        using var again = place.Machine();
        var output = again.Output(place.Address("out"));
        var made = MakeDataset(output.LocalPath, 2);
        Assert.True(output.Publish().Deleted > 0);

        var all = place.Proxy.Seen.Skip(before).Where(r => r.IsWrite).ToList();
        Assert.Equal([("PUT", "out/_work/publishing"), ("DELETE", "out/_work/publishing")], new[] { all[0], all[^1] }.Select(r => (r.Method, r.Key)));
        var writes = all[1..^1];
        Assert.Equal(("DELETE", "out/_manifest.json"), (writes[0].Method, writes[0].Key));
        Assert.Equal(("PUT", "out/_manifest.json"), (writes[^1].Method, writes[^1].Key));
        Assert.Equal("*", writes[^1].IfNoneMatch);
        Assert.Equal(2, writes.Count(r => r.Key == "out/_manifest.json"));
        var keys = await place.KeysAsync();
        Assert.Contains("out/python/notes-of-others.txt", keys);
        Assert.Contains("elsewhere", keys);
        Assert.Equal(made.Manifest.Shards.Select(s => "out/" + s.Path), keys.Where(k => k.Contains("/part-") && !k.Contains("_ledger")));
    }

    [Fact]
    public async Task What_belongs_to_this_machine_is_not_published()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var output = place.Machine().Output(place.Address("out"));
        foreach (var name in new[] { ".stackmill.lock", "_work/task.json", "logs/stackmill.log", "data/cache/ab/cd", "reports/r.json", "reports/x.123.tmp", "data/release/logs/stackmill.log", "data/release/repo/_work/file" })
        {
            var path = Path.Combine(output.LocalPath, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, name);
        }

        Assert.Equal(5, output.Publish().Skipped);
        Assert.Equal(["out/data/release/logs/stackmill.log", "out/data/release/repo/_work/file", "out/reports/r.json"], await place.KeysAsync());
    }

    [Fact]
    public async Task Of_two_who_publish_the_second_is_told_and_changes_nothing()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        using var one = place.Machine("one");
        using var two = place.Machine("two");
        var (first, second) = (one.Output(place.Address("out")), two.Output(place.Address("out")));
        MakeDataset(first.LocalPath, 5);
        MakeDataset(second.LocalPath, 9);
        first.Publish();
        var before = await StateAsync(place);
        var fault = Assert.Throws<RunFaultException>(() => second.Publish());
        Assert.Contains("somebody else has published", fault.Message);
        Assert.Contains(second.LocalPath, fault.Message);
        Assert.Equal(before, await StateAsync(place));
    }

    [Fact]
    public async Task A_manifest_that_appears_at_the_last_moment_is_not_overwritten()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var output = place.Machine().Output(place.Address("out"));
        MakeDataset(output.LocalPath, 3);
        place.Proxy.Before = async (r, _) =>
        {
            if (r.Method == "PUT" && r.Key == "out/_manifest.json")
                await place.PutAsync("out/_manifest.json", "of somebody else");
            return false;
        };
        Assert.Contains("somebody else has published", Assert.Throws<RunFaultException>(() => output.Publish()).Message);
        using var now = await place.Client.GetObjectAsync(place.Bucket, "out/_manifest.json");
        Assert.Equal("of somebody else", await new StreamReader(now.ResponseStream).ReadToEndAsync());
    }

    [Fact]
    public async Task A_server_without_conditional_writes_is_published_to_with_a_note()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var output = place.Machine().Output(place.Address("out"));
        MakeDataset(output.LocalPath, 3);
        place.Proxy.Before = async (r, context) =>
        {
            if (r.IfNoneMatch is null)
                return false;
            context.Response.StatusCode = 501;
            await context.Response.Body.WriteAsync("<Error><Code>NotImplemented</Code></Error>"u8.ToArray());
            return true;
        };
        output.Publish();
        Assert.Contains("out/_manifest.json", await place.KeysAsync());
        Assert.Contains(place.Observer.Notes, n => n.Contains("no conditional writes"));
    }

    [Fact]
    public async Task Work_that_was_not_published_is_kept_and_published_by_the_next_run()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        using (var first = place.Machine())
        {
            var output = first.Output(place.Address("out"));
            MakeDataset(output.LocalPath, 4);
            output.Publish();
        }

        // Stopped after the manifest was withdrawn: the withdrawal is this machine's own.
        using var stop = new CancellationTokenSource();
        place.Proxy.Before = (r, _) =>
        {
            if (r is { Method: "PUT", IsWrite: true } && !r.Key.Contains("_work/", StringComparison.Ordinal))
                stop.Cancel();
            return Task.FromResult(false);
        };
        Dataset made;
        using (var killed = place.Machine(cancellation: stop.Token))
        {
            var output = killed.Output(place.Address("out"));
            made = MakeDataset(output.LocalPath, 6);
            Assert.ThrowsAny<OperationCanceledException>(() => output.Publish());
        }

        place.Proxy.Before = (_, _) => Task.FromResult(false);
        Assert.DoesNotContain("out/_manifest.json", await place.KeysAsync());
        using var next = place.Machine();
        var last = next.Output(place.Address("out"));
        Assert.Contains(place.Observer.Notes, n => n.Contains("is not published; it is gone on with"));
        last.Publish();
        var copy = place.Machine("two").Input(place.Address("out"));
        Assert.Equal(made.Manifest.RootHash, Manifest.Read(copy)!.RootHash);
    }

    private static Dataset MakeDataset(string folder, int records) => TestDatasets.Make(
        folder, Enumerable.Range(0, records).Select(i => TestDatasets.Record($"src/file{i}.py", $"print({i})  # of {records}\n")));

    private static async Task<List<string>> StateAsync(CephPlace place)
    {
        var listing = await place.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = place.Bucket });
        return [.. listing.S3Objects.Select(o => $"{o.Key} {o.ETag} {o.LastModified:O}")];
    }
}
