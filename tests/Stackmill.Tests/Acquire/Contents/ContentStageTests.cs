using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Acquire.Contents;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Acquire.Contents;

public sealed class ContentStageTests : ContentsTest
{
    [Fact]
    public void Every_content_arrives_verified_with_what_its_row_tells()
    {
        var rows = Rows(400);
        var manifest = Run(Write(rows));

        Assert.Equal((400, 400, 0), (manifest.Books.In, manifest.Books.Kept, manifest.Books.FailedTotal));
        var records = Read().ToDictionary(r => r.BlobId);
        Assert.Equal(400, records.Count);
        for (var i = 0; i < 400; i++)
        {
            var record = records[rows[i].BlobId];
            Assert.Equal(Content(i), record.Content.ToArray());
            Assert.Equal(($"owner/repo{i % 7}", $"src/file{i}.py", (long?)i), (record.RepoName, record.Path, record.StarEventsCount));
            Assert.Equal(RecordIdentity.GitBlobId(Content(i)), record.ContentId);
        }

        Assert.False(File.Exists(Folder["contents/" + ContentStage.DeadLetterName]));
        Assert.Equal(400, Server.Requests);
    }

    [Fact]
    public void Workers_caches_faults_and_limits_never_change_the_bytes()
    {
        var rows = Write(Rows(500));
        var expected = Run(rows, "calm", cache: null, workers: 1).RootHash;
        Assert.Equal(expected, Run(rows, "four", cache: "cache4", workers: 4).RootHash);
        Assert.Equal(expected, Run(rows, "one", cache: "cache4", workers: 1).RootHash);
        Server.Fault = (id, attempt) => BlobServer.Chance(id, attempt, 0.2, out var dice)
            ? new[] { BlobServerFault.SlowDown, BlobServerFault.ServerError, BlobServerFault.Reset, BlobServerFault.Truncated, BlobServerFault.Silence }[dice % 5]
            : BlobServerFault.None;
        Assert.Equal(expected, Run(rows, "faulty", cache: "cache5", change: o => o.MaxConcurrency = 200).RootHash);
        Server.Fault = (_, _) => BlobServerFault.None;
        Assert.Equal(expected, Run(rows, "slow", cache: null, change: o => o.MaxBytesPerSecond = 200_000).RootHash);
    }

    [Fact]
    public void Nothing_is_fetched_twice()
    {
        var rows = Rows(200);
        // The same content in other repositories, in the same task and in others.
        var more = rows.Concat(rows.Select(r => new CodeRecord { BlobId = r.BlobId, RepoName = "other/copy", Path = r.Path, Language = r.Language, LengthBytes = r.LengthBytes })).ToList();
        var manifest = Run(Write(more));
        Assert.Equal(400, manifest.Books.Kept);
        Assert.Equal(200, Server.Requests);

        Assert.Equal(manifest.RootHash, Run(Write(more), "again").RootHash);
        Assert.Equal(200, Server.Requests);
    }

    [Theory]
    [InlineData(BlobServerFault.Missing, "missing_blob", 1)]
    [InlineData(BlobServerFault.Denied, "refused", 1)]
    [InlineData(BlobServerFault.Truncated, "corrupt_gzip", 3)]
    [InlineData(BlobServerFault.WrongBytes, "checksum_mismatch", 3)]
    [InlineData(BlobServerFault.ServerError, "not_fetched", 3)]
    [InlineData(BlobServerFault.Reset, "not_fetched", 3)]
    [InlineData(BlobServerFault.Silence, "not_fetched", 3)]
    [InlineData(BlobServerFault.Trickle, "not_fetched", 3)]
    public void What_cannot_be_had_is_in_the_ledger_and_the_dead_letters_and_is_taken_up_again(BlobServerFault fault, string reason, int attempts)
    {
        var rows = Rows(60);
        var (bad, good) = (rows[17], rows[18]);
        var source = Write(rows);
        Server.Fault = (id, _) => id == bad.BlobId ? fault : BlobServerFault.None;

        var notes = new RecordingNotes();
        var manifest = Run(source, change: o => o.Retries = 2, notes: notes);

        Assert.Equal((60, 59, 1), (manifest.Books.In, manifest.Books.Kept, manifest.Books.Failed[reason]));
        Assert.Equal(attempts, Server.Attempts[bad.BlobId]);
        var row = Assert.Single(Dataset.Open(Folder["contents"]).ReadLedger());
        Assert.Equal((reason, bad.BlobId, bad.RepoName, bad.Path[1..], LedgerAction.Failed), (row.Reason, row.BlobId, row.RepoName, row.Path, row.Action));
        var letter = JsonNode.Parse(Assert.Single(File.ReadAllLines(Folder["contents/" + ContentStage.DeadLetterName])))!;
        Assert.Equal((bad.BlobId, reason), ((string)letter["blob_id"]!, (string)letter["reason"]!));
        Assert.NotEmpty((string)letter["detail"]!);
        Assert.Contains(notes.All, n => n.Contains("--retry-failed", StringComparison.Ordinal));

        // Finished is finished: the same command again asks for nothing.
        var requests = Server.Requests;
        Assert.Equal(manifest.RootHash, Run(source).RootHash);
        Assert.Equal(requests, Server.Requests);

        // Asked for, only what failed is fetched, and the result is that of an undisturbed run.
        Server.Fault = (_, _) => BlobServerFault.None;
        var mended = Run(source, retryFailed: true);
        Assert.Equal((60, 60, 0), (mended.Books.In, mended.Books.Kept, mended.Books.FailedTotal));
        Assert.Equal(requests + 1, Server.Requests);
        Assert.False(File.Exists(Folder["contents/" + ContentStage.DeadLetterName]));
        Assert.Equal(Run(source, "calm", cache: null).RootHash, mended.RootHash);
        Assert.Equal(1, Server.Attempts[good.BlobId] - 1);
    }

    [Fact]
    public void What_a_damaged_cache_has_lost_is_fetched_again_and_nothing_else()
    {
        var rows = Write(Rows(300));
        var expected = Run(rows).RootHash;
        var segment = Directory.GetFiles(Folder["cache"], "*.blobs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var bytes = File.ReadAllBytes(segment);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(segment, bytes);
        // One that was cut loses its later entries.
        var cut = Directory.GetFiles(Folder["cache"], "*.blobs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..^40]);

        var again = Run(rows, "again");

        Assert.Equal((300, 300, expected), (again.Books.In, again.Books.Kept, again.RootHash));
        Assert.InRange(Server.Requests, 302, 303);
        // They are whole in the cache from now on.
        Assert.Equal(expected, Run(rows, "third").RootHash);
        Assert.InRange(Server.Requests, 302, 303);
    }

    [Fact]
    public void A_storm_of_refusals_is_waited_out_and_loses_nothing()
    {
        var rows = Write(Rows(300));
        Server.Fault = (id, attempt) => BlobServer.Chance(id, attempt, 0.5, out _) ? BlobServerFault.SlowDown : BlobServerFault.None;
        var manifest = Run(rows, change: o => o.Retries = 0);
        Assert.Equal((300, 300), (manifest.Books.In, manifest.Books.Kept));
    }

    [Fact]
    public void Rows_without_an_id_or_above_the_limit_are_counted_and_not_asked_for()
    {
        var rows = Rows(5);
        rows[1].BlobId = "not an id";
        rows[2].LengthBytes = 11 << 20;
        var manifest = Run(Write(rows));
        Assert.Equal((5, 3), (manifest.Books.In, manifest.Books.Kept));
        Assert.Equal((1, 1), (manifest.Books.Failed["invalid_blob_id"], manifest.Books.Dropped["too_large"]));
        Assert.Equal(3, Server.Requests);
    }

    [Fact]
    public void A_content_that_is_larger_than_its_row_tells_is_stopped_at_the_limit()
    {
        var rows = Rows(5);
        var bomb = new byte[30 << 20];
        rows[3].BlobId = Server.Add(bomb);
        var manifest = Run(Write(rows));
        Assert.Equal((4, 1), (manifest.Books.Kept, manifest.Books.Failed["over_size_limit"]));
    }

    [Fact]
    public void Terms_are_shown_until_they_are_accepted_and_the_manifest_says_so()
    {
        var rows = Write(Rows(3));
        var fault = Assert.Throws<UsageException>(() => Run(rows, change: o => o.AcceptTerms = false));
        Assert.Contains("--accept-terms", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Software Heritage and Inria", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, Server.Requests);

        Assert.True((bool)Run(rows).Configuration["contents"]!["accept_terms"]!);
        Assert.Equal(3, Run(rows, "copy", o => (o.AcceptTerms, o.Location) = (false, $"{Server.Endpoint}/mirror/content")).Books.Kept);
    }

    [Fact]
    public void The_tree_of_the_seed_system_has_a_checksum_beside_each_file()
    {
        var rows = Rows(20);
        rows[4].Path = "/" + new string('n', 249) + ".py";
        Run(Write(rows), change: o => o.FileTree = Folder["tree"]);

        var files = Directory.GetFiles(Folder["tree"], "*", SearchOption.AllDirectories);
        var sources = files.Where(f => !f.EndsWith(".sha256", StringComparison.Ordinal)).ToList();
        Assert.Equal(20, sources.Count);
        foreach (var file in sources)
        {
            var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));
            if (File.Exists(file + ".sha256"))
                Assert.Equal(hash, File.ReadAllText(file + ".sha256"));
            var language = Path.GetRelativePath(Folder["tree"], file).Split('/')[0];
            Assert.Contains($"{hash}  {Path.GetRelativePath(Folder[$"tree/{language}"], file)}", File.ReadAllLines(Folder[$"tree/{language}/{BlobTree.ChecksumsName}"]));
        }

        File.WriteAllText(sources[0], "damaged");
        Run(Write(rows), change: o => o.FileTree = Folder["tree"]);
        Assert.NotEqual("damaged", File.ReadAllText(sources[0]));
        Assert.DoesNotContain(Directory.GetFiles(Folder["tree"], "*", SearchOption.AllDirectories), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_of_rows_that_cannot_be_read_is_a_failed_shard_and_the_others_go_on()
    {
        var rows = Write(Rows(10));
        File.WriteAllText(Folder["broken.parquet"], "no parquet at all");
        var both = rows with { Files = [new LocalFile(Folder["broken.parquet"], "broken.parquet"), .. rows.Files] };
        var manifest = Run(both);
        Assert.Equal(10, manifest.Books.Kept);
        Assert.Contains("broken.parquet", Assert.Single(manifest.FailedShards).Error, StringComparison.Ordinal);
    }
}
