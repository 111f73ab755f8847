using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Deduplicate;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate;

public sealed class DeduplicateStageTests
{
    private static readonly string Code = string.Concat(Enumerable.Range(0, 60).Select(i => $"def function_{i}(a, b):\n    return a * {i} + b\n\n"));

    private static List<CodeRecord> Records()
    {
        CodeRecord Starred(string path, string content, long? stars)
        {
            var record = TestDatasets.Record(path, content);
            record.StarEventsCount = stars;
            return record;
        }

        return
        [
            Starred("a.py", Code, 1), Starred("b.py", Code, 100), Starred("c.py", Code, null), Starred("near.py", Code + "print(1)\n", 5),
            Starred("short1.py", "x = 1\n", null), Starred("short2.py", "x  =  1\n", null), Starred("other.py", Code.Replace("a *", "a << q *"), null), TestDatasets.Record("a.c", Code, "C"),
        ];
    }

    private static Dataset Run(string folder, Dataset input, DeduplicateOptions? options = null, int workers = 2) =>
        Dataset.Of(folder, DeduplicateStage.Run(input, folder, options ?? new DeduplicateOptions(), TestRun.Context(workers)));

    [Fact]
    public void The_most_preferred_file_stays_and_the_ledger_and_the_report_name_it()
    {
        using var folder = new TempFolder();
        var dataset = Run(folder["corpus"], TestDatasets.Make(folder["in"], Records()));
        var kept = TestDatasets.ReadAll(dataset).Select(r => r.Path).ToList();
        Assert.Equal(["b.py", "other.py"], kept.Where(p => !p.StartsWith("short", StringComparison.Ordinal)));
        Assert.Single(kept, p => p.StartsWith("short", StringComparison.Ordinal));
        var ledger = dataset.ReadLedger().ToDictionary(r => r.Path);
        Assert.Equal(["a.c", "a.py", "c.py", "near.py"], ledger.Keys.Where(p => !p.StartsWith("short", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(new[] { "a.c", "a.py", "c.py", "near.py" }, p => Assert.Equal("b.py", ledger[p].KeptPath));
        Assert.Equal(("duplicate_exact", 1.0), (ledger["a.py"].Reason, ledger["a.py"].Similarity));
        Assert.Equal("duplicate_near", ledger["near.py"].Reason);
        Assert.InRange(ledger["near.py"].Similarity!.Value, 0.85, 0.9999);
        Assert.Equal((8, 3, 5), (dataset.Manifest.Books.In, dataset.Manifest.Books.Kept, dataset.Manifest.Books.DroppedTotal));
        var report = JsonNode.Parse(File.ReadAllText(folder["corpus", DeduplicateStage.ReportName]))!;
        Assert.Equal(5, (int)report["summary"]!["removed_files"]!);
    }

    [Fact]
    public void Workers_and_the_cut_into_shards_never_decide_who_stays()
    {
        using var folder = new TempFolder();
        var input = TestDatasets.Make(folder["in"], Records());
        Assert.Equal(Run(folder["1"], input, workers: 1).Manifest.RootHash, Run(folder["4"], input, workers: 4).Manifest.RootHash);
        var other = TestDatasets.Make(folder["whole"], Records(), rowsPerShard: 100);
        Assert.Equal(TestDatasets.ReadAll(Run(folder["a"], input)).Select(r => r.Path), TestDatasets.ReadAll(Run(folder["b"], other)).Select(r => r.Path));
    }

    [Fact]
    public void Duplicates_are_looked_for_in_the_scope_that_was_asked_for()
    {
        using var folder = new TempFolder();
        var input = TestDatasets.Make(folder["in"],
        [
            TestDatasets.Record("a.py", Code, repo: "one"), TestDatasets.Record("b.py", Code, repo: "one"), TestDatasets.Record("near.py", Code + "print(1)\n", repo: "one"), TestDatasets.Record("s.py", "x = 1\n", repo: "one"),
            TestDatasets.Record("c.py", Code, repo: "two"), TestDatasets.Record("near.py", Code + "print(2)\n", repo: "two"), TestDatasets.Record("s.py", "x  = 1\n", repo: "two"),
            TestDatasets.Record("a.c", Code, "C", "one"),
        ]);
        int Kept(string scope) => (int)Run(folder[scope], input, new DeduplicateOptions { Dedup = { Scope = scope } }).Manifest.Books.Kept;

        Assert.Equal(2, Kept("global"));
        Assert.Equal(3, Kept("language"));
        Assert.Equal(4, Kept("repository"));
        Assert.All(Dataset.Open(folder["repository"]).ReadLedger(), row => Assert.StartsWith(row.RepoName, row.KeptPath, StringComparison.Ordinal));
    }

    [Fact]
    public void Files_that_differ_in_comments_and_white_space_go_only_when_that_was_asked_for()
    {
        using var folder = new TempFolder();
        var commented = string.Concat(Code.Split('\n').Select((line, i) => $"{line}  # remark {i} of many words that make it unlike\n\n"));
        var input = TestDatasets.Make(folder["in"], [TestDatasets.Record("a.py", Code), TestDatasets.Record("b.py", commented), TestDatasets.Record("c.py", commented.Replace("a * 7 ", "a * 8 ", StringComparison.Ordinal))]);

        Assert.Equal(3, Run(folder["off"], input, new DeduplicateOptions { SimilarityThreshold = 1 }).Manifest.Books.Kept);
        var dataset = Run(folder["on"], input, new DeduplicateOptions { SimilarityThreshold = 1, Dedup = { Normalized = true } });
        var row = Assert.Single(dataset.ReadLedger());
        Assert.Equal(("duplicate_normalized", 1.0), (row.Reason, row.Similarity));
        Assert.Equal(["a.py", "b.py"], new[] { row.Path, row.KeptPath! }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Off_means_that_all_files_go_on()
    {
        using var folder = new TempFolder();
        var input = TestDatasets.Make(folder["in"], Records());
        Assert.Equal(TestDatasets.ReadAll(input).Select(r => r.Path), TestDatasets.ReadAll(Run(folder["out"], input, new DeduplicateOptions { Enabled = false })).Select(r => r.Path));
    }

    [Fact]
    public void An_empty_dataset_stays_empty_and_original_bytes_are_refused()
    {
        using var folder = new TempFolder();
        Assert.Empty(Run(folder["out"], TestDatasets.Make(folder["in"], [])).Manifest.Shards);
        Assert.Throws<UsageException>(() => Run(folder["out2"], TestDatasets.Make(folder["bytes"], [], text: false)));
        Assert.False(Directory.Exists(folder["out2"]));
    }

    [Fact]
    public void A_damaged_shard_stops_the_stage_as_decisions_without_it_would_differ()
    {
        using var folder = new TempFolder();
        var input = TestDatasets.Make(folder["in"], Records());
        File.AppendAllText(folder["in", input.Manifest.Shards[0].Path], "x");
        Assert.Contains("needs every shard", Assert.Throws<RunFaultException>(() => Run(folder["out"], input)).Message);
        Assert.Null(Manifest.Read(folder["out"]));
    }
}
