using System.Diagnostics;
using System.Text.Json.Nodes;
using Stackmill.Preprocess.Measure;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Lexing;

namespace Stackmill.Bench;

/// <summary>
/// Processor time and allocation of the lexer, its line counts and the measures of code, over the files of a list (a path a line) whose language
/// has a syntax, all in memory: <c>lexer LIST</c>. Processor time, so that other work on the machine shows little.
/// </summary>
internal static class LexerBenchmark
{
    private const int Rounds = 10;

    public static int Run(string[] args)
    {
        var lexer = new Lexer();
        var files = File.ReadLines(args[0]).Select(p => (Path: p, Content: File.ReadAllBytes(p)))
            .Select(f => (Language: LanguageDetector.Detect(f.Path.TrimStart('/'), f.Content).Language?.Name ?? "", f.Content))
            .Where(f => SyntaxTable.Find(f.Language) is not null).ToList();
        var bytes = files.Sum(f => (long)f.Content.Length);
        Console.WriteLine(new JsonObject
        {
            ["files"] = files.Count,
            ["bytes"] = bytes,
            ["line_counts"] = Measure(files, bytes, (language, content) => lexer.Count(content, language)),
            ["spans"] = Measure(files, bytes, (language, content) => lexer.Lex(content, language)),
            ["line_counts_and_structure"] = Measure(files, bytes, (language, content) =>
            {
                lexer.Count(content, language);
                lexer.MeasureStructure(content, language);
            }),
            ["code_measures"] = Measure(files, bytes, (language, content) => CodeMeasures.Of(content, language, lexer)),
        });
        return 0;
    }

    private static JsonObject Measure(List<(string Language, byte[] Content)> files, long bytes, Action<string, byte[]> work)
    {
        foreach (var (language, content) in files)
            work(language, content);
        using var process = Process.GetCurrentProcess();
        var (before, allocated) = (process.TotalProcessorTime, GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < Rounds; i++)
        {
            foreach (var (language, content) in files)
                work(language, content);
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
