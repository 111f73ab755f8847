using Stackmill.Acquire.Contents;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Acquire.Contents;

/// <summary><c>--retry-failed</c>: only what failed is fetched, finished shards are not touched, and the result is that of a run without failures.</summary>
public sealed class ContentRetryTests : ContentsTest
{
    private (ContentRows Source, HashSet<string> Bad, Manifest First) Fail(string? cache = "cache")
    {
        var rows = Rows(400);
        // In two of the shards.
        var bad = new[] { rows[3], rows[5], rows[300] }.Select(r => r.BlobId).ToHashSet();
        var source = Write(rows);
        Server.Fault = (id, _) => bad.Contains(id) ? BlobServerFault.Missing : BlobServerFault.None;
        var manifest = Run(source, cache: cache);
        Assert.Equal((400, 397, 3), (manifest.Books.In, manifest.Books.Kept, manifest.Books.Failed["missing_blob"]));
        Assert.Equal(3, File.ReadAllLines(Folder["contents/" + ContentStage.DeadLetterName]).Length);
        Server.Fault = (_, _) => BlobServerFault.None;
        return (source, bad, manifest);
    }

    private Dictionary<string, int> Asked(Dictionary<string, int> before) =>
        Server.Attempts.Where(a => a.Value > before.GetValueOrDefault(a.Key)).ToDictionary(a => a.Key, a => a.Value - before.GetValueOrDefault(a.Key));

    private void AssertRetried(ContentRows source, HashSet<string> bad, Manifest first, string? cache)
    {
        var before = Server.Attempts.ToDictionary();
        var old = first.Shards.ToDictionary(s => s.Path, s => (s.Sha256, File.GetLastWriteTimeUtc(Folder["contents/" + s.Path])));
        var observer = new RecordingObserver();

        var mended = Run(source, retryFailed: true, cache: cache, notes: observer);

        Assert.Equal((400, 400, 0), (mended.Books.In, mended.Books.Kept, mended.Books.FailedTotal));
        Assert.Equal(bad, Asked(before).Keys.ToHashSet());
        Assert.All(Asked(before).Values, n => Assert.Equal(1, n));
        var tasks = mended.Shards.Select(s => Path.GetFileNameWithoutExtension(s.Path)).Distinct().Count();
        Assert.Equal(2, observer.Done.Count);
        Assert.Equal(tasks - 2, observer.Reused.Count);
        foreach (var shard in mended.Shards.Where(s => !observer.Done.Contains(Path.GetFileNameWithoutExtension(s.Path))))
            Assert.Equal(old[shard.Path], (shard.Sha256, File.GetLastWriteTimeUtc(Folder["contents/" + shard.Path])));
        Assert.Equal(Run(source, "undisturbed", cache: "other").RootHash, mended.RootHash);
        Assert.False(File.Exists(Folder["contents/" + ContentStage.DeadLetterName]));
        Assert.False(Directory.Exists(Folder["contents/_work"]));
    }

    [Fact]
    public void Only_what_failed_is_fetched_and_finished_shards_are_not_touched()
    {
        var (source, bad, first) = Fail();
        AssertRetried(source, bad, first, "cache");
    }

    [Fact]
    public void The_cache_may_be_gone()
    {
        var (source, bad, first) = Fail();
        Directory.Delete(Folder["cache"], recursive: true);
        AssertRetried(source, bad, first, "cache");
    }

    [Fact]
    public void There_need_be_no_cache()
    {
        var (source, bad, first) = Fail(cache: null);
        AssertRetried(source, bad, first, cache: null);
    }

    [Fact]
    public void Only_the_published_files_need_be_there()
    {
        var (source, bad, first) = Fail();
        Directory.Delete(Folder["cache"], recursive: true);
        // As another machine gets it from object storage: what the manifest names, and nothing of this machine.
        Assert.Empty(Directory.EnumerateDirectories(Folder["contents"], "_work"));
        File.Delete(Folder["contents/" + OutputLock.FileName]);
        AssertRetried(source, bad, first, "elsewhere");
    }

    [Fact]
    public void A_damaged_shard_is_made_anew()
    {
        var (source, bad, first) = Fail();
        Directory.Delete(Folder["cache"], recursive: true);
        var shard = Folder["contents/" + first.Shards.First(s => s.Path.EndsWith(PartOf(first), StringComparison.Ordinal)).Path];
        var bytes = File.ReadAllBytes(shard);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(shard, bytes);
        var mended = Run(source, retryFailed: true);
        Assert.Equal(400, mended.Books.Kept);
        Assert.Equal(Run(source, "undisturbed", cache: "other").RootHash, mended.RootHash);
        Assert.NotEmpty(bad);
    }

    [Fact]
    public void What_fails_again_stays_in_the_list()
    {
        var (source, bad, first) = Fail();
        Server.Fault = (id, _) => bad.Contains(id) ? BlobServerFault.Missing : BlobServerFault.None;
        var again = Run(source, retryFailed: true);
        Assert.Equal((first.RootHash, 3L), (again.RootHash, again.Books.FailedTotal));
        Assert.Equal(3, File.ReadAllLines(Folder["contents/" + ContentStage.DeadLetterName]).Length);
    }

    [Fact]
    public void A_kill_between_leaves_a_dataset_that_is_gone_on_with()
    {
        var (source, bad, _) = Fail();
        using (var stop = new CancellationTokenSource())
        {
            Server.Fault = (id, _) =>
            {
                if (bad.Contains(id))
                    stop.Cancel();
                return BlobServerFault.None;
            };
            Assert.ThrowsAny<OperationCanceledException>(() => Run(source, retryFailed: true, cancellation: stop.Token));
        }

        Assert.False(File.Exists(Folder["contents/" + Manifest.FileName]));
        Server.Fault = (_, _) => BlobServerFault.None;
        Assert.Equal(400, Run(source).Books.Kept);
    }

    [Fact]
    public void Other_options_make_the_dataset_anew_whatever_is_asked_for()
    {
        var (source, _, _) = Fail();
        Assert.Equal(400, Run(source, retryFailed: true, maxFileSizeMb: 9).Books.Kept);
    }

    private static string PartOf(Manifest manifest) => Path.GetFileName(manifest.Ledger[0].Path);
}
