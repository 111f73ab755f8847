using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Deduplicate;
using Stackmill.Tests.Deduplicate.Search;

namespace Stackmill.Bench;

/// <summary>
/// Recall of near-deduplication against brute force: <c>dedup-recall FILES FOLDER…</c> takes so many different files of the folders (of source code by
/// their names, up to 1 MiB, in the order of a hash of their content) and a mutated copy of every second one, works out the exact Jaccard similarity of all pairs that share
/// a shingle, and tells by bins of similarity how many pairs share a band, what the formula expects, and what the decisions made of the documents.
/// </summary>
internal static class RecallBenchmark
{
    private const int MostBytes = 1 << 20;
    private const int Bins = 10;
    private static readonly double[] Thresholds = [0.7, 0.8, 0.85];
    private static readonly string[] Extensions = [".py", ".js", ".ts", ".c", ".h", ".cc", ".cpp", ".hpp", ".java", ".go", ".rs", ".rb", ".pm", ".pl", ".php", ".cs", ".sh", ".mjs"];

    public static int Run(string[] args)
    {
        var documents = Documents(int.Parse(args[0], CultureInfo.InvariantCulture), args[1..], out var real);
        var shingler = new Shingler();
        var sets = Array.ConvertAll(documents, d => shingler.Read(d).ToArray());
        var near = Pairs(sets);
        var result = new JsonObject { ["real_files"] = real, ["mutated_copies"] = documents.Length - real, ["bytes"] = documents.Sum(d => (long)d.Length), ["pairs_from_0.5"] = near.Count };
        foreach (var threshold in Thresholds)
            result[threshold.ToString(CultureInfo.InvariantCulture)] = Judge(sets, near, LshParameters.For(threshold));
        Console.WriteLine(result);
        return 0;
    }

    private static byte[][] Documents(int count, string[] folders, out int real)
    {
        var files = folders.SelectMany(f => Directory.EnumerateFiles(f, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            .Where(p => Extensions.Contains(Path.GetExtension(p)) && new FileInfo(p).Length is > 200 and <= MostBytes)
            .Select(File.ReadAllBytes).DistinctBy(Hash).OrderBy(Hash).Take(count).ToList();
        real = files.Count;
        var random = new Random(1);
        for (var i = 0; i < real; i += 2)
            files.Add(Encoding.UTF8.GetBytes(Mutate(random, Encoding.UTF8.GetString(files[i]))));
        byte[][] all = [.. files];
        random.Shuffle(all);
        return all;
    }

    private static ulong Hash(byte[] file) => BitConverter.ToUInt64(System.Security.Cryptography.SHA256.HashData(file));

    // One way of mutation or several: names replaced throughout, comments edited, functions (paragraphs) in another order, a header of a licence.
    private static string Mutate(Random random, string text)
    {
        var lines = text.Split('\n').ToList();
        if (random.Next(3) == 0)
        {
            var words = lines.SelectMany(l => l.Split(' ', '(', ')', '.', ',', ';', ':')).Where(w => w.Length > 3 && w.All(char.IsAsciiLetter)).Distinct().ToList();
            for (var i = random.Next(1, 4); i > 0 && words.Count > 0; i--)
            {
                var word = words[random.Next(words.Count)];
                lines = lines.ConvertAll(l => l.Replace(word, word + "_renamed", StringComparison.Ordinal));
            }
        }

        if (random.Next(3) == 0)
        {
            var share = random.NextDouble() * 0.5;
            lines = lines.ConvertAll(l => l.TrimStart() is ['#' or '/' or '*', ..] && random.NextDouble() < share ? l + " edited by another hand" : l);
        }

        if (random.Next(3) == 0)
        {
            var paragraphs = string.Join('\n', lines).Split("\n\n");
            random.Shuffle(paragraphs);
            lines = [.. string.Join("\n\n", paragraphs).Split('\n')];
        }

        if (random.Next(3) == 0)
            lines.InsertRange(0, Enumerable.Range(0, random.Next(5, 30)).Select(i => $"// Permission number {i} is granted to holder {random.Next(1000)} of copy {random.Next(1000)}"));
        for (var i = random.Next(0, 1 + (lines.Count / 12)); i > 0; i--)
            lines[random.Next(lines.Count)] = $"changed_{random.Next(100_000)} = other({random.Next(100_000)})";
        return string.Join('\n', lines);
    }

    // All pairs from similarity 0.5 on, counted through the documents that hold each shingle.
    private static List<(int A, int B, double Similarity)> Pairs(ulong[][] sets)
    {
        var total = sets.Sum(s => s.Length);
        var (shingles, holders) = (new ulong[total], new int[total]);
        var next = 0;
        for (var i = 0; i < sets.Length; i++)
        {
            foreach (var shingle in sets[i])
                (shingles[next], holders[next++]) = (shingle, i);
        }

        Array.Sort(shingles, holders);
        var postings = new List<(int Start, int End)>[sets.Length];
        for (var start = 0; start < total;)
        {
            var end = start + 1;
            while (end < total && shingles[end] == shingles[start])
                end++;
            var run = holders.AsSpan(start, end - start);
            run.Sort();
            for (var k = 1; k < run.Length; k++)
                (postings[run[k]] ??= []).Add((start, start + k));
            start = end;
        }

        var pairs = new List<(int A, int B, double Similarity)>();
        var common = new int[sets.Length];
        for (var i = 0; i < sets.Length; i++)
        {
            Array.Clear(common, 0, i);
            foreach (var (start, end) in postings[i] ?? [])
            {
                foreach (var j in holders.AsSpan(start, end - start))
                    common[j]++;
            }

            for (var j = 0; j < i; j++)
            {
                if (common[j] > 0 && (double)common[j] / (sets[i].Length + sets[j].Length - common[j]) is >= 0.5 and var similarity)
                    pairs.Add((j, i, similarity));
            }
        }

        return pairs;
    }

    private static JsonObject Judge(ulong[][] sets, List<(int A, int B, double Similarity)> near, LshParameters parameters)
    {
        var hasher = new MinHasher(parameters.Permutations);
        var signature = new uint[hasher.PaddedLength];
        var keys = Array.ConvertAll(sets, set =>
        {
            var row = new ulong[parameters.Bands];
            if (set.Length > 0)
            {
                hasher.Compute(set, signature);
                BandKeys.Hash(signature, parameters.Rows, row);
            }

            return row;
        });
        var (pairs, found, expected) = (new int[Bins + 1], new int[Bins + 1], new double[Bins + 1]);
        foreach (var (a, b, similarity) in near)
        {
            var bin = (int)((similarity - 0.5) * 2 * Bins);
            pairs[bin]++;
            expected[bin] += parameters.CandidateProbability(similarity);
            found[bin] += keys[a].AsSpan().SharesOne(keys[b]) ? 1 : 0;
        }

        var bins = new JsonArray();
        for (var bin = 0; bin <= Bins; bin++)
        {
            if (pairs[bin] > 0)
                bins.Add(new JsonObject { ["from"] = 0.5 + (bin * 0.5 / Bins), ["pairs"] = pairs[bin], ["candidates"] = found[bin], ["share"] = Math.Round((double)found[bin] / pairs[bin], 5), ["expected"] = Math.Round(expected[bin] / pairs[bin], 5) });
        }

        return new JsonObject { ["bands"] = parameters.Bands, ["rows"] = parameters.Rows, ["bins"] = bins, ["decisions"] = Decisions(sets, near, parameters) };
    }

    private static bool SharesOne(this Span<ulong> left, ulong[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] == right[i])
                return true;
        }

        return false;
    }

    // A document should go when it reaches the threshold with one before it that stays.
    private static JsonObject Decisions(ulong[][] sets, List<(int A, int B, double Similarity)> near, LshParameters parameters)
    {
        using var harness = new SearchHarness(parameters) { Workers = 2, Shards = 7 };
        var decisions = harness.Decide(sets.Length, i => sets[i]);
        var best = new double[sets.Length];
        foreach (var (a, b, similarity) in near)
        {
            if (decisions[a].Kind == DuplicateKind.None)
                best[b] = Math.Max(best[b], similarity);
        }

        var (should, went, below, orphans) = (0, 0, 0, 0);
        for (var i = 0; i < sets.Length; i++)
        {
            var goes = decisions[i].Kind != DuplicateKind.None;
            should += best[i] >= parameters.Threshold ? 1 : 0;
            went += goes ? 1 : 0;
            below += goes && best[i] < parameters.Threshold ? 1 : 0;
            orphans += goes && decisions[decisions[i].Keeper].Kind != DuplicateKind.None ? 1 : 0;
        }

        return new JsonObject { ["should_go"] = should, ["went"] = went, ["recall"] = Math.Round((double)(went - below) / should, 5), ["below_threshold"] = below, ["without_survivor"] = orphans, ["compared_pairs"] = harness.ComparedPairs };
    }
}
