using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Preprocess.Clean;

/// <summary>The fast look that most files need only: is there anything at all that cleaning might change?</summary>
internal static class CleanScan
{
    /// <summary>C0 without tab, line feed and form feed, and DEL: what malformed cleaning removes or replaces.</summary>
    internal static readonly SearchValues<byte> Unwanted = SearchValues.Create(UnwantedBytes());

    private const int Block = 64;

    /// <summary>
    /// False if no line ends in a space or tab and no more than <paramref name="maxBlankLines"/> line ends follow an
    /// empty line's; true says only that a closer look is due.
    /// </summary>
    internal static bool MayHoldLooseWhitespace(ReadOnlySpan<byte> text, int maxBlankLines)
    {
        if (text.Length == 0)
            return false;
        if (text[^1] is (byte)' ' or (byte)'\t')
            return true;

        // The start of the text is as good as a line end before it. Runs are counted exactly up to one block.
        var needed = Math.Min(maxBlankLines, Block - 2) + 1;
        var previousEnds = 1UL << (Block - 1);
        var previousSpaces = 0UL;
        Span<byte> tail = stackalloc byte[Block];
        for (var offset = 0; offset < text.Length; offset += Block)
        {
            var whole = text.Length - offset >= Block;
            if (!whole)
            {
                tail.Clear();
                text[offset..].CopyTo(tail);
            }

            var (ends, spaces) = Masks(whole ? text.Slice(offset, Block) : tail);
            if ((ends & ((spaces << 1) | (previousSpaces >> (Block - 1)))) != 0)
                return true;
            var run = ends & ((ends << 1) | (previousEnds >> (Block - 1)));
            for (var length = 2; run != 0 && length <= needed; length++)
                run &= (ends << length) | (previousEnds >> (Block - length));
            if (run != 0)
                return true;
            (previousEnds, previousSpaces) = (ends, spaces);
        }

        return false;
    }

    private static (ulong Ends, ulong Spaces) Masks(ReadOnlySpan<byte> block)
    {
        ulong ends = 0, spaces = 0;
        for (var half = 0; half < Block; half += Vector256<byte>.Count)
        {
            var v = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(block), (nuint)half);
            ends |= (ulong)Vector256.Equals(v, Vector256.Create((byte)'\n')).ExtractMostSignificantBits() << half;
            spaces |= (ulong)(Vector256.Equals(v, Vector256.Create((byte)' ')) | Vector256.Equals(v, Vector256.Create((byte)'\t')))
                .ExtractMostSignificantBits() << half;
        }

        return (ends, spaces);
    }

    private static byte[] UnwantedBytes()
    {
        var bytes = new List<byte> { 0x7F };
        for (byte b = 0; b < 0x20; b++)
            if (b is not ((byte)'\t' or (byte)'\n' or (byte)'\f'))
                bytes.Add(b);
        return [.. bytes];
    }
}
