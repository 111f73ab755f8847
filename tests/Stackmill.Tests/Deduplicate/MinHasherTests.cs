using CsCheck;
using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed class MinHasherTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(128)]
    [InlineData(252)]
    [InlineData(300)]
    public void Every_level_gives_the_bits_of_the_scalar_one(int permutations)
    {
        var scalar = new MinHasher(permutations, SimdLevel.Scalar);
        MinHasher[] others = [.. Enum.GetValues<SimdLevel>().Skip(1).Select(level => new MinHasher(permutations, level))];
        Assert.Equal(3, others.Length);
        Gen.ULong.Array[1, 70].Sample(set =>
        {
            foreach (MinHasher other in others)
                Assert.Equal(Signature(scalar, set), Signature(other, set));
        }, iter: 50);
    }

    [Theory]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(9000)]
    public void Sets_longer_than_a_chunk_count_whole(int count)
    {
        ulong[] set = Set(1, count);
        uint[] expected = Signature(new MinHasher(40, SimdLevel.Scalar), set[..(count / 2)])
            .Zip(Signature(new MinHasher(40, SimdLevel.Scalar), set[(count / 2)..]), Math.Min).ToArray();
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>())
            Assert.Equal(expected, Signature(new MinHasher(40, level), set));
    }

    [Fact]
    public void The_order_of_the_set_and_the_number_of_permutations_do_not_matter()
    {
        ulong[] set = Set(2, 500);
        uint[] signature = Signature(new MinHasher(252), set);
        Assert.Equal(signature, Signature(new MinHasher(252), [.. set.Reverse()]));
        Assert.Equal(signature[..60], Signature(new MinHasher(60), set));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.7)]
    [InlineData(0.85)]
    [InlineData(0.95)]
    public void The_share_of_equal_min_hashes_estimates_the_similarity_without_bias_or_extra_variance(double similarity)
    {
        const int pairs = 400, size = 300, permutations = 252;
        var hasher = new MinHasher(permutations);
        int common = Jaccard.MinIntersection(size, size, similarity);
        double exact = Jaccard.Similarity(common, size, size);
        double sum = 0, squares = 0;
        for (int pair = 0; pair < pairs; pair++)
        {
            ulong[] shared = Set(3 * pair, common);
            uint[] left = Signature(hasher, [.. shared, .. Set((3 * pair) + 1, size - common)]);
            uint[] right = Signature(hasher, [.. shared, .. Set((3 * pair) + 2, size - common)]);
            double share = left.Zip(right).Count(static both => both.First == both.Second) / (double)permutations;
            sum += share;
            squares += (share - exact) * (share - exact);
        }

        // Independent permutations give the variance of a binomial share; 4 standard errors for the mean,
        // and for the variance (whose relative standard error is √(2/400) = 7 %) 30 % either way.
        double variance = exact * (1 - exact) / permutations;
        Assert.InRange((sum / pairs) - exact, -4 * Math.Sqrt(variance / pairs), 4 * Math.Sqrt(variance / pairs));
        Assert.InRange(squares / pairs / variance, 0.7, 1.3);
    }

    [Fact]
    public void Signatures_stay_what_they_were()
    {
        // Computed from the documented scheme by a program in another language: kept indices are compared with new documents.
        uint[] signature = Signature(new MinHasher(4), [1UL << 32, 0xdeadbeef00000000, ulong.MaxValue]);
        Assert.Equal([515806451u, 1746363231u, 646174503u, 1619756717u], signature);
        Assert.Equal(0x2365c705435a4990UL, StableHash.Band(signature));
    }

    internal static ulong[] Set(int seed, int count) =>
        [.. Enumerable.Range(0, count).Select(i => StableHash.Finalise(((ulong)seed << 32) + (ulong)i + 1))];

    internal static uint[] Signature(MinHasher hasher, ulong[] set)
    {
        var signature = new uint[hasher.PaddedLength];
        hasher.Compute(set, signature);
        return signature[..hasher.Permutations];
    }
}
