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
