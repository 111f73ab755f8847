using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Decontamination;

namespace Stackmill.Bench;

/// <summary>
/// Processor time of looking for problems in the files of a folder, all in memory, on one thread, against that of their
/// signatures (shingles, MinHash, bands): <c>decontamination FOLDER BENCHMARK…</c>. With <c>--problems N</c> a benchmark of N
/// problems is made from the words of the files themselves, so that its n-grams are like those of code. The least of some rounds.
/// </summary>
internal static class DecontaminationBenchmark
{
    private const int Rounds = 5;

    public static int Run(string[] args)
    {
        var files = Directory.EnumerateFiles(args[0], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        var bytes = files.Sum(f => (long)f.Length);
        var made = args is [_, "--problems", var count] ? Make(files, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)) : null;
        var options = new DecontaminationOptions { Benchmarks = made is null ? args[1..] : [made] };
        var builder = new ContaminationIndexBuilder(options, 4L << 30);
        var building = Seconds(() =>
        {
            foreach (var benchmark in Benchmark.Of(options))
                builder.Add(benchmark);
        });
        ContaminationIndex? index = null;
        building += Seconds(() => index = builder.Build());
        if (made is not null)
            File.Delete(made);
        var scanner = new ContaminationScanner(index!);
        var (shingler, hasher) = (new Shingler(), new MinHasher(LshParameters.DefaultPermutations));
        var (signature, keys) = (new uint[hasher.PaddedLength], new ulong[42]);
        var contaminated = 0;
        var scan = Best(files, file => contaminated += scanner.Scan(file).Count > 0 ? 1 : 0);
        var sign = Best(files, file =>
        {
            hasher.Compute(shingler.Read(file), signature);
            BandKeys.Hash(signature, 6, keys);
        });
        Console.WriteLine(new JsonObject
        {
            ["files"] = files.Count,
            ["megabytes"] = Math.Round(bytes / 1e6, 1),
            ["problems"] = index!.Problems.Count,
            ["ngrams"] = index.Ngrams,
            ["index_seconds"] = Math.Round(building, 2),
            ["files_contaminated"] = contaminated / Rounds,
            ["scan_megabytes_per_second"] = Math.Round(bytes / 1e6 / scan),
            ["signatures_megabytes_per_second"] = Math.Round(bytes / 1e6 / sign),
        });
        return 0;
    }

    private static double Best(List<byte[]> files, Action<byte[]> act)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
            best = Math.Min(best, Seconds(() => files.ForEach(act)));
        return best;
    }

    // Processor time, so that other work on the machine shows little.
    private static double Seconds(Action act)
    {
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        act();
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
    }

    // Lines from all over the files, with a word of its own in each: like code, and in no file.
    private static string Make(List<byte[]> files, int problems)
    {
        var path = Path.GetTempFileName() + ".jsonl";
        using var writer = new StreamWriter(path);
        for (var i = 0; i < problems; i++)
        {
            var lines = Encoding.UTF8.GetString(files[(int)((long)i * 7919 % files.Count)]).Split('\n');
            string Part(int from) => string.Join('\n', lines.Skip(from % Math.Max(1, lines.Length)).Take(15).Select(l => $"{l} own{i}"));
            writer.WriteLine(new JsonObject { ["task_id"] = $"made/{i}", ["prompt"] = Part(i), ["canonical_solution"] = Part(i * 31) }.ToJsonString());
        }

        return path;
    }
}
