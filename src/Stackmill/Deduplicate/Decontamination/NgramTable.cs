using System.Runtime.CompilerServices;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>
/// Keys of n-grams: a filter of bits, which answers nearly all questions about words that no benchmark has, before a table
/// with open addressing. Different n-grams may have the same key: who asks goes through all of them and compares words.
/// </summary>
internal sealed class NgramTable
{
    // A bit in 32 is set at most: one word in 32 of other texts goes on to the table. Above 8 MiB more bits would cost more
    // in misses of the cache than they save.
    private const int FilterBitsPerKey = 32;
    private const int MinFilterBits = 1 << 16;
    private const long MaxFilterBits = 1L << 26;

    private readonly ulong[] _filter;
    private readonly int _filterShift;
    private readonly ulong[] _keys;
    private readonly int[] _values;

    /// <param name="capacity">Most keys that are added.</param>
    public NgramTable(int capacity)
    {
        var bits = Math.Clamp((long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)capacity * FilterBitsPerKey), MinFilterBits, MaxFilterBits);
        _filter = new ulong[bits / 64];
        _filterShift = 64 - System.Numerics.BitOperations.Log2((ulong)bits);
        var slots = Math.Max(16, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity * 2));
        _keys = new ulong[slots];
        _values = new int[slots];
    }

    /// <summary>False when no n-gram has the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayHold(ulong key)
    {
        var bit = key >> _filterShift;
        return (_filter[bit >> 6] >> (int)(bit & 63) & 1) != 0;
    }

    /// <summary>Adds a key with a value of 0 or more.</summary>
    public void Add(ulong key, int value)
    {
        var bit = key >> _filterShift;
        _filter[bit >> 6] |= 1UL << (int)(bit & 63);
        var slot = (int)key & (_keys.Length - 1);
        while (_values[slot] != 0)
            slot = (slot + 1) & (_keys.Length - 1);
        _keys[slot] = key;
        _values[slot] = value + 1;
    }

    /// <summary>
    /// The next value of a key, −1 when there is none. <paramref name="slot"/> is −1 at first, and is given back for the next question.
    /// </summary>
    public int Find(ulong key, ref int slot)
    {
        slot = ((slot < 0 ? (int)key : slot + 1)) & (_keys.Length - 1);
        for (; _values[slot] != 0; slot = (slot + 1) & (_keys.Length - 1))
        {
            if (_keys[slot] == key)
                return _values[slot] - 1;
        }

        return -1;
    }
}
