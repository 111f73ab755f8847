using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// Hash of a byte string for the in-memory tables here: 64×64→128 bit multiplications folded by exclusive or, as in wyhash.
/// Never stored, and no table trusts it without comparing the bytes.
/// </summary>
internal static class WordHash
{
    // 2^64 divided by the golden ratio, and xxHash64's second prime: odd, with bits spread evenly.
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xC2B2AE3D27D4EB4F;

    /// <summary>Hash of a word of any length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Of(ReadOnlySpan<byte> word)
    {
        var seed = First ^ (ulong)word.Length;
        while (word.Length > 16)
        {
            seed = Fold(BinaryPrimitives.ReadUInt64LittleEndian(word) ^ seed, BinaryPrimitives.ReadUInt64LittleEndian(word[8..]) ^ Second);
            word = word[16..];
        }

        ulong low;
        ulong high;
        if (word.Length >= 8)
        {
            low = BinaryPrimitives.ReadUInt64LittleEndian(word);
            high = BinaryPrimitives.ReadUInt64LittleEndian(word[^8..]);
        }
        else if (word.Length >= 4)
        {
            low = BinaryPrimitives.ReadUInt32LittleEndian(word);
            high = BinaryPrimitives.ReadUInt32LittleEndian(word[^4..]);
        }
        else
        {
            low = word.Length == 0 ? 0ul : ((uint)word[0] << 16) | ((uint)word[word.Length / 2] << 8) | word[^1];
            high = 0;
        }

        return Of(low ^ seed, high);
    }

    /// <summary>Hash of 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong low, ulong high) => Fold(low ^ First, high ^ Second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
