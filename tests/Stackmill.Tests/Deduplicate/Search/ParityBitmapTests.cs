using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Search;

namespace Stackmill.Tests.Deduplicate.Search;

public sealed class ParityBitmapTests
{
    [Fact]
    public void It_never_rules_out_a_pair_that_reaches_the_threshold()
    {
        var random = new Random(7);
        for (var round = 0; round < 5000; round++)
        {
            var (left, right) = Pair(random, random.Next(1, 1500), random.NextDouble());
            var common = left.Intersect(right).Count();
            var distance = ParityBitmap.Distance(ParityBitmap.Of(left), ParityBitmap.Of(right));
            Assert.True(distance <= left.Length + right.Length - (2 * common), $"round {round}");
        }
    }

    [Fact]
    public void Sets_of_a_hundred_with_half_in_common_are_told_apart_from_similar_ones()
    {
        var random = new Random(8);
        var ruledOut = 0;
        for (var round = 0; round < 1000; round++)
        {
            var (left, right) = Pair(random, 100, 0.5);
            var allowed = left.Length + right.Length - (2 * Jaccard.MinIntersection(left.Length, right.Length, 0.85));
            ruledOut += ParityBitmap.Distance(ParityBitmap.Of(left), ParityBitmap.Of(right)) > allowed ? 1 : 0;
        }

        Assert.InRange(ruledOut, 990, 1000);
    }

    [Fact]
    public void Equal_sets_do_not_differ_and_the_empty_one_has_no_bit()
    {
        var (left, _) = Pair(new Random(9), 300, 0.5);
        Assert.Equal(0, ParityBitmap.Distance(ParityBitmap.Of(left), ParityBitmap.Of([.. left.Reverse()])));
        Assert.Equal(0, ParityBitmap.Distance(ParityBitmap.Of([]), default));
    }

    // Two sets of random hashes that share about this much of the first.
    private static (ulong[] Left, ulong[] Right) Pair(Random random, int size, double share)
    {
        var left = Enumerable.Range(0, size).Select(_ => (ulong)random.NextInt64()).Distinct().ToArray();
        var right = left.Select(h => random.NextDouble() < share ? h : (ulong)random.NextInt64()).Distinct().ToArray();
        return (left, right);
    }
}
