using System.Diagnostics;
using System.Text.Json.Nodes;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Languages.Traits;

namespace Stackmill.Bench;

/// <summary>
/// Processor time and allocation of telling languages and flags, over the files of a list (a path a line; a tab ends the path), all in
/// memory: <c>languages LIST</c>. Processor time, so that other work on the machine shows little.
/// </summary>
internal static class LanguageBenchmark
{
    private const int Rounds = 10;

    public static int Run(string[] args)
    {
        var files = File.ReadLines(args[0]).Select(l => l.Split('\t')[0]).Select(p => (Path: p.TrimStart('/'), Content: File.ReadAllBytes(p))).ToList();
        var bytes = files.Sum(f => (long)f.Content.Length);
        Console.WriteLine(new JsonObject
        {
            ["files"] = files.Count,
            ["bytes"] = bytes,
            ["language"] = Measure(files, bytes, static (path, content) => LanguageDetector.Detect(path, content)),
            ["vendored_and_generated"] = Measure(files, bytes, static (path, content) =>
            {
                FileTraits.VendoredBy(path);
                FileTraits.GeneratedBy(path, content);
            }),
        });
        return 0;
    }

    private static JsonObject Measure(List<(string Path, byte[] Content)> files, long bytes, Action<string, byte[]> work)
    {
        foreach (var (path, content) in files)
            work(path, content);
        using var process = Process.GetCurrentProcess();
        var (before, allocated) = (process.TotalProcessorTime, GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < Rounds; i++)
        {
            foreach (var (path, content) in files)
                work(path, content);
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        process.Refresh();
        var seconds = (process.TotalProcessorTime - before).TotalSeconds / Rounds;
        return new JsonObject
        {
            ["microseconds_per_file"] = Math.Round(seconds * 1e6 / files.Count, 2),
            ["mb_per_cpu_second"] = Math.Round(bytes / seconds / 1e6, 1),
            ["allocated_bytes_per_file"] = Math.Round((double)allocated / Rounds / files.Count, 1),
        };
    }
}
