using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Preprocess.Redact;

/// <summary>
/// Finds where runs of digits begin that could begin a number of interest, 32 bytes at a time. The masks throw out what makes up nearly all
/// digits in code: parts of identifiers, and single digits that no separator follows.
/// </summary>
internal static class DigitScan
{
    public static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    /// <summary>Runs are told apart up to this length; longer ones are all alike.</summary>
    public const int LongestRun = 31;

    private const int Block = 32;

    /// <summary>
    /// Writes the offsets of candidate runs that start in [<paramref name="from"/>, <paramref name="to"/>) to <paramref name="starts"/>, until that is full;
    /// returns where to go on.
    /// </summary>
    public static int Next(ReadOnlySpan<byte> text, int from, int to, Span<int> starts, out int count)
    {
        count = 0;
        int at = from;
        while (at < to)
        {
            // A block needs the byte before it and one after it; the edges of the text go byte by byte.
            if (at >= 1 && at + Block < text.Length && count + Block <= starts.Length)
            {
                uint mask = Mask(text, at);
                if (to - at < Block)
                    mask &= (1u << (to - at)) - 1;
                for (; mask != 0; mask &= mask - 1)
                    starts[count++] = at + BitOperations.TrailingZeroCount(mask);
                at = Math.Min(to, at + Block);
                continue;
            }
            if (count == starts.Length || (count > 0 && at + Block < text.Length))
                return at;
            if (IsCandidate(text, at))
                starts[count++] = at;
            at++;
        }
        return at;
    }

    private static uint Mask(ReadOnlySpan<byte> text, int at)
    {
        ref byte origin = ref MemoryMarshal.GetReference(text);
        Vector256<byte> here = Vector256.LoadUnsafe(ref origin, (nuint)at);
        Vector256<byte> digits = Between(here, (byte)'0', 9);
        if (digits == Vector256<byte>.Zero)
            return 0;
        Vector256<byte> before = Vector256.LoadUnsafe(ref origin, (nuint)at - 1);
        Vector256<byte> after = Vector256.LoadUnsafe(ref origin, (nuint)at + 1);
        // n, r and t may be escapes; whoever looks closer finds out.
        Vector256<byte> lower = before | Vector256.Create((byte)0x20);
        Vector256<byte> inWord = (Between(lower, (byte)'a', 25) & ~Vector256.Equals(before, Vector256.Create((byte)'n')) & ~Vector256.Equals(before, Vector256.Create((byte)'r'))
            & ~Vector256.Equals(before, Vector256.Create((byte)'t'))) | Vector256.Equals(before, Vector256.Create((byte)'_')) | Between(before, (byte)'0', 9);
        // Space, parenthesis, dash, dot, slash, and digits: what a longer number goes on with.
        Vector256<byte> goesOn = Between(after, (byte)'0', 9) | Between(after, (byte)'-', 1) | Vector256.Equals(after, Vector256.Create((byte)' '))
            | Vector256.Equals(before, Vector256.Create((byte)'+')) | Between(Vector256.BitwiseOr(after, Vector256.Create((byte)0x20)), (byte)'a', 5);
        return (digits & ~inWord & goesOn).ExtractMostSignificantBits();
    }

    private static Vector256<byte> Between(Vector256<byte> value, byte low, byte width) =>
        Vector256.LessThanOrEqual(value - Vector256.Create(low), Vector256.Create(width));

    private static bool IsCandidate(ReadOnlySpan<byte> text, int at) =>
        Shapes.IsDigit(text[at]) && (at == 0 || !(Shapes.IsWord(text[at - 1]) && text[at - 1] is not ((byte)'n' or (byte)'r' or (byte)'t')));
}
