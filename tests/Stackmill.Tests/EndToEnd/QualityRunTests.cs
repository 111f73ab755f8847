using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Preprocess.Quality;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>The presets of quality rules in whole runs of the program.</summary>
public sealed class QualityRunTests : IDisposable
{
    private static readonly string[] NoQuality = ["empty", "binary", "undecodable"];

    private readonly TempFolder _folder = new();

    public QualityRunTests()
    {
        var random = new byte[20_000];
        new Random(5).NextBytes(random);
        GeneratedCorpus.Write(_folder["input"], files: 12, seed: 3);
        _folder.Write("input/own/empty.py", "");
        _folder.Write("input/own/blank.py", "  \n\n\t\n");
        _folder.Write("input/own/random.py", random);
        _folder.Write("input/own/text.py", Encoding.Latin1.GetString(random).Replace('\0', ' '));
        _folder.Write("input/own/enormous.js", "var a = [" + string.Concat(Enumerable.Repeat("0x41, ", 60_000)) + "];");
        _folder.Write("input/own/words.js", new string('w', 400_000));
        _folder.Write("input/own/generated.py", "# Automatically generated, do not edit\n" + Source.Python(4));
        _folder.Write("input/own/data.json", "[" + string.Join(",\n", Enumerable.Range(0, 900).Select(i => $"\"item {i}\"")) + "]\n");
        _folder.Write("input/own/page.html", "<html><body>" + string.Concat(Enumerable.Repeat("<div class=\"row\"><span></span></div>\n", 40)) + "</body></html>\n");
        _folder.Write("input/own/todo.py", string.Concat(Enumerable.Range(0, 20).Select(i => $"def part_{i}(value):\n    # todo: {i}\n    return value * {i} + other_{i}\n")));
    }

    public static TheoryData<string> Presets => [.. QualityPresets.Presets.Select(p => p.Id)];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Dropped_files_stand_in_the_ledger_with_value_and_threshold_and_nothing_is_lost(string preset)
    {
        var processed = Run("drop", preset, "drop");

        var books = processed.Manifest.Books;
        Assert.Equal(books.In, books.Kept + books.DroppedTotal + books.FailedTotal);
        Assert.Equal(0, books.FailedTotal);
        Assert.True(books.In >= 20);
        var rows = processed.ReadLedger().Where(r => r.Action == LedgerAction.Dropped).ToList();
        Assert.Equal(books.DroppedTotal, rows.Count);
        var quality = rows.Where(r => !NoQuality.Contains(r.Reason)).ToList();
        Assert.Equal(preset == "seed", quality.Count == 0);
        var kept = TestDatasets.ReadAll(processed).ToList();
        Assert.All(quality, r =>
        {
            Assert.Contains(QualityPresets.Get(preset).Checks, c => c.Rule.Id == r.Reason && c.Threshold == r.Threshold && !c.Keeps(r.Value!.Value));
            Assert.DoesNotContain(kept, k => k.Path == r.Path && k.RepoName == r.RepoName);
        });
        Assert.All(kept, r => Assert.Null(r.Filters));
        Assert.DoesNotContain(rows, r => r.Path.EndsWith("empty.py", StringComparison.Ordinal) && !NoQuality.Contains(r.Reason));
        if (preset is "starcoder2" or "stackmill")
            Assert.Contains(quality, r => r.Reason is "generated_notice" or "generated_file" && r.Path.EndsWith("generated.py", StringComparison.Ordinal));
        if (preset != "seed")
            Assert.Contains(quality, r => r.Path.EndsWith("enormous.js", StringComparison.Ordinal));
        Assert.Equal(preset == "opencoder", quality.Any(r => r.Reason == "prompt_comments"));
    }

    [Theory]
    [InlineData("starcoder1")]
    [InlineData("starcoder2")]
    [InlineData("opencoder")]
    [InlineData("stackmill")]
    public void Annotated_files_all_go_on_and_carry_their_verdicts_to_the_end(string preset)
    {
        var dropped = Run("drop", preset, "drop").ReadLedger().Where(r => r.Action == LedgerAction.Dropped).ToDictionary(r => r.Path, r => r.Reason);
        var processed = Run("annotate", preset, "annotate");
        var before = TestDatasets.ReadAll(processed).ToDictionary(r => r.RepoName + "/" + r.Path);

        Assert.Equal(processed.Manifest.Books.Dropped.Keys.Intersect(NoQuality), processed.Manifest.Books.Dropped.Keys);
        Assert.Contains(before.Values, r => r.Filters!.Any(f => f.Decision == "drop"));
        Assert.All(before.Values, r => Assert.Equal(dropped.GetValueOrDefault(r.Path), r.Filters?.FirstOrDefault(f => f.Decision == "drop")?.Id));

        var corpus = TestDatasets.ReadAll(Dataset.Open(_folder["annotate"], "corpus")).ToList();
        Assert.NotEmpty(corpus);
        Assert.All(corpus, r => Assert.Equal(before[r.RepoName + "/" + r.Path].Filters, r.Filters));
        var release = TestDatasets.ReadAll(Dataset.Open(_folder["annotate"], "release")).ToList();
        Assert.Equal(corpus.Select(r => (r.Path, Told(r.Filters))).Order(), release.Select(r => (r.Path, Told(r.Filters))).Order());
        StackmillProgram.Run("export", "--input", _folder["annotate"], "--output", _folder["lines"], "--format", "jsonl", "--set", "export.compression=none", "--quiet").Expect(0);
        Assert.Equal(corpus.Select(r => (r.Path, Told(r.Filters))).Order(), JsonLineFiles.Read(_folder["lines"]).Select(r => ((string)r["path"]!, Told(r["filters"]?.AsArray().Select(Verdict).ToList()))).Order());
        StackmillProgram.Run("validate", "--input", _folder["annotate"], "--quiet").Expect(0);
    }

    [Fact]
    public void The_number_of_workers_changes_no_byte()
    {
        Run("1", "opencoder", "annotate", "--workers", "1");
        Run("4", "opencoder", "annotate", "--workers", "4");

        TreeState.AssertEqual(TreeState.OfOutput(_folder["1"]), TreeState.OfOutput(_folder["4"]));
    }

    [Fact]
    public void Inspect_shows_every_verdict_of_a_file()
    {
        var result = new StackmillProgram { WorkingFolder = _folder["input", "own"] }.With("inspect", "todo.py", "empty.py", "words.js", "random.py", "--json", "--set", "filters.preset=opencoder", "--set", "filters.file_size.min_bytes=0").Expect(0);

        var answers = JsonLineFiles.Parse(result.Output);
        var verdicts = answers[0]["filters"]!.AsArray().Select(Verdict).ToList();
        Assert.True(verdicts.Count > 30);
        Assert.Equal(("drop", "prompt_comments"), ((string)answers[0]["verdict"]!, (string)answers[0]["reason"]!));
        Assert.Contains(new FilterVerdict("prompt_comments", "drop", 20 / 60.0, 0.01), verdicts);
        Assert.Contains(new FilterVerdict("few_lines", "keep", 60, 10), verdicts);
        Assert.Empty(answers[1]["filters"]!.AsArray());
        Assert.Contains(new FilterVerdict("long_line", "drop", 400_000, 1000), answers[2]["filters"]!.AsArray().Select(Verdict));
        Assert.Empty(answers[3]["filters"]!.AsArray());
    }

    public void Dispose() => _folder.Dispose();

    private Dataset Run(string project, string preset, string mode, params string[] more)
    {
        StackmillProgram.Run(["run", "--input", _folder["input"], "--output", _folder[project], "--quiet", "--set", $"filters.preset={preset}", "--set", $"filters.mode={mode}", "--set", "filters.file_size.min_bytes=0", .. more]).Expect(0);
        return Dataset.Open(_folder[project], "processed");
    }

    private static FilterVerdict Verdict(JsonNode? f) => new((string)f!["id"]!, (string)f["verdict"]!, (double)f["value"]!, (double)f["threshold"]!);

    private static string Told(IReadOnlyList<FilterVerdict>? filters) => filters is null ? "none" : string.Join(';', filters);
}
