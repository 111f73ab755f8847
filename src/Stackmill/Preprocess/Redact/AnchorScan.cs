using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Preprocess.Redact;

/// <summary>Finds shapes of a few bytes, 32 positions at a time: letters that digits follow, and separators at even distances.</summary>
internal static class AnchorScan
{
    private const int Block = 32;

    // Bytes after a position that its test looks at.
    private const int Ahead = 6;

    /// <summary>
    /// Writes the offsets in [<paramref name="from"/>, <paramref name="to"/>) of digits that stand between an upper-case letter and another digit
    /// to <paramref name="starts"/>, until that is full; returns where to go on.
    /// </summary>
    public static int UpperDigits(ReadOnlySpan<byte> text, int from, int to, Span<int> starts, out int count)
    {
        count = 0;
        ref byte origin = ref MemoryMarshal.GetReference(text);
        int at = from;
        while (at < to && count + Block <= starts.Length)
        {
            if (at < 1 || at + Block + Ahead > text.Length)
            {
                if (at >= 1 && at + 1 < text.Length && Shapes.IsDigit(text[at]) && Shapes.IsDigit(text[at + 1]) && text[at - 1] is >= (byte)'A' and <= (byte)'Z')
                    starts[count++] = at;
                at++;
                continue;
            }
            Vector256<byte> here = Between(Vector256.LoadUnsafe(ref origin, (nuint)at), (byte)'0', 9);
            if (here != Vector256<byte>.Zero)
            {
                here &= Between(Vector256.LoadUnsafe(ref origin, (nuint)at + 1), (byte)'0', 9) & Between(Vector256.LoadUnsafe(ref origin, (nuint)at - 1), (byte)'A', 25);
                Add(here.ExtractMostSignificantBits(), at, to, starts, ref count);
            }
            at += Block;
        }
        return Math.Min(at, to);
    }

    /// <summary>The same for colons and dashes that stand again three and six bytes on, and dots that stand again five bytes on; not for runs of them.</summary>
    public static int Separators(ReadOnlySpan<byte> text, int from, int to, Span<int> starts, out int count)
    {
        count = 0;
        ref byte origin = ref MemoryMarshal.GetReference(text);
        Vector256<byte> colon = Vector256.Create((byte)':');
        Vector256<byte> dash = Vector256.Create((byte)'-');
        Vector256<byte> dot = Vector256.Create((byte)'.');
        int at = from;
        while (at < to && count + Block <= starts.Length)
        {
            if (at + Block + Ahead > text.Length)
            {
                byte b = text[at];
                if (Shapes.At(text, at + 1) != b && ((b is (byte)':' or (byte)'-' && Shapes.At(text, at + 3) == b && Shapes.At(text, at + 6) == b) || (b == '.' && Shapes.At(text, at + 5) == b)))
                    starts[count++] = at;
                at++;
                continue;
            }
            Vector256<byte> here = Vector256.LoadUnsafe(ref origin, (nuint)at);
            Vector256<byte> three = Vector256.Equals(here, Vector256.LoadUnsafe(ref origin, (nuint)at + 3)) & (Vector256.Equals(here, colon) | Vector256.Equals(here, dash));
            Vector256<byte> hits = (three & Vector256.Equals(here, Vector256.LoadUnsafe(ref origin, (nuint)at + 6)))
                | (Vector256.Equals(here, dot) & Vector256.Equals(here, Vector256.LoadUnsafe(ref origin, (nuint)at + 5)));
            if (hits != Vector256<byte>.Zero)
            {
                hits &= ~Vector256.Equals(here, Vector256.LoadUnsafe(ref origin, (nuint)at + 1));
                Add(hits.ExtractMostSignificantBits(), at, to, starts, ref count);
            }
            at += Block;
        }
        return Math.Min(at, to);
    }

    private static void Add(uint mask, int at, int to, Span<int> starts, ref int count)
    {
        if (to - at < Block)
            mask &= (1u << (to - at)) - 1;
        for (; mask != 0; mask &= mask - 1)
            starts[count++] = at + BitOperations.TrailingZeroCount(mask);
    }

    private static Vector256<byte> Between(Vector256<byte> value, byte low, byte width) =>
        Vector256.LessThanOrEqual(value - Vector256.Create(low), Vector256.Create(width));
}
