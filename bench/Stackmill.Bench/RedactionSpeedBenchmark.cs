using System.Buffers;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Stackmill.Preprocess.Redact;
using Stackmill.Shared.Languages;

namespace Stackmill.Bench;

/// <summary>
/// Processor time of redaction over the UTF-8 files of a folder, all in memory, on one thread: <c>redaction FOLDER [all]</c>, with the kinds that are on by
/// default, or with all. The least of some rounds.
/// </summary>
internal static class RedactionSpeedBenchmark
{
    private const int Rounds = 7;

    public static int Run(string[] args)
    {
        var files = Directory.EnumerateFiles(args[0], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(p => (Path: Path.GetRelativePath(args[0], p), Text: File.ReadAllBytes(p))).Where(f => Utf8.IsValid(f.Text))
            .Select(f => (f.Path, f.Text, Language: LanguageDetector.Detect(f.Path, f.Text).Language?.Name ?? "")).ToList();
        var bytes = files.Sum(f => (long)f.Text.Length);
        var all = args.Length > 1 && args[1] == "all";
        var redactor = new Redactor(new RedactionOptions { ObfuscatedEmail = all, Name = all, Location = all });
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var matches = new List<Match>();
        var (least, found) = (double.MaxValue, 0L);
        using var process = Process.GetCurrentProcess();
        for (var i = 0; i <= Rounds; i++)
        {
            found = 0;
            process.Refresh();
            var before = process.TotalProcessorTime;
            foreach (var (_, text, language) in files)
            {
                output.ResetWrittenCount();
                matches.Clear();
                redactor.Redact(text, language, output, matches);
                found += matches.Count;
            }

            process.Refresh();
            least = Math.Min(least, (process.TotalProcessorTime - before).TotalSeconds);
        }

        Console.WriteLine(new JsonObject { ["files"] = files.Count, ["bytes"] = bytes, ["finds"] = found, ["mb_per_cpu_second"] = Math.Round(bytes / least / 1e6, 1) });
        return 0;
    }
}
