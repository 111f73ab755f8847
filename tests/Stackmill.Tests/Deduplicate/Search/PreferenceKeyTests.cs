using System.Text;
using CsCheck;
using Stackmill.Core.Model;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Search;

namespace Stackmill.Tests.Deduplicate.Search;

public sealed class PreferenceKeyTests
{
    private static readonly IReadOnlyList<string> Usual = new DedupOptions().Prefer;

    private static byte[] Of(string? license = null, long? stars = null, long? forks = null, long? date = null, char id = '5', int shard = 0, int row = 0) =>
        Key(Usual, new CodeRecord { LicenseType = license, StarEventsCount = stars, ForkEventsCount = forks, CommitterDateMicros = date, ContentId = new string(id, 40) }, shard, row);

    private static byte[] Key(IReadOnlyList<string> rules, CodeRecord record, int shard = 0, int row = 0) =>
        new PreferenceKey(rules).Of(SketchedDocument.Of(record), Encoding.UTF8.GetBytes(record.DisplayPath), shard, row).ToArray();

    [Fact]
    public void Each_rule_decides_only_when_those_before_are_equal()
    {
        // In order of preference; each differs from the next by the earliest rule that can tell them apart.
        byte[][] ordered =
        [
            Of("permissive", 9, 9, 9), Of("permissive", 9, 9, 8), Of("permissive", 9, 8, 9), Of("permissive", 8, 9, 9), Of("permissive", 0), Of("permissive"),
            Of(null, 99), Of(null, 5, 5, 5, '1'), Of(null, 5, 5, 5, '2', 0, 3), Of(null, 5, 5, 5, '2', 1, 0), Of(null, 5, 5, 5, '2', 1, 1), Of(null, 5, 5),
            Of("no_license", 99), Of("non_permissive", 99), Of("something else", 1),
        ];
        for (var i = 0; i < ordered.Length; i++)
        {
            for (var k = 0; k < ordered.Length; k++)
                Assert.Equal(Math.Sign(i.CompareTo(k)), Math.Sign(ordered[i].AsSpan().SequenceCompareTo(ordered[k])));
        }
    }

    [Theory]
    [InlineData("stars,license", "popular")]
    [InlineData("license,stars", "free")]
    [InlineData("longest", "long")]
    [InlineData("path", "a")]
    [InlineData("newest,longest", "new")]
    [InlineData("", "first")]
    public void The_configured_rules_decide_in_their_order(string rules, string expected)
    {
        CodeRecord Make(string path, string content, string? license, long? stars, long? date, char id) =>
            new() { Path = path, LicenseType = license, StarEventsCount = stars, CommitterDateMicros = date, ContentId = new string(id, 40), Content = new byte[content.Length] };

        CodeRecord[] all =
        [
            Make("popular", "x", "non_permissive", 900, 1, '5'), Make("free", "x", "permissive", 10, 1, '5'), Make("long", "xxxxxxxx", null, 1, 1, '5'), Make("a", "x", null, 1, 1, '5'),
            Make("new", "x", null, 1, 99, '5'), Make("first", "x", null, 0, 0, '1'),
        ];
        var given = rules.Split(',', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, all.OrderBy(r => Key(given, r), Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b))).First().Path);
    }

    [Fact]
    public void Numbers_are_in_order_also_at_their_ends() =>
        Gen.Select(Gen.OneOf(Gen.OneOf<long?>(null, long.MinValue, long.MaxValue), Gen.Long.Select(static n => (long?)n)), Gen.Long.Select(static n => (long?)n)).Sample((a, b) =>
        {
            byte[] DateKey(long? date) => Key(["newest"], new CodeRecord { CommitterDateMicros = date });
            Assert.Equal(Math.Sign((b ?? long.MinValue).CompareTo(a ?? long.MinValue)), Math.Sign(DateKey(a).AsSpan().SequenceCompareTo(DateKey(b))));
        });

    [Fact]
    public void No_path_is_the_beginning_of_another_whatever_bytes_it_has() =>
        Gen.Select(Gen.Char['\0', '\x3'].Array[0, 4], Gen.Char['\0', '\x3'].Array[0, 4]).Sample((a, b) =>
        {
            var (left, right) = (new string(a), new string(b));
            byte[] PathKey(string path) => Key(["path"], new CodeRecord { Path = path });
            Assert.Equal(Math.Sign(string.CompareOrdinal(left, right)), Math.Sign(PathKey(left).AsSpan().SequenceCompareTo(PathKey(right))));
        });
}
