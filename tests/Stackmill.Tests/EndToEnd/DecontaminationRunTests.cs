using System.Text.Json.Nodes;
using Stackmill.Datasets;
using Stackmill.Tests.Deduplicate.Decontamination;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>Decontamination in whole runs of the program, with synthetic benchmarks of every known form.</summary>
public sealed class DecontaminationRunTests : IDisposable
{
    private static readonly string[] Forms = ["humaneval", "mbpp", "apps", "ds1000", "livecodebench"];

    private readonly TempFolder _folder = new();
    private int _planted;

    public DecontaminationRunTests()
    {
        GeneratedCorpus.Write(_folder["input"], files: 12, seed: 9);
        Plant("humaneval.py", (string)TestBenchmarks.Rows("humaneval")[0]["canonical_solution"]!);
        Plant("mbpp.py", (string)TestBenchmarks.Rows("mbpp")[0]["code"]!);
        Plant("apps.py", JsonNode.Parse((string)TestBenchmarks.Rows("apps")[0]["solutions"]!)![1]!.GetValue<string>());
        Plant("ds1000.py", (string)TestBenchmarks.Rows("ds1000")[0]["reference_code"]!);
        Plant("livecodebench.py", "\"\"\"" + (string)TestBenchmarks.Rows("livecodebench")[0]["question_content"]! + "\"\"\"\n");
        Plant("clean.py", "if __name__ == \"__main__\":\n    main()\n");
        _folder.Write("broken.jsonl", "{\"task_id\": \"1\", \"prompt\": \"x\", \"canonical_solution\": \"y\"}\n{\"task_id\": \"2\",\n");
    }

    [Fact]
    public void Files_with_problems_of_each_form_go_with_the_same_bytes_for_any_number_of_workers()
    {
        var corpus = Run("1", Benchmarks(), "--workers", "1");
        Run("4", Benchmarks(), "--workers", "4");

        TreeState.AssertEqual(TreeState.OfOutput(_folder["1"]), TreeState.OfOutput(_folder["4"]));
        var dropped = corpus.ReadLedger().Where(r => r.Reason == "contaminated").ToDictionary(r => r.Path);
        Assert.Equal(Forms.Select(f => $"own/{f}.py").Order(StringComparer.Ordinal), dropped.Keys.Order(StringComparer.Ordinal));
        Assert.All(Forms, form => Assert.StartsWith($"synthetic-{form}.jsonl: ", dropped[$"own/{form}.py"].Detail, StringComparison.Ordinal));
        Assert.Contains("own/clean.py", TestDatasets.ReadAll(corpus).Select(r => r.Path));
        var books = corpus.Manifest.Books;
        Assert.Equal(books.In, books.Kept + books.DroppedTotal + books.FailedTotal);
        Assert.Equal(5, books.Dropped["contaminated"]);
        var report = JsonNode.Parse(File.ReadAllText(_folder["1", "reports", "decontamination_report.json"]))!;
        Assert.Equal(5, report["benchmarks"]!.AsArray().Count(b => b!["found"]!.AsArray().Count == 1));
        StackmillProgram.Run("validate", "--input", _folder["1"], "--quiet").Expect(0);
    }

    [Fact]
    public void Report_only_keeps_what_it_finds_up_to_the_release()
    {
        Run("project", Benchmarks(), "--set", "decontamination.action=report");

        Assert.Contains("own/mbpp.py", TestDatasets.ReadAll(Dataset.Open(_folder["project"], "release")).Select(r => r.Path));
        var report = JsonNode.Parse(File.ReadAllText(_folder["project", "reports", "decontamination_report.json"]))!;
        Assert.Equal((5, 0), ((int)report["summary"]!["files_contaminated"]!, (int)report["summary"]!["files_dropped"]!));
    }

    [Fact]
    public void A_changed_benchmark_makes_the_stage_run_again_and_no_stage_before_it()
    {
        var file = _folder.Write("own.jsonl", TestBenchmarks.Line("x/0", Source.Python(999), ""));
        string[] UpToDate() => [.. StackmillProgram.Run("run", "--input", _folder["input"], "--output", _folder["project"], "--set", $"decontamination.benchmarks=[{file}]").Expect(0)
            .All.Split('\n').Where(l => l.Contains("up to date", StringComparison.Ordinal)).Select(l => l.Split(':')[0].Trim())];
        Assert.Equal([], UpToDate());
        Assert.Contains("deduplicate", UpToDate());
        Assert.True(File.Exists(_folder["project", "reports", "decontamination_report.json"]));

        File.Copy(TestBenchmarks.Sample("mbpp"), file, overwrite: true);

        var again = UpToDate();
        Assert.Contains("preprocess", again);
        Assert.DoesNotContain("deduplicate", again);
        Assert.Equal("own/mbpp.py", Assert.Single(Dataset.Open(_folder["project"]).ReadLedger(), r => r.Reason == "contaminated").Path);
    }

    [Fact]
    public void Bad_benchmarks_end_a_run_before_anything_is_written()
    {
        foreach (var (file, said) in new[] { ("broken.jsonl", "line 2"), ("missing.jsonl", "does not exist") })
        {
            var ended = StackmillProgram.Run("run", "--input", _folder["input"], "--output", _folder["project"], "--set", $"decontamination.benchmarks=[{_folder[file]}]").Expect(2);
            Assert.Contains(said, ended.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_folder["project", "data"]));
        }

        Assert.Contains("min_distinct_words", StackmillProgram.Run("run", "--input", _folder["input"], "--output", _folder["project"], "--set", "decontamination.min_distinct_words=11").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("'answer'", StackmillProgram.Run("run", "--input", _folder["input"], "--output", _folder["project"], "--set", "decontamination.columns={answer: x}").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stage_alone_refuses_a_bad_benchmark_too()
    {
        Run("project", Benchmarks());
        var ended = StackmillProgram.Run("deduplicate", "--input", _folder["project"], "--output", _folder["alone"], "--set", $"decontamination.benchmarks=[{_folder["broken.jsonl"]}]").Expect(2);
        Assert.Contains("line 2", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["alone"]));
    }

    public void Dispose() => _folder.Dispose();

    private static string Benchmarks() => $"decontamination.benchmarks=[{string.Join(", ", Forms.Select(TestBenchmarks.Sample))}]";

    private void Plant(string name, string text) => _folder.Write($"input/own/{name}", Source.Python(_planted++) + "\n" + text + "\n" + Source.Python(100 + _planted));

    private Dataset Run(string project, string benchmarks, params string[] more)
    {
        StackmillProgram.Run(["run", "--input", _folder["input"], "--output", _folder[project], "--quiet", "--set", benchmarks, .. more]).Expect(0);
        return Dataset.Open(_folder[project]);
    }
}
