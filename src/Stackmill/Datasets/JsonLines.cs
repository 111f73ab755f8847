using System.Buffers;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Storage;

namespace Stackmill.Datasets;

/// <summary>One line of a JSON-lines file.</summary>
/// <param name="Number">Line number, from 1 at the first line that was read.</param>
/// <param name="Bytes">The line without its line feed; valid until the next one is taken. Empty when <paramref name="TooLong"/>.</param>
/// <param name="TooLong">True for a line above the limit, which was passed over.</param>
internal readonly record struct JsonLine(long Number, ReadOnlyMemory<byte> Bytes, bool TooLong);

/// <summary>Reads lines of <c>.jsonl</c>, <c>.jsonl.gz</c> and <c>.jsonl.zst</c> files in flat memory.</summary>
internal static class JsonLines
{
    /// <summary>Longest line that is read, in bytes; longer ones are counted and passed over.</summary>
    public const int MaxLineBytes = 64 << 20;

    private static readonly string[] Suffixes = [".jsonl", ".ndjson"];

    /// <summary>True when the name is one of a JSON-lines file.</summary>
    public static bool IsName(string path) => Suffixes.Any(s => PackedFile.InnerName(path).EndsWith(s, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The lines of a file that begin at the byte offset <paramref name="start"/> (of an uncompressed file) or later, and before
    /// <paramref name="end"/>; blank lines are passed over. Pieces that share their limits give every line once, wherever the limits lie.
    /// </summary>
    /// <exception cref="ShardFaultException">The compressed data is damaged.</exception>
    public static IEnumerable<JsonLine> Read(SourceFile file, long start = 0, long end = long.MaxValue)
    {
        // A line begins at the limit only if the byte before it ends one.
        var position = Math.Max(0, start - 1);
        using var stream = PackedFile.Open(file, position);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            var (first, used, searched, number) = (0, 0, 0, 0L);
            var (passing, aligning) = (false, start > 0);
            while (true)
            {
                var feed = buffer.AsSpan(searched, used - searched).IndexOf((byte)'\n');
                if (feed < 0)
                {
                    searched = used;
                    if (aligning || used - first >= MaxLineBytes)
                    {
                        position += used - first;
                        (first, used, searched, passing) = (0, 0, 0, !aligning);
                    }
                    else if (first > 0)
                    {
                        buffer.AsSpan(first, used - first).CopyTo(buffer);
                        (first, used, searched) = (0, used - first, searched - first);
                    }
                    else if (used == buffer.Length)
                    {
                        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                        buffer.AsSpan(0, used).CopyTo(larger);
                        ArrayPool<byte>.Shared.Return(buffer);
                        buffer = larger;
                    }

                    var read = PackedFile.Read(stream, file, number + 1, buffer.AsSpan(used));
                    if (read > 0)
                    {
                        used += read;
                        continue;
                    }

                    var last = passing || aligning ? default : Trim(buffer, first, used);
                    if (passing || last.Length > 0)
                        yield return new JsonLine(number + 1, last, passing);
                    yield break;
                }

                var after = searched + feed + 1;
                if (!aligning)
                {
                    number++;
                    var line = passing ? default : Trim(buffer, first, after - 1);
                    if (passing || line.Length > 0)
                        yield return new JsonLine(number, line, passing);
                }

                (passing, aligning) = (false, false);
                position += after - first;
                (first, searched) = (after, after);
                if (position >= end)
                    yield break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Start offsets of pieces of an uncompressed file of this machine, each at the start of a line and about <paramref name="bytes"/> long.</summary>
    public static IReadOnlyList<long> Split(LocalFile file, long bytes)
    {
        var starts = new List<long> { 0 };
        using var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
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
