using System.Text.Json.Nodes;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Deduplicate.Boilerplate;
using Stackmill.Preprocess.Tokenize;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Boilerplate;

/// <summary>The steps of boilerplate over a dataset, one shard after another, with nothing between them but files.</summary>
internal sealed class BoilerplateRun
{
    private static readonly Lazy<BpeVocabulary> Vocabulary = new(() => BpeVocabulary.Load("o200k_base"));

    private BoilerplateRun(JsonNode report, string reportText) => (Report, ReportText) = (report, reportText);

    public JsonNode Report { get; }

    public string ReportText { get; }

    public List<CodeRecord> Kept { get; } = [];

    public List<LedgerRow> Ledger { get; } = [];

    public long Count(string name) => (long)Report["summary"]![name]!;

    /// <summary>Makes a dataset of the records and runs the steps over it.</summary>
    public static BoilerplateRun Of(string folder, IEnumerable<CodeRecord> records, BoilerplateOptions options, int rowsPerShard = 3, long memory = 1 << 20)
    {
        var input = TestDatasets.Make(Path.Combine(folder, "in"), records, rowsPerShard: rowsPerShard);
        var shards = input.Manifest.Shards.Count;
        string At(string name) => Path.Combine(folder, name);
        for (var shard = 0; shard < shards; shard++)
        {
            using var counter = new WindowCounter(At("count"), options.MinLines, memory);
            foreach (var record in input.Read(shard, RecordColumns.Text()).SelectMany(b => b))
                counter.Add(record.Content.Span);
            counter.Complete(At($"windows-{shard}"));
        }

        FrequentWindows.Find(Enumerable.Range(0, shards).Select(s => At($"windows-{s}")), At("frequent"), At("merge"), options, memory);
        var frequent = FrequentWindows.Open(At("frequent"), 1 << 30);
        var books = new Books();
        var (kept, ledger) = (new List<CodeRecord>(), new List<LedgerRow>());
        for (var shard = 0; shard < shards; shard++)
        {
            var cutter = new BoilerplateCutter(frequent, options, Vocabulary.Value);
            using var tally = new BlockTally(At("tally"), memory);
            var row = 0;
            foreach (var record in input.Read(shard, RecordColumns.Text()).SelectMany(b => b))
            {
                var result = cutter.Apply(record, shard, row++, tally, books);
                if (result.CutLines > 0)
                    ledger.Add(cutter.Row(record, result, "deduplicate"));
                if (!result.Verdict.IsKept)
                    continue;
                record.Content = record.Content.ToArray();
                kept.Add(record);
            }

            tally.Complete(At($"blocks-{shard}"));
        }

        BoilerplateReport.Write(At("report.json"), input, options, frequent, Enumerable.Range(0, shards).Select(s => At($"blocks-{s}")), At("report"), memory, books.Counters);
        var text = File.ReadAllText(At("report.json"));
        var run = new BoilerplateRun(JsonNode.Parse(text)!, text);
        run.Kept.AddRange(kept);
        run.Ledger.AddRange(ledger);
        return run;
    }
}
