using System.Buffers;
using System.IO.Compression;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets;

/// <summary>One line of a JSON-lines file.</summary>
/// <param name="Number">Line number, from 1.</param>
/// <param name="Bytes">The line without its line feed; valid until the next one is taken. Empty when <paramref name="TooLong"/>.</param>
/// <param name="TooLong">True for a line above the limit, which was passed over.</param>
internal readonly record struct JsonLine(long Number, ReadOnlyMemory<byte> Bytes, bool TooLong);

/// <summary>Reads lines of <c>.jsonl</c>, <c>.jsonl.gz</c> and <c>.jsonl.zst</c> files in flat memory.</summary>
internal static class JsonLines
{
    /// <summary>Longest line that is read, in bytes; longer ones are counted and passed over.</summary>
    public const int MaxLineBytes = 64 << 20;

    private static readonly string[] Suffixes = [".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".ndjson.zst"];

    /// <summary>True when the name is one of a JSON-lines file.</summary>
    public static bool IsName(string path) => Suffixes.Any(s => path.EndsWith(s, StringComparison.OrdinalIgnoreCase));

    /// <summary>The lines of a file from a byte offset (of an uncompressed file) on; blank lines are passed over.</summary>
    /// <exception cref="ShardFaultException">The compressed data is damaged.</exception>
    public static IEnumerable<JsonLine> Read(string path, long start = 0, long end = long.MaxValue)
    {
        using var stream = Open(path, start);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            var (used, searched, number, position) = (0, 0, 0L, start);
            var passing = false;
            while (true)
            {
                var feed = buffer.AsSpan(searched, used - searched).IndexOf((byte)'\n');
                if (feed < 0)
                {
                    searched = used;
                    if (used >= MaxLineBytes)
                    {
                        position += used;
                        (used, searched, passing) = (0, 0, true);
                    }
                    else if (used == buffer.Length)
                    {
                        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                        buffer.AsSpan(0, used).CopyTo(larger);
                        ArrayPool<byte>.Shared.Return(buffer);
                        buffer = larger;
                    }

                    var read = Fill(stream, path, number + 1, buffer.AsSpan(used));
                    if (read > 0)
                    {
                        used += read;
                        continue;
                    }

                    var last = passing ? default : Trim(buffer, 0, used);
                    if (passing || last.Length > 0)
                        yield return new JsonLine(number + 1, last, passing);
                    yield break;
                }

                var length = searched + feed;
                number++;
                var line = passing ? default : Trim(buffer, 0, length);
                if (passing || line.Length > 0)
                    yield return new JsonLine(number, line, passing);
                passing = false;
                position += length + 1;
                buffer.AsSpan(length + 1, used - length - 1).CopyTo(buffer);
                used -= length + 1;
                searched = 0;
                if (position >= end)
                    yield break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Start offsets of pieces of an uncompressed file, each at the start of a line and about <paramref name="bytes"/> long.</summary>
    public static IReadOnlyList<long> Split(string path, long bytes)
    {
        var starts = new List<long> { 0 };
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        Span<byte> buffer = stackalloc byte[4096];
        for (var target = bytes; target < stream.Length; target = starts[^1] + bytes)
        {
            stream.Position = target;
            var position = target;
            var found = false;
            for (var read = stream.Read(buffer); read > 0 && !found; read = found ? 0 : stream.Read(buffer))
            {
                var feed = buffer[..read].IndexOf((byte)'\n');
                found = feed >= 0;
                position += found ? feed + 1 : read;
            }

            if (!found || position >= stream.Length)
                break;
            starts.Add(position);
        }

        return starts;
    }

    /// <summary>True when the file is compressed, and so can't be split.</summary>
    public static bool IsCompressed(string path) =>
        path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase);

    private static Stream Open(string path, long start)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan) { Position = start };
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            return new GZipStream(file, CompressionMode.Decompress);
        return path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase) ? new ZstdSharp.DecompressionStream(file, leaveOpen: false) : file;
    }

    private static int Fill(Stream stream, string path, long line, Span<byte> target)
    {
        try
        {
            return stream.Read(target);
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
        {
            throw new ShardFaultException(
                $"'{path}' is damaged near line {line}: {fault.Message} Expected whole gzip or zstd data; fetch or make the file again.", fault);
        }
    }

    private static ReadOnlyMemory<byte> Trim(byte[] buffer, int start, int end)
    {
        // A byte order mark is allowed at the very start by many writers; white space ends lines of others.
        if (buffer.AsSpan(start, end - start).StartsWith("\uFEFF"u8))
            start += 3;
        while (end > start && buffer[end - 1] is (byte)'\r' or (byte)' ' or (byte)'\t')
            end--;
        while (start < end && buffer[start] is (byte)' ' or (byte)'\t')
            start++;
        return buffer.AsMemory(start, end - start);
    }
}
