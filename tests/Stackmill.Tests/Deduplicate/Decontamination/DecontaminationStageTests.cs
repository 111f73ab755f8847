using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Decontamination;

/// <summary>Contaminated files go before duplicates are decided on, and reports and ledger say for what.</summary>
public sealed class DecontaminationStageTests : IDisposable
{
    private static readonly string Code = string.Concat(Enumerable.Range(0, 60).Select(i => $"def function_{i}(a, b):\n    return a * {i} + b\n\n"));

    private static readonly string Solution = (string)TestBenchmarks.Rows("humaneval")[1]["canonical_solution"]!;

    private readonly TempFolder _folder = new();

    // The contaminated file has more stars than the clean one that it is a near-duplicate of.
    private static IEnumerable<CodeRecord> Records()
    {
        var loved = TestDatasets.Record("loved.py", Code + Solution);
        loved.StarEventsCount = 1000;
        return [loved, TestDatasets.Record("copy.py", Code + Solution), TestDatasets.Record("clean.py", Code), TestDatasets.Record("near.py", Code + "print(1)\n"), TestDatasets.Record("other.py", Source.Python(5))];
    }

    [Fact]
    public void A_contaminated_file_goes_and_is_no_keeper_for_a_clean_one()
    {
        var dataset = Run("out", Options(DecontaminationOptions.Drop));
        var kept = TestDatasets.ReadAll(dataset).Select(r => r.Path).Order(StringComparer.Ordinal).ToList();
        Assert.Contains("other.py", kept);
        Assert.Single(kept, p => p is "clean.py" or "near.py");
        Assert.Equal(2, kept.Count);
        var ledger = dataset.ReadLedger().ToDictionary(r => r.Path);
        Assert.All(["loved.py", "copy.py"], path => Assert.Equal(
            ("contaminated", LedgerAction.Dropped, 1.0, 0.5, "synthetic-humaneval.jsonl: Synthetic/1: solution", (string?)null),
            (ledger[path].Reason, ledger[path].Action, ledger[path].Value!.Value, ledger[path].Threshold!.Value, ledger[path].Detail, ledger[path].KeptPath)));
        Assert.Equal("duplicate_near", ledger.Values.Single(r => r.Path is "clean.py" or "near.py").Reason);
        var books = dataset.Manifest.Books;
        Assert.Equal((5, 2, 2, 1, 2), (books.In, books.Kept, books.Dropped["contaminated"], books.Dropped["duplicate_near"], books.Counters["contaminated_files"]));
        Assert.Equal(3, (int)Report("out", DeduplicateStage.ReportName)["summary"]!["input_files"]!);
    }

    [Fact]
    public void The_report_names_benchmarks_problems_files_scores_and_what_is_too_short_and_no_text()
    {
        Run("out", Options(DecontaminationOptions.Drop));
        var report = Report("out", DecontaminationReport.FileName);
        var summary = report["summary"]!;
        Assert.Equal((5, 2, 2, 1, 3), ((int)summary["files_scanned"]!, (int)summary["files_contaminated"]!, (int)summary["files_dropped"]!, (int)summary["problems_found"]!, (int)summary["problems"]!));
        var benchmark = Assert.Single(report["benchmarks"]!.AsArray())!;
        Assert.Equal(("synthetic-humaneval.jsonl", "HumanEval", 64), ((string)benchmark["benchmark"]!, (string)benchmark["form"]!, ((string)benchmark["sha256"]!).Length));
        Assert.Equal(9, benchmark["parts"]!.AsObject().Sum(p => (int)p.Value!));
        var problem = Assert.Single(benchmark["found"]!.AsArray())!;
        Assert.Equal(("Synthetic/1", 2), ((string)problem["problem"]!, (int)problem["files_contaminated"]!));
        Assert.Equal(["copy.py", "loved.py"], problem["files"]!.AsArray().Select(f => (string)f!["file"]!).Order(StringComparer.Ordinal));
        var part = Assert.Single(problem["files"]![0]!["parts"]!.AsArray())!;
        Assert.Equal(("solution", 1.0, (int)part["ngrams"]!), ((string)part["part"]!, (double)part["score"]!, (int)part["hits"]!));
        Assert.Contains(("Synthetic/2", "solution", "too_short"), benchmark["not_looked_for"]!.AsArray().Select(p => ((string)p!["problem"]!, (string)p["part"]!, (string)p["why"]!)));
        Assert.DoesNotContain("braided", report.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_only_keeps_the_files_and_counts_them()
    {
        var dataset = Run("out", Options(DecontaminationOptions.ReportOnly));
        Assert.Contains("loved.py", TestDatasets.ReadAll(dataset).Select(r => r.Path));
        Assert.Equal(2, dataset.Manifest.Books.Counters["contaminated_files"]);
        Assert.False(dataset.Manifest.Books.Dropped.ContainsKey("contaminated"));
        Assert.Equal((2, 0), ((int)Report("out", DecontaminationReport.FileName)["summary"]!["files_contaminated"]!, (int)Report("out", DecontaminationReport.FileName)["summary"]!["files_dropped"]!));
        var without = Run("without", new DeduplicateOptions());
        Assert.Equal(TestDatasets.ReadAll(without).Select(r => r.Path), TestDatasets.ReadAll(dataset).Select(r => r.Path));
        Assert.False(File.Exists(_folder["without", DecontaminationReport.FileName]));
    }

    [Fact]
    public void It_works_also_when_duplicates_stay()
    {
        var options = Options(DecontaminationOptions.Drop);
        options.Enabled = false;
        Assert.Equal(["clean.py", "near.py", "other.py"], TestDatasets.ReadAll(Run("out", options)).Select(r => r.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Where_a_benchmark_lies_is_no_part_of_the_dataset_and_what_it_holds_is()
    {
        var lines = File.ReadAllText(TestBenchmarks.Sample("humaneval"));
        DeduplicateOptions At(string path, string text) => new() { Decontamination = TestBenchmarks.Options(_folder.Write(path, text)) };
        var first = Run("out", At("1/b.jsonl", lines)).Manifest;
        Assert.Equal(first.Key, Run("moved", At("2/b.jsonl", lines)).Manifest.Key);
        Assert.Single(first.Inputs, i => i.Name == "benchmark b.jsonl" && i.Hash.Length == 64);
        var changed = Run("out", At("1/b.jsonl", TestBenchmarks.Line("x", Source.Python(5), ""))).Manifest;
        Assert.NotEqual(first.Key, changed.Key);
        Assert.NotEqual(first.RootHash, changed.RootHash);
        Run("out", new DeduplicateOptions());
        Assert.False(File.Exists(_folder["out", DecontaminationReport.FileName]));
    }

    [Fact]
    public void A_benchmark_that_can_not_be_read_leaves_the_dataset_that_is_there()
    {
        var before = Run("out", new DeduplicateOptions()).Manifest;
        var broken = new DeduplicateOptions { Decontamination = TestBenchmarks.Options(_folder.Write("b.jsonl", "{\n")) };
        Assert.Contains("line 1", Assert.Throws<UsageException>(() => Run("out", broken)).Message, StringComparison.Ordinal);
        Assert.Equal(before.RootHash, Manifest.Read(_folder["out"])!.RootHash);
    }

    public void Dispose() => _folder.Dispose();

    private static DeduplicateOptions Options(string action)
    {
        var decontamination = TestBenchmarks.Options(TestBenchmarks.Sample("humaneval"));
        decontamination.Action = action;
        return new DeduplicateOptions { Decontamination = decontamination };
    }

    private Dataset Run(string name, DeduplicateOptions options)
    {
        var input = Directory.Exists(_folder["in"]) ? Dataset.Open(_folder["in"]) : TestDatasets.Make(_folder["in"], Records());
        return Dataset.Of(_folder[name], DeduplicateStage.Run(input, _folder[name], options, TestRun.Context()));
    }

    private JsonNode Report(string name, string file) => JsonNode.Parse(File.ReadAllText(_folder[name, file]))!;
}
