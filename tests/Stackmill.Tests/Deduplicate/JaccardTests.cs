using CsCheck;
using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed class JaccardTests
{
    private static readonly Gen<ulong[]> s_set = Gen.ULong[0, 400].Array[1, 300].Select(static values => new SortedSet<ulong>(values).ToArray());

    [Fact]
    public void Similarity_is_what_hash_sets_give() =>
        Gen.Select(s_set, s_set).Sample((left, right) =>
        {
            int common = Jaccard.Intersection(left, right, 0);
            Assert.Equal(left.Intersect(right).Count(), common);
            Assert.Equal(NaiveShingles.Similarity(left, right), Jaccard.Similarity(common, left.Length, right.Length));
        });

    [Fact]
    public void It_gives_up_exactly_when_the_needed_intersection_is_not_reached() =>
        Gen.Select(s_set, s_set, Gen.Int[0, 300]).Sample((left, right, needed) =>
        {
            int common = left.Intersect(right).Count();
            foreach (SimdLevel level in Enum.GetValues<SimdLevel>())
                Assert.Equal(common >= needed ? common : -1, Jaccard.Intersection(left, right, needed, level));
        });

    [Fact]
    public void Elements_are_found_at_every_distance_within_eight_of_each_set()
    {
        // Neighbouring numbers, as sets of 7 to 17 and of 12, moved against each other: each lane of one meets each lane of the other.
        for (int shift = -12; shift <= 12; shift++)
        {
            for (int length = 7; length <= 17; length++)
            {
                ulong[] left = [.. Enumerable.Range(20, length).Select(static i => ulong.MaxValue - (ulong)(40 - i))];
                ulong[] right = [.. Enumerable.Range(20 + shift, 12).Select(static i => ulong.MaxValue - (ulong)(40 - i))];
                foreach (SimdLevel level in Enum.GetValues<SimdLevel>())
                    Assert.Equal(left.Intersect(right).Count(), Jaccard.Intersection(left, right, 0, level));
            }
        }
    }

    [Fact]
    public void The_least_intersection_for_a_similarity_is_least() =>
        Gen.Select(Gen.Int[1, 5000], Gen.Int[1, 5000], Gen.OneOf(Gen.Double[0.5, 1], Gen.Int[10, 20].Select(static i => i / 20.0)))
            .Sample((left, right, similarity) =>
            {
                int needed = Jaccard.MinIntersection(left, right, similarity);
                Assert.True(Jaccard.Similarity(needed, left, right) >= similarity);
                Assert.True(needed == 0 || Jaccard.Similarity(needed - 1, left, right) < similarity);
            });

    [Theory]
    [InlineData(100, 100, 1.0, 100)]
    [InlineData(100, 101, 1.0, 101)]
    [InlineData(100, 80, 0.8, 80)]
    [InlineData(17, 20, 0.85, 17)]
    [InlineData(int.MaxValue / 2, int.MaxValue / 2, 1.0, int.MaxValue / 2)]
    public void Boundaries_fall_on_the_kept_side(int left, int right, double similarity, int needed) =>
        Assert.Equal(needed, Jaccard.MinIntersection(left, right, similarity));
}
