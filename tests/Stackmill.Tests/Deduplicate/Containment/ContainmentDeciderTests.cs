using System.Text.Json.Nodes;
using Stackmill.Deduplicate.Containment;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Containment;

public sealed class ContainmentDeciderTests
{
    private static ulong[] Set(Random random, int count) => Ascending(Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue)));

    private static ulong[] Ascending(IEnumerable<ulong> shingles) => [.. shingles.Distinct().Order()];

    // So many of a set's shingles, and others.
    private static ulong[] Part(Random random, ulong[] set, int taken, int others) =>
        Ascending(set.OrderBy(_ => random.Next()).Take(taken).Concat(Set(random, others)));

    // Files of many sizes; parts of many of them with every share around the threshold; shingles that many files share.
    private static List<ulong[]> Planted(int seed, int files)
    {
        var random = new Random(seed);
        var header = Set(random, 60);
        var sets = new List<ulong[]>();
        for (var i = 0; i < files; i++)
        {
            var set = Set(random, (int)(100 * Math.Exp(random.NextDouble() * 3.5)));
            sets.Add(random.Next(3) == 0 ? Ascending(set.Concat(header)) : set);
        }

        for (var i = 0; i < files; i++)
        {
            var whole = sets[random.Next(files)];
            var size = random.Next(100, Math.Max(101, whole.Length));
            var others = random.Next(4) switch { 0 => 0, 1 => (int)(size * 0.05), 2 => random.Next((int)(size * 0.08) + 1), _ => random.Next((int)(size * 0.3) + 1) };
            sets.Add(Part(random, whole, Math.Min(size, whole.Length) - Math.Min(others, size / 2), Math.Min(others, size / 2)));
        }

        var all = sets.ToArray();
        random.Shuffle(all);
        return [.. all];
    }

    // Each file against every larger one that stays, without samples.
    private static Dictionary<uint, List<uint>> BruteForce(List<ulong[]> sets, ContainmentOptions options)
    {
        var shingles = sets.SelectMany(s => s).ToArray();
        var holders = sets.SelectMany((s, i) => Enumerable.Repeat(i, s.Length)).ToArray();
        Array.Sort(shingles, holders);
        IEnumerable<int> HoldersOf(ulong shingle)
        {
            var at = Array.BinarySearch(shingles, shingle);
            while (at > 0 && shingles[at - 1] == shingle)
                at--;
            for (; at < shingles.Length && shingles[at] == shingle; at++)
                yield return holders[at];
        }

        var found = new Dictionary<uint, List<uint>>();
        foreach (var document in Enumerable.Range(0, sets.Count).OrderByDescending(i => sets[i].Length).ThenBy(i => i).Where(i => sets[i].Length >= options.MinShingles))
        {
            var size = sets[document].Length;
            var containers = sets[document].SelectMany(HoldersOf).GroupBy(i => i)
                .Where(g => g.Key != document && (double)g.Count() / size >= options.Threshold && (sets[g.Key].Length > size || (sets[g.Key].Length == size && g.Key < document && g.Count() < size)))
                .Select(g => (uint)g.Key).Where(c => !found.ContainsKey(c)).ToList();
            if (containers.Count > 0)
                found[(uint)document] = containers;
        }

        return found;
    }

    [Theory]
    [InlineData(0.95, 100)]
    [InlineData(0.8, 100)]
    [InlineData(1.0, 100)]
    [InlineData(0.95, 16)]
    public void Contained_files_are_those_that_brute_force_finds(double threshold, int minShingles)
    {
        var (expected, met) = (0, 0);
        for (var seed = 1; seed <= 3; seed++)
        {
            using var folder = new TempFolder();
            var sets = Planted(seed, 700);
            var options = new ContainmentOptions { Mode = ContainmentOptions.Drop, Threshold = threshold, MinShingles = minShingles };
            var truth = BruteForce(sets, options);
            var run = ContainmentRun.Of(folder.Path, sets, options);

            var gone = run.Contained.Select(c => c.Document).ToHashSet();
            Assert.All(run.Contained, c =>
            {
                var shared = sets[(int)c.Document].Intersect(sets[(int)c.Container]).Count();
                Assert.Equal((shared, sets[(int)c.Document].Length, sets[(int)c.Container].Length), ((int)c.Shared, (int)c.Count, (int)c.ContainerCount));
                Assert.True(c.Containment >= threshold);
                Assert.DoesNotContain(c.Container, gone);
                Assert.True(c.ContainerCount > c.Count || (c.ContainerCount == c.Count && c.Container < c.Document));
            });
            Assert.Equal(run.Contained.Select(c => c.Document), run.Contained.Select(c => c.Document).Order());
            Assert.Equal(run.Contained.Count, run.Result.Contained);
            (expected, met) = (expected + truth.Count, met + gone.Count(truth.ContainsKey));
        }

        Assert.True(expected > 300, $"only {expected} contained files");
        Assert.True(met >= 0.99 * expected, $"found {met} of {expected}");
    }

    [Fact]
    public void A_file_goes_only_for_one_that_stays_and_nothing_is_chained()
    {
        using var folder = new TempFolder();
        var random = new Random(1);
        var large = Set(random, 1000);
        var middle = Part(random, large, 776, 24);
        var small = Part(random, middle, 485, 15);
        var fits = Part(random, large, 400, 0);
        Assert.InRange((double)small.Intersect(large).Count() / small.Length, 0.9, 0.949);

        var run = ContainmentRun.Of(folder.Path, [small, fits, middle, large], new ContainmentOptions());
        Assert.Equal([(1u, 3u), (2u, 3u)], run.Contained.Select(c => (c.Document, c.Container)));
    }

    [Fact]
    public void Equal_files_are_left_to_near_deduplication_and_of_equally_large_ones_the_preferred_stays()
    {
        using var folder = new TempFolder();
        var random = new Random(1);
        var set = Set(random, 400);
        var other = Part(random, set, 395, 5);
        Assert.Empty(ContainmentRun.Of(folder["equal"], [set, set, set], new ContainmentOptions()).Contained);
        Assert.Equal([(1u, 0u)], ContainmentRun.Of(folder["a"], [set, other], new ContainmentOptions()).Contained.Select(c => (c.Document, c.Container)));
        Assert.Equal([(1u, 0u)], ContainmentRun.Of(folder["b"], [other, set], new ContainmentOptions()).Contained.Select(c => (c.Document, c.Container)));
    }

    [Fact]
    public void Shards_and_memory_do_not_show_in_what_is_found()
    {
        using var folder = new TempFolder();
        var sets = Planted(5, 60);
        var runs = new[] { (1000, 1L << 24), (7, 1L << 12), (100, 7L) }.Select((r, i) => ContainmentRun.Of(folder[$"{i}"], sets, new ContainmentOptions(), r.Item1, r.Item2)).ToList();

        Assert.True(runs[0].Contained.Count > 10, $"only {runs[0].Contained.Count} were found");
        Assert.All(runs, run => Assert.Equal(runs[0].Contained, run.Contained));
        Assert.All(runs, run => Assert.Equal(runs[0].Result.Largest, run.Result.Largest));
        Assert.All(runs, run => Assert.Equal((runs[0].Result.Candidates, runs[0].Result.Verified), (run.Result.Candidates, run.Result.Verified)));
    }

    [Fact]
    public void Files_of_another_scope_and_files_that_went_before_are_no_containers()
    {
        using var folder = new TempFolder();
        var random = new Random(1);
        var large = Set(random, 1000);
        List<ulong[]> sets = [Part(random, large, 500, 0), large];
        Assert.Single(ContainmentRun.Of(folder["a"], sets, new ContainmentOptions(), scope: _ => 5).Contained);
        Assert.Empty(ContainmentRun.Of(folder["b"], sets, new ContainmentOptions(), scope: i => (ulong)(i + 5)).Contained);
        Assert.Empty(ContainmentRun.Of(folder["c"], sets, new ContainmentOptions(), stays: i => i == 0).Contained);
    }

    [Fact]
    public void Shingles_that_too_many_files_hold_are_skipped_and_counted()
    {
        using var folder = new TempFolder();
        var random = new Random(1);
        var header = Set(random, 200);
        var sets = Enumerable.Range(0, 30).Select(_ => Ascending(header.Concat(Set(random, 300)))).Append(header).ToList();
        var options = new ContainmentOptions { MaxFiles = 20 };
        var run = ContainmentRun.Of(folder["few"], sets, options);
        var sampled = new ShingleSample(options).Of(header).Length;

        Assert.Empty(run.Contained);
        Assert.Equal((sampled, 31L * sampled, 1L), ((int)run.Result.Counts.SkippedShingles, run.Result.Counts.SkippedHolders, run.Result.Counts.DocumentsWithSkipped));
        Assert.Single(ContainmentRun.Of(folder["enough"], sets, new ContainmentOptions { MaxFiles = 31 }).Contained);
    }

    [Fact]
    public void Many_small_files_in_one_large_one_read_it_once()
    {
        using var folder = new TempFolder();
        var random = new Random(1);
        var large = Set(random, 200_000);
        var sets = Enumerable.Range(0, 2000).Select(_ => Ascending(Enumerable.Range(0, 120).Select(_ => large[random.Next(large.Length)]))).Prepend(large).ToList();
        var run = ContainmentRun.Of(folder.Path, sets, new ContainmentOptions());

        Assert.Equal(2000, run.Contained.Count);
        Assert.Equal(1, run.Reads[0]);
    }

    [Fact]
    public void A_hundred_thousand_equal_files_and_empty_ones_take_no_comparison()
    {
        using var folder = new TempFolder();
        var set = Set(new Random(1), 120);
        var run = ContainmentRun.Of(folder.Path, [.. Enumerable.Repeat(set, 100_000), [], [1]], new ContainmentOptions(), perShard: 50_000, memory: 1 << 20);

        Assert.Empty(run.Contained);
        Assert.Equal((0L, 100_000L), (run.Result.Verified, run.Result.Counts.DocumentsWithSkipped));
    }

    [Fact]
    public void The_report_has_the_totals_and_the_largest_files()
    {
        using var folder = new TempFolder();
        var run = ContainmentRun.Of(folder["x"], Planted(6, 300), new ContainmentOptions());
        ContainmentReport.Write(folder["report.json"], new ContainmentOptions { Mode = ContainmentOptions.Drop }, run.Result, d => $"file {d}");
        var report = JsonNode.Parse(File.ReadAllText(folder["report.json"]))!;

        Assert.Equal((run.Contained.Count, run.Contained.Count), ((int)report["summary"]!["files_contained"]!, (int)report["summary"]!["files_dropped"]!));
        var expected = run.Contained.OrderByDescending(c => c.Count).ThenBy(c => c.Document).Take(ContainmentDecider.MostListed).ToList();
        Assert.Equal(expected.Select(c => ($"file {c.Document}", $"file {c.Container}", (int)c.Shared)), report["largest"]!.AsArray().Select(c => ((string)c!["file"]!, (string)c["container"]!, (int)c["shared"]!)));
        Assert.All(report["largest"]!.AsArray(), c => Assert.InRange((double)c!["containment"]!, 0.95, 1));
    }
}
