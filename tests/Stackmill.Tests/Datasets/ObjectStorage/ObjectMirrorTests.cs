using Stackmill.Core.Faults;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Datasets.ObjectStorage;

public sealed class ObjectMirrorTests(CephServer ceph)
{
    [Fact]
    public async Task Every_object_below_a_prefix_becomes_a_file_and_a_second_fetch_moves_nothing()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/a.txt", "a");
        await place.PutAsync("in/deep/er/ü b+c%20&=?#.txt", "strange but possible");
        await place.PutAsync("in/empty", "");
        await place.PutAsync("inside-not/x", "x");
        string folder;
        using (var paths = place.Machine())
            folder = paths.Input(place.Address("in"));
        Assert.Equal(["a.txt", "deep/er/ü b+c%20&=?#.txt", "empty"], FilesOf(folder));
        Assert.Equal("strange but possible", File.ReadAllText(Path.Combine(folder, "deep", "er", "ü b+c%20&=?#.txt")));

        var before = place.Proxy.Seen.Count;
        Assert.Equal(folder, place.Machine().Input(place.Address("in/")));
        Assert.DoesNotContain(place.Proxy.Seen.Skip(before), r => r.Method == "GET" && r.Key.Length > 0);
    }

    [Fact]
    public async Task Changed_and_removed_objects_are_changed_and_removed_here()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/a", "old");
        await place.PutAsync("in/b", "gone soon");
        await place.PutAsync("in/c", "stays");
        using (var paths = place.Machine())
            paths.Input(place.Address("in"));
        await place.PutAsync("in/a/now-a-folder", "new");
        await place.Client.DeleteObjectAsync(place.Bucket, "in/a");
        await place.Client.DeleteObjectAsync(place.Bucket, "in/b");
        var folder = place.Machine().Input(place.Address("in"));
        Assert.Equal(["a/now-a-folder", "c"], FilesOf(folder));
    }

    [Fact]
    public async Task A_file_that_was_changed_here_is_fetched_again_and_a_lost_index_costs_no_transfer()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/a", "aaaa");
        await place.PutAsync("in/b", "bbbb");
        string folder;
        using (var paths = place.Machine())
            folder = paths.Input(place.Address("in"));
        File.WriteAllText(Path.Combine(folder, "a"), "xxxx");
        File.Delete(Path.Combine(Path.GetDirectoryName(folder)!, "index.jsonl"));
        var before = place.Proxy.Seen.Count;
        using (var paths = place.Machine())
            paths.Input(place.Address("in"));
        Assert.Equal("aaaa", File.ReadAllText(Path.Combine(folder, "a")));
        Assert.Equal(["in/a"], place.Proxy.Seen.Skip(before).Where(r => r.Method == "GET" && r.Key.Length > 0).Select(r => r.Key));
    }

    [Fact]
    public async Task Listings_go_on_from_page_to_page()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        for (var i = 0; i < 10; i++)
            await place.PutAsync($"in/{i}", $"{i}");
        using var paths = place.Machine();
        var keys = new List<string>();
        await foreach (var item in paths.Store.ListAsync(new S3Location(place.Bucket, "in"), "in/", default, pageSize: 3))
            keys.Add(item.Key);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"in/{i}"), keys);
        Assert.Equal(4, place.Proxy.Seen.Count(r => r.Query.Contains("list-type=2")));
    }

    [Fact]
    public async Task Keys_that_cannot_be_files_are_told_and_the_others_come()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/good", "good");
        await place.PutAsync("in/a", "an object");
        await place.PutAsync("in/a/b", "below an object");
        await place.PutAsync("in/x//y", "empty part");
        await place.PutAsync("in/back\\slash", "backslash");
        await place.PutAsync("in/" + new string('n', 300), "long");
        await place.PutAsync("in/folder/", "");
        var folder = place.Machine().Input(place.Address("in"));
        Assert.Equal(["a", "good"], FilesOf(folder));
        var warning = Assert.Single(place.Observer.Notes, n => n.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.Contains("4 objects (", warning);
        Assert.Contains("'in/a/b' (it lies below the name of another object)", warning);
        Assert.Contains("'in/x//y' (an empty part, '.' or '..')", warning);
    }

    [Fact]
    public async Task An_address_may_name_one_object()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/one.jsonl", "{}");
        await place.PutAsync("in/one.jsonl.bak", "other");
        var file = place.Machine().Input(place.Address("in/one.jsonl"));
        Assert.Equal("one.jsonl", Path.GetFileName(file));
        Assert.Equal("{}", File.ReadAllText(file));
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_gone_on_from_where_it_was_cut()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var bytes = new byte[1 << 20];
        new Random(5).NextBytes(bytes);
        await place.PutAsync("in/large", bytes);
        var cuts = 1;
        place.Proxy.CutAfter = r => r.Key == "in/large" && r.Method == "GET" && Interlocked.Decrement(ref cuts) >= 0 ? 400_000 : -1;
        var folder = place.Machine().Input(place.Address("in"));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(folder, "large")));
        var gets = place.Proxy.Seen.Where(r => r.Key == "in/large" && r.Method == "GET").ToList();
        Assert.Equal(2, gets.Count);
        Assert.Null(gets[0].Range);
        Assert.InRange(long.Parse(gets[1].Range!["bytes=".Length..].Split('-')[0]), 1, 420_000);
        Assert.NotNull(gets[1].IfMatch);
    }

    [Fact]
    public async Task A_stopped_run_is_gone_on_with_by_the_next_one()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var bytes = new byte[1 << 20];
        new Random(6).NextBytes(bytes);
        await place.PutAsync("in/large", bytes);
        using var stop = new CancellationTokenSource();
        place.Proxy.CutAfter = r => r.Key == "in/large" && r.Method == "GET" ? 400_000 : -1;
        place.Proxy.Before = (r, _) =>
        {
            // The second attempt of the first run: as if it had been killed between the two.
            if (r.Range is not null)
                stop.Cancel();
            return Task.FromResult(false);
        };
        using (var paths = place.Machine(cancellation: stop.Token))
            Assert.ThrowsAny<OperationCanceledException>(() => paths.Input(place.Address("in")));
        place.Proxy.CutAfter = _ => -1;
        var before = place.Proxy.Seen.Count;
        var folder = place.Machine().Input(place.Address("in"));
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(folder, "large")));
        Assert.NotNull(Assert.Single(place.Proxy.Seen.Skip(before), r => r.Key == "in/large" && r.Method == "GET").Range);
    }

    [Fact]
    public async Task A_dataset_that_is_published_anew_while_it_is_read_is_read_again_whole()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("d/_manifest.json", "{\"state\":1}");
        await place.PutAsync("d/python/part-00000.parquet", "one");
        var once = 0;
        place.Proxy.Before = async (r, _) =>
        {
            if (r.Key == "d/python/part-00000.parquet" && r.Method == "GET" && Interlocked.Exchange(ref once, 1) == 0)
            {
                await place.PutAsync("d/python/part-00000.parquet", "two");
                await place.PutAsync("d/_manifest.json", "{\"state\":2}");
            }

            return false;
        };
        var folder = place.Machine().Input(place.Address("d"));
        Assert.Equal("two", File.ReadAllText(Path.Combine(folder, "python", "part-00000.parquet")));
        Assert.Equal("{\"state\":2}", File.ReadAllText(Path.Combine(folder, "_manifest.json")));
        Assert.Contains(place.Observer.Notes, n => n.Contains("changed while it was read"));
    }

    [Fact]
    public async Task A_dataset_that_keeps_changing_is_an_error_that_says_so()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("d/_manifest.json", "{\"state\":0}");
        await place.PutAsync("d/python/part-00000.parquet", "one");
        var state = 0;
        place.Proxy.Before = async (r, _) =>
        {
            if (r.Method == "HEAD" && r.Key == "d/_manifest.json")
                await place.PutAsync("d/_manifest.json", $"{{\"state\":{++state}}}");
            return false;
        };
        var fault = Assert.Throws<RunFaultException>(() => place.Machine().Input(place.Address("d")));
        Assert.Contains("changed twice while it was read", fault.Message);
    }

    [Fact]
    public async Task Two_runs_do_not_share_a_mirror()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("in/a", "a");
        place.Machine().Input(place.Address("in"));
        Assert.Throws<RunFaultException>(() => place.Machine().Input(place.Address("in")));
    }

    private static List<string> FilesOf(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
}
