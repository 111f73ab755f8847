using System.Buffers;
using Stackmill.Shared.Lexing;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>Counts the brackets of code.</summary>
internal static class Brackets
{
    private static readonly SearchValues<byte> All = SearchValues.Create("()[]{}"u8);

    /// <summary>
    /// Whether as many round, square and curly brackets close as open in a stretch of a text, and none before it opens. Comments and literals do not count.
    /// </summary>
    public static bool AreBalanced(ReadOnlySpan<byte> text, int start, int end, IReadOnlyList<Segment> segments)
    {
        Span<int> depth = stackalloc int[3];
        depth.Clear();
        var next = FirstAfter(segments, start);
        while (start < end)
        {
            var stop = next < segments.Count ? Math.Min(end, segments[next].Start - segments[next].Head) : end;
            if (stop > start && !Follow(text[start..stop], depth))
                return false;
            start = next < segments.Count ? Math.Max(stop, segments[next].End + segments[next].Tail) : end;
            next++;
        }

        return depth is [0, 0, 0];
    }

    private static bool Follow(ReadOnlySpan<byte> code, Span<int> depth)
    {
        for (var at = code.IndexOfAny(All); at >= 0; at = code.IndexOfAny(All))
        {
            var kind = code[at] switch { (byte)'(' or (byte)')' => 0, (byte)'[' or (byte)']' => 1, _ => 2 };
            depth[kind] += code[at] is (byte)'(' or (byte)'[' or (byte)'{' ? 1 : -1;
            if (depth[kind] < 0)
                return false;
            code = code[(at + 1)..];
        }

        return true;
    }

    private static int FirstAfter(IReadOnlyList<Segment> segments, int start)
    {
        var (low, high) = (0, segments.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (segments[middle].End + segments[middle].Tail <= start)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
