using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed class BandKeysTests
{
    [Fact]
    public void A_band_key_depends_on_every_value_of_its_band_and_on_no_other()
    {
        uint[] signature = [.. Enumerable.Range(0, 12).Select(static i => (uint)i * 77)];
        ulong[] original = Keys(signature);
        for (int changed = 0; changed < signature.Length; changed++)
        {
            uint[] other = [.. signature];
            other[changed] ^= 1;
            ulong[] keys = Keys(other);
            for (int band = 0; band < 3; band++)
                Assert.Equal(band == changed / 4, keys[band] != original[band]);
        }
        Assert.NotEqual(Keys([1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0])[0], Keys([2, 1, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0])[0]);
    }

    [Theory]
    [InlineData(42, 6, 0.85)]
    [InlineData(42, 6, 0.7)]
    [InlineData(50, 5, 0.5)]
    public void Pairs_become_candidates_as_often_as_the_formula_says(int bands, int rows, double similarity)
    {
        const int pairs = 1000, size = 200;
        var parameters = new LshParameters(0.85, bands, rows);
        var hasher = new MinHasher(parameters.Permutations);
        int common = Jaccard.MinIntersection(size, size, similarity);
        int candidates = 0;
        for (int pair = 0; pair < pairs; pair++)
        {
            ulong[] shared = MinHasherTests.Set(3 * pair, common);
            ulong[] left = Cut(hasher, parameters, [.. shared, .. MinHasherTests.Set((3 * pair) + 1, size - common)]);
            ulong[] right = Cut(hasher, parameters, [.. shared, .. MinHasherTests.Set((3 * pair) + 2, size - common)]);
            candidates += left.Zip(right).Any(static both => both.First == both.Second) ? 1 : 0;
        }
        double expected = parameters.CandidateProbability(Jaccard.Similarity(common, size, size));
        double error = Math.Sqrt(expected * (1 - expected) / pairs) + (1.0 / pairs);
        Assert.InRange((double)candidates / pairs, expected - (4 * error), expected + (4 * error));
    }

    private static ulong[] Keys(uint[] signature)
    {
        var keys = new ulong[3];
        BandKeys.Hash(signature, 4, keys);
        return keys;
    }

    private static ulong[] Cut(MinHasher hasher, LshParameters parameters, ulong[] set)
    {
        var keys = new ulong[parameters.Bands];
        BandKeys.Hash(MinHasherTests.Signature(hasher, set), parameters.Rows, keys);
        return keys;
    }
}
