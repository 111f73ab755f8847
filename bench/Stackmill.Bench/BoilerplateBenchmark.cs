using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Stackmill.Core.Model;
using Stackmill.Deduplicate.Boilerplate;
using Stackmill.Shared.Languages;

namespace Stackmill.Bench;

/// <summary>
/// Processor time of the steps of line-level boilerplate on the files of a folder, all in memory, on one thread, and what they find:
/// <c>boilerplate FOLDER MIN_FILES MIN_LINES</c>. The files are taken as shards of 16 MiB. The least of some rounds.
/// </summary>
internal static class BoilerplateBenchmark
{
    private const int Rounds = 5;
    private const long ShardBytes = 16 << 20;
    private const long MemoryBytes = 64 << 20;

    public static int Run(string[] args)
    {
        var records = Directory.EnumerateFiles(args[0], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Record).ToList();
        var bytes = records.Sum(r => (long)r.Content.Length);
        var options = new BoilerplateOptions { Mode = BoilerplateOptions.ReportOnly, MinFiles = int.Parse(args[1], CultureInfo.InvariantCulture), MinLines = int.Parse(args[2], CultureInfo.InvariantCulture) };
        var scratch = Directory.CreateTempSubdirectory("stackmill-bench-").FullName;
        var lines = new ComparedLines();
        var reading = Best(() => records.ForEach(r => lines.Read(r.Content.Span)));
        var shards = Shards(records);
        var files = shards.Select((_, i) => Path.Combine(scratch, $"windows-{i}")).ToList();
        var counting = Best(() =>
        {
            using var counter = new WindowCounter(Path.Combine(scratch, "counter"), options.MinLines, MemoryBytes);
            for (var i = 0; i < shards.Count; i++)
            {
                shards[i].ForEach(r => counter.Add(r.Content.Span));
                counter.Complete(files[i]);
            }
        });
        var frequent = Path.Combine(scratch, "frequent");
        var merging = Best(() => FrequentWindows.Find(files, frequent, Path.Combine(scratch, "merge"), options, MemoryBytes));
        var windows = FrequentWindows.Open(frequent, MemoryBytes);
        var books = new Books();
        var applying = Best(() => books = Apply(records, windows, options, scratch));
        var result = new JsonObject
        {
            ["files"] = records.Count,
            ["megabytes"] = Math.Round(bytes / 1e6, 1),
            ["min_files"] = options.MinFiles,
            ["min_lines"] = options.MinLines,
            ["distinct_windows"] = windows.Distinct,
            ["frequent_windows"] = windows.Count,
            ["bytes_on_disk"] = files.Sum(f => new FileInfo(f).Length),
            ["lines_megabytes_per_second"] = Math.Round(bytes / 1e6 / reading),
            ["count_megabytes_per_second"] = Math.Round(bytes / 1e6 / counting),
            ["merge_megabytes_per_second"] = Math.Round(bytes / 1e6 / merging),
            ["report_megabytes_per_second"] = Math.Round(bytes / 1e6 / applying),
        };
        foreach (var (name, count) in books.Counters.GroupBy(c => c.Key.StartsWith("boilerplate_lines_kept", StringComparison.Ordinal) ? c.Key : c.Key.Split('.')[0]).Select(g => (g.Key, g.Sum(c => c.Value))))
            result[name] = count;
        Console.WriteLine(result);
        Directory.Delete(scratch, recursive: true);
        return 0;
    }

    private static Books Apply(List<CodeRecord> records, FrequentWindows windows, BoilerplateOptions options, string scratch)
    {
        var books = new Books();
        var cutter = new BoilerplateCutter(windows, options, null);
        using var tally = new BlockTally(Path.Combine(scratch, "blocks"), MemoryBytes);
        for (var i = 0; i < records.Count; i++)
            cutter.Apply(records[i], 0, i, tally, books);
        tally.Complete(Path.Combine(scratch, "blocks-0"));
        return books;
    }

    private static CodeRecord Record(string path)
    {
        var content = File.ReadAllBytes(path);
        return new CodeRecord { Path = path, Content = content, Language = LanguageDetector.Detect(path, content).Language?.Name ?? "" };
    }

    private static List<List<CodeRecord>> Shards(List<CodeRecord> records)
    {
        var shards = new List<List<CodeRecord>>();
        var filled = ShardBytes;
        foreach (var record in records)
        {
            if (filled >= ShardBytes)
            {
                shards.Add([]);
                filled = 0;
            }

            shards[^1].Add(record);
            filled += record.Content.Length;
        }

        return shards;
    }

    // Processor time, so that other work on the machine shows little.
    private static double Best(Action act)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            act();
            best = Math.Min(best, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds);
        }

        return best;
    }
}
