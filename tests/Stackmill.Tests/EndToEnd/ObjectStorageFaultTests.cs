using Stackmill.Datasets;
using Stackmill.Tests.Datasets.ObjectStorage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>What the program says and leaves when object storage refuses, is not there, or is written to by others; and after kills.</summary>
public sealed class ObjectStorageFaultTests(CephServer ceph)
{
    [Theory]
    [InlineData(CephServer.WrongSecret, 1, "the secret key does not fit")]
    [InlineData(CephServer.UnknownKey, 1, "does not know the access key")]
    [InlineData(CephServer.Other, 1, "access is denied")]
    [InlineData("no-such-profile", 2, "no-such-profile")]
    public async Task Who_may_not_read_is_told_why_and_nothing_is_written(string profile, int exitCode, string expected)
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("code/a.py", Source.Python(1));

        var input = StackmillProgram.Run(["run", "--input", place.Address("code"), "--output", place.Folder["project"], .. ObjectStorageRunTests.Set(place, "one", profile)]).Expect(exitCode);
        var output = StackmillProgram.Run(["run", "--input", place.Folder.Write("code/a.py", Source.Python(1))[..^5], "--output", place.Address("p"), .. ObjectStorageRunTests.Set(place, "one", profile)]).Expect(exitCode);

        foreach (var result in (ProgramResult[])[input, output])
        {
            Assert.Contains(expected, result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
            Assert.DoesNotContain("ownersecret", result.All, StringComparison.Ordinal);
            Assert.DoesNotContain("not-the-owners-secret", result.All, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(place.Folder["project", "data"]));
        Assert.Equal(["code/a.py"], await place.KeysAsync());
    }

    [Fact]
    public async Task Who_may_only_read_is_told_before_the_work_begins_and_can_still_validate_into_a_file()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var policy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::{{place.Bucket}}","arn:aws:s3:::{{place.Bucket}}/*"]}]}""";
        await place.PutAsync("code/a.py", Source.Python(1));
        ObjectStorageRunTests.Run(place, "owner", "run", "--input", place.Address("code"), "--output", place.Address("p")).Expect(0);
        await place.Client.PutBucketPolicyAsync(place.Bucket, policy);
        var before = await place.KeysAsync();
        ProgramResult AsReader(params string[] args) => StackmillProgram.Run([.. args, .. ObjectStorageRunTests.Set(place, "reader", CephServer.Other)]);

        var told = AsReader("run", "--input", place.Address("code"), "--output", place.Address("q")).Expect(1);
        AsReader("run", "--input", place.Address("code"), "--output", place.Folder["local"]).Expect(0);
        AsReader("validate", "--input", place.Address("p"), "--output", place.Folder["report.json"]).Expect(0);
        AsReader("statistics", "--input", place.Address("p"), "--output", place.Folder["figures.json"]).Expect(0);

        Assert.Contains("access is denied", told.Error, StringComparison.Ordinal);
        Assert.Contains("the right to write", told.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("organize", told.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(place.Folder["report.json"]));
        Assert.Equal(before, await place.KeysAsync());
    }

    [Fact]
    public async Task Without_credentials_the_places_that_were_looked_at_are_told()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        var program = new StackmillProgram
        {
            Environment = new Dictionary<string, string> { ["AWS_SHARED_CREDENTIALS_FILE"] = place.Folder["none"], ["AWS_CONFIG_FILE"] = place.Folder["none"] },
        };

        var result = program.With("run", "--input", place.Address("code"), "--output", place.Folder["project"], "--set", $"storage.endpoint={place.Proxy.Address}", "--set", $"storage.work_dir={place.Folder["one"]}").Expect(2);

        foreach (var looked in (string[])["no credentials", "storage.profile", "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "storage.unsigned"])
            Assert.Contains(looked, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_or_prefix_that_is_not_there_and_a_server_that_is_not_there_are_told()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        string[] Command(string input, string? endpoint = null) => ["organize", "--input", input, "--output", place.Folder["staged"], .. ObjectStorageRunTests.Set(place, "one", endpoint: endpoint)];

        Assert.Contains("there is no such bucket", StackmillProgram.Run(Command("s3://bucket-that-is-not-there/x")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("nothing lies under", StackmillProgram.Run(Command(place.Address("nothing"))).Expect(2).Error, StringComparison.Ordinal);
        var into = StackmillProgram.Run(["run", "--input", place.Folder.Write("c/a.py", Source.Python(1))[..^5], "--output", "s3://bucket-that-is-not-there/x", .. ObjectStorageRunTests.Set(place, "one")]).Expect(2);
        Assert.Contains("there is no such bucket", into.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(place.Folder["staged"]));
    }

    [Theory]
    [InlineData("run", "--input", "gs://bucket/x", "--output", "p", "Google")]
    [InlineData("run", "--input", "x", "--output", "az://container/x", "Azure")]
    [InlineData("export", "--input", "s3://user:pass@bucket/x", "--output", "p", "Addresses take no credentials")]
    [InlineData("run", "--input", "s3://bucket/code", "--output", "s3://bucket/code/project", "lies inside the input")]
    [InlineData("run", "--input", "s3://bucket/p/data/staged", "--output", "s3://bucket/p", "which the run writes")]
    [InlineData("organize", "--input", "s3://bucket/code", "--output", "s3://bucket/code", "lies inside the input")]
    [InlineData("metadata", "--input", "s3://bucket/rows", "--output", "s3://bucket/rows/raw", "lies inside the input")]
    [InlineData("init", "s3://bucket/x", "--force", "", "", "expected a path of this machine")]
    public void Addresses_that_cannot_be_used_so_are_refused_before_any_request(string command, string a, string b, string c, string d, string expected)
    {
        string[] args = [command, .. new[] { a, b, c, d }.Where(x => x.Length > 0)];
        var result = StackmillProgram.Run([.. args, .. command == "init" ? (string[])[] : ["--set", "storage.endpoint=http://127.0.0.1:9"]]).Expect(2);

        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("pass@", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_never_writes_over_the_dataset_that_it_reads()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await place.PutAsync("code/a.py", Source.Python(1));
        ObjectStorageRunTests.Run(place, "one", "run", "--input", place.Address("code"), "--output", place.Address("p")).Expect(0);
        var before = await place.KeysAsync();

        var remote = ObjectStorageRunTests.Run(place, "one", "preprocess", "--input", place.Address("p"), "--output", place.Address("p/data/staged")).Expect(2);

        Assert.Contains("inside the input", remote.Error, StringComparison.Ordinal);
        Assert.Equal(before, await place.KeysAsync());
    }

    [Fact]
    public async Task Killed_while_it_publishes_a_run_publishes_the_rest_and_readers_never_see_half_a_dataset()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await ObjectStorageRunTests.PutCorpusAsync(place, "code", 60);
        string[] Command(string machine) => ["run", "--input", place.Address("code"), "--output", place.Address("p"), "--quiet", "--set", "shard_size=64KiB", .. ObjectStorageRunTests.Set(place, machine)];
        var (seen, held) = (0, 0);
        foreach (var last in (int[])[0, 4, 6, 9])
        {
            (seen, held) = (0, 0);
            place.Proxy.Before = async (request, context) =>
            {
                if (request is not { Method: "PUT", IsWrite: true } || Interlocked.Increment(ref seen) <= last)
                    return false;
                Interlocked.Increment(ref held);
                await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            };
            using var running = new StackmillProgram().Start(Command("one"));
            running.WaitUntil(() => held > 0, "an upload that is held");
            Assert.True(running.Kill());
            place.Proxy.Before = (_, _) => Task.FromResult(false);
            await AssertManifestsAreWholeAsync(place);
        }

        StackmillProgram.Run(Command("one")).Expect(0);

        await AssertManifestsAreWholeAsync(place);
        var local = place.Folder["local"];
        StackmillProgram.Run("run", "--input", place.Folder["code"], "--output", local, "--quiet", "--set", "shard_size=64KiB").Expect(0);
        var copy = await ObjectStorageRunTests.DownloadAsync(place, "p", "copy");
        foreach (var name in (string[])["staged", "processed", "corpus", "release"])
            Assert.Equal(Manifest.Read(ProjectLayout.Data(local, name))!.RootHash, Manifest.Read(ProjectLayout.Data(copy, name))!.RootHash);
        Assert.Equal(6, StackV2RunTests.UpToDate(StackmillProgram.Run([.. Command("two").Where(a => a != "--quiet")]).Expect(0)).Count());
    }

    [Fact]
    public async Task What_a_machine_that_is_gone_did_not_publish_another_one_does()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await ObjectStorageRunTests.PutCorpusAsync(place, "code", 20);
        string[] Command(string machine) => ["run", "--input", place.Address("code"), "--output", place.Address("p"), .. ObjectStorageRunTests.Set(place, machine)];
        var (seen, held) = (0, 0);
        place.Proxy.Before = async (request, context) =>
        {
            if (request is not { Method: "PUT", IsWrite: true } || Interlocked.Increment(ref seen) <= 12)
                return false;
            Interlocked.Increment(ref held);
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        using (var gone = new StackmillProgram().Start(Command("gone")))
        {
            gone.WaitUntil(() => held > 0, "an upload that is held");
            Assert.True(gone.Kill());
        }

        place.Proxy.Before = (_, _) => Task.FromResult(false);
        StackmillProgram.Run(Command("other")).Expect(0);

        await AssertManifestsAreWholeAsync(place);
        Assert.DoesNotContain(await place.KeysAsync("p/"), k => k.Contains("_work", StringComparison.Ordinal));
        // The one that was gone finds all done when it comes back.
        Assert.Equal(6, StackV2RunTests.UpToDate(StackmillProgram.Run(Command("gone")).Expect(0)).Count());
    }

    [Fact]
    public async Task Of_two_machines_that_publish_at_once_the_second_is_told_and_the_first_stays()
    {
        await using var place = await CephPlace.NewAsync(ceph);
        await ObjectStorageRunTests.PutCorpusAsync(place, "code", 20);
        string[] Command(string machine, params string[] more) => ["run", "--input", place.Address("code"), "--output", place.Address("p"), .. more, .. ObjectStorageRunTests.Set(place, machine)];
        using var held = new SemaphoreSlim(0);
        var waits = 0;
        place.Proxy.Before = async (request, _) =>
        {
            // The slow machine waits where it begins to publish.
            if (request is { Method: "PUT", IsWrite: true } && Interlocked.Increment(ref waits) == 1)
                await held.WaitAsync();
            return false;
        };
        using var slow = new StackmillProgram().Start(Command("slow", "--set", "tokenizer_model=cl100k_base"));
        slow.WaitUntil(() => waits > 0, "an upload");

        StackmillProgram.Run(Command("fast")).Expect(0);
        var published = await ObjectStorageRunTests.DownloadAsync(place, "p", "published");
        held.Release();
        var told = slow.Wait().Expect(1);

        Assert.Contains("somebody else has published", told.Error, StringComparison.Ordinal);
        foreach (var name in (string[])["staged", "processed", "corpus", "release"])
        {
            Assert.Equal(
                Manifest.Read(ProjectLayout.Data(published, name))!.Key,
                Manifest.Read(ProjectLayout.Data(await ObjectStorageRunTests.DownloadAsync(place, "p", $"after-{name}"), name))!.Key);
        }
    }

    // What a manifest names is there with the bytes that it names.
    private static async Task AssertManifestsAreWholeAsync(CephPlace place)
    {
        var copy = await ObjectStorageRunTests.DownloadAsync(place, "p", $"seen-{Guid.NewGuid():N}");
        if (!Directory.Exists(copy))
            return;
        foreach (var manifest in Directory.EnumerateFiles(copy, Manifest.FileName, SearchOption.AllDirectories))
        {
            var folder = Path.GetDirectoryName(manifest)!;
            var read = Manifest.Read(folder)!;
            Assert.All(read.Shards.Concat(read.Ledger), shard => Dataset.Verify(Path.Combine(folder, shard.Path), shard, read.Stage));
        }
    }
}
