using System.Numerics;
using Stackmill.Core.Engine;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Core.Engine;

public sealed class ScratchChecksumTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData((1 << 18) - 1)]
    [InlineData(1 << 18)]
    [InlineData((1 << 19) + 7)]
    public void It_is_four_checksums_of_every_fourth_word_and_the_length(int length)
    {
        using var folder = new TempFolder();
        var bytes = Bytes(length);
        File.WriteAllBytes(folder["x"], bytes);
        var sums = new uint[] { uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue };
        var padded = new byte[(length + 31) / 32 * 32];
        bytes.CopyTo(padded, 0);
        for (var word = 0; word < padded.Length / 8; word++)
        {
            foreach (var one in padded.AsSpan(word * 8, 8))
                sums[word % 4] = BitOperations.Crc32C(sums[word % 4], one);
        }

        sums[0] = BitOperations.Crc32C(sums[0], (ulong)length);
        Assert.Equal((length, $"crc32c4:{sums[0]:x8}{sums[1]:x8}{sums[2]:x8}{sums[3]:x8}"), ScratchChecksum.Of(folder["x"]));
    }

    [Fact]
    public void Computed_while_it_is_written_in_pieces_of_any_size_it_is_the_same()
    {
        using var folder = new TempFolder();
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var bytes = Bytes(random.Next(0, 700));
            File.WriteAllBytes(folder["x"], bytes);
            var sum = new ScratchChecksum();
            for (var at = 0; at < bytes.Length;)
            {
                var next = Math.Min(bytes.Length, at + random.Next(0, 90));
                sum.Add(bytes.AsSpan(at, next - at));
                at = next;
            }

            Assert.Equal(ScratchChecksum.Of(folder["x"]), (sum.Length, sum.Finish()));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_output_that_is_longer_than_what_was_summed_is_not_published(int more)
    {
        using var folder = new TempFolder();
        var context = new ShardContext("stage", folder.Path, new NullObserver(), CancellationToken.None);
        var path = context.CreateOutput("x", "kind", "", static () => (0, 0));
        var sum = new ScratchChecksum();
        context.Checksummed(path, sum);
        sum.Add(Bytes(100));
        File.WriteAllBytes(path, [.. Bytes(100), .. new byte[more]]);

        if (more == 0)
            Assert.Equal(ScratchChecksum.Of(path).Checksum, Assert.Single(context.Publish(scratch: true)).Sha256);
        else
            Assert.Contains("has 101 bytes where 100 were written", Assert.Throws<IOException>(() => context.Publish(scratch: true)).Message, StringComparison.Ordinal);
        Assert.Equal(more == 0, File.Exists(folder["x"]));
    }

    [Fact]
    public void The_checksum_of_the_digits_one_to_nine_is_that_of_the_standard()
    {
        // RFC 3720 gives the initial value, the reflected polynomial and the final complement: E3069283 for "123456789".
        var sum = "123456789"u8.ToArray().Aggregate(uint.MaxValue, BitOperations.Crc32C);
        Assert.Equal(0xE3069283u, ~sum);
    }

    [Fact]
    public void Any_changed_byte_a_cut_and_added_zeros_change_it()
    {
        using var folder = new TempFolder();
        var bytes = Bytes(1000);
        File.WriteAllBytes(folder["x"], bytes);
        var seen = new HashSet<string> { ScratchChecksum.Of(folder["x"]).Checksum };
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            File.WriteAllBytes(folder["x"], bytes);
            Assert.True(seen.Add(ScratchChecksum.Of(folder["x"]).Checksum), $"byte {i} makes no difference");
            bytes[i] ^= 0x10;
        }

        for (var length = 0; length < 70; length++)
        {
            File.WriteAllBytes(folder["x"], new byte[length]);
            Assert.True(seen.Add(ScratchChecksum.Of(folder["x"]).Checksum), $"{length} zeros are as others");
        }
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
