using Stackmill.Core.Model;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Repositories;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Repositories;

/// <summary>Shards of made-up records, what is decided of their repositories, and the same found in the plainest way.</summary>
internal static class RepositorySet
{
    public const string Key = "a dataset's root hash";

    public static CodeRecord File(string repository, string path, string content, long? stars = null, string? license = null, long? forks = null, long? date = null) => new()
    {
        RepoName = repository,
        Path = path,
        Sha256 = "sha of " + content,
        ContentId = "id of " + content,
        Language = "C",
        StarEventsCount = stars,
        ForkEventsCount = forks,
        CommitterDateMicros = date,
        LicenseType = license,
    };

    /// <summary>Of each record that goes, shard, row and the repository that stays; and the summary.</summary>
    public static (List<(int Shard, long Row, string Kept)> Gone, RepositorySummary Summary) Decide(
        IReadOnlyList<IReadOnlyList<CodeRecord>> shards, DedupOptions? options = null, long memory = 1 << 20, string key = Key, bool backwards = false)
    {
        using var folder = new TempFolder();
        var files = new List<string>();
        for (var shard = 0; shard < shards.Count; shard++)
        {
            files.Add(folder[$"{shard}.repositories"]);
            using var collector = new RepositoryCollector(files[^1], key, options ?? new DedupOptions());
            for (var row = 0; row < shards[shard].Count; row++)
                collector.Add(shards[shard][row], row);
            collector.Complete();
        }

        var summary = RepositoryDecider.Run(backwards ? Enumerable.Reverse(files) : files, folder["decisions"], folder["scratch"], memory);
        Assert.DoesNotContain(folder.Files(), f => f.StartsWith("scratch", StringComparison.Ordinal));
        using var decisions = new RepositoryDecisions(folder["decisions"]);
        Assert.Equal(summary, decisions.Summary);
        var gone = new List<(int, long, string)>();
        for (var shard = 0; shard < shards.Count; shard++)
        {
            foreach (var run in decisions.GoneIn(files[shard]))
            {
                for (var row = run.FirstRow; row < run.FirstRow + run.Rows; row++)
                    gone.Add((shard, row, run.Kept));
            }
        }

        return (gone, summary);
    }

    /// <summary>The same by comparing sorted lists of files.</summary>
    public static List<(int Shard, long Row, string Kept)> DecideNaively(IReadOnlyList<IReadOnlyList<CodeRecord>> shards, IReadOnlyList<string> prefer)
    {
        var kept = shards.SelectMany(s => s).Where(r => r.RepoName.Length > 0).GroupBy(r => r.RepoName)
            .Where(g => g.Count() >= 2)
            .GroupBy(g => string.Join('\n', g.Select(r => $"{r.Path}\t{r.Sha256}\t{r.ContentId}").Order(StringComparer.Ordinal)))
            .SelectMany(g =>
            {
                var ordered = g.Order(Comparer<IGrouping<string, CodeRecord>>.Create((a, b) => Compare(a, b, prefer))).ToList();
                return ordered.Skip(1).Select(r => (r.Key, Kept: ordered[0].Key));
            })
            .ToDictionary(r => r.Key, r => r.Kept, StringComparer.Ordinal);
        return [.. shards.SelectMany((s, shard) => s.Select((r, row) => (shard, (long)row, kept.GetValueOrDefault(r.RepoName, "")))).Where(r => r.Item3.Length > 0)];
    }

    private static int Compare(IGrouping<string, CodeRecord> a, IGrouping<string, CodeRecord> b, IReadOnlyList<string> prefer)
    {
        foreach (var rule in prefer.TakeWhile(p => p != "path"))
        {
            var order = rule switch
            {
                "license" => a.Min(Rank).CompareTo(b.Min(Rank)),
                "stars" => b.Max(r => r.StarEventsCount ?? -1).CompareTo(a.Max(r => r.StarEventsCount ?? -1)),
                "forks" => b.Max(r => r.ForkEventsCount ?? -1).CompareTo(a.Max(r => r.ForkEventsCount ?? -1)),
                "newest" => b.Max(r => r.CommitterDateMicros ?? long.MinValue).CompareTo(a.Max(r => r.CommitterDateMicros ?? long.MinValue)),
                _ => 0,
            };
            if (order != 0)
                return order;
        }

        return string.CompareOrdinal(a.Key, b.Key);
    }

    private static int Rank(CodeRecord record) => Array.IndexOf(["permissive", null, "no_license", "non_permissive"], record.LicenseType);
}
