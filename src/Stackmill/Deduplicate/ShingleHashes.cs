using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Deduplicate;

/// <summary>
/// The hashes of shingles from those of their tokens: the exclusive or of k consecutive token hashes, the first rotated left by k − 1 bits, the last by none,
/// finalised by <see cref="StableHash.Finalise(ulong)"/>. Every level gives the same bits.
/// </summary>
internal static class ShingleHashes
{
    // Longer shingles are made each from the one before it, which takes the same time for any length; shorter ones all at once.
    private const int MostAtOnce = 12;

    /// <summary>Hashes the shingles of consecutive tokens.</summary>
    /// <param name="tokens">Hashes of tokens; the shingles need <paramref name="output"/>'s length and <paramref name="length"/> − 1 of them.</param>
    /// <param name="length">Tokens in a shingle, 1 to 64.</param>
    /// <param name="output">Receives the hash of the shingle that begins at each token; not empty.</param>
    /// <param name="level">Vectors to use.</param>
    public static void Of(ReadOnlySpan<ulong> tokens, int length, Span<ulong> output, SimdLevel level)
    {
        var done = 0;
        if (level == SimdLevel.Vector512 && length <= MostAtOnce)
            done = AtOnce512(tokens, length, output);
        if (done < output.Length)
            Roll(tokens[done..], length, output[done..]);
    }

    private static int AtOnce512(ReadOnlySpan<ulong> tokens, int length, Span<ulong> output)
    {
        ref ulong token = ref MemoryMarshal.GetReference(tokens);
        ref ulong first = ref MemoryMarshal.GetReference(output);
        var at = 0;
        for (; at + Vector512<ulong>.Count <= output.Length; at += Vector512<ulong>.Count)
        {
            var mixed = Vector512.LoadUnsafe(ref token, (nuint)at);
            for (var i = 1; i < length; i++)
                mixed = ((mixed << 1) | (mixed >>> 63)) ^ Vector512.LoadUnsafe(ref token, (nuint)(at + i));
            StableHash.Finalise(mixed).StoreUnsafe(ref first, (nuint)at);
        }

        return at;
    }

    private static void Roll(ReadOnlySpan<ulong> tokens, int length, Span<ulong> output)
    {
        ulong mixed = 0;
        foreach (ulong token in tokens[..length])
            mixed = BitOperations.RotateLeft(mixed, 1) ^ token;
        output[0] = StableHash.Finalise(mixed);
        for (int i = 1; i < output.Length; i++)
        {
            mixed = BitOperations.RotateLeft(mixed, 1) ^ BitOperations.RotateLeft(tokens[i - 1], length) ^ tokens[i - 1 + length];
            output[i] = StableHash.Finalise(mixed);
        }
    }
}
