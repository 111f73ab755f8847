namespace Stackmill.Preprocess.Quality;

/// <summary>
/// Finds, for a hash at a place, the first place with the same hash, and counts. Memory is used again. What collides more often
/// than it should by chance is not looked for any further and counts as new, so that no input makes it slow; the same input
/// always gives the same counts.
/// </summary>
internal sealed class GramTable
{
    private const int MostProbes = 64;

    private int[] _heads = new int[1024];
    private Entry[] _entries = new Entry[1024];
    private int _shift;
    private int _mask;

    /// <summary>Hashes that were passed over since the table was made, since another one stood where they belong: the work that must stay linear.</summary>
    public long Collisions { get; private set; }

    /// <summary>Forgets all, and makes room.</summary>
    /// <param name="items">Most different hashes.</param>
    /// <param name="places">Places are less than this.</param>
    public void Reset(int items, int places)
    {
        if (_entries.Length < places)
            _entries = new Entry[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)places)];
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(256, 2 * items));
        if (_heads.Length < size)
            _heads = new int[size];

        // Only as much of the memory as this use needs, so that a small text after a large one is fast.
        Array.Clear(_heads, 0, size);
        _mask = size - 1;
        _shift = 64 - int.Log2(size);
    }

    /// <summary>Counts a hash; the answer is the first place of it, which is <paramref name="place"/> itself for a new one.</summary>
    public int Add(ulong hash, int place)
    {
        var at = (int)((hash * 0x9E3779B97F4A7C15UL) >> _shift);
        for (var probe = 0; probe < MostProbes; probe++, at = (at + 1) & _mask)
        {
            var head = _heads[at] - 1;
            if (head < 0)
            {
                _heads[at] = place + 1;
                break;
            }

            ref var entry = ref _entries[head];
            if (entry.Hash == hash)
            {
                entry.Count++;
                return head;
            }

            Collisions++;
        }

        _entries[place] = new Entry { Hash = hash, Count = 1 };
        return place;
    }

    /// <summary>How often the hash that was first at a place was counted.</summary>
    public int CountAt(int place) => _entries[place].Count;

    private struct Entry
    {
        public ulong Hash;

        public int Count;
    }
}
