using System.IO.Hashing;
using SharpCompress.Common;
using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>A part of a stream.</summary>
internal sealed class ZipSlice(Stream stream, long length) : ForwardStream
{
    private long _left = length;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = stream.Read(buffer, offset, (int)Math.Min(count, _left));
        _left -= read;
        return read;
    }
}

/// <summary>The unpacked bytes of a zip entry, held against the length and CRC-32 that the directory states.</summary>
internal sealed class ZipContent(Stream inner, long length, uint crc, UnpackBudget budget) : ForwardStream
{
    private readonly Crc32 _crc = new();
    private long _read;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        if (count == 0)
            return 0;
        var read = Guard(() => inner.Read(buffer, offset, count));
        budget.Take(read);
        _read += read;
        _crc.Append(buffer.AsSpan(offset, read));
        if (_read > length || (read == 0 && _read < length))
            throw new RecordFaultException("damaged_entry", $"it unpacks to {(_read > length ? "more" : "fewer")} bytes than the {length} that the directory states");
        if (read == 0 && _crc.GetCurrentHashAsUInt32() != crc)
            throw new RecordFaultException("damaged_entry", "its checksum (CRC-32) is wrong");
        return read;
    }

    /// <summary>Does a step of a decompressor; its faults are the entry's.</summary>
    public static T Guard<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException or SharpCompressException or IndexOutOfRangeException or ArgumentException or OverflowException or InvalidOperationException or NotSupportedException or NullReferenceException)
        {
            throw new RecordFaultException("damaged_entry", $"its compressed data is damaged ({fault.GetType().Name})", fault);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
