using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Export;
using Stackmill.Organize;
using Stackmill.Organize.Sources;
using Stackmill.Shared.Filters;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Export;

public sealed class ExportStageTests
{
    private static List<CodeRecord> Records() =>
    [
        TestDatasets.Record("a.py", "x = 1\n"), TestDatasets.Record("src/b.py", "é = '日本'\n", repo: "o/r"), TestDatasets.Record("A.py", "y = 2\n"), TestDatasets.Record("z.py", "z\n"),
        TestDatasets.Record("main.cpp", "int main() {}\n", "C++"),
    ];

    private static Manifest Run(Dataset input, string output, string format, string compression = "zstd", int workers = 2, RecordingObserver? observer = null) =>
        ExportStage.Run(input, output, new ExportOptions { Format = format, Compression = compression }, TestRun.Context(workers, observer));

    private static List<string> Files(TempFolder folder, string name) =>
        [.. folder.Files().Where(f => f.StartsWith(name + "/", StringComparison.Ordinal)).Select(f => f[(name.Length + 1)..]).Where(f => f != ".stackmill.lock")];

    [Fact]
    public void Plain_files_lie_below_their_language_under_their_own_names()
    {
        using var folder = new TempFolder();
        var manifest = Run(TestDatasets.Make(folder["in"], Records()), folder["out"], "files");
        var files = Files(folder, "out");
        Assert.Equal(["_index/part-00000.parquet", "_index/part-00001.parquet", "_index/part-00002.parquet", "_manifest.json", "cpp/main.cpp"], files.Take(5));
        Assert.Equal(["python/a.py", "python/o/r/src/b.py", "python/z.py"], files.Skip(5).Where(f => !f.Contains('~')));
        Assert.Single(files, f => f.Contains('~'));
        Assert.Equal("é = '日本'\n", File.ReadAllText(folder["out", "python", "o", "r", "src", "b.py"]));
        Assert.Equal((5, 5), (manifest.Books.In, manifest.Books.Kept));
    }

    [Theory]
    [InlineData("files")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    public void Workers_never_show_and_a_second_run_changes_nothing(string format)
    {
        using var folder = new TempFolder();
        var input = TestDatasets.Make(folder["in"], Records());
        Assert.Equal(Run(input, folder["1"], format, workers: 1).RootHash, Run(input, folder["4"], format, workers: 4).RootHash);
        var observer = new RecordingObserver();
        Run(input, folder["1"], format, observer: observer);
        Assert.Equal(["export"], observer.UpToDate);
    }

    [Theory]
    [InlineData("zstd", ".jsonl.zst")]
    [InlineData("gzip", ".jsonl.gz")]
    [InlineData("none", ".jsonl")]
    public void Json_lines_are_read_back_by_organize(string compression, string suffix)
    {
        using var folder = new TempFolder();
        var manifest = Run(TestDatasets.Make(folder["in"], Records()), folder["out"], "jsonl", compression);
        Assert.All(manifest.Shards, s => Assert.EndsWith(suffix, s.Path));
        var options = new OrganizeOptions { Filters = new FilterOptions { FileSize = new FileSizeOptions { MinBytes = 1 } } };
        var back = Dataset.Of(folder["back"], OrganizeStage.Run(folder["out"], folder["back"], options, TestRun.Context()));
        Assert.Equal(Describe(Records()), Describe(TestDatasets.ReadAll(back)));
    }

    [Fact]
    public void Parquet_holds_the_same_records()
    {
        using var folder = new TempFolder();
        var manifest = Run(TestDatasets.Make(folder["in"], Records()), folder["out"], "parquet");
        Assert.Equal("parquet:text", manifest.Content);
        Assert.Equal(Describe(Records()), Describe(TestDatasets.ReadAll(Dataset.Of(folder["out"], manifest))));
    }

    [Fact]
    public void Original_bytes_that_are_no_text_are_exported_whole()
    {
        using var folder = new TempFolder();
        var record = new CodeRecord { Path = "x.py", Language = "Python", Content = new byte[] { 0, 0xFF, 0xFE, 10 } };
        RecordIdentity.Complete(record);
        var input = TestDatasets.Make(folder["in"], [record], text: false);
        Run(input, folder["files"], "files");
        Assert.Equal([0, 0xFF, 0xFE, 10], File.ReadAllBytes(folder["files", "python", "x.py"]));
        Run(input, folder["jsonl"], "jsonl", "none");
        Assert.Contains("\"content_base64\":\"AP/+Cg==\"", File.ReadAllText(folder["jsonl", "python", "part-00000.jsonl"]));
    }

    [Fact]
    public void No_path_of_a_record_leaves_the_folder()
    {
        using var folder = new TempFolder();
        string[] paths = ["../../x.py", "/abs.py", "C:\\w.py", "a\0b.py", "..\\..\\y.py", "..", "a/../../../z.py", "nul"];
        var records = paths.Select((p, i) => TestDatasets.Record(p, $"x = {i}\n", repo: i % 2 == 0 ? "" : "../up")).ToList();
        var before = folder.Files().Count;
        Run(TestDatasets.Make(folder["deep", "in"], records), folder["deep", "out"], "files");
        Assert.Equal(0, before);
        Assert.All(folder.Files(), f => Assert.Matches("^deep/(in|out)/", f));
        var exported = Files(folder, "deep/out").Where(f => !f.StartsWith('_')).ToList();
        Assert.Equal(records.Select(r => r.Text()).Order(StringComparer.Ordinal), exported.Select(f => File.ReadAllText(folder["deep", "out", f])).Order(StringComparer.Ordinal));
        Assert.False(File.Exists(Path.Combine(folder.Path, "..", "x.py")));
    }

    [Fact]
    public void A_name_of_255_bytes_that_is_not_ascii_can_be_written()
    {
        using var folder = new TempFolder();
        var name = string.Concat(Enumerable.Repeat("字", 84)) + ".py";
        Run(TestDatasets.Make(folder["in"], [TestDatasets.Record(name, "x\n"), TestDatasets.Record(new string('y', 252) + ".py", "y\n")]), folder["out"], "files");
        Assert.Equal("x\n", File.ReadAllText(folder["out", "python", name]));
        Assert.DoesNotContain(folder.Files(), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_new_export_removes_the_files_of_the_old_one_and_no_others()
    {
        using var folder = new TempFolder();
        Run(TestDatasets.Make(folder["in"], Records()), folder["out"], "files");
        folder.Write("out/python/mine.txt", "a user's own");
        folder.Write("out/python/o/r/part-00000.parquet", "a user's own");
        Run(TestDatasets.Make(folder["in2"], [TestDatasets.Record("new.py", "n\n")]), folder["out"], "files");
        Assert.Equal(["_index/part-00000.parquet", "_manifest.json", "python/mine.txt", "python/new.py", "python/o/r/part-00000.parquet"], Files(folder, "out"));
    }

    [Fact]
    public void Another_form_in_the_same_folder_replaces_the_first()
    {
        using var folder = new TempFolder();
        var input = TestDatasets.Make(folder["in"], Records());
        Run(input, folder["out"], "files");
        var manifest = Run(input, folder["out"], "jsonl", "none");
        Assert.Equal(manifest.Shards.Select(s => s.Path).Append("_manifest.json").Order(StringComparer.Ordinal), Files(folder, "out"));
        Run(input, folder["out"], "files");
        Assert.Contains("python/a.py", Files(folder, "out"));
        Assert.DoesNotContain(Files(folder, "out"), f => f.EndsWith(".jsonl", StringComparison.Ordinal));
    }

    [Fact]
    public void An_index_that_names_files_outside_deletes_none()
    {
        using var folder = new TempFolder();
        folder.Write("precious.txt", "keep");
        Run(TestDatasets.Make(folder["in"], Records()), folder["out"], "files");
        Index(folder["out", "_index", "part-00000.parquet"], ["../precious.txt", folder["precious.txt"], "python/a.py", ""]);
        FileTreeWorker.RemoveOld(folder["out"]);
        Assert.True(File.Exists(folder["precious.txt"]));
        Assert.False(File.Exists(folder["out", "python", "a.py"]));
    }

    [Fact]
    public void Files_of_a_task_that_was_stopped_are_known_to_the_next_export()
    {
        using var folder = new TempFolder();
        var many = TestDatasets.Make(folder["in"], [.. Enumerable.Range(0, 400).Select(i => TestDatasets.Record($"d/old{i:D3}.py", $"x = {i}\n"))]);
        using var stop = new CancellationTokenSource();
        var context = TestRun.Context(1) with { Cancellation = stop.Token, Observer = new StopAtShard(stop) };
        Assert.Throws<OperationCanceledException>(() => ExportStage.Run(many, folder["out"], new ExportOptions { Format = "files" }, context));
        Assert.Contains(Files(folder, "out"), f => f.EndsWith(".py", StringComparison.Ordinal));
        folder.Write("out/_index/part-00077.pending", "[\"python/d/half.py\", \"../precious.txt\"]");
        folder.Write("out/python/d/half.py", "written by a task that was killed");
        folder.Write("precious.txt", "keep");
        Run(TestDatasets.Make(folder["in2"], [TestDatasets.Record("new.py", "n\n")]), folder["out"], "files");
        Assert.Equal(["_index/part-00000.parquet", "_manifest.json", "python/new.py"], Files(folder, "out"));
        Assert.True(File.Exists(folder["precious.txt"]));
    }

    [Fact]
    public void An_empty_dataset_is_exported_as_nothing()
    {
        using var folder = new TempFolder();
        var input = TestDatasets.Make(folder["in"], []);
        foreach (var format in new[] { "files", "jsonl", "parquet" })
        {
            Run(input, folder[format], format);
            Assert.Equal(["_manifest.json"], Files(folder, format));
        }
    }

    [Fact]
    public void A_folder_with_foreign_files_and_the_dataset_itself_are_refused()
    {
        using var folder = new TempFolder();
        var input = TestDatasets.Make(folder["in"], Records());
        folder.Write("full/x", "x");
        Assert.Throws<UsageException>(() => Run(input, folder["full"], "files"));
        Assert.Throws<UsageException>(() => Run(input, folder["in", "release"], "files"));
        Assert.Throws<UsageException>(() => Run(input, folder.Path, "files"));
    }

    /// <summary>Asks the run to stop when the third shard is done.</summary>
    private sealed class StopAtShard(CancellationTokenSource stop) : IRunObserver
    {
        private int _done;

        public void StageStarted(string stage, int tasks, int tasksDone, long weight)
        {
        }

        public void Advanced(string stage, long records, long bytes)
        {
        }

        public void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
        {
            if (++_done == 3)
                stop.Cancel();
        }

        public void ShardFailed(string stage, ShardTask task, string error)
        {
        }

        public void StageEnded(string stage, Books books, bool upToDate)
        {
        }

        public void Note(string stage, string message)
        {
        }
    }

    private static void Index(string path, string[] names)
    {
        using var file = new ParquetSharp.ParquetFileWriter(path, [new ParquetSharp.Column<string>("file")]);
        using var group = file.AppendRowGroup();
        using (var column = group.NextColumn().LogicalWriter<string>())
            column.WriteBatch(names);
        file.Close();
    }

    private static List<(string, string, string, string)> Describe(IEnumerable<CodeRecord> records) =>
        [.. records.Select(r => (r.RepoName, r.Path, r.Language, Encoding.UTF8.GetString(r.Content.Span))).Order()];
}
