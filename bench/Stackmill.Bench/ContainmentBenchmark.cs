using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Containment;
using Stackmill.Shared;

namespace Stackmill.Bench;

/// <summary>
/// Recall and processor time of containment: <c>containment FOLDER THRESHOLD MIN_SHINGLES MAX_FILES</c> takes the different files of a folder and a made
/// excerpt of every second one (a run of its lines, some of them changed), and holds what is found against brute force over all pairs.
/// </summary>
internal static class ContainmentBenchmark
{
    private const long MemoryBytes = 256 << 20;
    private const int MostBytes = 1 << 20;

    public static int Run(string[] args)
    {
        var options = new ContainmentOptions { Mode = ContainmentOptions.Drop, Threshold = double.Parse(args[1], CultureInfo.InvariantCulture), MinShingles = int.Parse(args[2], CultureInfo.InvariantCulture), MaxFiles = int.Parse(args[3], CultureInfo.InvariantCulture) };
        var sets = Sets(args[0], out var bytes, out var excerpts);
        var folder = Directory.CreateTempSubdirectory("stackmill-bench-").FullName;
        var sampling = Seconds(() =>
        {
            using var writer = new SampleWriter(Path.Combine(folder, "samples"), options);
            for (var i = 0; i < sets.Length; i++)
                writer.Add(i, sets[i]);
            writer.Complete();
        });
        ContainmentResult? result = null;
        var deciding = Seconds(() => result = new ContainmentDecider(options, Path.Combine(folder, "scratch"), MemoryBytes).Decide(
            ContainmentDecider.Read(Path.Combine(folder, "samples"), row => (uint)row), new Source(sets), Path.Combine(folder, "contained")));
        var found = new List<ContainedDocument>();
        using (var reader = new RowReader<ContainedDocument>(Path.Combine(folder, "contained")))
        {
            while (reader.Read(out var one))
                found.Add(one);
        }

        var gone = found.Select(f => (int)f.Document).ToHashSet();
        var truth = BruteForce(sets, options, gone);
        Console.WriteLine(new JsonObject
        {
            ["files"] = sets.Length - excerpts,
            ["excerpts"] = excerpts,
            ["megabytes"] = Math.Round(bytes / 1e6, 1),
            ["threshold"] = options.Threshold,
            ["min_shingles"] = options.MinShingles,
            ["one_shingle_in"] = result!.Scale,
            ["bytes_on_disk"] = new FileInfo(Path.Combine(folder, "samples")).Length,
            ["shingles_skipped"] = result.Counts.SkippedShingles,
            ["files_with_skipped_shingles"] = result.Counts.DocumentsWithSkipped,
            ["candidate_pairs"] = result.Candidates,
            ["verified_pairs"] = result.Verified,
            ["files_contained"] = found.Count,
            ["should_go"] = truth.Count,
            ["recall"] = Math.Round((double)truth.Count(gone.Contains) / truth.Count, 5),
            ["gone_without_reason"] = found.Count(f => f.Containment < options.Threshold || gone.Contains((int)f.Container)),
            ["sampling_megabytes_per_second"] = Math.Round(bytes / 1e6 / sampling),
            ["deciding_megabytes_per_second"] = Math.Round(bytes / 1e6 / deciding),
        });
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static ulong[][] Sets(string folder, out long bytes, out int excerpts)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(p => new FileInfo(p).Length <= MostBytes).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            .DistinctBy(f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(f))).ToList();
        var random = new Random(1);
        var count = files.Count;
        for (var i = 0; i < count; i += 2)
            files.Add(Excerpt(random, files[i]));
        excerpts = files.Count - count;
        bytes = files.Sum(f => (long)f.Length);
        ulong[][] sets = [.. files.Select(f => new Shingler().Read(f).ToArray())];
        random.Shuffle(sets);
        return sets;
    }

    private static byte[] Excerpt(Random random, byte[] file)
    {
        var lines = Encoding.UTF8.GetString(file).Split('\n');
        var first = random.Next(lines.Length / 2 + 1);
        var taken = lines.Skip(first).Take(random.Next(lines.Length / 4, lines.Length)).ToList();
        for (var changes = random.Next(0, 1 + (taken.Count / 25)); changes > 0; changes--)
            taken[random.Next(taken.Count)] = $"changed_{random.Next(100_000)} = other({random.Next(100_000)})";
        return Encoding.UTF8.GetBytes(string.Join('\n', taken));
    }

    // The files that should go: those that lie in a larger one that stays, by the decisions that were made.
    private static List<int> BruteForce(ulong[][] sets, ContainmentOptions options, HashSet<int> gone)
    {
        var total = sets.Sum(s => s.Length);
        var (shingles, holders, next) = (new ulong[total], new int[total], 0);
        for (var i = 0; i < sets.Length; i++)
        {
            foreach (var shingle in sets[i])
                (shingles[next], holders[next++]) = (shingle, i);
        }

        Array.Sort(shingles, holders);
        var shared = new int[sets.Length];
        var should = new List<int>();
        for (var i = 0; i < sets.Length; i++)
        {
            if (sets[i].Length < options.MinShingles)
                continue;
            Array.Clear(shared);
            foreach (var shingle in sets[i])
            {
                var at = Array.BinarySearch(shingles, shingle);
                while (at > 0 && shingles[at - 1] == shingle)
                    at--;
                for (; at < total && shingles[at] == shingle; at++)
                    shared[holders[at]]++;
            }

            var isContained = Enumerable.Range(0, sets.Length).Any(j => j != i && !gone.Contains(j) && (double)shared[j] / sets[i].Length >= options.Threshold
                && (sets[j].Length > sets[i].Length || (sets[j].Length == sets[i].Length && j < i && shared[j] < sets[i].Length)));
            if (isContained)
                should.Add(i);
        }

        return should;
    }

    private static double Seconds(Action act)
    {
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        act();
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
    }

    private sealed class Source(ulong[][] sets) : IShingleSource
    {
        public int Count(uint document) => sets[document].Length;

        public int Read(uint document, ref ulong[] buffer)
        {
            var set = sets[document];
            if (buffer.Length < set.Length)
                buffer = new ulong[set.Length];
            set.CopyTo(buffer, 0);
            return set.Length;
        }
    }
}
