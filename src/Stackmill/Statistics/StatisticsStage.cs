using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Shared;

namespace Stackmill.Statistics;

/// <summary>
/// The fifth stage: files, bytes, lines and tokens by language, sizes, redactions, and what each stage removed and why,
/// as <c>data_statistics.json</c>. It reads columns of figures only, never a content.
/// </summary>
internal static class StatisticsStage
{
    /// <summary>Id of the stage.</summary>
    public const string Id = "statistics";

    /// <summary>Name of the report.</summary>
    public const string ReportName = "data_statistics.json";

    /// <summary>Version of the stage's code.</summary>
    public const int Version = 1;

    // The seed system's classes; 1 KB is 1,024 bytes.
    private static readonly (string Name, long Max)[] Sizes = [("<=1KB", 1 << 10), ("1-10KB", 10 << 10), ("10-100KB", 100 << 10), (">100KB", long.MaxValue)];

    /// <summary>Makes the report.</summary>
    /// <param name="dataset">What is described.</param>
    /// <param name="history">The manifests of the stages that led to it, in their order.</param>
    /// <param name="reportPath">Where the report goes.</param>
    /// <param name="context">The run.</param>
    public static JsonObject Run(Dataset dataset, IReadOnlyList<Manifest> history, string reportPath, RunContext context) => Do(dataset, history, reportPath, context, WorkPart.Whole())!;

    /// <summary>Does a part of the stage; gives the report when it is finished.</summary>
    public static JsonObject? Do(Dataset dataset, IReadOnlyList<Manifest> history, string reportPath, RunContext context, WorkPart part)
    {
        dataset.RequireText(Id);
        StageColumns.Tell(context, Id, part, () => new([StageColumns.Place(dataset)], new DataPlace(reportPath, "json", [])));
        var plan = new DatasetPlan(Id, Version, "report", "{}", [new ManifestInput(dataset.Manifest.Stage, dataset.Manifest.RootHash), .. history.Select(m => new ManifestInput(m.Stage, m.Key))]);
        using var build = ReportBuild.Begin(reportPath, plan, context, part);
        if (build.UpToDate is { } have)
        {
            context.Observer.DataWritten(Id, StageColumns.AmountOf(reportPath, plan.Key));
            context.Observer.StageEnded(Id, new Books { In = (long?)have["total_files"] ?? 0, Kept = (long?)have["total_files"] ?? 0 }, upToDate: true);
            return have;
        }

        var start = context.Clock.GetUtcNow();
        if (build.Run(dataset, () => new Worker(dataset)) is not { } books)
            return null;
        var totals = new Totals();
        foreach (var task in dataset.Tasks)
            totals.Merge(build.Read<Totals>(task));
        var report = build.Write(Write(dataset, history, totals, start, context.Clock.GetUtcNow()));
        context.Observer.DataWritten(Id, StageColumns.AmountOf(reportPath, plan.Key));
        context.Observer.StageEnded(Id, books, upToDate: false);
        return report;
    }

    private static JsonObject Write(Dataset dataset, IReadOnlyList<Manifest> history, Totals totals, DateTimeOffset start, DateTimeOffset end)
    {
        var languages = new JsonObject();
        foreach (var (language, figures) in totals.Languages.OrderByDescending(l => l.Value.Bytes).ThenBy(l => l.Key, StringComparer.Ordinal))
            languages[LanguageFolder.Of(language)] = figures.Write(language);
        var all = new Figures();
        foreach (var figures in totals.Languages.Values)
            all.Merge(figures);
        var histogram = new JsonObject();
        for (var i = 0; i < Sizes.Length; i++)
            histogram[Sizes[i].Name] = totals.Histogram[i];
        return new JsonObject
        {
            ["input_dir"] = dataset.Folder,
            ["stage"] = dataset.Manifest.Stage,
            ["root_hash"] = dataset.Manifest.RootHash,
            ["start_time"] = start.ToString("O"),
            ["total_files"] = all.Files,
            ["total_bytes"] = all.Bytes,
            ["total_lines"] = all.Lines,
            ["total_tokens"] = all.Tokens,
            ["languages"] = languages,
            ["size_histogram"] = histogram,
            ["redactions"] = Report.Object(totals.Redactions),
            ["encodings"] = Report.Object(totals.Encodings),
            ["stages"] = new JsonArray([.. history.Select(m => (JsonNode)new JsonObject
            {
                ["stage"] = m.Stage,
                ["in"] = m.Books.In,
                ["kept"] = m.Books.Kept,
                ["dropped_total"] = m.Books.DroppedTotal,
                ["dropped"] = Report.Object(m.Books.Dropped),
                ["failed_total"] = m.Books.FailedTotal,
                ["failed"] = Report.Object(m.Books.Failed),
                ["failed_shards"] = m.FailedShards.Count,
                ["bytes_in"] = m.Books.BytesIn,
                ["bytes_kept"] = m.Books.BytesKept,
                ["root_hash"] = m.RootHash,
            })]),
            ["end_time"] = end.ToString("O"),
        };
    }

    private sealed class Figures
    {
        public long Files { get; set; }

        public long Bytes { get; set; }

        public long Characters { get; set; }

        public long Lines { get; set; }

        public long BlankLines { get; set; }

        public long Tokens { get; set; }

        public long LongestLine { get; set; }

        public long LargestFile { get; set; }

        public void Add(RecordMeasures measures)
        {
            Files++;
            Bytes += measures.Bytes;
            Characters += measures.Characters;
            Lines += measures.Lines;
            BlankLines += measures.BlankLines;
            Tokens += measures.Tokens ?? 0;
            LongestLine = Math.Max(LongestLine, measures.LongestLine);
            LargestFile = Math.Max(LargestFile, measures.Bytes);
        }

        public void Merge(Figures other)
        {
            Files += other.Files;
            Bytes += other.Bytes;
            Characters += other.Characters;
            Lines += other.Lines;
            BlankLines += other.BlankLines;
            Tokens += other.Tokens;
            LongestLine = Math.Max(LongestLine, other.LongestLine);
            LargestFile = Math.Max(LargestFile, other.LargestFile);
        }

        public JsonObject Write(string language) => new()
        {
            ["language"] = language,
            ["files"] = Files,
            ["bytes"] = Bytes,
            ["avg_size_bytes"] = Math.Round((double)Bytes / Math.Max(1, Files), 2),
            ["characters"] = Characters,
            ["lines"] = Lines,
            ["blank_lines"] = BlankLines,
            ["tokens"] = Tokens,
            ["longest_line"] = LongestLine,
            ["largest_file_bytes"] = LargestFile,
        };
    }

    private sealed class Totals
    {
        public Dictionary<string, Figures> Languages { get; init; } = new(StringComparer.Ordinal);

        public long[] Histogram { get; init; } = new long[Sizes.Length];

        public SortedDictionary<string, long> Redactions { get; init; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, long> Encodings { get; init; } = new(StringComparer.Ordinal);

        public void Add(CodeRecord record)
        {
            var measures = record.Measures ?? throw new InvalidDataException("a text dataset has measures");
            Of(record.Language).Add(measures);
            Histogram[Array.FindIndex(Sizes, s => measures.Bytes <= s.Max)]++;
            foreach (var redaction in record.Redactions ?? [])
                Redactions[redaction.Kind] = Redactions.GetValueOrDefault(redaction.Kind) + 1;
            var encoding = record.SrcEncoding ?? "unknown";
            Encodings[encoding] = Encodings.GetValueOrDefault(encoding) + 1;
        }

        public void Merge(Totals other)
        {
            foreach (var (language, figures) in other.Languages)
                Of(language).Merge(figures);
            for (var i = 0; i < Histogram.Length; i++)
                Histogram[i] += other.Histogram[i];
            foreach (var (kind, count) in other.Redactions)
                Redactions[kind] = Redactions.GetValueOrDefault(kind) + count;
            foreach (var (encoding, count) in other.Encodings)
                Encodings[encoding] = Encodings.GetValueOrDefault(encoding) + count;
        }

        private Figures Of(string language) => Languages.TryGetValue(language, out var figures) ? figures : Languages[language] = new Figures();
    }

    private sealed class Worker(Dataset dataset) : IShardWorker
    {
        public void Run(ShardTask task, ShardContext context)
        {
            var totals = new Totals();
            foreach (var batch in dataset.Read(task.Index, RecordColumns.WithoutContent()))
            {
                foreach (var record in batch)
                {
                    context.Books.In++;
                    context.Books.Kept++;
                    context.Advance(record.Measures?.Bytes ?? 0);
                    totals.Add(record);
                }
            }

            ReportBuild.Keep(task, context, totals);
        }

        public void Dispose()
        {
        }
    }
}
