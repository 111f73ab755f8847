using System.Text.Json.Nodes;
using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Statistics;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Statistics;

public sealed class StatisticsStageTests
{
    private static JsonObject Run(Dataset dataset, string report, int workers = 2, RecordingObserver? observer = null) =>
        JsonNode.Parse(StatisticsStage.Run(dataset, [dataset.Manifest], report, TestRun.Context(workers, observer)).ToJsonString())!.AsObject();

    [Fact]
    public void Figures_are_the_naive_sums() =>
        Gen.Select(Gen.OneOf("Python", "C++", "C"), Gen.OneOf(1, 5, 1023, 1024, 1025, 10_240, 10_241, 102_401), Gen.OneOf("a", "字", "\n", " \n"), Gen.Int[0, 3]).Array[0, 10].Sample(specs =>
        {
            using var folder = new TempFolder();
            var records = specs.Select((s, i) =>
            {
                var record = TestDatasets.Record($"{i}.x", string.Concat(Enumerable.Repeat(s.Item3, s.Item2)), s.Item1);
                record.Redactions = [.. Enumerable.Range(0, s.Item4).Select(_ => new Redaction("email", "r", 0, 1))];
                record.SrcEncoding = s.Item4 == 0 ? null : "utf-8";
                return record;
            }).ToList();
            var report = Run(TestDatasets.Make(folder["d"], records), folder["r.json"]);
            Assert.Equal(records.Count, (int)report["total_files"]!);
            Assert.Equal(records.Sum(r => r.Content.Length), (long)report["total_bytes"]!);
            Assert.Equal(records.Sum(r => r.Measures!.Lines), (long)report["total_lines"]!);
            Assert.Equal(records.Sum(r => r.Measures!.Tokens), (long)report["total_tokens"]!);
            Assert.Equal(specs.Sum(s => s.Item4), (int?)report["redactions"]!["email"] ?? 0);
            Assert.Equal(specs.Count(s => s.Item4 == 0), (int?)report["encodings"]!["unknown"] ?? 0);
            int[] histogram = [.. new[] { (0, 1024), (1024, 10_240), (10_240, 102_400), (102_400, int.MaxValue) }.Select(b => records.Count(r => r.Content.Length > b.Item1 && r.Content.Length <= b.Item2))];
            Assert.Equal(histogram, report["size_histogram"]!.AsObject().Select(h => (int)h.Value!));
            foreach (var language in records.GroupBy(r => r.Language))
            {
                var figures = report["languages"]![LanguageFolder.Of(language.Key)]!;
                Assert.Equal((language.Key, language.Count(), language.Sum(r => r.Content.Length)), ((string)figures["language"]!, (int)figures["files"]!, (int)figures["bytes"]!));
                Assert.Equal((language.Max(r => r.Content.Length), language.Max(r => r.Measures!.LongestLine)), ((int)figures["largest_file_bytes"]!, (long)figures["longest_line"]!));
                Assert.Equal(language.Sum(r => r.Measures!.BlankLines), (long)figures["blank_lines"]!);
            }
        }, iter: 25);

    [Fact]
    public void Workers_never_show_and_an_unchanged_dataset_is_not_read_again()
    {
        using var folder = new TempFolder();
        var dataset = TestDatasets.Make(folder["d"], Enumerable.Range(0, 10).Select(i => TestDatasets.Record($"{i}.py", $"x = {i}\n")));
        Run(dataset, folder["1.json"], workers: 1);
        Run(dataset, folder["4.json"], workers: 4);
        Assert.Equal(File.ReadAllText(folder["1.json"]), File.ReadAllText(folder["4.json"]));
        var observer = new RecordingObserver();
        File.Delete(folder["d", dataset.Manifest.Shards[0].Path]);
        Run(dataset, folder["1.json"], observer: observer);
        Assert.Equal(["statistics"], observer.UpToDate);
        File.WriteAllText(folder["1.json"], "{ broken");
        Assert.Throws<RunFaultException>(() => Run(dataset, folder["1.json"], observer: observer));
        Assert.Single(observer.Notes);
    }

    [Fact]
    public void An_empty_dataset_has_figures_of_nothing_and_bytes_are_refused()
    {
        using var folder = new TempFolder();
        Assert.Equal(0, (int)Run(TestDatasets.Make(folder["d"], []), folder["r.json"])["total_files"]!);
        Assert.Throws<UsageException>(() => Run(TestDatasets.Make(folder["b"], [], text: false), folder["r2.json"]));
    }
}
