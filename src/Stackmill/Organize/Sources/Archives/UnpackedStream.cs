using System.IO.Compression;
using SharpCompress.Common;
using SharpCompress.Compressors.BZip2;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>The unpacked bytes of a compressed tar: counted, and with every fault of the decompressor told as damage to the archive.</summary>
internal sealed class UnpackedStream : ForwardStream
{
    private readonly Stream _inner;
    private readonly UnpackBudget _budget;

    private UnpackedStream(Stream inner, UnpackBudget budget) => (_inner, _budget) = (inner, budget);

    /// <summary>Unpacks <paramref name="packed"/>, which is closed with the result.</summary>
    public static UnpackedStream Open(Stream packed, ArchiveCompression compression, UnpackBudget budget)
    {
        Stream? inner = null;
        try
        {
            inner = Guard(() => compression switch
            {
                ArchiveCompression.Gzip => new GZipStream(packed, CompressionMode.Decompress),
                ArchiveCompression.Zstd => new ZstdSharp.DecompressionStream(packed, leaveOpen: false),
                ArchiveCompression.Xz => new XzStreams(packed),
                ArchiveCompression.Bzip2 => BZip2Stream.Create(packed, SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: true),
                _ => packed,
            });
            return new UnpackedStream(inner, budget);
        }
        finally
        {
            if (inner is null)
                packed.Dispose();
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = Guard(() => _inner.Read(buffer, offset, count));
        _budget.Take(read);
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner.Dispose();
        base.Dispose(disposing);
    }

    // The managed xz and bzip2 decoders meet damage also as an index or a number that does not fit.
    private static T Guard<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException or SharpCompressException or IndexOutOfRangeException or ArgumentException or OverflowException or InvalidOperationException or NotSupportedException or NullReferenceException)
        {
            throw ArchiveFaultException.Damaged($"its compressed data is damaged or cut ({fault.GetType().Name})", fault);
        }
        catch (NotImplementedException fault)
        {
            throw ArchiveFaultException.Unsupported("its compressed data goes through a filter that is not read (of xz, LZMA2 and BCJ for x86, ARM and the like are)", fault);
        }
    }
}
