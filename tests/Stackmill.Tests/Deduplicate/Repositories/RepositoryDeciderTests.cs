using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Repositories;
using Stackmill.Tests.Support;
using static Stackmill.Tests.Deduplicate.Repositories.RepositorySet;

namespace Stackmill.Tests.Deduplicate.Repositories;

public sealed class RepositoryDeciderTests
{
    private static readonly string[] s_rules = ["license", "stars", "forks", "newest", "longest", "path"];

    // Few names, paths and contents, so that many repositories are equal; no repository at all now and then.
    private static readonly Gen<CodeRecord> s_record = Gen.Select(
        Gen.Int[0, 12], Gen.Int[0, 1], Gen.Int[0, 8], Gen.Int[-1, 2], Gen.Int[0, 3], Gen.Int[-1, 1],
        (repository, path, content, stars, license, date) => File(
            repository == 0 ? "" : $"owner-of-a-name/{repository}", $"p{path}", content == 0 ? "other" : "same", stars < 0 ? null : stars,
            license switch { 0 => "permissive", 1 => null, 2 => "no_license", _ => "non_permissive" }, stars, date < 0 ? null : date));

    private static readonly Gen<DedupOptions> s_options = Gen.Select(Gen.Shuffle(s_rules), Gen.Int[0, s_rules.Length], static (rules, count) => new DedupOptions { Prefer = rules[..count] });

    [Fact]
    public void Repositories_that_go_are_those_that_a_naive_comparison_finds_whatever_memory_and_order()
    {
        long gone = 0;
        Gen.Select(s_record.Array[0, 40].Array[1, 4], s_options, Gen.Int[1, 3], Gen.Bool).Sample((shards, options, memory, backwards) =>
        {
            var expected = DecideNaively(shards, options.Prefer);
            var (found, summary) = Decide(shards, options, memory << 9, backwards: backwards);
            Assert.Equal(expected, found);
            Assert.Equal(expected.Count, summary.GoneFiles);
            Interlocked.Add(ref gone, found.Count);
        }, threads: 1);
        Assert.True(gone > 100, $"only {gone} files went");
    }

    [Fact]
    public void The_preferred_repository_stays_and_its_equals_go_whole()
    {
        CodeRecord[] shard =
        [
            File("a/few-stars", "x.c", "one", stars: 5), File("a/few-stars", "y.c", "two", stars: 5),
            File("b/many-stars", "x.c", "one", stars: 50), File("b/many-stars", "y.c", "two", stars: 50),
            File("c/one-more-file", "x.c", "one", stars: 99), File("c/one-more-file", "y.c", "two"), File("c/one-more-file", "z.c", "three"),
            File("d/other-path", "x.c", "one"), File("d/other-path", "z.c", "two"),
            File("e/other-content", "x.c", "one"), File("e/other-content", "y.c", "three"),
        ];

        var (gone, summary) = Decide([shard]);

        Assert.Equal([(0, 0L, "b/many-stars"), (0, 1L, "b/many-stars")], gone);
        Assert.Equal(new RepositorySummary(5, 1, 1, 2), summary);
    }

    [Fact]
    public void A_repository_is_put_together_from_all_shards()
    {
        CodeRecord[] first = [File("a", "x.c", "one"), File("b", "x.c", "one"), File("c", "x.c", "one")];
        CodeRecord[] second = [File("c", "y.h", "other"), File("b", "y.h", "two"), File("a", "y.h", "two")];

        Assert.Equal([(0, 1L, "a"), (1, 1L, "a")], Decide([first, second]).Gone);
    }

    [Fact]
    public void Files_that_are_not_added_belong_to_no_run()
    {
        using var folder = new TempFolder();
        using (var collector = new RepositoryCollector(folder["0"], Key, new DedupOptions()))
        {
            foreach (var (name, row) in new[] { ("a", 0), ("a", 2), ("b", 3), ("b", 7) })
                collector.Add(File(name, $"p{row & 1}", "one"), row);
            collector.Complete();
        }

        RepositoryDecider.Run([folder["0"]], folder["decisions"], folder["scratch"], 1 << 16);
        using var decisions = new RepositoryDecisions(folder["decisions"]);
        Assert.Empty(decisions.GoneIn(folder["0"]));

        using (var collector = new RepositoryCollector(folder["1"], Key, new DedupOptions()))
        {
            foreach (var (name, path, row) in new[] { ("a", "x", 0), ("a", "y", 2), ("b", "x", 3), ("b", "y", 7) })
                collector.Add(File(name, path, "one"), row);
            collector.Complete();
        }

        RepositoryDecider.Run([folder["1"]], folder["others"], folder["scratch"], 1 << 16);
        using var others = new RepositoryDecisions(folder["others"]);
        Assert.Equal([new GoneRun(3, 1, "a"), new GoneRun(7, 1, "a")], others.GoneIn(folder["1"]));
    }

    [Fact]
    public void A_path_that_comes_twice_counts_twice()
    {
        CodeRecord[] shard =
        [
            File("a", "x", "one"), File("a", "x", "one"), File("a", "y", "two"),
            File("b", "x", "one"), File("b", "y", "two"),
            File("c", "x", "one"), File("c", "x", "one"), File("c", "y", "two"),
        ];

        Assert.Equal([(0, 5L, "a"), (0, 6L, "a"), (0, 7L, "a")], Decide([shard]).Gone);
    }

    [Fact]
    public void Parts_of_a_file_are_never_mistaken_for_one_another()
    {
        CodeRecord[] shard = [File("a", "xy", "z"), File("a", "1", "1"), File("b", "x", "yz"), File("b", "1", "1"), File("c", "", "xyz"), File("c", "1", "1")];

        Assert.Empty(Decide([shard]).Gone);
    }

    [Fact]
    public void The_language_counts_where_duplicates_are_looked_for_in_each()
    {
        CodeRecord[] shard = [File("a", "x", "one"), File("a", "y", "two"), File("b", "x", "one"), File("b", "y", "two")];
        shard[3].Language = "C++";

        Assert.Equal(2, Decide([shard]).Gone.Count);
        Assert.Empty(Decide([shard], new DedupOptions { Scope = DedupOptions.Language }).Gone);
    }

    [Theory]
    [InlineData(true, true, "global", true)]
    [InlineData(true, true, "language", true)]
    [InlineData(true, true, "repository", false)]
    [InlineData(true, false, "global", false)]
    [InlineData(false, true, "global", false)]
    public void Repositories_are_compared_where_the_options_say_so(bool enabled, bool repositories, string scope, bool expected) =>
        Assert.Equal(expected, RepositoryCollector.Applies(new DeduplicateOptions { Enabled = enabled, Dedup = new DedupOptions { Repositories = repositories, Scope = scope } }));

    [Fact]
    public void Single_files_and_files_without_a_repository_are_left_to_the_comparison_of_files()
    {
        CodeRecord[] shard = [File("a", "x", "one"), File("b", "x", "one"), File("", "x", "one"), File("", "y", "two"), File("c", "x", "one"), File("", "x", "one"), File("", "y", "two")];

        var (gone, summary) = Decide([shard]);

        Assert.Empty(gone);
        Assert.Equal(new RepositorySummary(3, 0, 0, 0), summary);
    }

    [Fact]
    public void Nothing_in_gives_nothing_out()
    {
        Assert.Equal(default, Decide([]).Summary);
        Assert.Equal(default, Decide([[], []]).Summary);
    }

    [Fact]
    public void One_repository_of_very_many_files_takes_one_row()
    {
        using var folder = new TempFolder();
        foreach (var name in new[] { "big/one", "big/two" })
        {
            using var collector = new RepositoryCollector(folder[name[4..]], Key, new DedupOptions());
            var record = File(name, "", "one");
            for (var row = 0; row < 300_000; row++)
            {
                record.Path = row.ToString(System.Globalization.CultureInfo.InvariantCulture);
                collector.Add(record, row);
            }

            collector.Complete();
        }

        Assert.True(new FileInfo(folder["one"]).Length < 200);
        var summary = RepositoryDecider.Run([folder["two"], folder["one"]], folder["decisions"], folder["scratch"], 4096);
        Assert.Equal(new RepositorySummary(2, 1, 1, 300_000), summary);
        using var decisions = new RepositoryDecisions(folder["decisions"]);
        Assert.Equal([new GoneRun(0, 300_000, "big/one")], decisions.GoneIn(folder["two"]));
        Assert.Empty(decisions.GoneIn(folder["one"]));
    }

    [Fact]
    public void Very_many_equal_repositories_are_one_group_in_little_memory()
    {
        const int Count = 50_000;
        CodeRecord[] shard = [.. Enumerable.Range(0, Count).SelectMany(i => new[] { File($"same-start/{Count - i:D6}", "x", "one"), File($"same-start/{Count - i:D6}", "y", "one") })];

        var (gone, summary) = Decide([shard], memory: 1 << 17);

        Assert.Equal(new RepositorySummary(Count, 1, Count - 1, 2 * (Count - 1)), summary);
        Assert.All(gone, g => Assert.Equal("same-start/000001", g.Kept));
        Assert.DoesNotContain(gone, g => g.Row >= 2 * (Count - 1));
    }

    [Fact]
    public void Very_many_repositories_of_one_file_make_no_group()
    {
        CodeRecord[] shard = [.. Enumerable.Range(0, 50_000).Select(i => File($"r/{i}", "x", "one"))];

        Assert.Equal(new RepositorySummary(50_000, 0, 0, 0), Decide([shard], memory: 1 << 16).Summary);
    }

    [Fact]
    public void The_key_changes_every_hash_and_no_decision()
    {
        CodeRecord[] shard = [File("a", "x", "one"), File("a", "y", "two"), File("b", "x", "one"), File("b", "y", "two")];
        using var folder = new TempFolder();
        foreach (var key in new[] { "one", "two" })
        {
            using var collector = new RepositoryCollector(folder[key], key, new DedupOptions());
            collector.Add(shard[0], 0);
            collector.Complete();
            Assert.Equal(Decide([shard], key: Key).Gone, Decide([shard], key: key).Gone);
        }

        using var one = new RepositoryRuns(folder["one"]);
        using var two = new RepositoryRuns(folder["two"]);
        Assert.True(one.Read(out var first, out _) && two.Read(out var second, out _) && first.Name != second.Name && first.Tree != second.Tree);
    }

    [Fact]
    public void Files_that_were_cut_or_changed_are_told_not_misread()
    {
        using var folder = new TempFolder();
        using (var collector = new RepositoryCollector(folder["0"], Key, new DedupOptions()))
        {
            collector.Add(File("owner/name", "x", "one"), 0);
            collector.Add(File("owner/name", "y", "one"), 1);
            collector.Complete();
        }

        RepositoryDecider.Run([folder["0"]], folder["decisions"], folder["scratch"], 4096);
        foreach (var (name, read) in new (string, Action<string>)[] { ("0", path => RepositoryDecider.Run([path], folder["d"], folder["scratch"], 4096)), ("decisions", path => new RepositoryDecisions(path).Dispose()) })
        {
            var whole = System.IO.File.ReadAllBytes(folder[name]);
            Assert.True(whole.Length > 40);
            for (var length = name == "0" ? 1 : 0; length < whole.Length; length++)
                Assert.Contains("cut", Assert.Throws<RunFaultException>(() => read(folder.Write("cut", whole.AsSpan(0, length)))).Message, StringComparison.Ordinal);
        }
    }
}
