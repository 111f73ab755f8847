using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Catalog;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Preprocess;
using Stackmill.Shared.Configuration;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Preprocess.Quality;

public sealed class QualityStageTests
{
    private static CodeRecord Raw(string path, string content)
    {
        var record = new CodeRecord { Path = path, Language = "Python", Content = Encoding.UTF8.GetBytes(content) };
        RecordIdentity.Complete(record);
        return record;
    }

    private static StackmillOptions Options(string preset, string mode = "drop")
    {
        var options = new StackmillOptions();
        (options.Filters.Quality.Preset, options.Filters.Quality.Mode) = (preset, mode);
        return options;
    }

    private static readonly string Good = string.Concat(Enumerable.Range(0, 20).Select(i => $"def compute_{i}(value):  # adds a number\n    return value + {i}\n"));

    private static CodeRecord[] Records() =>
    [
        Raw("1good.py", Good), Raw("2long.py", Good + "x = '" + string.Join(' ', Enumerable.Repeat("word", 300)) + "'\n"), Raw("3generated.py", "# Automatically generated\n" + Good),
        Raw("4mail.py", Good + "# jane.doe@smithworks.net\n"), Raw("5blank.py", " \n"),
    ];

    private static Dataset Run(TempFolder folder, string name, StackmillOptions options, int workers = 2)
    {
        var input = TestDatasets.Make(folder[name, "staged"], Records(), text: false);
        return Dataset.Of(folder[name, "out"], PreprocessStage.Run(input, folder[name, "out"], options.Preprocess, TestRun.Context(workers)));
    }

    [Fact]
    public void Dropped_files_are_in_the_books_and_in_the_ledger_with_value_and_threshold()
    {
        using var folder = new TempFolder();
        var made = Run(folder, "d", Options("starcoder2"));
        Assert.Equal(["1good.py", "4mail.py"], TestDatasets.ReadAll(made).Select(r => r.Path));
        Assert.Equal([("2long.py", "long_line", 1505.0, 1000.0), ("3generated.py", "generated_notice", 1.0, 0.0)],
            made.ReadLedger().Where(r => r.Action == LedgerAction.Dropped && r.Value is not null && r.Reason != "empty").Select(r => (r.Path, r.Reason, r.Value!.Value, r.Threshold!.Value)));
        var books = made.Manifest.Books;
        Assert.Equal((5, 2, 3), (books.In, books.Kept, books.DroppedTotal));
        Assert.All(TestDatasets.ReadAll(made), r => Assert.Null(r.Filters));
    }

    [Fact]
    public void Annotated_files_all_stay_with_every_verdict_and_the_report_counts_them()
    {
        using var folder = new TempFolder();
        var made = Run(folder, "a", Options("starcoder2", "annotate"));
        var rows = TestDatasets.ReadAll(made);
        Assert.Equal(["1good.py", "2long.py", "3generated.py", "4mail.py"], rows.Select(r => r.Path));
        Assert.Equal([null, "long_line", "generated_notice", null], rows.Select(r => r.Filters!.FirstOrDefault(f => f.Decision == "drop")?.Id));
        Assert.All(rows, r => Assert.Contains(r.Filters!, f => f is { Id: "many_lines", Decision: "keep", Threshold: 100_000 } && f.Value == r.Measures!.Lines));
        var report = JsonNode.Parse(File.ReadAllText(Directory.GetFiles(folder["."], PreprocessReport.FileName, SearchOption.AllDirectories).Single()))!["global_statistics"]!["filter_verdicts"]!;
        Assert.Equal((1, 3, 1), ((int)report["drop"]!["long_line"]!, (int)report["keep"]!["long_line"]!, (int)report["drop"]!["generated_notice"]!));
    }

    [Fact]
    public void A_share_of_a_language_is_kept_beside_annotations_as_well()
    {
        using var folder = new TempFolder();
        var options = Options("starcoder2", "annotate");
        options.Filters.Quality.Sampling = new Dictionary<string, string> { ["Python"] = "0" };
        var made = Run(folder, "s", options);
        Assert.Equal((5, 0, 4), (made.Manifest.Books.In, made.Manifest.Books.Kept, made.ReadLedger().Count(r => r is { Reason: "not_sampled", Threshold: 0, Value: not null })));
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("starcoder1")]
    [InlineData("starcoder2")]
    [InlineData("opencoder")]
    [InlineData("stackmill")]
    public void The_same_bytes_come_from_any_number_of_workers(string preset)
    {
        foreach (var mode in new[] { "drop", "annotate" })
        {
            using var folder = new TempFolder();
            var hashes = new[] { 1, 2, 4 }.Select(workers => Run(folder, $"{workers}", Options(preset, mode), workers).Manifest.RootHash).ToList();
            Assert.Single(hashes.Distinct());
        }
    }

    [Fact]
    public void Shares_keep_the_same_files_and_a_smaller_share_is_part_of_a_larger_one()
    {
        using var folder = new TempFolder();
        List<string> Kept(string share)
        {
            var options = Options("seed");
            options.Filters.Quality.Sampling = new Dictionary<string, string> { ["python"] = share };
            Assert.Empty(options.Filters.Quality.Check());
            var made = Run(folder, share, options);
            Assert.Equal(4, made.Manifest.Books.Kept + made.Manifest.Books.Dropped.GetValueOrDefault("not_sampled"));
            return [.. TestDatasets.ReadAll(made).Select(r => r.Path)];
        }

        var (none, some, all) = (Kept("0"), Kept("0.5"), Kept("1.0"));
        Assert.Equal((0, 4), (none.Count, all.Count));
        Assert.Subset(all.ToHashSet(), some.ToHashSet());
        Assert.Equal(Records().Take(4).Where(r => Convert.ToUInt32(r.BlobId[..8], 16) < 0x80000000).Select(r => r.Path), some);
    }

    [Fact]
    public void Quality_options_change_the_key_of_preprocess_only_and_those_before_it_do_not()
    {
        string Key(object part) => ResolvedConfiguration.Of(part).Sha256;
        var (plain, preset) = (new StackmillOptions(), Options("opencoder"));
        Assert.Equal((Key(plain.Organize), Key(plain.MetadataStage)), (Key(preset.Organize), Key(preset.MetadataStage)));
        Assert.NotEqual(Key(plain.Preprocess), Key(preset.Preprocess));
        var stars = new StackmillOptions();
        stars.Filters.Stars.Min = 11;
        Assert.Equal(Key(plain.Preprocess), Key(stars.Preprocess));
        Assert.NotEqual(Key(plain.Organize), Key(stars.Organize));
    }

    [Theory]
    [InlineData("Pyton", "0.5", "filters.sampling", "Pyton")]
    [InlineData("Python", "2", "filters.sampling.Python", "'2'")]
    [InlineData("Python", "half", "filters.sampling.Python", "half")]
    public void A_wrong_share_or_language_is_told_with_its_key(string language, string share, string key, string found)
    {
        var (_, errors) = ConfigurationBinder.Bind<StackmillOptions>($"filters:\n  sampling: {{{language}: {share}}}\n", "x.yaml");
        var error = Assert.Single(errors);
        Assert.Equal(key, error.Key);
        Assert.Contains(found, error.Found, StringComparison.Ordinal);
    }
}
