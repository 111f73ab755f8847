using System.Text;
using Stackmill.Acquire.Metadata;
using Stackmill.Organize;
using Stackmill.Preprocess.Quality;
using Stackmill.Preprocess.Redact;
using Stackmill.Shared.Filters;

namespace Stackmill.Catalog;

/// <summary>One stage, as the documents and the catalog tests know it.</summary>
/// <param name="Id">Id and command name.</param>
/// <param name="Reads">What it reads.</param>
/// <param name="Writes">What it writes.</param>
/// <param name="Summary">One sentence for people.</param>
/// <param name="Reasons">Reasons for which it drops or fails files, with their meaning.</param>
internal sealed record StageEntry(string Id, string Reads, string Writes, string Summary, IReadOnlyList<(string Reason, string Meaning)> Reasons);

/// <summary>All stages, in the order of the data.</summary>
internal static class StageCatalog
{
    /// <summary>The stages.</summary>
    public static readonly IReadOnlyList<StageEntry> Entries =
    [
        new(MetadataStage.Id, "Parquet files with rows as in The Stack v2, on the Hub or local", "data/raw/filtered_metadata_LANGUAGE.parquet", "Filters rows that describe files, by the filters of organize, before any content is fetched; reads only the columns and row groups that it needs.",
        [
            ("not_sampled", "outside of the share that metadata.sample keeps"),
            ("above_limit", "its language has metadata.limit rows already; row groups that hold nothing else are counted without being read"),
            ("invalid_blob_id", "failed: the blob_id is not 40 lower-case hexadecimal digits; looked at in rows that pass the filters only"),
            ("invalid_length_bytes", "failed: the length_bytes is null or negative"),
        ]),
        new(Acquire.Contents.ContentStage.Id, "data/raw", "data/contents", "Fetches contents by their blob_id, verifies each by its SHA-1, and keeps what was fetched in a cache.",
        [
            ("too_large", "its row tells more than max_file_size_mb, and it is not fetched; or its row tells no length, and it unpacks to more"),
            ("invalid_blob_id", "failed: blob_id is not 40 hex digits"),
            ("missing_blob", "failed: the store has no such content"),
            ("refused", "failed: the store refuses this content, while it gives others"),
            ("corrupt_gzip", "failed: no whole gzip data came, also when tried again"),
            ("checksum_mismatch", "failed: bytes with another SHA-1 came, also when tried again"),
            ("over_size_limit", "failed: it unpacks to more than max_file_size_mb, though its row tells less; unpacking stops there"),
            ("not_fetched", "failed: time-outs, cut connections or faults of the store, also when tried again"),
        ]),
        new(OrganizeStage.Id, "any input", "data/staged", "Sorts files by language, filters them, and accounts for each. Contents stay the original bytes.",
        [
            ("hidden", "the name begins with a dot (input.include_hidden)"),
            ("version_control", "a folder of a version control system"),
            ("symbolic_link", "a link; what it names inside the input is met under its own name"),
            ("special_file", "a FIFO, socket or device"),
            ("ignored", "named by a .gitignore file (input.respect_gitignore)"),
            ("unreadable", "failed: the file or folder could not be read"),
            ("invalid_json", "failed: the line is no JSON object"),
            ("invalid_base64", "failed: content_base64 is not base64"),
            ("missing_content", "failed: the record has no content"),
            ("line_too_long", "failed: a JSON line or a CSV record above 64 MiB"),
            ("invalid_csv", "failed: the record's quotes are wrong, or it has another number of fields than the header"),
            ("submodule", "a submodule of a Git repository: its files belong to another repository"),
            ("lfs_pointer", "a Git LFS pointer: the file itself lies on a server for large files"),
            ("repeated_folders", "failed: the folders of a Git repository repeat, so that a few stand for millions; the rest of it is not read"),
            ("unsafe_path", "a name in an archive or Git tree that is absolute or leads out of it"),
            ("hard_link", "a second name of another entry of the archive"),
            ("duplicate_path", "an archive's entry with the path of an earlier one, which was taken"),
            ("nested_archive", "an archive inside an archive, deeper than one level or with input.archives.nested off"),
            ("archive_bomb", "failed: the archive unpacks to more than input.archives allows; the rest of it is not read"),
            ("damaged_archive", "failed: an archive inside another is damaged, or an archive has no end mark or more behind it; what was read before stays"),
            ("damaged_entry", "failed: a zip entry's data, length or checksum is wrong"),
            ("encrypted", "failed: a zip entry is encrypted"),
            ("sparse_entry", "failed: a sparse file in a tar, which holds its data in pieces"),
            ("unsupported_compression", "failed: a zip entry or an archive is compressed by a method that is not read"),
        ]),
        new(Preprocess.PreprocessStage.Id, "data/staged", "data/processed", "Decodes, cleans, redacts, measures, and counts tokens, in one pass.",
        [
            ("binary", "not text"),
            ("undecodable", "text in no encoding that explains every byte"),
            ("empty", "nothing but white space is left"),
            ("has_secrets", "it holds keys or passwords, and redaction.actions drops such files; the value is their number"),
            ("has_personal_data", "it holds personal data of a kind for which redaction.actions drops files; the value is their number"),
            .. QualityCatalog.Rules.Select(r => (r.Id, $"by filters.preset or filters.sampling: {QualityDocs.Limit(r)} {r.Meaning}")),
        ]),
        new(Deduplicate.DeduplicateStage.Id, "data/processed", "data/corpus", "Removes files that hold problems of benchmarks, then exact and verified near-duplicates; a duplicate goes only for a file that stays.",
        [
            ("contaminated", "it holds a prompt, solution or test of a benchmark (decontamination.benchmarks); the value is the share of its n-grams, the detail names it"),
            ("duplicate_repository", "its repository holds the same files (path and content) in this dataset as one that is preferred (dedup.repositories)"),
            ("duplicate_exact", "the same text as a file that stays, or as one that goes for it"),
            ("duplicate_normalized", "too short for shingles and the same tokens as a file that stays, or, with dedup.normalized, the same text but for comments and white space"),
            ("duplicate_near", "at least as similar as similarity_threshold to a file that stays"),
            ("contained", "nearly all of its shingles are those of a larger file that stays (containment.mode: drop); the value is their share"),
            ("boilerplate_only", "nothing would be left of it but lines that many files share (boilerplate.mode: remove)"),
        ]),
        new(Validate.ValidateStage.Id, "data/corpus", "reports/schema_validation_report.json", "Checks schema, counts, encodings, checksums, books and residual personal data.", []),
        new(Statistics.StatisticsStage.Id, "data/corpus", "reports/data_statistics.json", "Files, bytes, lines and tokens by language, and what each stage removed and why.", []),
        new(Export.ExportStage.Id, "data/corpus", "data/release", "Writes Parquet, JSON lines or plain files.", []),
    ];

    /// <summary>What a stage does; empty for one that there is not.</summary>
    public static string SummaryOf(string stage) => Entries.FirstOrDefault(e => e.Id == stage)?.Summary ?? "";
}

/// <summary>Writes docs/stages.md from the catalog.</summary>
internal static class StageDocs
{
    /// <summary>The document.</summary>
    public static string Write()
    {
        var text = new StringBuilder("# Stages, filters and rules\n\nGenerated by `stackmill docs` from the catalog.\n");
        foreach (var stage in StageCatalog.Entries)
        {
            text.Append($"\n## {stage.Id}\n\n{stage.Summary} Reads {stage.Reads}, writes {stage.Writes}.\n");
            if (stage.Reasons.Count > 0)
                text.Append("\n| reason | meaning |\n|---|---|\n");
            foreach (var (reason, meaning) in stage.Reasons)
                text.Append($"| `{reason}` | {meaning} |\n");
        }

        text.Append("\n## Filters of organize\n\nIn the order in which they decide.\n\n| filter | version | reasons | meaning |\n|---|---|---|---|\n");
        foreach (var filter in FileFilters.Create(new StackmillOptions().Organize))
            text.Append($"| {filter.Id} | {filter.Version} | {string.Join(", ", filter.Reasons.Select(r => $"`{r}`"))} | {filter.Summary} |\n");
        text.Append(QualityDocs.Write());
        text.Append("\n## Redaction rules\n\nConfidence is what `redaction.min_confidence` is held against.\n\n| rule | kind | confidence | meaning |\n|---|---|---|---|\n");
        foreach (var rule in RuleCatalog.Rules)
            text.Append($"| {rule.Id} | {RedactionKinds.Name(rule.Kind)} | {rule.Confidence:0.##} | {rule.Description} |\n");
        return text.ToString();
    }
}
