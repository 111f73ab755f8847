using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Deduplicate.Boilerplate;
using Stackmill.Shared;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Boilerplate;

public sealed class FrequentWindowsTests
{
    private static readonly BoilerplateOptions Options = new() { MinFiles = 3, MinLines = 3 };

    private static byte[] File(Random random) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(0, 60)).Select(_ => $"statement number {random.Next(8)}\n")));

    private static IEnumerable<string> Windows(byte[] file)
    {
        var lines = Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return Enumerable.Range(0, Math.Max(0, lines.Length - 2)).Select(i => string.Join('|', lines.Skip(i).Take(3))).Distinct();
    }

    // The shards' counts and the windows found, with so much memory for each step.
    private static (List<WindowCount> Counts, FrequentWindows Windows, byte[] Bytes) Find(string folder, List<byte[]> files, int filesPerShard, long memory)
    {
        Directory.CreateDirectory(folder);
        using var counter = new WindowCounter(Path.Combine(folder, "c"), 3, memory);
        var paths = new List<string>();
        foreach (var shard in files.Chunk(filesPerShard))
        {
            foreach (var file in shard)
                counter.Add(file);
            paths.Add(Path.Combine(folder, $"{paths.Count}"));
            counter.Complete(paths[^1]);
        }

        var counts = new List<WindowCount>();
        SummedRows.Merge<WindowCount>(paths, Path.Combine(folder, "m"), memory, counts.Add);
        FrequentWindows.Find(paths, Path.Combine(folder, "found"), Path.Combine(folder, "f"), Options, memory);
        Assert.Equal(paths.Append(Path.Combine(folder, "found")).Order(StringComparer.Ordinal), Directory.GetFiles(folder).Order(StringComparer.Ordinal));
        return (counts, FrequentWindows.Open(Path.Combine(folder, "found"), 1 << 20), System.IO.File.ReadAllBytes(Path.Combine(folder, "found")));
    }

    [Fact]
    public void Each_window_is_counted_once_a_file_whatever_the_memory_and_the_shards()
    {
        using var folder = new TempFolder();
        var random = new Random(7);
        var files = Enumerable.Range(0, 400).Select(_ => File(random)).Append([]).ToList();
        var expected = files.SelectMany(Windows).GroupBy(w => w).ToDictionary(g => g.Key, g => (uint)g.Count());
        var runs = new[] { (1000, 1L << 24), (7, 1L << 24), (1000, 7L), (1, 7L), (3, 2000L) }.Select((r, i) => Find(folder[$"{i}"], files, r.Item1, r.Item2)).ToList();

        Assert.True(expected.Count > 300, $"only {expected.Count} windows");
        Assert.Equal(expected.Values.Order(), runs[0].Counts.Select(c => c.Files).Order());
        Assert.All(runs, run => Assert.Equal(runs[0].Counts, run.Counts));
        Assert.All(runs, run => Assert.Equal(runs[0].Bytes, run.Bytes));
        Assert.Equal((expected.Count, expected.Values.Count(f => f >= 3)), (runs[0].Windows.Distinct, runs[0].Windows.Count));
        Assert.All(runs[0].Counts, c => Assert.Equal(c.Files >= 3, runs[0].Windows.Contains(c.Hash)));
        Assert.False(runs[0].Windows.Contains(12345));
    }

    [Fact]
    public void A_million_equal_lines_are_one_window_and_windows_of_closing_words_are_none()
    {
        using var folder = new TempFolder();
        var equal = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a line like all others\n", 1_000_000)));
        var ends = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("end\n", 1000)));
        var (counts, windows, _) = Find(folder["x"], [equal, equal, equal, ends, ends, ends], 2, 7);

        Assert.Equal([3u], counts.Select(c => c.Files));
        Assert.Equal(1, windows.Count);
    }

    [Fact]
    public void What_does_not_fit_in_memory_is_refused_with_the_settings_that_help()
    {
        using var folder = new TempFolder();
        var random = new Random(7);
        var (_, windows, _) = Find(folder["x"], [.. Enumerable.Range(0, 400).Select(_ => File(random))], 50, 1 << 20);
        var fault = Assert.Throws<RunFaultException>(() => FrequentWindows.Open(folder["x", "found"], (windows.Count * 16L) - 1));
        Assert.Contains("boilerplate.min_files", fault.Message);
    }

    [Fact]
    public void Another_file_is_no_file_of_windows()
    {
        using var folder = new TempFolder();
        Assert.Contains("no file of windows", Assert.Throws<RunFaultException>(() => FrequentWindows.Open(folder.Write("x", new string('x', 80)), 1 << 20)).Message);
        Assert.Contains("no file of windows", Assert.Throws<RunFaultException>(() => FrequentWindows.Open(folder.Write("y", ""), 1 << 20)).Message);
    }
}
