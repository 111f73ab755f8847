using System.Text.Json.Nodes;
using Stackmill.Datasets;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>
/// The report: what was looked for, totals, totals by language, and the largest blocks with the text of one example. Equal datasets and options
/// give equal bytes.
/// </summary>
internal static class BoilerplateReport
{
    /// <summary>Name of the report.</summary>
    public const string FileName = "boilerplate_report.json";

    /// <summary>Blocks that are listed, those with most bytes; all are counted.</summary>
    public const int MostBlocks = 100;

    private const string Prefix = "boilerplate";

    /// <summary>Counter of files with blocks.</summary>
    public static string Files(string language) => $"{Prefix}_files.{language}";

    /// <summary>Counter of the bytes of blocks.</summary>
    public static string BlockBytes(string language) => $"{Prefix}_block_bytes.{language}";

    /// <summary>Counter of files of which lines go, or would.</summary>
    public static string Cut(string language) => $"{Prefix}_files_cut.{language}";

    /// <summary>Counter of files of which nothing is left, or would be.</summary>
    public static string Emptied(string language) => $"{Prefix}_files_emptied.{language}";

    /// <summary>Counter of lines that go, or would.</summary>
    public static string Lines(string language) => $"{Prefix}_lines_cut.{language}";

    /// <summary>Counter of the bytes of these lines.</summary>
    public static string CutBytes(string language) => $"{Prefix}_bytes_cut.{language}";

    /// <summary>Counter of compared lines of blocks that stay, by reason.</summary>
    public static string Kept(KeptBecause reason) => $"{Prefix}_lines_kept.{reason.ToString().ToLowerInvariant()}";

    /// <summary>Writes the report.</summary>
    /// <param name="path">Where.</param>
    /// <param name="input">The dataset that was looked at.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="windows">What <see cref="FrequentWindows.Find"/> wrote.</param>
    /// <param name="blocks">The files of <see cref="BlockTally.Complete"/>.</param>
    /// <param name="scratch">Start of the names of files that are made on the way; its folder is there.</param>
    /// <param name="memoryBytes">Most memory for what is read.</param>
    /// <param name="counters">The counters of all shards.</param>
    public static void Write(string path, Dataset input, BoilerplateOptions options, FrequentWindows windows, IEnumerable<string> blocks, string scratch, long memoryBytes, IReadOnlyDictionary<string, long> counters)
    {
        var largest = new PriorityQueue<BlockCount, (long Bytes, BlockCount Block)>(Comparer<(long Bytes, BlockCount Block)>.Create(
            (a, b) => a.Bytes != b.Bytes ? a.Bytes.CompareTo(b.Bytes) : b.Block.CompareTo(a.Block)));
        var distinct = 0L;
        SummedRows.Merge<BlockCount>(blocks, scratch, memoryBytes, block =>
        {
            distinct++;
            largest.Enqueue(block, (block.Bytes, block));
            if (largest.Count > MostBlocks)
                largest.Dequeue();
        });
        var listed = new List<BlockCount>();
        while (largest.TryDequeue(out var block, out _))
            listed.Add(block);
        listed.Reverse();
        var texts = BlockText.Read(input, listed.Select(b => b.Example));
        long Total(Func<string, string> counter) => Sum(counters, counter(""));
        var report = new JsonObject
        {
            ["summary"] = new JsonObject
            {
                ["mode"] = options.Mode,
                ["cut"] = options.Cut,
                ["min_files"] = options.MinFiles,
                ["min_lines"] = options.MinLines,
                ["distinct_windows"] = windows.Distinct,
                ["frequent_windows"] = windows.Count,
                ["distinct_blocks"] = distinct,
                ["files_with_blocks"] = Total(Files),
                ["block_bytes"] = Total(BlockBytes),
                ["files_cut"] = Total(Cut),
                ["files_emptied"] = Total(Emptied),
                ["lines_cut"] = Total(Lines),
                ["bytes_cut"] = Total(CutBytes),
                ["lines_kept"] = Report.Object(Enum.GetValues<KeptBecause>().Select(r => KeyValuePair.Create(r.ToString().ToLowerInvariant(), counters.GetValueOrDefault(Kept(r))))),
            },
            ["by_language"] = new JsonArray([.. Languages(counters).Select(l => ByLanguage(l, counters))]),
            ["blocks"] = new JsonArray([.. listed.Select(b => Block(b, texts[b.Example]))]),
        };
        Report.Write(path, report);
    }

    private static IEnumerable<string> Languages(IReadOnlyDictionary<string, long> counters)
    {
        var start = Files("");
        return counters.Keys.Where(k => k.StartsWith(start, StringComparison.Ordinal)).Select(k => k[start.Length..]).Order(StringComparer.Ordinal);
    }

    private static long Sum(IReadOnlyDictionary<string, long> counters, string start) =>
        counters.Where(c => c.Key.StartsWith(start, StringComparison.Ordinal)).Sum(c => c.Value);

    private static JsonObject ByLanguage(string language, IReadOnlyDictionary<string, long> counters) => new()
    {
        ["language"] = language,
        ["files_with_blocks"] = counters.GetValueOrDefault(Files(language)),
        ["block_bytes"] = counters.GetValueOrDefault(BlockBytes(language)),
        ["files_cut"] = counters.GetValueOrDefault(Cut(language)),
        ["files_emptied"] = counters.GetValueOrDefault(Emptied(language)),
        ["lines_cut"] = counters.GetValueOrDefault(Lines(language)),
        ["bytes_cut"] = counters.GetValueOrDefault(CutBytes(language)),
    };

    private static JsonObject Block(BlockCount block, BlockText text) => new()
    {
        ["block"] = $"{block.High:x16}{block.Low:x16}",
        ["files"] = block.Files,
        ["lines"] = block.Example.Lines,
        ["bytes"] = block.Bytes,
        ["files_cut"] = block.CutFiles,
        ["bytes_cut"] = block.CutBytes,
        ["example"] = new JsonObject
        {
            ["file"] = text.File,
            ["language"] = text.Language,
            ["first_line"] = block.Example.FirstLine + 1,
            ["is_shortened"] = text.IsShortened,
            ["text"] = text.Text,
        },
    };
}
