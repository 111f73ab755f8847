using System.Diagnostics;
using System.Text.Json.Nodes;
using Stackmill.Deduplicate;
using Stackmill.Shared.Languages;

namespace Stackmill.Bench;

/// <summary>
/// Processor time of signatures (shingles, 252 min-hashes, band keys) on one thread over the files of a folder, all in memory:
/// <c>signatures FOLDER</c>. Processor time, so that other work on the machine shows little; the least of some rounds.
/// </summary>
internal static class SignatureBenchmark
{
    private const int Rounds = 9;
    private const int Rows = 6;

    public static int Run(string[] args)
    {
        var files = Directory.EnumerateFiles(args[0], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(p => (Path: Path.GetRelativePath(args[0], p), Content: File.ReadAllBytes(p)))
            .Select(f => (Language: LanguageDetector.Detect(f.Path, f.Content).Language?.Name ?? "", f.Content)).ToList();
        var bytes = files.Sum(f => (long)f.Content.Length);
        Console.WriteLine(new JsonObject
        {
            ["files"] = files.Count,
            ["bytes"] = bytes,
            ["level"] = SimdLevels.Best.ToString(),
            ["keep_5"] = Measure(files, bytes, new Shingler()),
            ["keep_7"] = Measure(files, bytes, new Shingler(tokensPerShingle: 7)),
            ["keep_64"] = Measure(files, bytes, new Shingler(tokensPerShingle: 64)),
            ["blank_5"] = Measure(files, bytes, new Shingler(blankIdentifiers: true)),
            ["blank_7"] = Measure(files, bytes, new Shingler(tokensPerShingle: 7, blankIdentifiers: true)),
        });
        return 0;
    }

    private static JsonObject Measure(List<(string Language, byte[] Content)> files, long bytes, Shingler shingler)
    {
        var hasher = new MinHasher(LshParameters.DefaultPermutations);
        var signature = new uint[hasher.PaddedLength];
        var keys = new ulong[LshParameters.DefaultPermutations / Rows];
        using var process = Process.GetCurrentProcess();
        var (all, shingling, shingles) = (double.MaxValue, double.MaxValue, 0L);
        for (var round = 0; round <= Rounds; round++)
        {
            shingles = 0;
            shingling = Math.Min(shingling, Seconds(() =>
            {
                foreach (var (language, content) in files)
                    shingles += shingler.Read(content, language).Length;
            }));
            all = Math.Min(all, Seconds(() =>
            {
                foreach (var (language, content) in files)
                {
                    var set = shingler.Read(content, language);
                    if (set.IsEmpty)
                        continue;
                    hasher.Compute(set, signature);
                    BandKeys.Hash(signature, Rows, keys);
                }
            }));
        }

        return new JsonObject
        {
            ["shingles"] = shingles,
            ["shingling_mb_per_cpu_second"] = Math.Round(bytes / shingling / 1e6, 1),
            ["mb_per_cpu_second"] = Math.Round(bytes / all / 1e6, 1),
        };

        double Seconds(Action work)
        {
            process.Refresh();
            var before = process.TotalProcessorTime;
            work();
            process.Refresh();
            return (process.TotalProcessorTime - before).TotalSeconds;
        }
    }
}
