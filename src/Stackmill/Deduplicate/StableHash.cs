using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Deduplicate;

/// <summary>
/// 64-bit hashes that are the same on every machine, in every process and in every version of a signature
/// format. They are fast, not cryptographic: who chooses the bytes can make two tokens collide.
/// </summary>
internal static class StableHash
{
    // The secrets are fractional bits of the square roots of 2, 3, 5 and 7 (as SHA-512's initial values are,
    // FIPS 180-4 §5.3.5). Those of the two halves of a token start (in little-endian order) with `;` and `+`,
    // which no word holds, so neither factor of a token's product is ever zero, whatever the token.
    private const ulong SecretLow = 0xbb67ae8584caa73b;
    private const ulong SecretHigh = 0x3c6ef372fe94f82b;
    private const ulong SecretLength = 0xa54ff53a5f1d36f1;
    private const ulong SecretBand = 0x6a09e667f3bcc908;

    /// <summary>The secrets that the 16 bytes of a token are combined with: no token's words may equal them.</summary>
    internal static (ulong Low, ulong High) TokenSecrets => (SecretLow, SecretHigh);

    /// <summary>Multiplies to 128 bits and folds the halves together: the mixing step of the wyhash family.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }

    /// <summary>
    /// Hash of a token of at most 16 bytes, given as two little-endian words padded with zeros. The length
    /// isn't needed: a token with a NUL in it is that NUL alone, so padding is never mistaken for content.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ShortToken(ulong low, ulong high) => Fold(low ^ SecretLow, high ^ SecretHigh);

    /// <summary>Hash of a token of any length; equal to <see cref="ShortToken"/> up to 16 bytes.</summary>
    public static ulong Token(ReadOnlySpan<byte> token)
    {
        if (token.Length <= 16)
        {
            (ulong low, ulong high) = PaddedWords(token);
            return ShortToken(low, high);
        }

        ulong hash = (ulong)token.Length * SecretLength;
        ref byte start = ref MemoryMarshal.GetReference(token);
        int rest = token.Length;
        for (; rest > 16; rest -= 16)
        {
            hash = Fold(ReadLittleEndian(ref start) ^ SecretLow ^ hash, ReadLittleEndian(ref Unsafe.Add(ref start, 8)) ^ SecretHigh);
            start = ref Unsafe.Add(ref start, 16);
        }
        // The last 1 to 16 bytes, padded with zeros: the last 16, without those that have been read.
        ref byte end = ref Unsafe.Add(ref start, rest - 16);
        UInt128 last = new UInt128(ReadLittleEndian(ref Unsafe.Add(ref end, 8)), ReadLittleEndian(ref end)) >> (8 * (16 - rest));
        return Fold((ulong)last ^ SecretLow ^ hash, (ulong)(last >> 64) ^ SecretHigh);
    }

    /// <summary>Finalises a combination of token hashes. A bijection, so it adds no collisions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Finalise(ulong hash)
    {
        hash = (hash ^ (hash >> 32)) * SecretLength;
        hash = (hash ^ (hash >> 29)) * SecretLow;
        return hash ^ (hash >> 32);
    }

    /// <summary>Finalises eight combinations, each as <see cref="Finalise(ulong)"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Finalise(Vector512<ulong> hash)
    {
        hash = (hash ^ (hash >>> 32)) * Vector512.Create(SecretLength);
        hash = (hash ^ (hash >>> 29)) * Vector512.Create(SecretLow);
        return hash ^ (hash >>> 32);
    }

    /// <summary>64-bit key of one band: <paramref name="values"/> are its min-hashes, in row order.</summary>
    public static ulong Band(ReadOnlySpan<uint> values)
    {
        ulong hash = SecretBand;
        foreach (uint value in values)
            hash = Fold(hash ^ value, SecretLength);
        return Finalise(hash);
    }

    /// <summary>Eight bytes as a little-endian word on any processor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReadLittleEndian(ref byte source)
    {
        ulong word = Unsafe.ReadUnaligned<ulong>(ref source);
        return BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
    }

    /// <summary>At most 16 bytes as two little-endian words padded with zeros.</summary>
    public static (ulong Low, ulong High) PaddedWords(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        bytes.CopyTo(padded);
        return (ReadLittleEndian(ref padded[0]), ReadLittleEndian(ref padded[8]));
    }
}
