using CsCheck;
using Stackmill.Core.Model;
using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed class CandidateTests
{
    private static Candidate Of(string? license = null, long? stars = null, long? forks = null, long? date = null, char id = '5', int shard = 0, int row = 0) =>
        Candidate.Of(new CodeRecord { LicenseType = license, StarEventsCount = stars, ForkEventsCount = forks, CommitterDateMicros = date, ContentId = new string(id, 40) }, shard, row);

    private static readonly Preference Usual = new(new DedupOptions().Prefer);

    [Fact]
    public void Each_rule_decides_only_when_those_before_are_equal()
    {
        // In order of preference; each differs from the next by the earliest rule that can tell them apart.
        Candidate[] ordered =
        [
            Of("permissive", 9, 9, 9), Of("permissive", 9, 9, 8), Of("permissive", 9, 8, 9), Of("permissive", 8, 9, 9), Of("permissive", 0), Of("permissive"),
            Of(null, 99), Of(null, 5, 5, 5, '1'), Of(null, 5, 5, 5, '2', 0, 3), Of(null, 5, 5, 5, '2', 1, 0), Of(null, 5, 5, 5, '2', 1, 1), Of(null, 5, 5),
            Of("no_license", 99), Of("non_permissive", 99), Of("something else", 1),
        ];
        for (var i = 0; i < ordered.Length; i++)
        {
            for (var k = 0; k < ordered.Length; k++)
                Assert.Equal(Math.Sign(i.CompareTo(k)), Math.Sign(Usual.Compare(ordered[i], ordered[k])));
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
        Candidate Make(string path, string content, string? license, long? stars, long? date, char id)
        {
            var record = new CodeRecord { Path = path, LicenseType = license, StarEventsCount = stars, CommitterDateMicros = date, ContentId = new string(id, 40), Content = new byte[content.Length] };
            return Candidate.Of(record, 0, 0, withPath: true);
        }

        Candidate[] all =
        [
            Make("popular", "x", "non_permissive", 900, 1, '5'), Make("free", "x", "permissive", 10, 1, '5'), Make("long", "xxxxxxxx", null, 1, 1, '5'), Make("a", "x", null, 1, 1, '5'),
            Make("new", "x", null, 1, 99, '5'), Make("first", "x", null, 0, 0, '1'),
        ];
        Assert.Equal(expected, all.Order(new Preference(rules.Split(',', StringSplitOptions.RemoveEmptyEntries))).First().Path);
    }

    [Fact]
    public void The_order_is_total_also_at_the_ends_of_the_numbers() =>
        Gen.Select(Gen.OneOf<string?>(null, "permissive", "no_license"), Gen.OneOf<long?>(null, long.MinValue, 0, long.MaxValue), Gen.OneOf<long?>(null, long.MinValue, 0, long.MaxValue), Gen.Int[0, 3])
            .Select(t => Of(t.Item1, t.Item2, t.Item2, t.Item3, (char)('0' + t.Item4), row: t.Item4)).Array[3].Sample(c =>
            {
                Assert.Equal(Math.Sign(Usual.Compare(c[0], c[1])), -Math.Sign(Usual.Compare(c[1], c[0])));
                if (Usual.Compare(c[0], c[1]) <= 0 && Usual.Compare(c[1], c[2]) <= 0)
                    Assert.True(Usual.Compare(c[0], c[2]) <= 0);
            });
}
