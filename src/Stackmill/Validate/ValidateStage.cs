using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Preprocess.Redact;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;

namespace Stackmill.Validate;

/// <summary>
/// The fourth stage: checks schema, counts, encodings, checksums, books and residual personal data of a dataset, and
/// writes <c>schema_validation_report.json</c>. It changes nothing.
/// </summary>
internal static class ValidateStage
{
    /// <summary>Id of the stage.</summary>
    public const string Id = "validate";

    /// <summary>Name of the report.</summary>
    public const string ReportName = "schema_validation_report.json";

    /// <summary>Version of the stage's code.</summary>
    public const int Version = 1;

    // A dataset that is wrong throughout needs no million lines to say so; the counts are whole.
    private const int MaxListed = 1000;

    /// <summary>Runs the checks; the report's <c>status</c> is <c>passed</c> or <c>failed</c>.</summary>
    /// <param name="dataset">What is checked.</param>
    /// <param name="reportPath">Where the report goes.</param>
    /// <param name="options">What it is held against.</param>
    /// <param name="context">The run.</param>
    public static JsonObject Run(Dataset dataset, string reportPath, ValidateOptions options, RunContext context) => Do(dataset, reportPath, options, context, WorkPart.Whole())!;

    /// <summary>Does a part of the stage; gives the report when it is finished.</summary>
    public static JsonObject? Do(Dataset dataset, string reportPath, ValidateOptions options, RunContext context, WorkPart part)
    {
        var manifest = dataset.Manifest;
        dataset.RequireText(Id);
        StageColumns.Tell(context, Id, part, () => new([StageColumns.Place(dataset)], new DataPlace(reportPath, "json", [])));
        var plan = new DatasetPlan(Id, Version, "report", ResolvedConfiguration.Of(options).Json, [new ManifestInput(manifest.Stage, manifest.RootHash), new ManifestInput("manifest", manifest.Key)]);
        using var build = ReportBuild.Begin(reportPath, plan, context, part);
        if (build.UpToDate is { } have)
        {
            context.Observer.DataWritten(Id, StageColumns.AmountOf(reportPath, plan.Key));
            context.Observer.StageEnded(Id, new Books { In = (long?)have["total_files"] ?? 0, Kept = (long?)have["total_files"] ?? 0 }, upToDate: true);
            return have;
        }

        var start = context.Clock.GetUtcNow();
        var findings = new ShardFindings();
        var failed = new HashSet<int>();
        var books = build.Run(dataset, () => new Worker(dataset, options), (shard, error) =>
        {
            findings.Add(new ValidationError("shard", manifest.Shards[shard].Path, error));
            failed.Add(shard);
        });
        if (books is null)
            return null;
        // A million shards' findings are not held at once: those on the whole come first in the report, so they are read twice.
        CheckBooks(dataset, dataset.Tasks.Where(t => !failed.Contains(t.Index)).Sum(t => build.Read<ShardFindings>(t).Files), findings);
        foreach (var task in dataset.Tasks.Where(t => !failed.Contains(t.Index)))
            findings.Merge(build.Read<ShardFindings>(task));
        var report = build.Write(Write(dataset, findings, start, context.Clock.GetUtcNow()));
        context.Observer.DataWritten(Id, StageColumns.AmountOf(reportPath, plan.Key));
        context.Observer.StageEnded(Id, books, upToDate: false);
        return report;
    }

    /// <summary>True when a report says that all is well.</summary>
    public static bool Passed(JsonObject report) => (string?)report["status"] == "passed";

    private static void CheckBooks(Dataset dataset, long rows, ShardFindings findings)
    {
        var manifest = dataset.Manifest;
        var books = manifest.Books;
        void Fail(string check, string message) => findings.Add(new ValidationError(check, Manifest.FileName, message));

        if (books.In != books.Kept + books.Dropped.Values.Sum() + books.Failed.Values.Sum())
            Fail("books", $"{books.In} in, but {books.Kept} kept + {books.Dropped.Values.Sum()} dropped + {books.Failed.Values.Sum()} failed");
        if (rows != books.Kept)
            Fail("counts", $"the shards hold {rows} files, the books say {books.Kept}");
        if (Manifest.HashShards(manifest.Shards) != manifest.RootHash)
            Fail("root_hash", "the root hash is not that of the listed shards");
        foreach (var failed in manifest.FailedShards)
            Fail("failed_shard", $"shard '{failed.Task}' of stage '{manifest.Stage}' failed: {failed.Error}");
        try
        {
            CheckLedger(dataset, Fail);
        }
        catch (ShardFaultException fault)
        {
            Fail("ledger", fault.Message);
        }
    }

    private static void CheckLedger(Dataset dataset, Action<string, string> fail)
    {
        var books = dataset.Manifest.Books;
        var ledger = new Dictionary<LedgerAction, long>();
        foreach (var row in dataset.ReadLedger())
            ledger[row.Action] = ledger.GetValueOrDefault(row.Action) + 1;
        if (ledger.GetValueOrDefault(LedgerAction.Dropped) != books.DroppedTotal || ledger.GetValueOrDefault(LedgerAction.Failed) != books.FailedTotal)
            fail("ledger", $"the ledger has {ledger.GetValueOrDefault(LedgerAction.Dropped)} dropped and {ledger.GetValueOrDefault(LedgerAction.Failed)} failed files, the books {books.DroppedTotal} and {books.FailedTotal}");
    }

    private static JsonObject Write(Dataset dataset, ShardFindings findings, DateTimeOffset start, DateTimeOffset end)
    {
        var languages = new JsonObject();
        foreach (var (language, counts) in findings.Languages.OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            languages[LanguageFolder.Of(language)] = new JsonObject
            {
                ["language"] = language,
                ["files"] = counts.Files,
                ["pii_hits"] = counts.PiiHits,
                ["empty"] = counts.Empty,
                ["oversize"] = counts.Oversize,
            };
        }

        var byCheck = new JsonObject();
        foreach (var (check, count) in findings.Counts)
            byCheck[check] = count;
        return new JsonObject
        {
            ["input_dir"] = dataset.Folder,
            ["stage"] = dataset.Manifest.Stage,
            ["root_hash"] = dataset.Manifest.RootHash,
            ["start_time"] = start.ToString("O"),
            ["total_files"] = findings.Files,
            ["languages"] = languages,
            ["pii_hits"] = findings.Languages.Values.Sum(l => l.PiiHits),
            ["empty_files"] = findings.Languages.Values.Sum(l => l.Empty),
            ["oversize_files"] = findings.Languages.Values.Sum(l => l.Oversize),
            ["status"] = findings.Counts.Count == 0 ? "passed" : "failed",
            ["total_errors"] = findings.Counts.Values.Sum(),
            ["errors_by_check"] = byCheck,
            ["errors"] = new JsonArray([.. findings.Errors.Select(e => (JsonNode)new JsonObject { ["check"] = e.Check, ["path"] = e.Path, ["message"] = e.Message })]),
            ["end_time"] = end.ToString("O"),
        };
    }

    private sealed class LanguageCounts
    {
        public long Files { get; set; }

        public long PiiHits { get; set; }

        public long Empty { get; set; }

        public long Oversize { get; set; }
    }

    private sealed class ShardFindings
    {
        public long Files { get; set; }

        public Dictionary<string, LanguageCounts> Languages { get; init; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, long> Counts { get; init; } = new(StringComparer.Ordinal);

        public List<ValidationError> Errors { get; init; } = [];

        public void Add(ValidationError error)
        {
            Counts[error.Check] = Counts.GetValueOrDefault(error.Check) + 1;
            if (Errors.Count < MaxListed)
                Errors.Add(error);
        }

        public LanguageCounts Of(string language) =>
            Languages.TryGetValue(language, out var counts) ? counts : Languages[language] = new LanguageCounts();

        public void Merge(ShardFindings other)
        {
            Files += other.Files;
            foreach (var (language, counts) in other.Languages)
            {
                var mine = Of(language);
                mine.Files += counts.Files;
                mine.PiiHits += counts.PiiHits;
                mine.Empty += counts.Empty;
                mine.Oversize += counts.Oversize;
            }

            foreach (var (check, count) in other.Counts)
                Counts[check] = Counts.GetValueOrDefault(check) + count;
            Errors.AddRange(other.Errors.Take(MaxListed - Errors.Count));
        }
    }

    private sealed class Worker(Dataset dataset, ValidateOptions options) : IShardWorker
    {
        private readonly Redactor? _redactor = options.PiiRemoval ? new Redactor(options.Redaction) : null;
        private readonly List<Match> _matches = [];
        private readonly long _maxBytes = (long)options.MaxFileSizeMb << 20;

        public void Run(ShardTask task, ShardContext context)
        {
            var findings = new ShardFindings();
            var shard = dataset.Manifest.Shards[task.Index];
            foreach (var batch in dataset.Read(task.Index, RecordColumns.Text()))
            {
                foreach (var record in batch)
                {
                    context.Books.In++;
                    context.Books.Kept++;
                    context.Advance(record.Content.Length);
                    Check(record, shard.Language, findings);
                }
            }

            if (findings.Files != shard.Rows)
                findings.Add(new ValidationError("counts", shard.Path, $"it holds {findings.Files} rows, the manifest says {shard.Rows}"));
            ReportBuild.Keep(task, context, findings);
        }

        public void Dispose()
        {
        }

        private void Check(CodeRecord record, string language, ShardFindings findings)
        {
            var counts = findings.Of(record.Language);
            findings.Files++;
            counts.Files++;
            RecordChecks.Run(record, language, _maxBytes, error =>
            {
                findings.Add(error);
                if (error.Check == "empty")
                    counts.Empty++;
                if (error.Check == "oversize")
                    counts.Oversize++;
            });
            if (_redactor is null)
                return;
            _matches.Clear();
            _redactor.Find(record.Content.Span, record.Language, _matches, record.Path);
            AnnotatedFinds.Remove(record, _matches);
            if (_matches.Count == 0)
                return;
            counts.PiiHits += _matches.Count;
            var kinds = string.Join(", ", _matches.Select(m => m.Kind).Distinct().Order(StringComparer.Ordinal));
            findings.Add(new ValidationError("residual_pii", record.DisplayPath, $"{_matches.Count} values that redaction should have replaced ({kinds})"));
        }
    }
}
