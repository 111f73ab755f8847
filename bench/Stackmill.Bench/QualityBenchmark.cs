using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Stackmill.Preprocess;
using Stackmill.Preprocess.Quality;
using Stackmill.Shared.Languages;

namespace Stackmill.Bench;

/// <summary>
/// Processor time and allocation of the quality rules of each preset over the UTF-8 files of a folder, all in memory and on one thread:
/// <c>quality DIR [PRESET]</c>. All rules are worked out for every file, as annotating does. Processor time, so that other work on the
/// machine shows little.
/// </summary>
internal static class QualityBenchmark
{
    private const int Rounds = 3;

    public static int Run(string[] args)
    {
        var files = new List<(QualitySubject Subject, byte[] Text)>();
        foreach (var path in Directory.EnumerateFiles(args[0], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var text = File.ReadAllBytes(path);
            if (text.Length > 0 && Utf8.IsValid(text))
                files.Add((new QualitySubject(path, LanguageDetector.Detect(path, text).Language?.Name ?? "", new string('a', 40), 10, false), text));
        }

        var bytes = files.Sum(f => (long)f.Text.Length);
        var presets = new JsonObject();
        foreach (var preset in QualityPresets.Presets.Where(p => p.Checks.Count > 0 && (args.Length < 2 || args[1] == p.Id)))
            presets[preset.Id] = Measure(files, bytes, preset.Id);
        Console.WriteLine(new JsonObject { ["files"] = files.Count, ["bytes"] = bytes, ["presets"] = presets, ["facts_mb_per_cpu_second"] = Facts(files, bytes) });
        return 0;
    }

    // Each fact as far as it needs no other one; lines and literals are timed with comments and strings already known.
    private static JsonObject Facts(List<(QualitySubject Subject, byte[] Text)> files, long bytes)
    {
        (string Name, Action<QualityFacts>? Before, Action<QualityFacts> Work)[] facts =
        [
            ("measures", null, static f => _ = f.Measures),
            ("encoded_data", null, static f => _ = f.Encoded),
            ("comments_and_strings", null, static f => _ = f.Spans),
            ("words", null, static f => _ = f.Words),
            ("frequent_words", static f => _ = f.Words, static f => _ = f.Words.Grams.TopShare(4)),
            ("repeated_words", static f => _ = f.Words.Grams.TopShare(4), static f => _ = f.Words.Grams.RepeatedShare(10)),
            ("lines", static f => _ = f.Spans, static f => _ = f.Lines),
            ("literals", static f => _ = f.Spans, static f => _ = f.Literals),
            ("visible_text", null, static f => _ = f.VisibleCharacters),
        ];
        var result = new JsonObject();
        foreach (var (name, before, work) in facts)
        {
            var seconds = Seconds(files, f =>
            {
                before?.Invoke(f);
                work(f);
            });
            var known = before is null ? 0 : Seconds(files, before);
            result[name] = Math.Round(bytes / (seconds - known) / 1e6, 1);
        }

        return result;
    }

    private static double Seconds(List<(QualitySubject Subject, byte[] Text)> files, Action<QualityFacts> work)
    {
        var facts = new QualityFacts(new TextFacts(null));
        using var process = Process.GetCurrentProcess();
        var start = TimeSpan.Zero;
        for (var i = 0; i <= Rounds; i++)
        {
            // The first round makes the code fast and is not counted.
            if (i == 1)
                start = process.TotalProcessorTime;
            foreach (var (subject, text) in files)
            {
                facts.Load(subject, text);
                work(facts);
            }

            process.Refresh();
        }

        return (process.TotalProcessorTime - start).TotalSeconds / Rounds;
    }

    private static JsonObject Measure(List<(QualitySubject Subject, byte[] Text)> files, long bytes, string preset)
    {
        var filter = new QualityFilter(new QualityOptions { Preset = preset }, new TextFacts(null));
        var rejected = 0;
        long verdicts = 0;
        foreach (var (subject, text) in files)
        {
            var all = filter.All(subject, text) ?? [];
            verdicts += all.Count;
            rejected += all.Any(v => v.Decision == "drop") ? 1 : 0;
        }

        using var process = Process.GetCurrentProcess();
        var (before, allocated) = (process.TotalProcessorTime, GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < Rounds; i++)
        {
            foreach (var (subject, text) in files)
                filter.All(subject, text);
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        process.Refresh();
        var every = (process.TotalProcessorTime - before).TotalSeconds / Rounds;
        before = process.TotalProcessorTime;
        for (var i = 0; i < Rounds; i++)
        {
            foreach (var (subject, text) in files)
                filter.Check(subject, text);
        }

        process.Refresh();
        var first = (process.TotalProcessorTime - before).TotalSeconds / Rounds;
        return new JsonObject
        {
            ["all_rules_mb_per_cpu_second"] = Math.Round(bytes / every / 1e6, 1),
            ["first_rejecting_rule_mb_per_cpu_second"] = Math.Round(bytes / first / 1e6, 1),
            ["allocated_bytes_per_file"] = Math.Round((double)allocated / Rounds / files.Count, 1),
            ["verdicts_per_file"] = Math.Round((double)verdicts / files.Count, 1),
            ["rejected_share"] = Math.Round((double)rejected / files.Count, 4),
        };
    }
}
