using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Hub;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;
using static Stackmill.Tests.Datasets.Hub.HubTests;

namespace Stackmill.Tests.Datasets.Hub;

public sealed class HubFileTests
{
    [Fact]
    public async Task Redirect_to_another_host_carries_no_token()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var bytes = Bytes(300_000);
        var file = OneFile(server, client, bytes);
        using var stream = file.OpenSequential();
        Assert.Equal(bytes, ReadAll(stream));
        var cdn = server.Requests.Where(r => r.Host == "cdn").ToList();
        Assert.NotEmpty(cdn);
        Assert.All(cdn, r => Assert.Null(r.Authorization));
        Assert.All(server.Requests.Where(r => r.Host == "hub"), r => Assert.Equal($"Bearer {HubServer.Token}", r.Authorization));
    }

    [Fact]
    public async Task File_outside_large_file_storage_comes_by_a_relative_redirect_with_the_token()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var bytes = Bytes(5000);
        var file = OneFile(server, client, bytes, "data/C#/a b+c%41é.jsonl");
        using var stream = file.OpenSeekable();
        Assert.Equal(bytes, ReadAll(stream));
        Assert.Equal($"git:{server.Datasets["owner/name"].Files[file.RelativePath].GitId}", file.Tag);
        var cached = Assert.Single(server.Requests, r => r.Path.StartsWith("/api/resolve-cache/", StringComparison.Ordinal));
        Assert.Equal($"Bearer {HubServer.Token}", cached.Authorization);
        Assert.EndsWith("/data/C%23/a%20b%2Bc%2541%C3%A9.jsonl", cached.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_and_tag_tell_commit_and_hash()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var file = OneFile(server, client, Bytes(100));
        var served = server.Datasets["owner/name"];
        Assert.Equal($"hf://datasets/owner/name@{served.Commit[..12]}/data/a.parquet", file.Name);
        Assert.Equal($"sha256:{served.Files["data/a.parquet"].Sha256}", file.Tag);
        Assert.Equal(("data/a.parquet", 100), (file.RelativePath, file.Length));
    }

    [Fact]
    public async Task Signed_address_is_kept_and_renewed_when_refused_or_old()
    {
        await using var server = await HubServer.StartAsync();
        var clock = new InstantClock();
        using var client = Client(server, clock: clock);
        var bytes = Bytes(1_000_000);
        var file = OneFile(server, client, bytes);
        server.Faults.SignatureUses = 3;
        using var stream = file.OpenSeekable();
        for (var i = 0; i < 6; i++)
            Assert.Equal(bytes.AsSpan(i * 150_000, 10).ToArray(), ReadAt(stream, i * 150_000, 10));
        Assert.Equal(2, Resolves(server));

        server.Faults.SignatureUses = null;
        ReadAt(stream, 80_000, 10);
        Assert.Equal(2, Resolves(server));
        clock.Advance(TimeSpan.FromMinutes(5));
        ReadAt(stream, 400_000, 10);
        Assert.Equal(3, Resolves(server));
        Assert.Empty(clock.Waits);
    }

    [Fact]
    public async Task Cuts_after_every_seven_bytes_lose_and_repeat_nothing()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var bytes = Bytes(500);
        var file = OneFile(server, client, bytes);
        server.Faults.CutAfter = _ => 7;
        using (var sequential = file.OpenSequential(3))
            Assert.Equal(bytes[3..], ReadAll(sequential));
        using var seekable = file.OpenSeekable();
        Assert.Equal(bytes[100..130], ReadAt(seekable, 100, 30));
        Assert.Equal(497 + 500, client.BytesTransferred);
    }

    [Fact]
    public void Random_reads_equal_the_files_bytes_whatever_is_cut() => Gen.Select(
        Gen.Int[1, 400_000], Gen.Int[0, 1000],
        Gen.Select(Gen.Double[0, 1], Gen.Frequency((4, Gen.Int[0, 200]), (1, Gen.Int[60_000, 300_000]))).Array[1, 8]).Sample(
        (length, seed, reads) =>
        {
            var server = HubServer.StartAsync().GetAwaiter().GetResult();
            try
            {
                using var client = Client(server, retries: 20);
                var bytes = Bytes(length, seed);
                var file = OneFile(server, client, bytes);
                var random = new Random(seed);
                server.Faults.CutAfter = asked => { lock (random) return random.Next(3) == 0 ? null : random.NextInt64(asked + 1); };
                using var stream = file.OpenSeekable();
                foreach (var (place, count) in reads)
                {
                    var position = (int)(place * length);
                    var there = Math.Min(count, length - position);
                    Assert.Equal(bytes.AsSpan(position, there).ToArray(), ReadAt(stream, position, count));
                    Assert.Equal(position + there, stream.Position);
                }

                using var sequential = file.OpenSequential(length / 3);
                Assert.Equal(bytes[(length / 3)..], ReadAll(sequential));
            }
            finally
            {
                server.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }, iter: 25, threads: 1);

    [Fact]
    public async Task Server_without_ranges_is_read_from_the_beginning_and_refused_elsewhere()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var bytes = Bytes(3_000_000);
        var file = OneFile(server, client, bytes);
        server.Faults.IgnoresRanges = true;
        using (var stream = file.OpenSequential())
            Assert.Equal(bytes, ReadAll(stream));
        var before = client.BytesTransferred;
        using var seekable = file.OpenSeekable();
        Assert.Equal(bytes[..10], ReadAt(seekable, 0, 10));
        Assert.Equal(HubStream.SmallestBlock, client.BytesTransferred - before);
        var fault = Assert.Throws<ShardFaultException>(() => ReadAt(seekable, 100_000, 10));
        Assert.StartsWith($"{file.Name}: {server.CdnEndpoint}/repos/", fault.Message, StringComparison.Ordinal);
        Assert.Contains("sent the whole file where bytes 100000-165535 were asked for. Expected a server that knows ranges", fault.Message, StringComparison.Ordinal);
        AssertNothingSecret(fault);
    }

    [Theory]
    [InlineData("data/a.jsonl", true, "SHA256")]
    [InlineData("data/a.jsonl", false, "SHA1")]
    public async Task Whole_files_are_held_against_the_hash_that_the_Hub_lists(string path, bool isLarge, string algorithm)
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var bytes = Bytes(200_000);
        server.Add("owner/name").File(path, bytes, isLarge);
        var file = client.List(client.Pin("owner/name"))[0];
        using (var stream = file.OpenSequential())
            Assert.Equal(bytes, ReadAll(stream));

        server.Datasets["owner/name"].Files[path].Swapped = [.. bytes[..150_000], (byte)~bytes[150_000], .. bytes[150_001..]];
        using (var later = file.OpenSequential(160_000))
            Assert.Equal(bytes[160_000..], ReadAll(later));
        using var swapped = file.OpenSequential();
        var fault = Assert.Throws<ShardFaultException>(() => ReadAll(swapped));
        Assert.Contains($"has other bytes than the Hub lists: {algorithm} ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_file_is_told()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var file = OneFile(server, client, Bytes(300_000));
        using var stream = file.OpenSeekable();
        ReadAt(stream, 0, 10);
        server.Add("owner/name").File("data/a.parquet", Bytes(300_000, seed: 2));
        using var other = client.List(client.Pin("owner/name"))[0].OpenSeekable();
        ReadAt(other, 200_000, 10);

        server.Faults.SignatureUses = 1;
        var fault = Assert.Throws<ShardFaultException>(() => ReadAt(stream, 150_000, 10));
        Assert.StartsWith($"{file.Name} changed while it was read: its hash is ", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"Expected the bytes of commit {file.Dataset.Commit}", fault.Message, StringComparison.Ordinal);

        server.Add("owner/name").File("data/a.parquet", Bytes(1000));
        using var shorter = file.OpenSequential(2000);
        Assert.Contains("changed while it was read", Assert.Throws<ShardFaultException>(() => ReadAll(shorter)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stalled_body_is_taken_up_after_the_time_limit()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server, timeout: 0.3);
        var bytes = Bytes(100_000);
        var file = OneFile(server, client, bytes);
        server.Faults.StallAfter = 60_000;
        using var stream = file.OpenSequential();
        Assert.Equal(bytes, ReadAll(stream));
        Assert.Equal(bytes.Length, client.BytesTransferred);
    }

    [Fact]
    public async Task Passing_faults_of_the_storage_host_are_outlived_and_lasting_ones_told()
    {
        await using var server = await HubServer.StartAsync();
        var clock = new InstantClock();
        using var client = Client(server, clock: clock);
        var bytes = Bytes(1000);
        var file = OneFile(server, client, bytes);
        server.Faults.Next("cdn", 3, 503);
        using (var stream = file.OpenSequential())
            Assert.Equal(bytes, ReadAll(stream));
        Assert.Equal(3, clock.Waits.Count);

        server.Faults.Next("cdn", 100, 500);
        using var failing = file.OpenSequential();
        var fault = Assert.Throws<ShardFaultException>(() => ReadAll(failing));
        Assert.Contains(" answered 500 in 5 attempts for 'data/a.parquet' of dataset 'owner/name'. This passes as a rule: run again later (finished work is kept), or raise hub.retries.", fault.Message, StringComparison.Ordinal);
        AssertNothingSecret(fault);
    }

    [Fact]
    public async Task Redirects_in_circles_are_refused()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var file = OneFile(server, client, Bytes(1000));
        server.Faults.RedirectTo = path => path + "?again=secretSignature";
        using var stream = file.OpenSeekable();
        var fault = Assert.Throws<ShardFaultException>(() => ReadAt(stream, 0, 10));
        Assert.Contains(" leads in circles: ", fault.Message, StringComparison.Ordinal);
        AssertNothingSecret(fault);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/x?Signature=1", "redirects to ftp://127.0.0.1/x, from http to ftp: refused")]
    [InlineData("http://user:pass@127.0.0.1/x?Signature=1", "with a user name in the address: refused")]
    public async Task Redirects_to_other_schemes_or_with_users_are_refused(string location, string expected)
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var file = OneFile(server, client, Bytes(1000));
        server.Faults.RedirectTo = _ => location;
        using var stream = file.OpenSeekable();
        var fault = Assert.Throws<ShardFaultException>(() => ReadAt(stream, 0, 10));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass@", fault.ToString(), StringComparison.Ordinal);
        AssertNothingSecret(fault);
    }

    [Fact]
    public async Task Way_back_from_another_host_carries_no_token()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var file = OneFile(server, client, Bytes(1000));
        server.Faults.RedirectTo = _ => $"{server.CdnEndpoint}/away";
        server.Faults.Next((host, path) => host == "cdn" && path == "/away", 1, 302, ("Location", $"{server.Endpoint}/api/whoami-v2"));
        using var stream = file.OpenSeekable();
        Assert.Throws<ShardFaultException>(() => ReadAt(stream, 0, 10));
        Assert.Null(Assert.Single(server.Requests, r => r.Path == "/api/whoami-v2").Authorization);
    }

    [Fact]
    public async Task Small_reads_share_blocks_and_large_ones_fetch_exactly_what_is_asked()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var bytes = Bytes(4_000_000);
        var file = OneFile(server, client, bytes);
        using var stream = file.OpenSeekable();
        Assert.Equal(bytes.AsSpan(bytes.Length - 8).ToArray(), ReadAt(stream, bytes.Length - 8, 8));
        Assert.Equal(bytes.AsSpan(bytes.Length - 9000, 8000).ToArray(), ReadAt(stream, bytes.Length - 9000, 8000));
        Assert.Equal(HubStream.SmallestBlock, client.BytesTransferred);
        Assert.Equal(bytes.AsSpan(1_000_000, 2_000_000).ToArray(), ReadAt(stream, 1_000_000, 2_000_000));
        Assert.Equal(HubStream.SmallestBlock + 2_000_000, client.BytesTransferred);

        using var inOrder = file.OpenSeekable();
        var before = server.Requests.Count(r => r.Host == "cdn");
        for (var i = 0; i < 4_000_000; i += 4000)
            Assert.Equal(bytes.AsSpan(i, 4000).ToArray(), ReadAt(inOrder, i, 4000));
        Assert.InRange(server.Requests.Count(r => r.Host == "cdn") - before, 8, 12);
        Assert.Equal(HubStream.SmallestBlock + 6_000_000, client.BytesTransferred);
    }

    [Fact]
    public async Task Eight_threads_read_one_file_with_two_requests_at_once()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server, concurrency: 2);
        var bytes = Bytes(2_000_000);
        var file = OneFile(server, client, bytes);
        server.Faults.CutAfter = asked => asked > 1000 ? asked - 500 : null;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var threads = Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            try
            {
                if (!ReadsRight(file, bytes, t))
                    failures.Enqueue($"thread {t}: other bytes");
            }
            catch (ShardFaultException fault)
            {
                failures.Enqueue($"thread {t}: {fault.Message}");
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Empty(failures);
    }

    [Fact]
    public async Task Empty_file_is_read_without_a_request()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        var file = OneFile(server, client, []);
        var before = client.Requests;
        using var stream = file.OpenSeekable();
        using var sequential = file.OpenSequential();
        Assert.Equal((0, -1, 0), (stream.Read(new byte[10]), stream.ReadByte(), sequential.Read(new byte[10])));
        Assert.Equal(before, client.Requests);
    }

    private static bool ReadsRight(HubFile file, byte[] bytes, int thread)
    {
        var random = new Random(thread);
        using var stream = file.OpenSeekable();
        for (var i = 0; i < 20; i++)
        {
            var position = random.Next(bytes.Length - 100_000);
            var count = random.Next(100_000);
            if (!bytes.AsSpan(position, count).SequenceEqual(ReadAt(stream, position, count)))
                return false;
        }

        using var sequential = file.OpenSequential(thread * 100_000);
        return bytes.AsSpan(thread * 100_000).SequenceEqual(ReadAll(sequential));
    }

    private static int Resolves(HubServer server) => server.Requests.Count(r => r.Path.Contains("/resolve/", StringComparison.Ordinal));

    private static byte[] ReadAt(Stream stream, long position, int count)
    {
        var buffer = new byte[count];
        stream.Position = position;
        return buffer[..stream.Read(buffer)];
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }
}
