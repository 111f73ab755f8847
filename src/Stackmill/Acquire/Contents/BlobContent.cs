using System.IO.Compression;

namespace Stackmill.Acquire.Contents;

/// <summary>Unpacks a fetched content and holds it against its id.</summary>
internal static class BlobContent
{
    /// <summary>
    /// Unpacks gzip bytes, or takes bytes that are not packed as they are, into a rented buffer. It never holds more than
    /// <paramref name="maxBytes"/> and one buffer's rounding, whatever the packed bytes claim.
    /// </summary>
    /// <returns>The content, <see cref="BlobStatus.TooLarge"/>, <see cref="BlobStatus.BadGzip"/> or <see cref="BlobStatus.WrongHash"/>.</returns>
    public static BlobAnswer Unpack(BlobId id, byte[] packed, int length, long maxBytes)
    {
        if (length < 2 || packed[0] != 0x1F || packed[1] != 0x8B)
            return Plain(id, packed, length, maxBytes);
        // The last four bytes of gzip tell the length (RFC 1952); in data that was cut they tell anything. So they are believed as far
        // as code is packed, to a twentieth at best, and the buffer grows beyond that.
        var told = length >= 18 ? BitConverter.ToUInt32(packed, length - 4) : 0;
        var buffer = BlobBuffers.Rent((int)Math.Clamp(told + 1L, 256, Math.Min(maxBytes + 1, 256 + (length * 20L))));
        var given = false;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed, 0, length, writable: false), CompressionMode.Decompress);
            var used = 0;
            while (true)
            {
                var read = gzip.Read(buffer, used, buffer.Length - used);
                if (read == 0)
                    break;
                used += read;
                if (used > maxBytes)
                    return BlobAnswer.Without(BlobStatus.TooLarge, $"more than {maxBytes} bytes unpacked");
                if (used < buffer.Length)
                    continue;
                var larger = BlobBuffers.Rent(buffer.Length * 2);
                buffer.CopyTo(larger, 0);
                BlobBuffers.Return(buffer);
                buffer = larger;
            }

            if (BlobId.Of(buffer.AsSpan(0, used)) != id)
                return WrongHash(buffer.AsSpan(0, used));
            given = true;
            return new BlobAnswer(BlobStatus.Fetched, buffer, used, "");
        }
        catch (InvalidDataException fault)
        {
            return BlobAnswer.Without(BlobStatus.BadGzip, $"{length} bytes that are no whole gzip data: {fault.Message}");
        }
        finally
        {
            if (!given)
                BlobBuffers.Return(buffer);
        }
    }

    private static BlobAnswer Plain(BlobId id, byte[] bytes, int length, long maxBytes)
    {
        if (length > maxBytes)
            return BlobAnswer.Without(BlobStatus.TooLarge, $"{length} bytes, at most {maxBytes}");
        if (BlobId.Of(bytes.AsSpan(0, length)) != id)
            return BlobAnswer.Without(BlobStatus.BadGzip, $"{length} bytes that neither begin as gzip nor have the SHA-1");
        var copy = BlobBuffers.Rent(Math.Max(1, length));
        bytes.AsSpan(0, length).CopyTo(copy);
        return new BlobAnswer(BlobStatus.Fetched, copy, length, "");
    }

    private static BlobAnswer WrongHash(ReadOnlySpan<byte> content) =>
        BlobAnswer.Without(BlobStatus.WrongHash, $"{content.Length} bytes with the SHA-1 {BlobId.Of(content)}");
}
