using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Model;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Acquire.Contents;

/// <summary>Rows and contents of every shape.</summary>
public sealed class ContentRowsTests : ContentsTest
{
    [Fact]
    public void Ids_in_capital_letters_name_the_same_contents()
    {
        var rows = Rows(90);
        var expected = Run(Write(rows)).RootHash;
        foreach (var row in rows.Where((_, i) => i % 2 == 0))
            row.BlobId = row.BlobId.ToUpperInvariant();
        Assert.Equal(expected, Run(Write(rows, "capitals.parquet"), "capitals").RootHash);
        Assert.Equal(90, Server.Requests);
        Assert.All(Server.Attempts.Keys, id => Assert.Equal(id.ToLowerInvariant(), id));
    }

    [Fact]
    public void Empty_contents_and_contents_of_exactly_the_limit_are_kept_and_one_byte_more_is_not()
    {
        const int Limit = 1 << 20;
        var noise = new byte[Limit + 1];
        new Random(3).NextBytes(noise);
        List<CodeRecord> rows = [Row(0, []), Row(1, noise[..Limit]), Row(2, new byte[Limit]), Row(3, noise), Row(4, new byte[Limit + 1])];
        rows[3].LengthBytes = rows[4].LengthBytes = 17;

        var manifest = Run(Write(rows), maxFileSizeMb: 1);

        Assert.Equal((5, 3, 2), (manifest.Books.In, manifest.Books.Kept, manifest.Books.Failed["over_size_limit"]));
        var contents = Read().ToDictionary(r => r.Path, r => r.Content.ToArray());
        Assert.Equal([], contents["src/file0.py"]);
        Assert.Equal(noise[..Limit], contents["src/file1.py"]);
        Assert.Equal(new byte[Limit], contents["src/file2.py"]);
        Assert.Equal("da39a3ee5e6b4b0d3255bfef95601890afd80709", Read().Single(r => r.Path == "src/file0.py").BlobId);
    }

    [Fact]
    public void Rows_that_do_not_tell_lengths_are_fetched_and_what_is_too_large_is_left_out()
    {
        var rows = Rows(40);
        rows.Add(Row(40, new byte[(1 << 20) + 1]));
        var told = Run(Write(rows), "told", maxFileSizeMb: 1);

        var manifest = Run(Write(rows, "silent.parquet", "length_bytes"), "silent", maxFileSizeMb: 1);

        Assert.Equal((41, 40, 1, 0), (manifest.Books.In, manifest.Books.Kept, manifest.Books.Dropped["too_large"], manifest.Books.FailedTotal));
        Assert.Equal(1 << 20, Assert.Single(Ledger("silent")).Threshold);
        Assert.Equal(told.Books.Kept, manifest.Books.Kept);
        Assert.Equal(Read("told").ToDictionary(r => r.Path, r => r.Sha256), Read("silent").ToDictionary(r => r.Path, r => r.Sha256));
        Assert.All(Read("silent"), r => Assert.Equal(r.Content.Length, r.LengthBytes));
    }

    [Fact]
    public void One_content_under_many_paths_is_fetched_once_and_stored_under_each()
    {
        var rows = Enumerable.Range(0, 700).Select(i => Row(i, Content(i % 3))).ToList();
        // Large enough to lie in several shards.
        rows.ForEach(r => r.LengthBytes = 300);
        var manifest = Run(Write(rows));
        Assert.True(manifest.Shards.Count > 4, $"only {manifest.Shards.Count} shards");
        Assert.Equal(700, manifest.Books.Kept);
        Assert.Equal(3, Server.Requests);
        Assert.All(Read(), r => Assert.Equal(r.BlobId, Convert.ToHexStringLower(SHA1.HashData(r.Content.Span))));
    }

    [Fact]
    public void Records_are_sorted_by_the_paths_that_they_have_in_the_dataset()
    {
        var rows = Rows(12);
        foreach (var (row, path) in rows.Zip(["/b", "a", "//c", "/a/../z", "y", "x/./w", "/x//v", "B", "/A", "é", "/é2", "b/"]))
            (row.RepoName, row.Language, row.Path) = ("one/repo", "Python", path);
        Run(Write(rows));
        var paths = Read().ConvertAll(r => r.Path);
        Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
        Assert.Equal(["A", "B", "a", "b", "b", "c", "x/v", "x/w", "y", "z", "é", "é2"], paths);
    }

    [Fact]
    public void A_rate_holds_bytes_back_also_within_large_bodies_and_changes_nothing_else()
    {
        var rows = Enumerable.Range(0, 6).Select(i =>
        {
            var noise = new byte[700_000];
            new Random(i).NextBytes(noise);
            return Row(i, noise);
        }).ToList();
        var expected = Run(Write(rows), "free", cache: null).RootHash;
        var clock = new Support.StepClock();
        Assert.Equal(expected, Run(Write(rows), "held", cache: null, clock: clock, change: o => (o.MaxBytesPerSecond, o.MaxConcurrency) = (100_000, 1)).RootHash);
        // 4.2 MB, of which a fifth of a second's worth is free.
        Assert.True(clock.Elapsed.TotalSeconds > 41, $"only {clock.Elapsed.TotalSeconds} s were waited for");
    }

    [Fact]
    public void Details_of_refusals_are_short_and_printable()
    {
        var answer = Stackmill.Acquire.Contents.BlobRefusal.Of(418, "Odd\r\nCode", new string('x', 5000) + "\u001b[31m", "", null, default);
        Assert.True(answer.Detail.Length < 700 && !answer.Detail.Any(char.IsControl), answer.Detail);
        Assert.Equal("xx", Stackmill.Acquire.Contents.BlobRefusal.Element("<a><Code>xx</Code></a>", "Code"));
        Assert.Equal("", Stackmill.Acquire.Contents.BlobRefusal.Element("<a><Code>xx", "Code"));
    }
}
