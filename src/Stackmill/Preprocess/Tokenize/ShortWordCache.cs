using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// Remembers words of at most 15 bytes that are at most three tokens: nearly all words of source code. The word itself is
/// the key, so there are no false hits. 2 MiB, whatever is put in; a full place gives up its older word.
/// </summary>
internal sealed class ShortWordCache
{
    /// <summary>Longest word, in bytes.</summary>
    public const int LongestWord = 15;

    /// <summary>Most tokens of one word.</summary>
    public const int MostTokens = 3;

    private const int PlaceBits = 15;

    // Two entries a place, the newer one first.
    private readonly Entry[] _entries = new Entry[2 << PlaceBits];

    // Sixteen bytes read from 16 - n on keep the first n bytes of a word.
    private static ReadOnlySpan<byte> Masks =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The key of the first <paramref name="length"/> (1 to 15) of sixteen bytes: the bytes, and the length in the last place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Key(Vector128<byte> head, int length)
    {
        var kept = head & Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Masks), (nuint)(16 - length));
        return kept.AsUInt64() | Vector128.Create(0ul, (ulong)length << 56);
    }

    /// <summary>The ids of the word with this key; empty when it isn't remembered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> Find(Vector128<ulong> key)
    {
        ref var entry = ref Place(key);
        if (entry.Key != key)
        {
            entry = ref Unsafe.Add(ref entry, 1);
            if (entry.Key != key) return default;
        }

        return MemoryMarshal.CreateReadOnlySpan(ref entry.First, entry.Count);
    }

    /// <summary>Remembers a word that isn't there yet.</summary>
    public void Add(Vector128<ulong> key, ReadOnlySpan<int> ids)
    {
        ref var entry = ref Place(key);
        Unsafe.Add(ref entry, 1) = entry;
        entry = new Entry { Key = key, Count = ids.Length };
        ids.CopyTo(MemoryMarshal.CreateSpan(ref entry.First, MostTokens));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Entry Place(Vector128<ulong> key)
    {
        var place = WordHash.Of(key[0], key[1]) >> (64 - PlaceBits);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_entries), (nint)(place * 2));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        // All zero in an empty entry: a word's key has its length in it.
        public Vector128<ulong> Key;
        public int Count;
        public int First;
        public int Second;
        public int Third;
    }
}
