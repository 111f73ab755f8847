using System.Buffers;
using System.IO.Compression;
using System.Text;
using CsCheck;
using Stackmill.Acquire.Contents;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Acquire.Contents;

public sealed class BlobContentTests
{
    private const long Limit = 1 << 20;

    private static BlobAnswer Unpack(BlobId id, byte[] packed, long limit = Limit) => BlobContent.Unpack(id, packed, packed.Length, limit);

    [Fact]
    public void Packed_and_plain_bytes_come_back_as_they_were() =>
        Gen.Byte.Array[0, 5000].Sample(content =>
        {
            foreach (var packed in new[] { BlobServer.Pack(content), content })
            {
                var answer = Unpack(BlobId.Of(content), packed);
                Assert.Equal(BlobStatus.Fetched, answer.Status);
                Assert.Equal(content, answer.Buffer.AsSpan(0, answer.Length).ToArray());
                ArrayPool<byte>.Shared.Return(answer.Buffer);
            }
        }, iter: 200);

    [Fact]
    public void Bytes_that_were_cut_or_changed_anywhere_never_pass() =>
        Gen.Select(Gen.Byte.Array[1, 3000], Gen.Double[0, 1], Gen.Bool).Sample((content, where, cut) =>
        {
            var packed = BlobServer.Pack(content);
            var at = Math.Min((int)(packed.Length * where), packed.Length - 1);
            if (cut)
                packed = packed[..at];
            else
                packed[at] ^= 0x10;
            var answer = Unpack(BlobId.Of(content), packed);
            // A changed byte of the header (time, system) leaves the content what it was.
            if (answer.Status == BlobStatus.Fetched)
                Assert.Equal(content, answer.Buffer.AsSpan(0, answer.Length).ToArray());
            else
                Assert.Contains(answer.Status, new[] { BlobStatus.BadGzip, BlobStatus.WrongHash, BlobStatus.TooLarge });
            Assert.False(cut && answer.Status == BlobStatus.Fetched);
        }, iter: 500);

    [Fact]
    public void A_bomb_is_stopped_at_the_limit_with_little_memory()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 200; i++)
                gzip.Write(zeros);
        }

        var bytes = packed.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var answer = Unpack(default, bytes, 100_000);
        Assert.Equal(BlobStatus.TooLarge, answer.Status);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    [Fact]
    public void A_length_that_is_a_lie_costs_no_memory()
    {
        var content = Encoding.ASCII.GetBytes("x = 1\n");
        var packed = BlobServer.Pack(content);
        packed.AsSpan(packed.Length - 4).Fill(0x7F);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(BlobStatus.BadGzip, Unpack(BlobId.Of(content), packed, 100 << 20).Status);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);

        // And one that is right may be far above what code has.
        var zeros = new byte[1 << 19];
        Assert.Equal((BlobStatus.Fetched, zeros.Length), Unpack(BlobId.Of(zeros), BlobServer.Pack(zeros)) is var answer ? (answer.Status, answer.Length) : default);
    }

    [Fact]
    public void Other_bytes_are_told_with_their_hash_and_never_quoted()
    {
        var answer = Unpack(BlobId.Of(Encoding.ASCII.GetBytes("a")), BlobServer.Pack(Encoding.ASCII.GetBytes("secret")));
        Assert.Equal(BlobStatus.WrongHash, answer.Status);
        Assert.Equal("6 bytes with the SHA-1 e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4", answer.Detail);
    }
}
