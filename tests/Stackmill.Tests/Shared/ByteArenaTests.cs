using CsCheck;
using Stackmill.Shared;

namespace Stackmill.Tests.Shared;

public sealed class ByteArenaTests
{
    [Fact]
    public void Copies_stay_what_they_were_until_the_reset() =>
        Gen.OneOf(Gen.Int[0, 5000], Gen.Int[500_000, 600_000]).Array[0, 20].Array[1, 3].Sample(rounds =>
        {
            var arena = new ByteArena();
            foreach (var lengths in rounds)
            {
                var copies = lengths.Select((length, i) => arena.Copy(Enumerable.Repeat((byte)i, length).ToArray())).ToList();
                Assert.Equal(lengths.Sum(l => (long)l), arena.Bytes);
                for (var i = 0; i < copies.Count; i++)
                {
                    Assert.Equal(lengths[i], copies[i].Length);
                    Assert.False(copies[i].Span.ContainsAnyExcept((byte)i));
                }

                arena.Reset();
                Assert.Equal(0, arena.Bytes);
            }
        }, iter: 30);

    [Fact]
    public void Slabs_are_used_again_after_a_reset()
    {
        var arena = new ByteArena();
        var first = arena.Reserve(10);
        arena.Reset();
        Assert.True(first.Span.Overlaps(arena.Reserve(10).Span));
    }
}
