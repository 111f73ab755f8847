using CsCheck;
using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed class ShingleCacheTests
{
    [Fact]
    public void Every_set_that_is_held_is_the_one_that_was_put_in_whatever_the_order_and_sizes() =>
        Gen.Select(Gen.Int[0, 40].Array[1, 400], Gen.Int[1, 200]).Sample((sizes, capacity) =>
        {
            var cache = new ShingleCache(capacity * sizeof(ulong));
            for (var i = 0; i < sizes.Length; i++)
            {
                var set = new ShingleReference(0, sizes[i] % 37 * (i % 5), i % 50);
                if (!cache.TryRead(set, out _))
                    Fill(cache.MakePlace(set), set);
                // Whatever is held now, the last one before all, has its own values.
                for (var k = Math.Max(0, i - 60); k <= i; k++)
                {
                    var other = new ShingleReference(0, sizes[k] % 37 * (k % 5), k % 50);
                    if (!cache.TryRead(other, out var values))
                        continue;
                    Assert.Equal(other.Count, values.Length);
                    foreach (var value in values)
                        Assert.Equal(Value(other), value);
                }
            }
        });

    [Fact]
    public void The_sets_last_read_are_held_as_far_as_there_is_room()
    {
        var cache = new ShingleCache(100 * sizeof(ulong));
        for (var i = 0; i < 1000; i++)
        {
            Fill(cache.MakePlace(new ShingleReference(0, 10, i)), new ShingleReference(0, 10, i));
            Assert.Equal(Math.Min(i + 1, 10), cache.Count);
            Assert.Equal(i >= 9, cache.TryRead(new ShingleReference(0, 10, i - 9), out _));
            Assert.False(cache.TryRead(new ShingleReference(0, 10, i - 10), out _));
        }
    }

    [Fact]
    public void A_set_above_the_limit_has_a_place_and_is_not_held()
    {
        var cache = new ShingleCache(80);
        Assert.Equal(50, cache.MakePlace(new ShingleReference(0, 50, 0)).Length);
        Assert.Equal(0, cache.Count);
        Assert.False(cache.TryRead(new ShingleReference(0, 50, 0), out _));
    }

    private static void Fill(Span<ulong> place, ShingleReference set) => place.Fill(Value(set));

    private static ulong Value(ShingleReference set) => ((ulong)set.Offset << 32) + (ulong)set.Count;
}
