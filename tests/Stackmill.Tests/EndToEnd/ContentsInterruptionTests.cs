using Stackmill.Datasets;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>
/// A download that is killed again and again. What is repeated is what was under way at the kill: a content is in the cache before
/// its place among the requests at once is given to the next, so one kill repeats at most <c>contents.max_concurrency</c> requests.
/// </summary>
public sealed class ContentsInterruptionTests : IAsyncLifetime
{
    private const int Blobs = 1_200;
    private const int Kills = 20;
    private const int Concurrency = 16;

    private readonly TempFolder _folder = new();
    private BlobServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await BlobServer.Start();
        _server.Latency = TimeSpan.FromMilliseconds(5);
        ContentsCorpus.Write(_folder["rows.parquet"], _server, ContentsCorpus.Texts(Blobs));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    public void Killed_at_twenty_moments_a_download_ends_as_if_undisturbed_and_repeats_only_what_was_under_way(string cache)
    {
        var output = _folder["killed/data/contents"];
        string[] args = ContentsCorpus.Args(_folder["rows.parquet"], output, _server, Concurrency, "--set", $"contents.cache={cache}");
        for (var kill = 1; kill <= Kills; kill++)
        {
            // Evenly over what is left, so that each run asks for contents that no other has asked for.
            var step = (Blobs - _server.Attempts.Count) / (Kills - kill + 2);
            var moment = _server.Attempts.Count + step;
            // Often the server holds its answers from then on, so that the most is under way; else a little later, so that a kill
            // that comes late on a busy machine leaves something for the others.
            var held = kill % 2 == 0 || kill > 14 ? moment : moment + (step / 2);
            _server.Fault = (_, _) => _server.Attempts.Count > held ? BlobServerFault.Silence : BlobServerFault.None;
            using (var running = new StackmillProgram().Start(args))
            {
                running.WaitUntil(() => _server.Attempts.Count > moment, $"request for content {moment}");
                Assert.True(running.Kill(), $"the run ended before kill {kill}");
            }

            Assert.False(File.Exists(Path.Combine(output, Manifest.FileName)));
            var repeated = _server.Requests - _server.Attempts.Count;
            Assert.True(repeated <= (kill - 1) * Concurrency, $"{repeated} requests were repeated after {kill - 1} kills");
        }

        _server.Fault = (_, _) => BlobServerFault.None;
        StackmillProgram.Run(args).Expect(0);

        Assert.Equal(Blobs, _server.Attempts.Count);
        Assert.InRange(_server.Requests, Blobs + 1, Blobs + (Kills * Concurrency));
        ContentsCorpus.AssertNothingIsLeft(_folder["killed"]);
        var undisturbed = _folder["undisturbed/data/contents"];
        StackmillProgram.Run(ContentsCorpus.Args(_folder["rows.parquet"], undisturbed, _server, Concurrency)).Expect(0);
        Assert.Equal(File.ReadAllText(Path.Combine(undisturbed, Manifest.FileName)), File.ReadAllText(Path.Combine(output, Manifest.FileName)));
        Assert.Equal(Blobs, Manifest.Read(output)!.Books.Kept);
    }

    [Fact]
    public void Two_runs_that_share_a_cache_at_the_same_time_do_no_harm()
    {
        string[] Args(string name) => ContentsCorpus.Args(_folder["rows.parquet"], _folder[name], _server, Concurrency, "--set", $"contents.cache={_folder["cache"]}");
        _server.Fault = (_, _) => _server.Attempts.Count > Blobs / 3 ? BlobServerFault.Silence : BlobServerFault.None;
        using var first = new StackmillProgram().Start(Args("first"));
        first.WaitUntil(() => _server.Attempts.Count > Blobs / 3, "a third of the contents");
        using var second = new StackmillProgram().Start(Args("second"));
        second.WaitUntil(() => Directory.Exists(_folder["cache/v1/writer-001"]), "the second writer");
        var before = _server.Requests;
        second.WaitUntil(() => _server.Requests > before, "a request of the second run");
        // What the first has not closed yet is fetched by the second too; both are held until here, so they do overlap.
        Assert.False(first.HasEnded || second.HasEnded);
        _server.Fault = (_, _) => BlobServerFault.None;
        first.Kill();
        second.Kill();

        using var again = new StackmillProgram().Start(Args("first"));
        using var other = new StackmillProgram().Start(Args("second"));
        again.Wait().Expect(0);
        other.Wait().Expect(0);
        var (one, two) = (Manifest.Read(_folder["first"])!, Manifest.Read(_folder["second"])!);
        Assert.Equal((Blobs, one.RootHash), ((int)one.Books.Kept, two.RootHash));
        var requests = _server.Requests;
        StackmillProgram.Run(Args("third")).Expect(0);
        Assert.Equal(requests, _server.Requests);
    }
}
