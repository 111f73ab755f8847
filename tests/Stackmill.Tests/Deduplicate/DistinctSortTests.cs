using CsCheck;
using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed class DistinctSortTests
{
    [Fact]
    public void Gives_what_a_sorted_set_gives()
    {
        var sort = new DistinctSort();
        Gen.OneOf(Gen.ULong, Gen.ULong[0, 40], Gen.ULong[ulong.MaxValue - 3, ulong.MaxValue]).Array[0, 300]
            .Sample(values => AssertSorted(sort, values), threads: 1);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(2049)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(8193)]
    [InlineData(32_769)]
    [InlineData(131_073)]
    [InlineData(524_289)]
    public void Every_size_class_sorts_random_and_repeated_values(int count)
    {
        var random = new Random(count);
        var sort = new DistinctSort();
        AssertSorted(sort, [.. Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))]);
        AssertSorted(sort, [.. Enumerable.Range(0, count).Select(i => StableHash.Finalise((ulong)i % 17))]);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    public void Values_that_differ_only_below_the_sorted_bits_are_sorted_without_quadratic_shifting(int count)
    {
        // 300,000 values in falling order with equal leading bits: shifting one by one would move 4.5 × 10¹⁰.
        AssertSorted(new DistinctSort(), [.. Enumerable.Range(0, count).Select(i => (ulong)(count - i))]);
        AssertSorted(new DistinctSort(), [.. Enumerable.Range(0, count).Select(i => (ulong)(count - (i / 2)))]);
    }

    [Fact]
    public void Scratch_beyond_the_limit_is_given_back()
    {
        var sort = new DistinctSort();
        sort.Sort(new ulong[100_000]);
        Assert.True(sort.RetainedBytes > 800_000);
        sort.Trim(1000);
        Assert.True(sort.RetainedBytes < 100_000);
    }

    private static void AssertSorted(DistinctSort sort, ulong[] values)
    {
        ulong[] expected = [.. new SortedSet<ulong>(values)];
        int count = sort.Sort(values);
        Assert.Equal(expected, values[..count]);
    }
}
