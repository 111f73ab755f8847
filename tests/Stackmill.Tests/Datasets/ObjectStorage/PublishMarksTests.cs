using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Datasets.ObjectStorage;

public sealed class PublishMarksTests(CephServer ceph)
{
    [Fact]
    public async Task While_one_publishes_another_is_told_and_changes_nothing_and_trying_again_it_publishes_over_what_was_left()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        using var one = place.Machine("one");
        using (var two = place.Machine("two"))
        {
            var (first, second) = (one.Output(place.Address("out")), two.Output(place.Address("out")));
            MakeDataset(first.LocalPath, 5);
            MakeDataset(second.LocalPath, 9);
            // Stopped for good at its first shard.
            using var stop = new CancellationTokenSource();
            using var stopped = place.Machine("stopped", cancellation: stop.Token);
            var third = stopped.Output(place.Address("out"));
            MakeDataset(third.LocalPath, 7);
            place.Proxy.Before = (r, _) =>
            {
                if (r.Method == "PUT" && r.Key.Contains("/part-", StringComparison.Ordinal))
                    stop.Cancel();
                return Task.FromResult(false);
            };
            Assert.ThrowsAny<OperationCanceledException>(() => third.Publish());
            place.Proxy.Before = (_, _) => Task.FromResult(false);
            var before = await place.KeysAsync();
            Assert.Contains("out/_work/publishing", before);
            Assert.DoesNotContain("out/_manifest.json", before);

            var told = Assert.Throws<RunFaultException>(() => second.Publish());
            Assert.Contains("somebody else is publishing", told.Message);
            Assert.Contains(second.LocalPath, told.Message);
            Assert.Equal(before, await place.KeysAsync());
        }

        using var again = place.Machine("two");
        var last = again.Output(place.Address("out"));
        last.Publish();
        Assert.Contains(place.Observer.Notes, w => w.StartsWith("warning: ", StringComparison.Ordinal) && w.Contains("another machine did not publish"));
        Assert.Equal(MakeDataset(place.Folder["expected"], 9).Manifest.RootHash, Manifest.Read(place.Machine("reader").Input(place.Address("out")))!.RootHash);
        Assert.DoesNotContain("out/_work/publishing", await place.KeysAsync());
    }

    [Fact]
    public async Task What_was_left_by_a_publication_that_was_stopped_is_not_read_and_goes_with_the_next_one()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("out/_work/publishing", "somebody");
        await place.PutAsync("out/python/strange-name.py", "left");
        await place.PutAsync("out/python/part-00007.parquet", "left");
        await place.PutAsync("beside.txt", "stays");
        using var paths = place.Machine();
        var output = paths.Output(place.Address("out"));
        Assert.Contains(place.Observer.Notes, w => w.StartsWith("warning: ", StringComparison.Ordinal) && w.Contains("not published whole"));
        Assert.False(File.Exists(Path.Combine(output.LocalPath, "python", "strange-name.py")));

        // The folder is known to be a dataset of ours, so that a stage may write it anew.
        var made = MakeDataset(output.LocalPath, 4);
        output.Publish();

        var keys = await place.KeysAsync();
        Assert.Equal(made.Manifest.Shards.Select(s => "out/" + s.Path), keys.Where(k => k.Contains("/part-", StringComparison.Ordinal) && !k.Contains("_ledger", StringComparison.Ordinal)));
        Assert.DoesNotContain("out/python/strange-name.py", keys);
        Assert.DoesNotContain("out/_work/publishing", keys);
        Assert.Contains("beside.txt", keys);
    }

    [Theory]
    [InlineData("", "_work/publishing")]
    [InlineData("data/corpus", "data/corpus/_work/publishing")]
    public void A_mark_lies_in_its_dataset(string dataset, string mark)
    {
        Assert.Equal(mark, PublishMarks.Of(dataset));
        Assert.Equal(dataset, PublishMarks.DatasetOf(mark));
        Assert.True(PublishMarks.IsMark(mark));
        Assert.False(PublishMarks.IsMark(mark + "x"));
    }

    [Fact]
    public async Task A_manifest_alone_that_changed_is_sent_under_the_condition_that_the_old_one_is_there()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        using var paths = place.Machine();
        var output = paths.Output(place.Address("out"));
        MakeDataset(output.LocalPath, 4);
        output.Publish();
        var before = place.Proxy.Seen.Count;
        File.AppendAllText(Path.Combine(output.LocalPath, Manifest.FileName), "\n");

        Assert.Equal(1, output.Publish().Files);

        var writes = place.Proxy.Seen.Skip(before).Where(r => r.Method is "PUT" or "DELETE" && !r.Key.Contains("_work", StringComparison.Ordinal)).ToList();
        Assert.All(writes, w => Assert.True(w is { Method: "PUT", Key: "out/_manifest.json", IfMatch.Length: > 30 }));
    }

    private static Dataset MakeDataset(string folder, int records) => TestDatasets.Make(
        folder, Enumerable.Range(0, records).Select(i => TestDatasets.Record($"src/file{i}.py", $"print({i})  # of {records}\n")));
}
