using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SharpCompress.Compressors.BZip2;
using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>
/// Reads a zip by its central directory, an entry at a time: only that names every entry and its true sizes. The base library's reader
/// keeps the whole directory in memory, checks no CRC and gives no raw names, hence this one. Stored, deflate, bzip2 and zstd entries.
/// </summary>
internal sealed class ZipReader : ArchiveReader
{
    private const int HeaderBytes = 46;
    private const uint HeaderSignature = 0x02014B50;
    private const int LocalBytes = 30;
    private const uint LocalSignature = 0x04034B50;
    private const int UnixHost = 3;
    private const int EncryptedFlag = 1;
    private const int Utf8Flag = 1 << 11;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private static readonly Encoding Cp437 = CodePagesEncodingProvider.Instance.GetEncoding(437)!;

    private readonly Stream _directory;
    private readonly Stream _data;
    private readonly UnpackBudget _budget;
    private readonly ZipDirectory _place;
    private long _position;
    private long _entries;
    private ZipEntry _current;

    /// <summary>Opens a zip through two streams over it, which are closed with the reader.</summary>
    public ZipReader(Func<Stream> open, UnpackBudget budget)
    {
        _budget = budget;
        _data = open();
        Stream? directory = null;
        try
        {
            _place = ZipDirectory.Find(_data);
            directory = open();
            _directory = new BufferedStream(directory, 1 << 16);
            _directory.Position = _position = _place.Start;
        }
        catch (ArchiveFaultException)
        {
            directory?.Dispose();
            _data.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool Next(out ArchiveEntry entry)
    {
        entry = default;
        if (_position >= _place.End)
        {
            // Counts of the old form are kept modulo 65,536 by some writers.
            return (_entries & 0xFFFF) == (_place.Entries & 0xFFFF) ? false
                : throw ArchiveFaultException.Damaged($"its directory has {_entries} entries and should have {_place.Entries}");
        }

        Span<byte> header = stackalloc byte[HeaderBytes];
        ReadDirectory(header);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderSignature)
            throw ArchiveFaultException.Damaged($"its directory is broken behind entry {_entries}");
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]), nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        int extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]), commentBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
        var rest = new byte[nameBytes + extraBytes + commentBytes];
        ReadDirectory(rest);
        _entries++;
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]), unpacked = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]), local = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        var isWhole = Widen(rest.AsSpan(nameBytes, extraBytes), ref unpacked, ref packed, ref local);
        _current = new ZipEntry(BinaryPrimitives.ReadUInt16LittleEndian(header[10..]), BinaryPrimitives.ReadUInt32LittleEndian(header[16..]), packed, unpacked, local);

        var (name, isText) = Name(rest.AsSpan(0, nameBytes), (flags & Utf8Flag) != 0);
        var mode = header[5] == UnixHost ? (BinaryPrimitives.ReadUInt32LittleEndian(header[38..]) >> 16) & 0xF000 : 0;
        var kind = mode == 0xA000 ? EntryKind.SymbolicLink
            : mode == 0x4000 || name.EndsWith('/') || name.EndsWith('\\') ? EntryKind.Folder
            : mode is 0 or 0x8000 ? EntryKind.File : EntryKind.Special;
        var fault = !isText ? new RecordFaultException("unreadable", "its name is no valid UTF-8")
            : (flags & EncryptedFlag) != 0 ? new RecordFaultException("encrypted", "the entry is encrypted")
            : !isWhole ? new RecordFaultException("damaged_entry", "its 64-bit sizes are missing") : null;
        entry = new ArchiveEntry(name, kind, unpacked, fault);
        return true;
    }

    /// <inheritdoc/>
    public override Stream OpenContent()
    {
        Span<byte> local = stackalloc byte[LocalBytes];
        var start = _place.Shift + _current.Local;
        if (start < 0 || start > _place.Start - LocalBytes)
            throw new RecordFaultException("damaged_entry", "its data lies outside the file");
        _data.Position = start;
        _data.ReadExactly(local);
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalSignature)
            throw new RecordFaultException("damaged_entry", "there is no entry where the directory says");
        start += LocalBytes + BinaryPrimitives.ReadUInt16LittleEndian(local[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (start > _place.Start - _current.Packed)
            throw new RecordFaultException("damaged_entry", "its data goes beyond the file");
        _data.Position = start;
        var packed = new ZipSlice(_data, _current.Packed);
        Stream inner = _current.Method switch
        {
            0 => packed,
            8 => new DeflateStream(packed, CompressionMode.Decompress),
            12 => ZipContent.Guard(() => BZip2Stream.Create(packed, SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: false)),
            93 => new ZstdSharp.DecompressionStream(packed),
            _ => throw new RecordFaultException("unsupported_compression", $"the entry is compressed by method {_current.Method}; stored, deflate, bzip2 and zstd are read"),
        };
        return new ZipContent(inner, _current.Unpacked, _current.Crc, _budget);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _directory.Dispose();
        _data.Dispose();
    }

    private void ReadDirectory(Span<byte> target)
    {
        _position += target.Length;
        if (_position > _place.End)
            throw ArchiveFaultException.Damaged($"its directory is broken behind entry {_entries}");
        _directory.ReadExactly(target);
    }

    // Names without the flag are CP437 by the format, and UTF-8 by many writers: bytes that are UTF-8 by chance are rare.
    private static (string Name, bool IsText) Name(ReadOnlySpan<byte> bytes, bool isUtf8)
    {
        if (isUtf8)
            return EntryNames.Decode(bytes);
        try
        {
            return (StrictUtf8.GetString(bytes), true);
        }
        catch (DecoderFallbackException)
        {
            return (Cp437.GetString(bytes), true);
        }
    }

    // The extra field 0x0001 holds, in this order, those of the values that are all ones in the header (APPNOTE 4.5.3).
    private static bool Widen(ReadOnlySpan<byte> extra, ref long unpacked, ref long packed, ref long local)
    {
        if (unpacked != uint.MaxValue && packed != uint.MaxValue && local != uint.MaxValue)
            return true;
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra), size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4)
                return false;
            if (id == 1)
            {
                var field = extra.Slice(4, size);
                return Wide(ref field, ref unpacked) && Wide(ref field, ref packed) && Wide(ref field, ref local);
            }

            extra = extra[(4 + size)..];
        }

        return false;
    }

    private static bool Wide(ref ReadOnlySpan<byte> field, ref long value)
    {
        if (value != uint.MaxValue)
            return true;
        if (field.Length < 8 || (value = BinaryPrimitives.ReadInt64LittleEndian(field)) < 0)
            return false;
        field = field[8..];
        return true;
    }

    private readonly record struct ZipEntry(int Method, uint Crc, long Packed, long Unpacked, long Local);
}
