using System.Diagnostics;
using System.Text.Json.Nodes;
using Stackmill.Preprocess;
using Stackmill.Preprocess.Quality;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Languages.Traits;
using Stackmill.Shared.Licenses;

namespace Stackmill.Bench;

/// <summary>
/// Processor time of all that is judged of single files (language, flags, licences of the header, encoding, cleaning, lexing, measures and the quality rules of a preset), of each
/// part and of all together, over the files of a folder, all in memory, on one thread: <c>judge FOLDER PRESET [annotate]</c>. Processor time, so that other
/// work on the machine shows little; the least of some rounds.
/// </summary>
internal static class JudgeBenchmark
{
    private const int Rounds = 7;

    public static int Run(string[] args)
    {
        var files = Directory.EnumerateFiles(args[0], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(p => (Path: Path.GetRelativePath(args[0], p), Content: File.ReadAllBytes(p)))
            .Select(f => (f.Path, f.Content, Language: LanguageDetector.Detect(f.Path, f.Content).Language?.Name ?? "")).ToList();
        var bytes = files.Sum(f => (long)f.Content.Length);
        var options = new PreprocessOptions { Stages = new StageSwitches { PiiRemoval = false, Tokenization = false } };
        var pipeline = new TextPipeline(options, vocabulary: null);
        var licenses = new LicenseDetector();

        void Language(string path, byte[] content, string language) => LanguageDetector.Detect(path, content);
        void Flags(string path, byte[] content, string language)
        {
            FileTraits.VendoredBy(path);
            FileTraits.GeneratedBy(path, content);
        }

        void Licenses(string path, byte[] content, string language) => licenses.OfSource(content);
        void Decode(string path, byte[] content, string language) => pipeline.Process(content, null, language);
        void Measures(string path, byte[] content, string language) => pipeline.Measure(content, language);
        Action<string, byte[], string> All(string preset, string mode)
        {
            var quality = new QualityFilter(new QualityOptions { Preset = preset, Mode = mode }, pipeline.Facts);
            return (path, content, language) =>
            {
                Language(path, content, language);
                Flags(path, content, language);
                Licenses(path, content, language);
                if (pipeline.Process(content, null, language) is not { Verdict.IsKept: true } text)
                    return;
                var subject = new QualitySubject(path, language, "", null, null);
                if (mode == "annotate")
                    quality.All(subject, text.Cleaned);
                else if (!quality.Check(subject, text.Cleaned).IsKept)
                    return;
                pipeline.Measure(text.Content, language);
            };
        }

        Console.WriteLine(new JsonObject
        {
            ["files"] = files.Count,
            ["bytes"] = bytes,
            ["language"] = Time(Language),
            ["flags"] = Time(Flags),
            ["licenses"] = Time(Licenses),
            ["decode_and_clean"] = Time(Decode),
            ["lex_and_measure"] = Time(Measures),
            ["all"] = Time(All(args[1], args.Length > 2 ? args[2] : "drop")),
        });
        return 0;

        JsonObject Time(Action<string, byte[], string> work)
        {
            using var process = Process.GetCurrentProcess();
            var least = double.MaxValue;
            for (var i = 0; i <= Rounds; i++)
            {
                process.Refresh();
                var before = process.TotalProcessorTime;
                foreach (var (path, content, language) in files)
                    work(path, content, language);
                process.Refresh();
                least = Math.Min(least, (process.TotalProcessorTime - before).TotalSeconds);
            }

            return new JsonObject { ["mb_per_cpu_second"] = Math.Round(bytes / least / 1e6, 1), ["microseconds_per_file"] = Math.Round(least * 1e6 / files.Count, 1) };
        }
    }
}
