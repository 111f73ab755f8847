using System.Buffers.Binary;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>Where the central directory of a zip lies (APPNOTE 4.3.12 to 4.3.16).</summary>
/// <param name="Start">First byte of the directory.</param>
/// <param name="End">Byte behind it.</param>
/// <param name="Entries">Entries that it should have.</param>
/// <param name="Shift">Bytes before the zip (a program that unpacks itself), to be added to the offsets of entries.</param>
internal readonly record struct ZipDirectory(long Start, long End, long Entries, long Shift)
{
    private const int EndBytes = 22;
    private const int MostComment = 0xFFFF;
    private const uint EndSignature = 0x06054B50;
    private const int LocatorBytes = 20;
    private const uint LocatorSignature = 0x07064B50;
    private const int End64Bytes = 56;
    private const uint End64Signature = 0x06064B50;

    /// <summary>Finds it.</summary>
    /// <exception cref="ArchiveFaultException">There is none.</exception>
    public static ZipDirectory Find(Stream stream)
    {
        var length = stream.Length;
        var tail = new byte[(int)Math.Min(length, EndBytes + MostComment)];
        stream.Position = length - tail.Length;
        stream.ReadExactly(tail);
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature || BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) > end.Length - EndBytes)
                continue;
            var position = length - tail.Length + at;
            long entries = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]), size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]), offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
            if ((entries == 0xFFFF || size == uint.MaxValue || offset == uint.MaxValue) && Find64(stream, position) is { } wide)
                (position, entries, size, offset) = wide;
            var shift = position - size - offset;
            if (size < 0 || offset < 0 || shift < 0)
                throw ArchiveFaultException.Damaged("its directory lies outside the file: the file may have been cut");
            return new ZipDirectory(position - size, position, entries, shift);
        }

        throw ArchiveFaultException.Damaged("it has no directory at its end: the file may have been cut, or is no zip");
    }

    private static (long Position, long Entries, long Size, long Offset)? Find64(Stream stream, long end)
    {
        Span<byte> locator = stackalloc byte[LocatorBytes];
        if (end < LocatorBytes)
            return null;
        stream.Position = end - LocatorBytes;
        stream.ReadExactly(locator);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorSignature)
            return null;
        // Its own offset does not know of bytes before the zip: the record lies right before the locator too.
        var stated = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        Span<byte> record = stackalloc byte[End64Bytes];
        foreach (var at in (ReadOnlySpan<long>)[stated, end - LocatorBytes - End64Bytes])
        {
            if (at < 0 || at > end - LocatorBytes - End64Bytes)
                continue;
            stream.Position = at;
            stream.ReadExactly(record);
            if (BinaryPrimitives.ReadUInt32LittleEndian(record) == End64Signature)
                return (at, BinaryPrimitives.ReadInt64LittleEndian(record[32..]), BinaryPrimitives.ReadInt64LittleEndian(record[40..]), BinaryPrimitives.ReadInt64LittleEndian(record[48..]));
        }

        throw ArchiveFaultException.Damaged("its 64-bit directory record is missing");
    }
}
