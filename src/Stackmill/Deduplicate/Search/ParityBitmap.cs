using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// 512 bits about a set of hashes: bit i is the parity of how many of its elements have the lowest nine bits i. Each element that only one of two sets has changes
/// one bit, so their bitmaps differ in at most as many bits as the sets do in elements: a bound that never rules out a pair that is similar enough
/// (Sandes, Teodoro, Melo: "Bitmap Filter", Information Systems 2020, with parity as the way to set bits). It is sharp for sets of up to some hundred elements.
/// </summary>
[InlineArray(Words)]
internal struct ParityBitmap
{
    private const int Words = 8;

    private ulong _word;

    /// <summary>The bitmap of a set.</summary>
    public static ParityBitmap Of(ReadOnlySpan<ulong> set)
    {
        var bitmap = default(ParityBitmap);
        Span<ulong> words = bitmap;
        foreach (var element in set)
            words[(int)(element >> 6) & (Words - 1)] ^= 1UL << (int)element;
        return bitmap;
    }

    /// <summary>Bits in which two bitmaps differ: at most |A ∪ B| − |A ∩ B|.</summary>
    public static int Distance(in ParityBitmap left, in ParityBitmap right)
    {
        ReadOnlySpan<ulong> a = left, b = right;
        var distance = 0;
        for (var i = 0; i < Words; i++)
            distance += BitOperations.PopCount(a[i] ^ b[i]);
        return distance;
    }
}
