using System.Numerics;
using System.Runtime.InteropServices;

namespace Stackmill.Deduplicate;

/// <summary>
/// The second step: which documents share a band key. A bucket is a key of one band that at least two documents
/// have. To take no second table, the key of each row is replaced by its bucket's number, 0 for none.
/// Then, while decisions are made, each bucket holds the keepers found in it so far. A bucket of any size is
/// kept whole.
/// </summary>
internal sealed class BandBuckets
{
    private const int NodesPerPage = 1 << 16;

    private readonly BandKeyTable _table;
    private readonly int[] _heads;
    private readonly List<Node[]> _pages = [];
    private int _nodes = 1;

    private BandBuckets(BandKeyTable table, int buckets)
    {
        _table = table;
        _heads = new int[buckets + 1];
    }

    /// <summary>Buckets of at least two documents, over all bands.</summary>
    public int Count => _heads.Length - 1;

    /// <summary>Replaces keys by bucket numbers, band by band, for the rows that take part; the others get no bucket.</summary>
    public static BandBuckets Build(BandKeyTable table, ReadOnlySpan<bool> takesPart)
    {
        var slots = new Slot[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2L, table.Count + (table.Count / 2L)))];
        int buckets = 0;
        for (int band = 0; band < table.Bands; band++)
        {
            Array.Clear(slots);
            for (int row = 0; row < table.Count; row++)
            {
                ref ulong key = ref table.Row(row)[band];
                if (!takesPart[row])
                {
                    key = 0;
                    continue;
                }
                ref Slot slot = ref Find(slots, key);
                if (slot.First == 0)
                {
                    slot = new(key, row + 1, 0);
                    key = 0;
                    continue;
                }
                if (slot.Bucket == 0)
                {
                    slot = slot with { Bucket = checked(++buckets) };
                    table.Row(slot.First - 1)[band] = (uint)slot.Bucket;
                }
                key = (uint)slot.Bucket;
            }
        }
        return new(table, buckets);
    }

    /// <summary>Adds a keeper to all the buckets of its row.</summary>
    public void AddKeeper(int row, int keeper)
    {
        foreach (ulong bucket in _table.Row(row))
        {
            if (bucket == 0)
                continue;
            if (_nodes % NodesPerPage == 0 || _pages.Count == 0)
                _pages.Add(new Node[NodesPerPage]);
            _pages[_nodes / NodesPerPage][_nodes % NodesPerPage] = new(keeper, _heads[bucket]);
            _heads[bucket] = checked(_nodes++);
        }
    }

    /// <summary>
    /// Puts the keepers that share a bucket with the row into <paramref name="keepers"/>, each once, and how many
    /// buckets each shares into <paramref name="shared"/>, indexed by keeper. Those entries are 0 beforehand; the
    /// caller sets them to 0 again.
    /// </summary>
    public void FindKeepers(int row, List<int> keepers, Span<int> shared)
    {
        foreach (ulong bucket in _table.Row(row))
        {
            if (bucket == 0)
                continue;
            for (int at = _heads[bucket]; at != 0;)
            {
                Node node = _pages[at / NodesPerPage][at % NodesPerPage];
                if (shared[node.Keeper]++ == 0)
                    keepers.Add(node.Keeper);
                at = node.Next;
            }
        }
    }

    private static ref Slot Find(Span<Slot> slots, ulong key)
    {
        int mask = slots.Length - 1;
        int at = (int)key & mask;
        while (slots[at].First != 0 && slots[at].Key != key)
            at = (at + 1) & mask;
        return ref slots[at];
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Slot(ulong Key, int First, int Bucket);

    private readonly record struct Node(int Keeper, int Next);
}
