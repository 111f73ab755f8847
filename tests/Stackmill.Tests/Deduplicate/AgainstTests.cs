using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Search;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate;

public sealed class AgainstTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CodeRecord Record(string path, byte[] content, long stars = 0)
    {
        var record = TestDatasets.Record(path, System.Text.Encoding.UTF8.GetString(content));
        record.StarEventsCount = stars;
        return record;
    }

    private Dataset Run(string name, Dataset input, DeduplicateOptions options) =>
        Dataset.Of(_folder[name], DeduplicateStage.Run(input, _folder[name], options, TestRun.Context()));

    private static DeduplicateOptions Options(bool keep = false, params string[] against) => new() { SimilarityThreshold = 0.7, Dedup = { KeepIndex = keep, Against = against } };

    [Fact]
    public void A_new_batch_loses_what_equals_or_resembles_an_old_file_as_if_the_old_ones_were_preferred()
    {
        var documents = MutatedDocuments.Make(seed: 21, originals: 150, copies: 3);
        // New files have more stars, which must not help them.
        var (old, fresh) = (documents[..300].Select((d, i) => Record($"old{i}.py", d)).ToList(), documents[300..].Select((d, i) => Record($"new{i}.py", d, 1000)).ToList());
        var first = Run("first", TestDatasets.Make(_folder["old"], old, rowsPerShard: 40), Options(keep: true));
        var second = Run("second", TestDatasets.Make(_folder["new"], fresh, rowsPerShard: 60), Options(keep: true, first.Folder));

        var stay = TestDatasets.ReadAll(first).ToDictionary(r => r.Path, r => r.Content.ToArray());
        var kept = TestDatasets.ReadAll(second).ToDictionary(r => r.Path, r => r.Content.ToArray());
        var ledger = second.ReadLedger().ToList();
        Assert.Equal(fresh.Count, kept.Count + ledger.Count);
        Assert.InRange(ledger.Count(r => r.KeptPath!.StartsWith("old", StringComparison.Ordinal)), 30, fresh.Count);
        Assert.Contains(ledger, r => r.KeptPath!.StartsWith("new", StringComparison.Ordinal));

        // By brute force: what stays is unlike all old files and all new ones that stay; what goes has the similarity that is told.
        var sets = stay.Concat(kept).ToDictionary(p => p.Key, p => NaiveShingles.Of(p.Value));
        foreach (var path in kept.Keys)
            Assert.DoesNotContain(sets, other => other.Key != path && NaiveShingles.Similarity(sets[path], other.Value) >= 0.7);
        foreach (var row in ledger)
        {
            var own = NaiveShingles.Of(fresh.Single(r => r.Path == row.Path).Content.ToArray());
            Assert.Equal(NaiveShingles.Similarity(own, sets[row.KeptPath!]), row.Similarity);
        }

        // The old files are as they were, and a third batch goes against both.
        Assert.Equal(stay.Keys.Order(), TestDatasets.ReadAll(Dataset.Open(first.Folder)).Select(r => r.Path).Order());
        var third = Run("third", TestDatasets.Make(_folder["all"], [.. old, .. fresh], rowsPerShard: 500), Options(keep: false, first.Folder, second.Folder));
        Assert.Equal(0, third.Manifest.Books.Kept);
        Assert.Equal(old.Count + fresh.Count, third.Manifest.Books.DroppedTotal);
    }

    [Fact]
    public void Only_old_contents_that_are_compared_are_read()
    {
        var documents = MutatedDocuments.Make(seed: 3, originals: 40, copies: 0);
        var first = Run("first", TestDatasets.Make(_folder["old"], [.. documents.Select((d, i) => Record($"old{i:D2}.py", d))], rowsPerShard: 10), Options(keep: true));
        // Three of the four shards are damaged: they are not needed, and so not noticed.
        var shards = first.Manifest.Shards.Select(s => Path.Combine(first.Folder, s.Path)).ToList();
        Assert.Equal(4, shards.Count);
        foreach (var path in shards.Skip(1))
            File.WriteAllBytes(path, new byte[10]);
        byte[] near = [.. documents[3], .. "\nlast = 1\n"u8];
        var second = Run("second", TestDatasets.Make(_folder["new"], [Record("near.py", near), Record("copy.py", documents[25]), Record("own.py", "a = b + c * d - e / f % g"u8.ToArray())]), Options(keep: false, first.Folder));
        Assert.Equal(["own.py"], TestDatasets.ReadAll(second).Select(r => r.Path));
        Assert.Equal([("copy.py", "old25.py"), ("near.py", "old03.py")], second.ReadLedger().Select(r => (r.Path, r.KeptPath!)).Order());

        File.WriteAllBytes(shards[0], new byte[10]);
        var fault = Assert.Throws<RunFaultException>(() => Run("third", TestDatasets.Make(_folder["new3"], [Record("near.py", near)]), Options(keep: false, first.Folder)));
        Assert.Contains("was changed or damaged", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_another_form_state_or_version_or_that_is_damaged_or_missing_is_refused()
    {
        var input = TestDatasets.Make(_folder["in"], [Record("a.py", MutatedDocuments.Make(seed: 1, originals: 1, copies: 0)[0])]);
        string Refused(DeduplicateOptions options) => Assert.Throws<UsageException>(() => Run("out", input, options)).Message;

        var plain = Run("plain", input, Options());
        Assert.Contains("has no index", Refused(Options(keep: false, plain.Folder)), StringComparison.Ordinal);
        var first = Run("first", input, Options(keep: true));
        Assert.Contains("bands 50 and 42", Refused(new DeduplicateOptions { Dedup = { Against = [first.Folder] } }), StringComparison.Ordinal);
        Assert.Contains("dedup.identifiers keep and blank", Refused(new DeduplicateOptions { SimilarityThreshold = 0.7, Dedup = { Identifiers = DedupOptions.Blank, Against = [first.Folder] } }), StringComparison.Ordinal);
        Assert.Contains("deduplication is off", Refused(new DeduplicateOptions { Enabled = false, Dedup = { KeepIndex = true } }), StringComparison.Ordinal);

        var index = DedupIndex.PathOf(first.Folder);
        var good = File.ReadAllText(index);
        void Damage(Action<JsonNode> change, string expected)
        {
            var node = JsonNode.Parse(good)!;
            change(node);
            File.WriteAllText(index, node.ToJsonString());
            Assert.Contains(expected, Refused(Options(keep: false, first.Folder)), StringComparison.Ordinal);
        }

        Damage(n => n["version"] = 1, "version 1; expected 'stackmill-dedup-index' version 2");
        Damage(n => n["format"] = "x", "is of format 'x'");
        Damage(n => n["root_hash"] = "00", "belongs to another state");
        Damage(n => n["parts"]![0]!["files"]![0]!["sha256"] = "00", "is missing or was changed");
        Damage(n => n["parts"]![0]!["files"]!.AsArray().RemoveAt(0), "files are missing");
        Damage(n => n["parts"]![0]!["shard"] = "../x", "expected each of the dataset's 1 once");
        Damage(n => n["parts"]!.AsArray().Clear(), "names 0 shards");
        File.WriteAllText(index, "{");
        Assert.Contains("is no index", Refused(Options(keep: false, first.Folder)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));

        // What is read until the end can't be what is written.
        File.WriteAllText(index, good);
        foreach (var output in new[] { "first", "first/inner" })
            Assert.Contains("are the same, or one lies in the other", Assert.Throws<UsageException>(() => Run(output, input, Options(keep: true, first.Folder))).Message, StringComparison.Ordinal);
        Assert.Equal(first.Manifest.RootHash, Dataset.Open(first.Folder).Manifest.RootHash);
    }
}
