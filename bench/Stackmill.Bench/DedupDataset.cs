using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Shared;
using Stackmill.Tests.Deduplicate.Search;

namespace Stackmill.Bench;

/// <summary>
/// Makes a dataset for deduplication: <c>dedup-data COUNT KIND FOLDER [CORPUS]</c>. Kinds: <c>code</c>, the files of a corpus over and over, whole, each time
/// with other seeded edits, three in ten near copies of the file before; <c>small</c>, windows of 12 lines of such files with the same share of near copies;
/// <c>identical</c>; <c>chain</c>, each a word other than the one before it, in random order of content ids; <c>near</c>, all of one text but for two words;
/// <c>empty</c>; <c>line</c>, one file with a line of 10 MB among small ones.
/// </summary>
internal static class DedupDataset
{
    private const int PerShard = 50_000;
    private const long BytesPerShard = 256 << 20;
    private const int LinesOfWindow = 12;

    public static int Run(string[] args)
    {
        var (count, kind, folder) = (int.Parse(args[0], CultureInfo.InvariantCulture), args[1], args[2]);
        var lines = args.Length > 3 ? Lines(args[3]) : [];
        using var harness = new SearchHarness(Stackmill.Deduplicate.LshParameters.For(0.85)) { Workers = 2 };
        var context = harness.Context();
        using var build = DatasetBuild.Begin(folder, context);
        build.Prepare(new DatasetPlan("preprocess", 1, "text", "{}", [new ManifestInput("made", $"{kind} {count}")]));
        var perShard = kind == "code" ? Math.Max(1, (int)(BytesPerShard / Math.Max(1, lines.Sum(f => f.Sum(l => (long)l.Length + 1)) / Math.Max(1, lines.Count)))) : PerShard;
        var tasks = Enumerable.Range(0, (count + perShard - 1) / perShard).Select(i => new ShardTask(i, ShardWriter.PartName(i), 1)).ToList();
        var markers = build.Run(tasks, () => new Worker(kind, count, perShard, lines));
        var manifest = build.Publish(markers, tasks);
        Console.WriteLine($"{manifest.Books.Kept} files, {manifest.Books.BytesKept} bytes, {manifest.Shards.Count} shards");
        return 0;
    }

    private static List<string[]> Lines(string corpus) =>
        [.. Directory.EnumerateFiles(corpus, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllLines).Where(l => l.Length >= LinesOfWindow)];

    private sealed class Worker(string kind, int count, int perShard, List<string[]> lines) : IShardWorker
    {
        private readonly ByteArena _arena = new();

        public void Run(ShardTask task, ShardContext context)
        {
            using var shards = new ShardWriter(context, task.Name, RecordColumns.Text(), _arena);
            var end = Math.Min(count, (task.Index + 1) * perShard);
            for (var i = task.Index * perShard; i < end; i++)
            {
                var record = new CodeRecord
                {
                    RepoName = string.Create(CultureInfo.InvariantCulture, $"owner{i / 1000 % 5000:D4}/repo{i / 50:D8}"),
                    Path = string.Create(CultureInfo.InvariantCulture, $"src/file{i:D9}.py"),
                    Language = "Python",
                    LicenseType = "permissive",
                    StarEventsCount = i / 50 * 7919L % 1000,
                    Content = Encoding.UTF8.GetBytes(Text(i)),
                };
                RecordIdentity.Complete(record);
                context.Books.In++;
                shards.Add(record);
            }

            shards.Complete();
        }

        public void Dispose()
        {
        }

        private string Text(int i) => kind switch
        {
            "code" => Edited(i, whole: true),
            "small" => Edited(i, whole: false),
            "identical" => Words(0, 60),
            "chain" => Words(i, 60),
            "near" => Words(0, 60) + string.Create(CultureInfo.InvariantCulture, $" w{i} v{i}"),
            "line" when i == count / 2 => string.Join(' ', Enumerable.Range(0, 10_000_000 / 9).Select(k => $"word{k % 9973:D4}")),
            "line" => Words(100 * i, 60),
            "empty" => "",
            _ => throw new InvalidOperationException($"'{kind}' is no kind."),
        };

        private static string Words(int start, int length) => string.Join(' ', Enumerable.Range(start, length).Select(k => $"name{k}"));

        // Of ten files the last three are near copies of the one before them: what was edited there stays, and one line more.
        private string Edited(int i, bool whole)
        {
            var copies = Math.Max(0, (i % 10) - 6);
            var source = i - copies;
            var random = new Random(source);
            var file = lines[whole ? source % lines.Count : random.Next(lines.Count)];
            var start = whole ? 0 : random.Next(file.Length - LinesOfWindow + 1);
            var part = file[start..(whole ? file.Length : start + LinesOfWindow)];
            for (var edits = whole && source < lines.Count ? 0 : 1 + (part.Length / (whole ? 8 : 3)); edits > 0; edits--)
                part[random.Next(part.Length)] = string.Create(CultureInfo.InvariantCulture, $"    value_{random.Next(1_000_000)} = compute({random.Next(1000)}, other_{random.Next(1_000_000)})");
            for (var copy = 0; copy < copies; copy++)
                part[^1] += string.Create(CultureInfo.InvariantCulture, $" c{copy + (i % 1000)}");
            return string.Join('\n', part) + "\n";
        }
    }
}
