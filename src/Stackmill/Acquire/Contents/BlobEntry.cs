using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Stackmill.Acquire.Contents;

/// <summary>Where an entry lies in its segment.</summary>
/// <param name="Offset">First byte of the entry.</param>
/// <param name="Length">Bytes of its content, as they came.</param>
internal readonly record struct BlobPlace(long Offset, int Length);

/// <summary>
/// Form of an entry of a segment: <c>SMB1</c>, id (20 bytes), length (4), CRC-32 of all the rest (4), the bytes; numbers are
/// little-endian.
/// </summary>
internal static class BlobEntry
{
    /// <summary>Bytes before the content's.</summary>
    public const int HeaderBytes = 4 + BlobId.Size + 4 + 4;

    private const uint Magic = 0x31424D53;
    private const int LengthAt = 4 + BlobId.Size;
    private const int ChecksumAt = LengthAt + 4;

    /// <summary>Writes an entry; the target is as long as the header and the content.</summary>
    public static void Write(Span<byte> entry, BlobId id, ReadOnlySpan<byte> packed)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(entry, Magic);
        id.Write(entry[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(entry[LengthAt..], packed.Length);
        packed.CopyTo(entry[HeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[ChecksumAt..], Checksum(entry));
    }

    /// <summary>True when the bytes are a whole entry of this id.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> entry, BlobId id) =>
        BinaryPrimitives.ReadUInt32LittleEndian(entry) == Magic
        && BlobId.Read(entry[4..]) == id
        && BinaryPrimitives.ReadInt32LittleEndian(entry[LengthAt..]) == entry.Length - HeaderBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(entry[ChecksumAt..]) == Checksum(entry);

    /// <summary>
    /// Reads a segment's entries from an offset on, up to the first that is not whole: a process was killed while it wrote it.
    /// </summary>
    /// <returns>Where the whole ones end.</returns>
    public static long Scan(SafeFileHandle segment, long from, Action<BlobId, BlobPlace> found)
    {
        var buffer = new byte[1 << 16];
        var (position, end) = (from, RandomAccess.GetLength(segment));
        while (end - position >= HeaderBytes && Fill(segment, buffer.AsSpan(0, HeaderBytes), position))
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(LengthAt));
            if (BinaryPrimitives.ReadUInt32LittleEndian(buffer) != Magic || length < 0 || length > end - position - HeaderBytes)
                break;
            if (buffer.Length < HeaderBytes + length)
                Array.Resize(ref buffer, HeaderBytes + length);
            var id = BlobId.Read(buffer.AsSpan(4));
            if (!Fill(segment, buffer.AsSpan(0, HeaderBytes + length), position) || !IsWhole(buffer.AsSpan(0, HeaderBytes + length), id))
                break;
            found(id, new BlobPlace(position, length));
            position += HeaderBytes + length;
        }

        return position;
    }

    /// <summary>Reads as many bytes as fit; false when there are fewer.</summary>
    public static bool Fill(SafeFileHandle file, Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(file, target, offset);
            if (read == 0)
                return false;
            target = target[read..];
            offset += read;
        }

        return true;
    }

    // Over the head too: zeros from a disk that lost its last writes must not pass for an empty content.
    private static uint Checksum(ReadOnlySpan<byte> entry)
    {
        var crc = new Crc32();
        crc.Append(entry[..ChecksumAt]);
        crc.Append(entry[HeaderBytes..]);
        return crc.GetCurrentHashAsUInt32();
    }
}
