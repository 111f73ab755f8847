using System.Text;
using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Shared.Configuration;

namespace Stackmill.Tests.Shared.Configuration;

public sealed class ConfigurationBinderTests
{
    private static readonly SampleOptions Defaults = new();

    private static (SampleOptions Options, IReadOnlyList<ConfigurationError> Errors) Bind(string yaml) =>
        ConfigurationBinder.Bind<SampleOptions>(yaml, "stackmill.yaml");

    private static ConfigurationError OneError(string yaml) => Assert.Single(Bind(yaml).Errors);

    private static string Canonical(SampleOptions options) => ResolvedConfiguration.Of(options).Json;

    [Fact]
    public void Every_kind_of_value_is_bound()
    {
        var (options, errors) = Bind("""
            languages: [Java, "C++"]
            filters:
              stars: {min: 0}
              file_size:
                min_bytes: 1KB
                max_bytes: 1.5MiB
              licenses:
                - mit
                - bsd-3-clause
            similarity_threshold: 1
            model: o200k
            parallel_processing: false
            max_workers: 8
            seed: -9007199254740993
            s3:
              bucket_name: "my bucket"
              content_prefix: ""
              hub_token: hf_x
              columns: {text: body, id: 5}
              limit: null
              timeout_seconds: 2.5e-1
              cache: 512KiB
            logging:
              level: INFO
              file: true
            """);
        Assert.Empty(errors);
        Assert.Equal(["Java", "C++"], options.Languages);
        Assert.Equal(0, options.Filters.Stars.Min);
        Assert.Equal((1000L, 1572864L), (options.Filters.FileSize.MinBytes, options.Filters.FileSize.MaxBytes));
        Assert.Equal(["mit", "bsd-3-clause"], options.Filters.Licenses);
        Assert.Equal((1.0, "o200k"), (options.Duplicates.SimilarityThreshold, options.Duplicates.Model));
        Assert.Equal((false, 8, -9007199254740993L), (options.ParallelProcessing, options.MaxWorkers, options.Seed));
        Assert.Equal(("my bucket", "", "hf_x"), (options.Store.BucketName, options.Store.ContentPrefix, options.Store.HubToken));
        Assert.Equal(new Dictionary<string, string> { ["text"] = "body", ["id"] = "5" }, options.Store.Columns);
        Assert.Equal(((long?)null, 0.25, 512 * 1024), (options.Store.Limit, options.Store.TimeoutSeconds, options.Store.Cache));
        Assert.Equal(("INFO", "true"), (options.Logging.Level, options.Logging.File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    [InlineData("filters:\n  # stars: 5\nlogging:\n")]
    [InlineData("\uFEFF# marked\n")]
    public void What_names_nothing_gives_the_defaults(string yaml)
    {
        var (options, errors) = Bind(yaml);
        Assert.Empty(errors);
        Assert.Equal(Canonical(Defaults), Canonical(options));
    }

    [Fact]
    public void All_errors_are_reported_at_once_with_place_found_expected_and_nearest()
    {
        var (options, errors) = Bind("""
            langauges: [Python]
            min_bytes: 5
            filters:
              stars:
                min: ten
                min: 3
              file_size:
                max_bytes: 4G
              licenses: [mit, apache2.0, 7]
            similarity_threshold: 0.2
            model: o200
            parallel_processing: yes
            max_workers: 65
            seed: "1"
            """);
        Assert.Equal(
            [
                "stackmill.yaml:1:1: langauges: found an unknown key, expected one of languages, filters, similarity_threshold, model, parallel_processing, max_workers, seed, s3, logging; did you mean 'languages'?",
                "stackmill.yaml:2:1: min_bytes: found an unknown key, expected one of languages, filters, similarity_threshold, model, parallel_processing, max_workers, seed, s3, logging; did you mean 'filters.file_size.min_bytes'?",
                "stackmill.yaml:5:10: filters.stars.min: found 'ten', expected a whole number of at least 0",
                "stackmill.yaml:6:5: filters.stars.min: found the key again (first in line 5), expected each key once in its section",
                "stackmill.yaml:8:16: filters.file_size.max_bytes: found '4G', expected a size of at most 1GiB such as 512, 10MB, 10MiB or 1.5GiB; did you mean '4GB' or '4GiB'?",
                "stackmill.yaml:9:19: filters.licenses: found 'apache2.0', expected one of mit, apache-2.0, bsd-2-clause, bsd-3-clause; did you mean 'apache-2.0'?",
                "stackmill.yaml:9:30: filters.licenses: found '7', expected one of mit, apache-2.0, bsd-2-clause, bsd-3-clause",
                "stackmill.yaml:10:23: similarity_threshold: found '0.2', expected a number from 0.5 to 1",
                "stackmill.yaml:11:8: model: found 'o200', expected one of cl100k, o200k, or null; did you mean 'o200k'?",
                "stackmill.yaml:12:22: parallel_processing: found 'yes', expected true or false; did you mean 'true'?",
                "stackmill.yaml:13:14: max_workers: found '65', expected a whole number from 1 to 64, or null",
                "stackmill.yaml:14:7: seed: found the text \"1\" in quotes, expected a whole number",
            ],
            errors.Select(error => error.ToString()));
        Assert.Equal(Canonical(Defaults), Canonical(options));
        var fault = Assert.Throws<UsageException>(() => ConfigurationError.ThrowIfAny([.. errors]));
        Assert.StartsWith("The configuration has 12 errors:\n  stackmill.yaml:1:1: ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parallel_processing: True")]
    [InlineData("parallel_processing: \"true\"")]
    [InlineData("parallel_processing: 1")]
    [InlineData("parallel_processing:")]
    [InlineData("parallel_processing: [true]")]
    [InlineData("max_workers: 1.0")]
    [InlineData("max_workers: 0x10")]
    [InlineData("max_workers: 1_0")]
    [InlineData("max_workers: 0")]
    [InlineData("seed: 9223372036854775808")]
    [InlineData("seed: null")]
    [InlineData("filters: {stars: {min: 2147483648}}")]
    [InlineData("similarity_threshold: .nan")]
    [InlineData("similarity_threshold: NaN")]
    [InlineData("similarity_threshold: 0,9")]
    [InlineData("s3: {timeout_seconds: Infinity}")]
    [InlineData("s3: {timeout_seconds: 1e999}")]
    [InlineData("s3: {cache: 3GiB}")]
    [InlineData("s3: {limit: -1}")]
    [InlineData("s3: {content_prefix: [a]}")]
    [InlineData("s3: {content_prefix: null}")]
    [InlineData("s3: {columns: [a]}")]
    [InlineData("s3: {columns: {a: null}}")]
    [InlineData("s3: {columns: {a: 1, a: 2}}")]
    [InlineData("s3: {columns: {[a]: 1}}")]
    [InlineData("languages: Python")]
    [InlineData("languages: [a, null]")]
    [InlineData("languages: [[a]]")]
    [InlineData("languages: {a: b}")]
    [InlineData("filters: 5")]
    [InlineData("filters: [stars]")]
    [InlineData("filters: !custom {}")]
    [InlineData("seed: !custom 5")]
    [InlineData("seed: *missing")]
    [InlineData("[a, b]")]
    [InlineData("just words")]
    [InlineData("? [a]\n: b")]
    [InlineData("logging: {level: verbose}")]
    [InlineData("seed: 1\n---\nseed: 2")]
    [InlineData("seed: 1\n\0max_workers: 99")]
    [InlineData("seed: 1 \u001b[31m")]
    [InlineData("filters.stars.min: 5")]
    [InlineData("<<: {seed: 5}")]
    [InlineData("Seed: 5")]
    public void Each_wrong_text_is_one_error_and_changes_nothing_else(string yaml)
    {
        var (options, errors) = Bind(yaml);
        var error = Assert.Single(errors);
        Assert.True(error.Line >= 1 && error.Column >= 1, error.ToString());
        Assert.DoesNotContain('\u001b', error.ToString());
        if (!yaml.StartsWith("seed: 1", StringComparison.Ordinal))
            Assert.Equal(Canonical(Defaults), Canonical(options));
    }

    [Fact]
    public void Keys_joined_by_dots_are_explained() =>
        Assert.Equal("stackmill.yaml:1:1: filters.stars.min: found keys joined by dots, expected nested sections: filters: {stars: {min: …}}",
            OneError("filters.stars.min: 5").ToString());

    [Fact]
    public void A_syntax_error_is_placed_and_does_not_hide_the_errors_before_it()
    {
        var errors = Bind("max_workers: 99\nfilters:\n  stars: {min: -1}\n  licenses: [mit\nseed: 5\n").Errors;
        Assert.Equal(["max_workers", "filters.stars.min", ""], errors.Select(error => error.Key));
        Assert.True(errors[2].Line is 4 or 5);
        Assert.StartsWith("broken YAML (", errors[2].Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seed: 1\nfilters:\n  a: 1\n b: 2\n", 4, 2)]
    [InlineData("seed: 1\nfilters:\n  licenses: [mit\nx: 5\n", 3, 13)]
    [InlineData("seed: 1\nwords here\nseed: 5\n", 2, 1)]
    [InlineData("seed: a: b\n", 1, 8)]
    [InlineData("seed: 1\nseed: \"open\nx: 5\n", 2, 7)]
    [InlineData("seed: @x\n", 1, 7)]
    [InlineData("\ufeffseed: @x\n", 1, 7)]
    public void Broken_yaml_is_reported_where_it_breaks(string yaml, int line, int column)
    {
        var error = Assert.Single(Bind(yaml).Errors, error => error.Found.StartsWith("broken YAML", StringComparison.Ordinal));
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void A_file_of_nonsense_shows_its_first_errors_and_counts_the_rest()
    {
        var errors = Bind(string.Concat(Enumerable.Range(0, 1000).Select(i => $"languages{i}:\n"))).Errors;
        Assert.Equal(1000, errors.Count);
        Assert.Equal("'languages'", errors[0].Suggestion);
        var lines = Assert.Throws<UsageException>(() => ConfigurationError.ThrowIfAny([.. errors])).Message.Split('\n');
        Assert.Equal(("The configuration has 1000 errors:", "  and 950 more", 52), (lines[0], lines[^1], lines.Length));
        ConfigurationError.ThrowIfAny([]);
    }

    [Fact]
    public void A_tab_as_indentation_is_named()
    {
        var error = OneError("seed: 1\nfilters:\n\tstars: 5\n");
        Assert.Equal("stackmill.yaml:3:1: found a tab as indentation, expected spaces: YAML allows no tabs there", error.ToString());
    }

    [Fact]
    public void Anchors_and_aliases_work_and_may_not_nest_for_ever()
    {
        var (options, errors) = Bind("languages: &l [Go]\nfilters: {licenses: &m [mit]}\nseed: &n 7\nmax_workers: *n\n");
        Assert.Empty(errors);
        Assert.Equal((7L, 7), (options.Seed, options.MaxWorkers));
        Assert.NotEmpty(Bind("filters: &f {stars: *f, file_size: *f}").Errors);
    }

    [Fact]
    public void Explicit_core_tags_are_understood()
    {
        Assert.Empty(Bind("seed: !!int \"5\"\ns3: {bucket_name: !!str null}\nlanguages: !!seq [a]").Errors);
        Assert.Equal("null", Bind("s3: {bucket_name: !!str null}").Options.Store.BucketName);
        Assert.Null(Bind("s3: {bucket_name: ~}").Options.Store.BucketName);
    }

    [Fact]
    public void Values_that_do_not_agree_are_reported_where_they_stand()
    {
        var error = OneError("filters:\n  file_size:\n    min_bytes: 2KiB\n    max_bytes: 1KiB\n");
        Assert.Equal("stackmill.yaml:3:5: filters.file_size.min_bytes: found 2048 bytes, expected at most max_bytes, 1024 bytes", error.ToString());
        Assert.Equal(1, OneError("filters:\n  file_size: {max_bytes: 99}\n").Line / 2);
        Assert.Equal("filters.file_size.max_bytes", OneError("filters:\n  file_size: {max_bytes: x, min_bytes: 2MiB}\n").Key);
    }

    [Fact]
    public void Secrets_and_long_values_are_never_echoed()
    {
        const string Secret = "hf_9f8e7d6c5b4a";
        var longText = new string('x', 5000);
        var yaml = $"""
            api_key: {Secret}
            s3:
              hub_token: [{Secret}]
              hub_tokn: {Secret}
              columns: {Secret}
              limit: {longText}
            max_workers: {longText}
            {longText[..900]}: 5
            {Secret}
            """;
        foreach (var candidate in (string[])[yaml, Secret, $"s3: {Secret}", $"hub_token: {Secret}", $"s3: {{hub_token: {{a: {Secret}}}}}"])
        {
            var errors = Bind(candidate).Errors;
            Assert.NotEmpty(errors);
            Assert.All(errors, error =>
            {
                // 'columns' is no secret, so its short value may be shown.
                if (error.Key != "s3.columns")
                    Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(longText[..100], error.ToString(), StringComparison.Ordinal);
            });
        }
        Assert.DoesNotContain(Secret, Assert.Single(ConfigurationBinder.ApplyOverrides(Defaults, [Secret]).Errors).ToString(), StringComparison.Ordinal);
        Assert.Equal("a text of 5000 characters", OneError($"max_workers: {longText}").Found);
    }

    [Theory]
    [InlineData("hub_token", true)]
    [InlineData("s3.tokens", true)]
    [InlineData("ApiKey", true)]
    [InlineData("db_password", true)]
    [InlineData("client-secret", true)]
    [InlineData("tokenizer_token", true)]
    [InlineData("tokenizer_model", false)]
    [InlineData("stages.tokenization", false)]
    [InlineData("max_workers", false)]
    public void Secret_names_are_told_from_tokenizers(string name, bool secret) => Assert.Equal(secret, Echo.IsSecretName(name));

    [Fact]
    public void Bytes_that_are_not_utf8_are_placed()
    {
        var error = Assert.Single(ConfigurationBinder.Bind<SampleOptions>([.. "seed: 1\n# é "u8, 0xFC, .. "x\n"u8], "a.yaml").Errors);
        Assert.Equal("a.yaml:2:5: found the byte 0xFC, which is not UTF-8, expected UTF-8; save it with that encoding", error.ToString());
        Assert.Equal("UTF-16 text", Assert.Single(ConfigurationBinder.Bind<SampleOptions>(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("seed: 1")).ToArray(), "a.yaml").Errors).Found);
        Assert.Equal(7, ConfigurationBinder.Bind<SampleOptions>([0xEF, 0xBB, 0xBF, .. "seed: 7"u8], "a.yaml").Options.Seed);
    }

    [Fact]
    public void Missing_oversize_and_folder_files_are_usage_errors()
    {
        var folder = Directory.CreateTempSubdirectory("stackmill-config-").FullName;
        try
        {
            var file = Path.Combine(folder, "stackmill.yaml");
            Assert.Contains("no configuration file", Assert.Throws<UsageException>(() => ConfigurationBinder.BindFile<SampleOptions>(file)).Message, StringComparison.Ordinal);
            Assert.Contains("is a folder", Assert.Throws<UsageException>(() => ConfigurationBinder.BindFile<SampleOptions>(folder)).Message, StringComparison.Ordinal);
            File.WriteAllText(file, "seed: 11");
            Assert.Equal(11, ConfigurationBinder.BindFile<SampleOptions>(file).Options.Seed);
            File.WriteAllBytes(file, new byte[ConfigurationBinder.LargestFile + 1]);
            Assert.Contains("larger than 1MiB", Assert.Throws<UsageException>(() => ConfigurationBinder.BindFile<SampleOptions>(file)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("a: &a [*a")]
    public void Deep_nesting_is_an_error_and_not_a_crash(string opening)
    {
        var errors = Bind(string.Concat(Enumerable.Repeat(opening, 20_000))).Errors;
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void Any_text_gives_a_result_and_never_a_crash() =>
        Gen.OneOf(Gen.Const("seed"), Gen.Const("filters"), Gen.Const(": "), Gen.Const("\n"), Gen.Const("  "), Gen.Const("- "), Gen.Const("["),
                Gen.Const("]"), Gen.Const("{"), Gen.Const("}"), Gen.Const("&a "), Gen.Const("*a"), Gen.Const("!t "), Gen.Const("\""), Gen.Const("'"),
                Gen.Const("|\n"), Gen.Const("? "), Gen.Const("%YAML 1.2\n"), Gen.Const("---\n"), Gen.Const("...\n"), Gen.Const("#"), Gen.String)
            .Array[0, 12].Select(string.Concat)
            .Sample(text =>
            {
                var (options, errors) = Bind(text);
                Assert.True(errors.Count > 0 || Canonical(options) is not null);
                Assert.All(errors, error => Assert.DoesNotContain('\n', error.ToString()));
            });

    [Fact]
    public void Binding_writes_into_no_shared_default_and_into_no_other_result()
    {
        var first = Bind("similarity_threshold: 0.5\nfilters: {stars: {min: 1}}").Options;
        Assert.Equal(0.85, SampleDuplicates.Shared.SimilarityThreshold);
        Assert.Equal(10, Bind("").Options.Filters.Stars.Min);
        Assert.Equal((0.5, 1), (first.Duplicates.SimilarityThreshold, first.Filters.Stars.Min));
    }
}
