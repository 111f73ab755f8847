using System.IO.Compression;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.Storage;

/// <summary>Files that may be compressed as a whole, by the last part of their name: <c>.gz</c> or <c>.zst</c>.</summary>
internal static class PackedFile
{
    /// <summary>True when the file is compressed, and so can't be read from the middle.</summary>
    public static bool IsCompressed(string name) => IsGzip(name) || IsZstd(name);

    /// <summary>The name without the ending of its compression.</summary>
    public static string InnerName(string name) => IsGzip(name) ? name[..^3] : IsZstd(name) ? name[..^4] : name;

    /// <summary>Opens it for reading its unpacked bytes in order; <paramref name="start"/> must be 0 for a compressed file.</summary>
    public static Stream Open(SourceFile file, long start = 0)
    {
        var stream = file.OpenSequential(start);
        if (IsGzip(file.RelativePath))
            return new GZipStream(stream, CompressionMode.Decompress);
        return IsZstd(file.RelativePath) ? new ZstdSharp.DecompressionStream(stream, leaveOpen: false) : stream;
    }

    /// <summary>Reads from what <see cref="Open"/> gave; 0 at the end.</summary>
    /// <exception cref="ShardFaultException">The compressed data is damaged.</exception>
    public static int Read(Stream stream, SourceFile file, long line, Span<byte> target)
    {
        try
        {
            return stream.Read(target);
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
        {
            throw new ShardFaultException(
                $"'{file.Name}' is damaged near line {line}: {fault.Message} Expected whole gzip or zstd data; fetch or make the file again.", fault);
        }
    }

    private static bool IsGzip(string name) => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static bool IsZstd(string name) => name.EndsWith(".zst", StringComparison.OrdinalIgnoreCase);
}
