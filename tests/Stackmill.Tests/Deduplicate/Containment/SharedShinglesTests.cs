using CsCheck;
using Stackmill.Deduplicate.Containment;

namespace Stackmill.Tests.Deduplicate.Containment;

public sealed class SharedShinglesTests
{
    private static readonly Gen<ulong[]> Sets = Gen.Select(Gen.Int[0, 300], Gen.ULong[1, 2000], (count, most) => (count, most))
        .SelectMany(x => Gen.ULong[0, x.most].Array[x.count]).Select(a => a.Distinct().Order().ToArray());

    [Fact]
    public void Shared_shingles_are_counted_exactly_or_known_to_be_too_few() => Gen.Select(Sets, Sets, Gen.Int[0, 300]).Sample((smaller, larger, needed) =>
    {
        var shared = smaller.Intersect(larger).Count();
        Assert.Equal(shared, SharedShingles.Count(smaller, larger, 0));
        Assert.Equal(shared >= needed, SharedShingles.Count(smaller, larger, needed) >= needed);
    });

    [Fact]
    public void A_small_set_is_looked_up_in_a_much_larger_one_exactly() => Gen.Select(Gen.ULong[0, 50_000].Array[0, 60], Gen.Int[0, 60]).Sample((values, needed) =>
    {
        var smaller = values.Distinct().Order().ToArray();
        var larger = Enumerable.Range(0, 20_000).Select(i => (ulong)i * 3).ToArray();
        var shared = smaller.Count(v => v % 3 == 0 && v < 60_000);
        Assert.Equal(shared, SharedShingles.Count(smaller, larger, 0));
        Assert.Equal(shared >= needed, SharedShingles.Count(smaller, larger, needed) >= needed);
    });

    [Fact]
    public void The_needed_number_is_the_smallest_that_the_deciding_division_accepts() => Gen.Select(Gen.Int[1, 100_000], Gen.Double[0.5, 1]).Sample((count, threshold) =>
    {
        var needed = SharedShingles.Needed(count, threshold);
        Assert.True((double)needed / count >= threshold);
        Assert.True(needed == 0 || (double)(needed - 1) / count < threshold);
    });

    [Fact]
    public void A_sample_is_the_same_share_of_every_file_and_asks_for_more_than_may_be_lacking()
    {
        var sample = new ShingleSample(new ContainmentOptions { MinShingles = 160, Threshold = 0.9 });
        var shingles = Enumerable.Range(0, 10_000).Select(i => (ulong)i * (ulong.MaxValue / 10_000)).ToArray();
        Assert.Equal(10, sample.Scale);
        Assert.Equal(1000.0, sample.Of(shingles).Length, 1.0);
        Assert.Equal((1, 4, 101 + 37), (sample.Asked(1), sample.Asked(5), sample.Asked(1000)));

        var all = new ShingleSample(new ContainmentOptions { MinShingles = 16, Threshold = 0.9 });
        Assert.Equal((1, 10_000, 101), (all.Scale, all.Of(shingles).Length, all.Asked(1000)));
    }
}
