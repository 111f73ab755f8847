using Stackmill.Catalog;
using Stackmill.Cli.Commands;
using Stackmill.Shared.Configuration;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Catalog;

public sealed class StackmillOptionsTests
{
    [Fact]
    public void The_defaults_are_the_documented_ones_and_agree_with_one_another()
    {
        var options = new StackmillOptions();
        Assert.Empty(options.Check());
        Assert.Equal((100, 1 << 20, 10, 10), (options.Filters.FileSize.MinBytes, options.Filters.FileSize.MaxBytes, options.Filters.Stars.Min, options.MaxFileSizeMb));
        Assert.Equal((0.85, "o200k_base", 16L << 20), (options.SimilarityThreshold, options.TokenizerModel, options.ShardSize));
        Assert.True(options.Stages is { EncodingFix: true, MalformedCleaning: true, PiiRemoval: true, Deduplication: true, Tokenization: true, WhitespaceCleanup: true });
    }

    [Fact]
    public void An_unknown_language_and_crossed_limits_are_both_told_of_with_what_was_meant()
    {
        var options = new StackmillOptions { Languages = ["Pyton", "cpp", "qqqqqq"] };
        (options.Filters.FileSize.MinBytes, options.Filters.FileSize.MaxBytes, options.Input.Language) = (10, 9, "Jva");
        var problems = options.Check().ToList();
        Assert.Equal(["languages", "languages", "input.language", "filters.file_size.min_bytes"], problems.Select(p => p.Key));
        Assert.Contains("Python", problems[0].Expected, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Java", problems[2].Expected, StringComparison.Ordinal);
        Assert.Contains("9", problems[3].Expected);
    }

    [Fact]
    public void Spelling_and_order_of_languages_make_no_other_selection()
    {
        Assert.Equal(["C++", "Python"], new StackmillOptions { Languages = ["python", "cpp", "Python"] }.Organize.Languages);
        Assert.Equal(new StackmillOptions { Languages = ["cpp", "Python"] }.Organize.Languages, new StackmillOptions { Languages = ["PYTHON", "C++"] }.Organize.Languages);
    }

    [Fact]
    public void Workers_are_one_when_parallel_processing_is_off()
    {
        Assert.Equal(1, new StackmillOptions { ParallelProcessing = false, MaxWorkers = 8 }.Workers);
        Assert.Equal(8, new StackmillOptions { MaxWorkers = 8 }.Workers);
        Assert.Equal(Environment.ProcessorCount, new StackmillOptions().Workers);
    }

    [Fact]
    public void Whether_duplicates_go_does_not_change_what_preprocess_does()
    {
        var options = new StackmillOptions();
        options.Stages.Deduplication = false;
        Assert.True(options.Preprocess.Stages.Deduplication);
        Assert.False(options.Deduplicate.Enabled);
    }

    [Fact]
    public void Keys_of_the_former_system_say_what_stands_in_their_place()
    {
        var (_, errors) = ConfigurationBinder.Bind<StackmillOptions>("s3: {bucket_name: b}\ndownload:\n  batch_size: 10\nmetadata_paths: {}\nsupported_languages: [python]\n", "old.yaml");
        Assert.Equal(["s3", "download", "metadata_paths", "supported_languages"], errors.Select(e => e.Key));
        var keys = OptionTree.Of(typeof(StackmillOptions)).Leaves.Select(l => l.Path).ToList();
        Assert.All(errors, e =>
        {
            Assert.Equal("a key of the former system", e.Found);
            Assert.Contains(keys, k => e.Expected.StartsWith(k, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void The_generated_documents_are_current()
    {
        var documents = DocsCommand.Generate();
        Assert.True(documents.Count >= 2);
        foreach (var (name, text) in documents)
        {
            var path = Path.Combine(Samples.RepositoryRoot, "docs", name);
            Assert.True(File.Exists(path), $"docs/{name} is missing: run ./stackmill docs docs");
            Assert.True(text == File.ReadAllText(path).ReplaceLineEndings("\n"), $"docs/{name} is out of date: run ./stackmill docs docs");
        }
    }

    [Fact]
    public void Stages_are_catalogued_with_unique_reasons_in_the_order_of_the_data()
    {
        Assert.Equal(["metadata", "contents", "organize", "preprocess", "deduplicate", "validate", "statistics", "export"], StageCatalog.Entries.Select(e => e.Id));
        Assert.All(StageCatalog.Entries, e => Assert.Equal(e.Reasons.Count, e.Reasons.Select(r => r.Reason).Distinct().Count()));
        Assert.All(StageCatalog.Entries.SelectMany(e => e.Reasons), r => Assert.Matches("^[a-z0-9]+(_[a-z0-9]+)*$", r.Reason));
    }
}
