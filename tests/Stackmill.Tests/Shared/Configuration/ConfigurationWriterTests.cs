using System.Text.Json.Nodes;
using NJsonSchema;
using Stackmill.Core.Options;
using Stackmill.Shared.Configuration;

namespace Stackmill.Tests.Shared.Configuration;

public sealed class ConfigurationWriterTests
{
    private static readonly string Yaml = ConfigurationWriter.WriteYaml<SampleOptions>("Sample configuration: every key with its default.");

    [Fact]
    public void The_written_file_binds_back_to_the_defaults()
    {
        var (options, errors) = ConfigurationBinder.Bind<SampleOptions>(Yaml, "stackmill.yaml");
        Assert.Empty(errors);
        Assert.Equal(ResolvedConfiguration.Of(new SampleOptions()), ResolvedConfiguration.Of(options));
    }

    [Fact]
    public void The_written_file_names_every_key_and_not_just_the_defaults()
    {
        // Each default is replaced in the text; only if every key really stands there do all values change.
        var changed = Yaml.Replace("min: 10", "min: 11", StringComparison.Ordinal).Replace("limit: 5", "limit: 6", StringComparison.Ordinal)
            .Replace("model: null", "model: o200k", StringComparison.Ordinal).Replace("max_bytes: 1MiB", "max_bytes: 2MiB", StringComparison.Ordinal);
        var (options, errors) = ConfigurationBinder.Bind<SampleOptions>(changed, "stackmill.yaml");
        Assert.Empty(errors);
        Assert.Equal((11, (long?)6, "o200k", 2L << 20), (options.Filters.Stars.Min, options.Store.Limit, options.Duplicates.Model, options.Filters.FileSize.MaxBytes));
        foreach (var leaf in OptionTree.Of(typeof(SampleOptions)).Leaves)
            Assert.Contains($"{leaf.Key}: ", Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_have_their_summary_range_and_words_as_comments()
    {
        Assert.StartsWith("# Sample configuration: every key with its default.\n\n# Languages to keep; empty keeps all. A list of texts, such as [a, b].\nlanguages: [Python, C++]\n", Yaml, StringComparison.Ordinal);
        Assert.Contains("\n  # Popularity.\n  stars:\n    # Fewest stars. A whole number of at least 0.\n    min: 10\n", Yaml, StringComparison.Ordinal);
        Assert.Contains("\n  # Licences to keep. A list with any of mit, apache-2.0, bsd-2-clause, bsd-3-clause.\n  licenses: [mit, apache-2.0]\n", Yaml, StringComparison.Ordinal);
        Assert.Contains("\n# Tokenizer. One of cl100k, o200k, or null.\nmodel: null\n", Yaml, StringComparison.Ordinal);
        Assert.Contains("\n    # Largest file, in bytes. A size of at most 1GiB such as 512, 10MB, 10MiB or 1.5GiB.\n    max_bytes: 1MiB\n", Yaml, StringComparison.Ordinal);
        Assert.All(Yaml.Split('\n'), line => Assert.True(line.Length <= 100 || !line.TrimStart().StartsWith('#'), line));
    }

    [Fact]
    public void Other_values_than_the_defaults_are_written_too()
    {
        var given = new SampleOptions { Languages = ["yes", "", "null", "1", "-", "C#", "a: b", "\n\u2028\ud83e\udd80"], MaxWorkers = 3, Store = new() { HubToken = "hf_1234" } };
        var yaml = ConfigurationWriter.WriteYaml(given, "");
        Assert.DoesNotContain("hf_1234", yaml, StringComparison.Ordinal);
        var (options, errors) = ConfigurationBinder.Bind<SampleOptions>(yaml, "x");
        Assert.Empty(errors);
        Assert.Equal(given.Languages, options.Languages);
        Assert.Equal(3, options.MaxWorkers);
    }

    [Fact]
    public void The_table_has_a_row_a_key()
    {
        var lines = ConfigurationWriter.WriteMarkdown<SampleOptions>().TrimEnd('\n').Split('\n');
        Assert.Equal(OptionTree.Of(typeof(SampleOptions)).Leaves.Count + 2, lines.Length);
        Assert.Contains("| `filters.stars.min` | `10` | a whole number of at least 0 | Fewest stars. |", lines);
        Assert.Contains(lines, line => line.Contains("with a \\| and", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_schema_accepts_the_defaults_and_refuses_what_the_binder_refuses()
    {
        var schema = await JsonSchema.FromJsonAsync(ConfigurationSchema.Write<SampleOptions>("Sample"));
        (string Json, bool Good)[] cases =
        [
            (ResolvedConfiguration.Of(new SampleOptions()).Json, true),
            ("{}", true),
            ("{\"filters\": null}", true),
            ("{\"filters\": {\"stars\": {\"min\": 0}}}", true),
            ("{\"filters\": {\"stars\": {\"min\": -1}}}", false),
            ("{\"filters\": {\"stars\": {\"mim\": 1}}}", false),
            ("{\"filters\": {\"file_size\": {\"max_bytes\": \"10MB\"}}}", true),
            ("{\"filters\": {\"file_size\": {\"max_bytes\": \"1.5 gib\"}}}", false),
            ("{\"filters\": {\"file_size\": {\"min_bytes\": \"1.5 kib\"}}}", true),
            ("{\"filters\": {\"file_size\": {\"max_bytes\": \"10M\"}}}", false),
            ("{\"filters\": {\"file_size\": {\"max_bytes\": 1073741825}}}", false),
            ("{\"filters\": {\"file_size\": {\"max_bytes\": -1}}}", false),
            ("{\"filters\": {\"licenses\": [\"mit\"]}}", true),
            ("{\"filters\": {\"licenses\": [\"gpl\"]}}", false),
            ("{\"unknown\": 1}", false),
            ("{\"similarity_threshold\": 1}", true),
            ("{\"similarity_threshold\": 1.01}", false),
            ("{\"similarity_threshold\": null}", false),
            ("{\"model\": \"o200k\"}", true),
            ("{\"model\": null}", true),
            ("{\"model\": \"o300k\"}", false),
            ("{\"max_workers\": null}", true),
            ("{\"max_workers\": 1.5}", false),
            ("{\"parallel_processing\": \"true\"}", false),
            ("{\"s3\": {\"columns\": {\"a\": \"b\"}}}", true),
            ("{\"s3\": {\"columns\": {\"a\": null}}}", false),
            ("{\"logging\": {\"file\": true}}", true),
            ("{\"logging\": {\"level\": \"INFO\"}}", true),
            ("{\"logging\": {\"level\": \"Info\"}}", false),
        ];
        foreach (var (json, good) in cases)
        {
            // JSON is YAML, so the binder judges the very same text. A schema can't weigh sizes that are written out.
            Assert.True(ConfigurationBinder.Bind<SampleOptions>(json, "x").Errors.Count == 0 == good, $"binder: {json}");
            if (!json.Contains("gib", StringComparison.Ordinal))
                Assert.True(schema.Validate(json).Count == 0 == good, $"schema: {json}");
        }
    }

    [Fact]
    public void The_schema_describes_every_key_with_default_and_limits()
    {
        var root = JsonNode.Parse(ConfigurationSchema.Write<SampleOptions>("Sample"))!;
        Assert.Equal("Sample", (string?)root["title"]);
        Assert.False((bool)root["additionalProperties"]!);
        var workers = root["properties"]!["max_workers"]!;
        Assert.Equal("Workers; null uses one a core.", (string?)workers["description"]);
        Assert.Equal((1, 64), ((int)workers["minimum"]!, (int)workers["maximum"]!));
        Assert.Equal(0.85, (double)root["properties"]!["similarity_threshold"]!["default"]!);
        Assert.Equal("content", (string?)root["properties"]!["s3"]!["properties"]!["columns"]!["default"]!["text"]);
    }

    [Fact]
    public void The_resolved_form_is_fixed_text_with_a_fixed_hash()
    {
        // Written out by hand, so that a change of form (and thus of every manifest's hash) can't pass unseen.
        var resolved = ResolvedConfiguration.Of(new SampleFilters());
        Assert.Equal("""{"stars":{"min":10},"file_size":{"min_bytes":100,"max_bytes":1048576},"licenses":["mit","apache-2.0"]}""", resolved.Json);
        // printf '%s' '<the text above>' | sha256sum
        Assert.Equal("68aaf29276fee622cd2dffd6621933cacca0964243c42465a9f2f7bf05093266", resolved.Sha256);
    }

    [Fact]
    public void The_resolved_form_depends_on_values_only()
    {
        static ResolvedConfiguration Of(string yaml) => ResolvedConfiguration.Of(ConfigurationBinder.Bind<SampleOptions>(yaml, "x").Options);
        Assert.Equal(Of("seed: 1\ns3: {columns: {a: 1, b: 2}, cache: 1KiB}"), Of("s3: {cache: 1024, columns: {b: 2, a: 1}}\nseed: 1"));
        Assert.NotEqual(Of("seed: 1").Sha256, Of("seed: 2").Sha256);
        Assert.NotEqual(Of("").Sha256, Of("s3: {hub_token: a}").Sha256);
        Assert.Equal(Of("s3: {hub_token: hf_a}"), Of("s3: {hub_token: hf_b}"));
        Assert.DoesNotContain("hf_a", Of("s3: {hub_token: hf_a}").Json, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_change_the_output_can_be_left_out()
    {
        static ResolvedConfiguration Of(SampleOptions options) => ResolvedConfiguration.Of(options, key => key != "max_workers" && !key.StartsWith("logging.", StringComparison.Ordinal));
        Assert.Equal(Of(new SampleOptions()), Of(new SampleOptions { MaxWorkers = 9, Logging = new() { Level = "debug" } }));
        Assert.NotEqual(Of(new SampleOptions()), Of(new SampleOptions { Seed = 9 }));
        Assert.DoesNotContain("logging", Of(new SampleOptions()).Json, StringComparison.Ordinal);
    }

    private sealed class GetterOnly
    {
        [Option("a", "A.")]
        public int A { get; } = 1;
    }

    private sealed class Twice
    {
        [Option("a", "A.")]
        public int A { get; init; }

        [Option("a", "B.")]
        public int B { get; init; }
    }

    private sealed class Unknown
    {
        [Option("a", "A.")]
        public DateTime A { get; init; }
    }

    [Theory]
    [InlineData(typeof(GetterOnly), "GetterOnly.A is a configuration key and needs 'init' or 'set'")]
    [InlineData(typeof(Twice), "Twice.B uses the key 'a', which is taken")]
    [InlineData(typeof(Unknown), "Unknown.A has the type DateTime, which no configuration key can hold")]
    public void Mistakes_in_declarations_are_named(Type type, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => OptionTree.Of(type)).Message);
}
