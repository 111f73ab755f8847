using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Deduplicate;

/// <summary>
/// MinHash signatures. A shingle's 64-bit hash x is narrowed to its upper half h; permutation i maps it to
/// (h ⊕ s_i) · a_i mod 2³² with s_i random and a_i random and odd, a bijection of 32-bit values; a set's
/// min-hash is the least image. Seeds come from SplitMix64 (Steele, Lea, Flood 2014) started at 1, two draws a
/// permutation, so signatures agree between machines and the first n permutations don't depend on how many
/// there are. Every SIMD level gives the same bits. Immutable: one may serve all workers.
/// </summary>
internal sealed class MinHasher
{
    /// <summary>Most permutations.</summary>
    public const int MaxPermutations = 4096;

    // Permutations are padded to what the widest loop does in one pass: 8 vectors of 16 values.
    private const int Lanes512 = 8 * 16;
    private const int Lanes256 = 4 * 8;
    private const int Lanes128 = 4 * 4;

    // Narrowed hashes per chunk: 16 KiB, read once for each group of lanes while in the first-level cache.
    private const int ChunkLength = 4096;

    private readonly uint[] _xors;
    private readonly uint[] _multipliers;
    private readonly SimdLevel _level;

    /// <param name="permutations">Number of min-hashes, 1 to <see cref="MaxPermutations"/>.</param>
    /// <param name="level">Vectors to use; by default the widest that the processor has.</param>
    public MinHasher(int permutations, SimdLevel? level = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(permutations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permutations, MaxPermutations);
        Permutations = permutations;
        PaddedLength = (permutations + Lanes512 - 1) / Lanes512 * Lanes512;
        _level = level ?? SimdLevels.Best;
        _xors = new uint[PaddedLength];
        _multipliers = new uint[PaddedLength];
        ulong state = 1;
        for (int i = 0; i < PaddedLength; i++)
        {
            _xors[i] = (uint)(SplitMix(ref state) >> 32);
            _multipliers[i] = (uint)(SplitMix(ref state) >> 32) | 1;
        }
    }

    /// <summary>Number of min-hashes asked for.</summary>
    public int Permutations { get; }

    /// <summary>Length of the buffer that <see cref="Compute"/> fills: the permutations rounded up to whole vectors.</summary>
    public int PaddedLength { get; }

    /// <summary>
    /// Computes the min-hashes of a non-empty set of shingles.
    /// </summary>
    /// <param name="shingles">Distinct shingle hashes, in any order.</param>
    /// <param name="signature">At least <see cref="PaddedLength"/> long; the first <see cref="Permutations"/> values are the signature.</param>
    public void Compute(ReadOnlySpan<ulong> shingles, Span<uint> signature)
    {
        signature = signature[..PaddedLength];
        signature.Fill(uint.MaxValue);
        Span<uint> chunk = stackalloc uint[Math.Min(ChunkLength, shingles.Length)];
        while (!shingles.IsEmpty)
        {
            ReadOnlySpan<ulong> part = shingles[..Math.Min(ChunkLength, shingles.Length)];
            Span<uint> hashes = chunk[..part.Length];
            Narrow(part, hashes);
            switch (_level)
            {
                case SimdLevel.Vector512: Update512(hashes, signature); break;
                case SimdLevel.Vector256: Update256(hashes, signature); break;
                case SimdLevel.Vector128: Update128(hashes, signature); break;
                default: UpdateScalar(hashes, signature); break;
            }
            shingles = shingles[part.Length..];
        }
    }

    private void Narrow(ReadOnlySpan<ulong> shingles, Span<uint> hashes)
    {
        int at = 0;
        if (_level == SimdLevel.Vector512)
        {
            ref ulong shingle = ref MemoryMarshal.GetReference(shingles);
            for (; at + Vector512<uint>.Count <= hashes.Length; at += Vector512<uint>.Count)
                Vector512.Narrow(Vector512.LoadUnsafe(ref shingle, (nuint)at) >>> 32, Vector512.LoadUnsafe(ref shingle, (nuint)at + 8) >>> 32).CopyTo(hashes[at..]);
        }
        for (; at < hashes.Length; at++)
            hashes[at] = (uint)(shingles[at] >> 32);
    }

    private void UpdateScalar(ReadOnlySpan<uint> hashes, Span<uint> signature)
    {
        for (int i = 0; i < signature.Length; i++)
        {
            uint xor = _xors[i], multiplier = _multipliers[i], least = signature[i];
            foreach (uint hash in hashes)
                least = Math.Min(least, (hash ^ xor) * multiplier);
            signature[i] = least;
        }
    }

    // The accumulators are separate locals, not an array, so that all of them stay in registers.
    private void Update512(ReadOnlySpan<uint> hashes, Span<uint> signature)
    {
        for (int at = 0; at < signature.Length; at += Lanes512)
        {
            ref uint xors = ref _xors[at];
            ref uint multipliers = ref _multipliers[at];
            ref uint least = ref signature[at];
            var x0 = Vector512.LoadUnsafe(ref xors);
            var x1 = Vector512.LoadUnsafe(ref xors, 16);
            var x2 = Vector512.LoadUnsafe(ref xors, 32);
            var x3 = Vector512.LoadUnsafe(ref xors, 48);
            var x4 = Vector512.LoadUnsafe(ref xors, 64);
            var x5 = Vector512.LoadUnsafe(ref xors, 80);
            var x6 = Vector512.LoadUnsafe(ref xors, 96);
            var x7 = Vector512.LoadUnsafe(ref xors, 112);
            var m0 = Vector512.LoadUnsafe(ref multipliers);
            var m1 = Vector512.LoadUnsafe(ref multipliers, 16);
            var m2 = Vector512.LoadUnsafe(ref multipliers, 32);
            var m3 = Vector512.LoadUnsafe(ref multipliers, 48);
            var m4 = Vector512.LoadUnsafe(ref multipliers, 64);
            var m5 = Vector512.LoadUnsafe(ref multipliers, 80);
            var m6 = Vector512.LoadUnsafe(ref multipliers, 96);
            var m7 = Vector512.LoadUnsafe(ref multipliers, 112);
            var l0 = Vector512.LoadUnsafe(ref least);
            var l1 = Vector512.LoadUnsafe(ref least, 16);
            var l2 = Vector512.LoadUnsafe(ref least, 32);
            var l3 = Vector512.LoadUnsafe(ref least, 48);
            var l4 = Vector512.LoadUnsafe(ref least, 64);
            var l5 = Vector512.LoadUnsafe(ref least, 80);
            var l6 = Vector512.LoadUnsafe(ref least, 96);
            var l7 = Vector512.LoadUnsafe(ref least, 112);
            foreach (uint value in hashes)
            {
                var hash = Vector512.Create(value);
                l0 = Vector512.Min(l0, (hash ^ x0) * m0);
                l1 = Vector512.Min(l1, (hash ^ x1) * m1);
                l2 = Vector512.Min(l2, (hash ^ x2) * m2);
                l3 = Vector512.Min(l3, (hash ^ x3) * m3);
                l4 = Vector512.Min(l4, (hash ^ x4) * m4);
                l5 = Vector512.Min(l5, (hash ^ x5) * m5);
                l6 = Vector512.Min(l6, (hash ^ x6) * m6);
                l7 = Vector512.Min(l7, (hash ^ x7) * m7);
            }
            l0.StoreUnsafe(ref least);
            l1.StoreUnsafe(ref least, 16);
            l2.StoreUnsafe(ref least, 32);
            l3.StoreUnsafe(ref least, 48);
            l4.StoreUnsafe(ref least, 64);
            l5.StoreUnsafe(ref least, 80);
            l6.StoreUnsafe(ref least, 96);
            l7.StoreUnsafe(ref least, 112);
        }
    }

    private void Update256(ReadOnlySpan<uint> hashes, Span<uint> signature)
    {
        for (int at = 0; at < signature.Length; at += Lanes256)
        {
            ref uint xors = ref _xors[at];
            ref uint multipliers = ref _multipliers[at];
            ref uint least = ref signature[at];
            var x0 = Vector256.LoadUnsafe(ref xors);
            var x1 = Vector256.LoadUnsafe(ref xors, 8);
            var x2 = Vector256.LoadUnsafe(ref xors, 16);
            var x3 = Vector256.LoadUnsafe(ref xors, 24);
            var m0 = Vector256.LoadUnsafe(ref multipliers);
            var m1 = Vector256.LoadUnsafe(ref multipliers, 8);
            var m2 = Vector256.LoadUnsafe(ref multipliers, 16);
            var m3 = Vector256.LoadUnsafe(ref multipliers, 24);
            var l0 = Vector256.LoadUnsafe(ref least);
            var l1 = Vector256.LoadUnsafe(ref least, 8);
            var l2 = Vector256.LoadUnsafe(ref least, 16);
            var l3 = Vector256.LoadUnsafe(ref least, 24);
            foreach (uint value in hashes)
            {
                var hash = Vector256.Create(value);
                l0 = Vector256.Min(l0, (hash ^ x0) * m0);
                l1 = Vector256.Min(l1, (hash ^ x1) * m1);
                l2 = Vector256.Min(l2, (hash ^ x2) * m2);
                l3 = Vector256.Min(l3, (hash ^ x3) * m3);
            }
            l0.StoreUnsafe(ref least);
            l1.StoreUnsafe(ref least, 8);
            l2.StoreUnsafe(ref least, 16);
            l3.StoreUnsafe(ref least, 24);
        }
    }

    private void Update128(ReadOnlySpan<uint> hashes, Span<uint> signature)
    {
        for (int at = 0; at < signature.Length; at += Lanes128)
        {
            ref uint xors = ref _xors[at];
            ref uint multipliers = ref _multipliers[at];
            ref uint least = ref signature[at];
            var x0 = Vector128.LoadUnsafe(ref xors);
            var x1 = Vector128.LoadUnsafe(ref xors, 4);
            var x2 = Vector128.LoadUnsafe(ref xors, 8);
            var x3 = Vector128.LoadUnsafe(ref xors, 12);
            var m0 = Vector128.LoadUnsafe(ref multipliers);
            var m1 = Vector128.LoadUnsafe(ref multipliers, 4);
            var m2 = Vector128.LoadUnsafe(ref multipliers, 8);
            var m3 = Vector128.LoadUnsafe(ref multipliers, 12);
            var l0 = Vector128.LoadUnsafe(ref least);
            var l1 = Vector128.LoadUnsafe(ref least, 4);
            var l2 = Vector128.LoadUnsafe(ref least, 8);
            var l3 = Vector128.LoadUnsafe(ref least, 12);
            foreach (uint value in hashes)
            {
                var hash = Vector128.Create(value);
                l0 = Vector128.Min(l0, (hash ^ x0) * m0);
                l1 = Vector128.Min(l1, (hash ^ x1) * m1);
                l2 = Vector128.Min(l2, (hash ^ x2) * m2);
                l3 = Vector128.Min(l3, (hash ^ x3) * m3);
            }
            l0.StoreUnsafe(ref least);
            l1.StoreUnsafe(ref least, 4);
            l2.StoreUnsafe(ref least, 8);
            l3.StoreUnsafe(ref least, 12);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9e3779b97f4a7c15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
