using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Projects;

/// <summary>What the stages of a project read.</summary>
/// <param name="Place">A path of this machine, or an address.</param>
/// <param name="IsAddress">True for an address.</param>
/// <param name="DescribesFiles">True when its rows describe files, whose contents are fetched first.</param>
internal sealed record PipelineInput(string Place, bool IsAddress, bool DescribesFiles);

/// <summary>The <c>dvc.yaml</c> of a project whose stages are Stackmill's, for DVC and for <c>stackmill data</c>.</summary>
internal static class PipelineTemplate
{
    private const string Configuration = "stackmill.yaml";
    private const string Reports = "reports/";

    // Filters that are asked before a text is read, and those on the text.
    private static readonly string[] FileFilters =
    [
        "filters.allow_repositories", "filters.deny_repositories", "filters.file_size", "filters.generated", "filters.license_types", "filters.licenses", "filters.opt_outs",
        "filters.stars", "filters.vendored",
    ];

    private static readonly string[] QualityFilters = ["filters.mode", "filters.preset", "filters.sampling"];

    // All but the key of pseudonyms: what is a parameter stands in dvc.lock.
    private static readonly string[] Redaction =
    [
        "redaction.actions", "redaction.credit_card", "redaction.default_phone_region", "redaction.email", "redaction.iban", "redaction.ip_address", "redaction.key",
        "redaction.location", "redaction.mac_address", "redaction.min_confidence", "redaction.name", "redaction.national_id", "redaction.obfuscated_email", "redaction.passport",
        "redaction.phone", "redaction.record_hash", "redaction.rule_files", "redaction.rules", "redaction.seed", "redaction.ssn", "redaction.style", "redaction.user_path",
    ];

    private const string Heading =
        """
        # Stages of Stackmill, run by 'stackmill data repro' or by 'dvc repro'. Values of stackmill.yaml are their parameters:
        # a stage runs again when one that it depends on changes. Add options of commands and further stages as you like.

        """;

    /// <summary>The text of the file.</summary>
    /// <param name="input">What is read; null for the rows that stackmill.yaml names.</param>
    public static string Write(PipelineInput? input)
    {
        var isFetched = input is null or { DescribesFiles: true };
        var stages = new DataMap();
        if (isFetched)
            stages.Add("acquisition", Acquisition(input));
        var source = isFetched ? Data(ProjectLayout.Contents) : input!.Place;
        stages.Add("organize", Stage(
            "Sorts files by language, filters them, and accounts for each.",
            $"stackmill organize --input {Quote(source)} --output {Data("staged")} --quiet",
            isFetched || !input!.IsAddress ? [source] : [],
            [.. FileFilters, "input", "languages", "licenses", "max_file_size_mb", "shard_size"],
            [Data("staged")]));
        stages.Add("preprocessing", Stage(
            "Decodes, cleans, replaces personal data and secrets, measures.",
            $"stackmill preprocess --input {Data("staged")} --output {Data("processed")} --quiet",
            [Data("staged")],
            ["cleaning", "decoding", .. QualityFilters, .. Redaction, "stages.encoding_fix", "stages.malformed_cleaning", "stages.pii_removal", "stages.tokenization", "stages.whitespace_cleanup", "tokenizer_model"],
            [Data("processed")],
            Reports + "preprocessing_results.json"));
        stages.Add("deduplication", Stage(
            "Removes exact and verified near-duplicates, and benchmarks' problems.",
            $"stackmill deduplicate --input {Data("processed")} --output {Data(ProjectLayout.Corpus)} --quiet",
            [Data("processed")],
            ["boilerplate", "containment", "decontamination", "dedup", "similarity_threshold", "stages.deduplication"],
            [Data(ProjectLayout.Corpus)],
            Reports + "deduplication_report.json"));
        stages.Add("validation", Stage(
            "Checks the corpus; a fault keeps back the export.",
            $"stackmill validate --input {Data(ProjectLayout.Corpus)} --quiet",
            [Data(ProjectLayout.Corpus)],
            ["max_file_size_mb", .. Redaction, "stages.pii_removal"],
            [],
            Reports + "schema_validation_report.json"));
        stages.Add("statistics", Stage(
            "Describes the corpus, and what each stage removed.",
            $"stackmill statistics --input {Data(ProjectLayout.Corpus)} --quiet",
            [Data(ProjectLayout.Corpus), .. new[] { "staged", "processed" }.Select(d => $"{Data(d)}/{Manifest.FileName}")],
            [],
            [],
            Reports + "data_statistics.json"));
        stages.Add("export", Stage(
            "Writes the release.",
            $"stackmill export --input {Data(ProjectLayout.Corpus)} --output {Data("release")} --quiet",
            [Data(ProjectLayout.Corpus), Reports + "schema_validation_report.json"],
            ["export"],
            [Data("release")]));
        var plot = new DataMap { { Reports + "data_statistics.json", new DataMap { { "title", "Files that each stage keeps" }, { "template", "bar_horizontal" }, { "x", "kept" }, { "y", "stage" } } } };
        return Heading + YamlWriter.Write(new DataMap { { "stages", stages }, { "plots", new List<object?> { plot } } });
    }

    private static DataMap Acquisition(PipelineInput? input) => Stage(
        "Filters rows that describe files, and fetches the contents of those that stay.",
        new List<object?>
        {
            $"stackmill metadata{(input is null ? "" : $" --input {Quote(input.Place)}")} --output {Data(ProjectLayout.Raw)} --quiet",
            $"stackmill contents --input {Data(ProjectLayout.Raw)} --output {Data(ProjectLayout.Contents)} --quiet",
        },
        input is { IsAddress: false } ? [input.Place] : [],
        ["contents", .. FileFilters, "languages", "max_file_size_mb", "metadata", "shard_size"],
        [Data(ProjectLayout.Raw), Data(ProjectLayout.Contents)]);

    private static DataMap Stage(string description, object command, string[] dependencies, string[] parameters, string[] outputs, string? report = null)
    {
        var stage = new DataMap { { "desc", description }, { "cmd", command } };
        if (dependencies.Length > 0)
            stage.Add("deps", dependencies.ToList<object?>());
        if (parameters.Length > 0)
            stage.Add("params", new List<object?> { new DataMap { { Configuration, parameters.ToList<object?>() } } });
        if (outputs.Length > 0)
            stage.Add("outs", outputs.ToList<object?>());
        if (report is not null)
            stage.Add("metrics", new List<object?> { new DataMap { { report, new DataMap { { "cache", false } } } } });
        return stage;
    }

    private static string Data(string name) => $"data/{name}";

    // A word for the shell.
    private static string Quote(string word)
    {
        if (word.Contains('\n', StringComparison.Ordinal))
            throw new UsageException("the input's path holds a line end, which no command of a stage can. Rename it.");
        return word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ':' or '@' or '=') ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
