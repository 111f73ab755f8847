using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using ParquetSharp;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Organize;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize;

public sealed class OrganizeStageTests
{
    // Shards of three records of 200 bytes.
    private const long SmallShard = 600;

    private static readonly string Body = new('x', 199);

    private static OrganizeOptions Options(Action<OrganizeOptions>? change = null)
    {
        var options = new OrganizeOptions { ShardSize = SmallShard };
        change?.Invoke(options);
        return options;
    }

    private static Dataset Run(string input, string output, OrganizeOptions? options = null, int workers = 2) =>
        Dataset.Of(output, OrganizeStage.Run(input, output, options ?? Options(), TestRun.Context(workers)));

    private static List<string> Paths(Dataset dataset) => [.. TestDatasets.ReadAll(dataset).Select(r => r.DisplayPath)];

    private static SortedDictionary<string, long> Reasons(Dataset dataset)
    {
        var reasons = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in dataset.ReadLedger())
            reasons[row.Reason] = reasons.GetValueOrDefault(row.Reason) + 1;
        return reasons;
    }

    [Fact]
    public void Every_file_of_a_folder_is_kept_or_accounted_for_and_workers_never_show() =>
        Gen.Select(Gen.OneOf("a", "b/c", "b/d", "é"), Gen.OneOf(".py", ".c", ".xyz", ""), Gen.OneOf(0, 50, 150, 400), Gen.Int[0, 20]).Array[0, 15].Sample(files =>
        {
            using var folder = new TempFolder();
            using var output = new TempFolder();
            Directory.CreateDirectory(folder["in"]);
            foreach (var (dir, extension, size, n) in files)
                folder.Write($"in/{dir}/{n}{extension}", new string('x', size));
            var total = folder.Files().Count;
            var one = Run(folder["in"], output["1"], workers: 1);
            var four = Run(folder["in"], output["4"], workers: 4);
            Assert.Equal(one.Manifest.RootHash, four.Manifest.RootHash);
            Assert.Equal(total, one.Manifest.Books.In);
            Assert.Equal(total, Paths(one).Count + one.ReadLedger().Count());
            Assert.Equal(one.Manifest.Books.Dropped, Reasons(one));
            Assert.All(one.Manifest.Shards, s => Assert.True(s.Rows is > 0 and <= 4));
            Assert.Equal(Paths(one).Order(StringComparer.Ordinal), Paths(one).Distinct().Order(StringComparer.Ordinal));
        }, iter: 20);

    [Fact]
    public void The_ingest_manifest_lists_every_file_with_its_fate()
    {
        using var folder = new TempFolder();
        folder.Write("in/a.py", Body);
        folder.Write("in/A.py", Body);
        folder.Write("in/aux.c", Body);
        folder.Write("in/small.py", "x");
        var dataset = Run(folder["in"], folder["out"]);
        var report = JsonNode.Parse(File.ReadAllText(folder["out", IngestManifest.FileName]))!;
        Assert.Equal((3, 1, 597), ((int)report["total_moved"]!, (int)report["total_skipped"]!, (int)report["total_bytes"]!));
        Assert.Equal(3, report["moved"]!.AsArray().Select(m => ((string)m!["dst"]!).ToLowerInvariant()).Distinct().Count());
        Assert.Equal(("small.py", "too_small"), ((string)report["skipped"]![0]!["path"]!, (string)report["skipped"]![0]!["reason"]!));
        Assert.All(report["moved"]!.AsArray(), m => Assert.Contains((string)m!["shard"]!, dataset.Manifest.Shards.Select(s => s.Path)));
    }

    [Fact]
    public void An_empty_folder_is_an_empty_dataset_and_the_second_run_changes_nothing()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["in"]);
        Assert.Empty(Run(folder["in"], folder["out"]).Manifest.Shards);
        var before = folder.Files().ToDictionary(f => f, f => File.GetLastWriteTimeUtc(folder[f]));
        var observer = new RecordingObserver();
        OrganizeStage.Run(folder["in"], folder["out"], Options(), TestRun.Context(observer: observer));
        Assert.Equal(["organize"], observer.UpToDate);
        Assert.Equal(before.Where(f => !f.Key.EndsWith(".lock", StringComparison.Ordinal)), folder.Files().Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)).Select(f => KeyValuePair.Create(f, File.GetLastWriteTimeUtc(folder[f]))));
    }

    [Fact]
    public void Repositories_by_depth_are_stored_in_the_order_of_their_names()
    {
        using var folder = new TempFolder();
        folder.Write("in/a-b/x.py", Body);
        folder.Write("in/a/x.py", Body);
        folder.Write("in/top.py", Body);
        var rows = TestDatasets.ReadAll(Run(folder["in"], folder["out"], Options(o => (o.Input.RepoDepth, o.ShardSize) = (1, 1 << 20))));
        Assert.Equal([("", "top.py"), ("a", "x.py"), ("a-b", "x.py")], rows.Select(r => (r.RepoName, r.Path)));
    }

    [Fact]
    public void Json_lines_of_any_shard_size_give_the_same_records_and_count_every_line() =>
        Gen.Select(Gen.OneOf("ok", "ok", "ok", "broken", "empty", "small", "foreign", "nocontent").Array[0, 20], Gen.OneOf(1L, 300L, 1000L, 1L << 20)).Sample((kinds, shard) =>
        {
            using var folder = new TempFolder();
            var lines = kinds.Select((kind, i) => kind switch
            {
                "broken" => "{\"content\": ",
                "empty" => $$"""{"path": "{{i}}.py", "content": ""}""",
                "small" => $$"""{"path": "{{i}}.py", "content": "x"}""",
                "foreign" => $$"""{"path": "{{i}}.xyz", "content": "{{Body}}"}""",
                "nocontent" => $$"""{"path": "{{i}}.py"}""",
                _ => $$"""{"path": "{{i:D2}}.py", "content": "{{Body}}{{i}}"}""",
            });
            var input = folder.Write("in.jsonl", string.Join('\n', lines));
            var dataset = Run(input, folder["out"], Options(o => o.ShardSize = shard));
            Assert.Equal(kinds.Length, dataset.Manifest.Books.In);
            Assert.Equal(kinds.Select((k, i) => (k, i)).Where(k => k.k == "ok").Select(k => $"{k.i:D2}.py"), Paths(dataset).Order(StringComparer.Ordinal));
            Assert.Equal(kinds.Count(k => k == "broken"), dataset.Manifest.Books.Failed.GetValueOrDefault("invalid_json"));
            Assert.Equal(kinds.Count(k => k == "nocontent"), dataset.Manifest.Books.Failed.GetValueOrDefault("missing_content"));
            Assert.Equal(kinds.Count(k => k != "ok"), dataset.ReadLedger().Count());
        }, iter: 40);

    [Fact]
    public void A_records_path_is_made_safe_before_it_is_stored()
    {
        using var folder = new TempFolder();
        string[] paths = ["../../x.py", "/etc/y.py", "C:\\z.py", "a\\..\\..\\w.py", "n\0ul.py", ""];
        var input = folder.Write("in.jsonl", string.Join('\n', paths.Select((p, i) => JsonSerializer.Serialize(new { path = p, content = Body + i, language = "Python" }))));
        var stored = Paths(Run(input, folder["out"], Options(o => o.ShardSize = 1 << 20)));
        Assert.Equal(paths.Length, stored.Count);
        Assert.All(["x.py", "etc/y.py", "C:/z.py", "w.py", "nul.py"], p => Assert.Contains(p, stored));
        Assert.Contains(stored, p => p.Length == 43 && p.EndsWith(".py", StringComparison.Ordinal));
    }

    [Fact]
    public void Parquet_with_named_columns_nulls_and_filters()
    {
        using var folder = new TempFolder();
        using (var file = new ParquetFileWriter(folder["in.parquet"], [new Column<string>("source"), new Column<string>("where"), new Column<long?>("stars"), new Column<string[]>("licenses")]))
        {
            for (var g = 0; g < 3; g++)
            {
                using var group = file.AppendRowGroup();
                using (var column = group.NextColumn().LogicalWriter<string>())
                    column.WriteBatch([Body + g, null!, Body + "low" + g]);
                using (var column = group.NextColumn().LogicalWriter<string>())
                    column.WriteBatch([$"{g}.py", "null.py", "low.py"]);
                using (var column = group.NextColumn().LogicalWriter<long?>())
                    column.WriteBatch([null, 50, 3]);
                using (var column = group.NextColumn().LogicalWriter<string[]>())
                    column.WriteBatch([["MIT"], ["MIT"], null!]);
            }

            file.Close();
        }

        var options = Options(o => (o.Input.ContentColumn, o.Input.PathColumn, o.ShardSize) = ("source", "where", 1));
        var dataset = Run(folder["in.parquet"], folder["out"], options);
        Assert.Equal(["0.py", "1.py", "2.py"], Paths(dataset));
        Assert.Equal((9, 3, 3), (dataset.Manifest.Books.In, dataset.Manifest.Books.Failed["missing_content"], dataset.Manifest.Books.Dropped["too_few_stars"]));
        Assert.Equal(3, dataset.Manifest.Shards.Count);
        Assert.All(TestDatasets.ReadAll(dataset), r => Assert.Equal(["MIT"], r.DetectedLicenses!));
    }

    [Fact]
    public void A_broken_parquet_file_or_one_without_content_fails_its_shard_and_the_others_go_on()
    {
        using var folder = new TempFolder();
        using (var made = new TempFolder())
        {
            var dataset = TestDatasets.Make(made["d"], [TestDatasets.Record("a.py", Body)], text: false);
            File.Copy(made["d", dataset.Manifest.Shards[0].Path], folder.Write("in/good.parquet", ""), overwrite: true);
        }

        folder.Write("in/broken.parquet", "no parquet at all");
        var manifest = Run(folder["in"], folder["out"]).Manifest;
        Assert.Equal(1, manifest.Books.Kept);
        Assert.Contains("broken.parquet", Assert.Single(manifest.FailedShards).Error);
        var other = Run(folder["in", "good.parquet"], folder["out2"], Options(o => o.Input.ContentColumn = "nothing")).Manifest;
        Assert.Contains("--content-column", Assert.Single(other.FailedShards).Error);
    }

    [Fact]
    public void Input_and_output_must_lie_apart()
    {
        using var folder = new TempFolder();
        folder.Write("in/a.py", Body);
        Assert.Throws<UsageException>(() => Run(folder["in"], folder["in", "out"]));
        Assert.Throws<UsageException>(() => Run(folder["in"], folder["in"]));
        Assert.Throws<UsageException>(() => Run(folder["in"], folder.Path));
        Assert.Equal(["in/a.py"], folder.Files());
    }
}
