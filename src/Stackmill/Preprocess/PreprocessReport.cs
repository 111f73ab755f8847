using System.Text.Json.Nodes;
using Stackmill.Datasets;
using Stackmill.Shared.Configuration;

namespace Stackmill.Preprocess;

/// <summary>Writes <c>preprocessing_results.json</c> in the seed system's form, with true counts.</summary>
internal static class PreprocessReport
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "preprocessing_results.json";

    /// <summary>Counter: files that were in another encoding than UTF-8, or had a byte order mark.</summary>
    public const string EncodingFixed = "encoding_issues_fixed";

    /// <summary>Counter: files with control characters or foreign line ends.</summary>
    public const string MalformedFixed = "malformed_files_fixed";

    /// <summary>Counter: files with trailing white space or long runs of blank lines.</summary>
    public const string WhitespaceCleaned = "whitespace_cleaned";

    /// <summary>Counter: files in which something was replaced.</summary>
    public const string FilesRedacted = "files_redacted";

    /// <summary>Counter by kind: replacements.</summary>
    public const string Redactions = "redactions";

    /// <summary>Counter by kind: finds that were left and written down.</summary>
    public const string Annotations = "annotations";

    /// <summary>Counter by rule: finds.</summary>
    public const string Rules = "redaction_rules";

    /// <summary>Counter by language and kind, joined by a slash: finds.</summary>
    public const string KindsOfLanguages = "redaction_languages";

    /// <summary>Counter: bytes by which kept files became shorter.</summary>
    public const string BytesChanged = "bytes_saved";

    /// <summary>Counter by rule: files that a quality rule has nothing against, when verdicts are written.</summary>
    public const string FiltersKept = "filters_kept";

    /// <summary>Counter by rule: files that a quality rule would drop, when verdicts are written.</summary>
    public const string FiltersDropped = "filters_dropped";

    /// <summary>Counter by language: files kept.</summary>
    public const string Files = "files";

    /// <summary>Counter by language: tokens.</summary>
    public const string Tokens = "tokens";

    /// <summary>Writes the report.</summary>
    public static void Write(string path, Manifest manifest, PreprocessOptions options, DateTimeOffset start, DateTimeOffset end)
    {
        var books = manifest.Books;
        var seconds = Math.Round((end - start).TotalSeconds, 3);
        var byKind = ByName(books.Counters, Redactions);
        var files = ByName(books.Counters, Files);
        var tokens = ByName(books.Counters, Tokens);
        var tokenization = new JsonObject();
        var languages = new JsonObject();
        foreach (var (language, count) in files)
        {
            var total = tokens.GetValueOrDefault(language);
            var name = LanguageFolder.Of(language);
            tokenization[name] = new JsonObject
            {
                ["total_tokens"] = total,
                ["files_tokenized"] = options.Stages.Tokenization ? count : 0,
                ["avg_tokens_per_file"] = Math.Round((double)total / count, 2),
            };
            languages[name] = new JsonObject
            {
                ["language"] = language,
                ["files_output"] = count,
                ["total_tokens"] = total,
                ["pii_items_by_kind"] = Report.Object(ByName(books.Counters, $"{KindsOfLanguages}.{language}", '/')),
            };
        }

        // Whether duplicates go is decided, and told, by the next stage.
        var configuration = JsonNode.Parse(ResolvedConfiguration.Of(options).Json)!;
        configuration["stages"]!.AsObject().Remove("deduplication");
        Report.Write(path, new JsonObject
        {
            ["pipeline_config"] = configuration,
            ["start_time"] = start.ToString("O"),
            ["end_time"] = end.ToString("O"),
            ["processing_time"] = seconds,
            ["global_statistics"] = new JsonObject
            {
                ["total_files_processed"] = books.In,
                ["total_files_output"] = books.Kept,
                ["files_dropped"] = Report.Object(books.Dropped),
                ["files_failed"] = Report.Object(books.Failed),
                ["malformed_files_fixed"] = books.Counters.GetValueOrDefault(MalformedFixed),
                ["encoding_issues_fixed"] = books.Counters.GetValueOrDefault(EncodingFixed),
                ["whitespace_cleaned"] = books.Counters.GetValueOrDefault(WhitespaceCleaned),
                ["pii_items_removed"] = byKind.Values.Sum(),
                ["pii_items_by_kind"] = Report.Object(byKind),
                ["pii_items_annotated"] = Report.Object(ByName(books.Counters, Annotations)),
                ["pii_items_by_rule"] = Report.Object(ByName(books.Counters, Rules)),
                ["pii_files"] = books.Counters.GetValueOrDefault(FilesRedacted),
                ["filter_verdicts"] = new JsonObject
                {
                    ["keep"] = Report.Object(ByName(books.Counters, FiltersKept)),
                    ["drop"] = Report.Object(ByName(books.Counters, FiltersDropped)),
                },
                ["bytes_processed"] = books.BytesIn,
                ["bytes_output"] = books.BytesKept,
                ["bytes_saved"] = books.BytesIn - books.BytesKept,
                ["processing_time"] = seconds,
                ["tokenization_stats"] = tokenization,
            },
            ["language_results"] = languages,
        });
    }

    /// <summary>The counters <c>prefix.NAME</c>, by name.</summary>
    public static SortedDictionary<string, long> ByName(SortedDictionary<string, long> counters, string prefix, char joint = '.')
    {
        var named = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (key, count) in counters)
        {
            if (key.StartsWith(prefix + joint, StringComparison.Ordinal))
                named[key[(prefix.Length + 1)..]] = count;
        }

        return named;
    }
}
