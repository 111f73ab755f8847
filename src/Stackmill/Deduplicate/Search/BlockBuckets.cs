using System.Numerics;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// The buckets of one block in memory, with the keepers found in each so far. Documents are numbered in the block by rank, from 0; keepers of earlier
/// blocks have the numbers after them.
/// </summary>
internal sealed class BlockBuckets
{
    private const int NodesPerPage = 1 << 16;

    private readonly uint _start;
    private readonly ulong[] _present;
    private readonly int[] _before;
    private readonly int[] _starts;
    private readonly int[] _bucketsOf;
    private readonly List<Bucket> _buckets = [];
    private readonly int[] _heads;
    private readonly List<Node[]> _pages = [];
    private readonly Dictionary<uint, int> _foreign = [];
    private int _nodes = 1;

    /// <summary>Loads a block.</summary>
    public BlockBuckets(PartBlocks blocks, int block)
    {
        var (start, end) = blocks.Range(block);
        (_start, var last) = (start, start);
        ForEach(blocks, block, (_, _, _, rank) => last = Math.Max(last, rank));
        _present = new ulong[((last - start) >> 6) + 1];
        ForEach(blocks, block, (_, _, _, rank) => _present[(rank - start) >> 6] |= 1UL << (int)(rank - start));
        _before = new int[_present.Length];
        for (var i = 0; i < _present.Length; i++)
        {
            _before[i] = Documents;
            Documents += BitOperations.PopCount(_present[i]);
        }

        Ranks = new uint[Documents];
        _starts = new int[Documents + 1];
        ForEach(blocks, block, (_, _, _, rank) =>
        {
            var document = NumberOf(rank);
            Ranks[document] = rank;
            _starts[document + 1]++;
        });
        for (var i = 0; i < Documents; i++)
            _starts[i + 1] += _starts[i];
        _bucketsOf = new int[_starts[Documents]];
        var filled = new int[Documents];
        ForEach(blocks, block, (number, next, isDigest, rank) =>
        {
            if (_buckets.Count == 0 || _buckets[^1].Number != number)
                _buckets.Add(new Bucket(number, next, isDigest));
            else if (_buckets[^1].Next != next)
                _buckets[^1] = new Bucket(number, next, isDigest);
            var document = NumberOf(rank);
            _bucketsOf[_starts[document] + filled[document]++] = _buckets.Count - 1;
        });
        _heads = new int[_buckets.Count];
        Receive(blocks, block);
    }

    /// <summary>Documents of the block.</summary>
    public int Documents { get; private set; }

    /// <summary>Their ranks, ascending.</summary>
    public uint[] Ranks { get; }

    /// <summary>Keepers of earlier blocks that buckets of this one have, in the order of their numbers.</summary>
    public IEnumerable<uint> Foreign => _foreign.OrderBy(f => f.Value).Select(f => f.Key);

    /// <summary>Number of documents and foreign keepers.</summary>
    public int Numbers => Documents + _foreign.Count;

    /// <summary>The keeper whose digest equals the document's; −1 when there is none.</summary>
    public int KeeperOfDigest(int document)
    {
        foreach (var bucket in BucketsOf(document))
        {
            if (_buckets[bucket].IsDigest && _heads[bucket] != 0)
                return At(_heads[bucket]).Keeper;
        }

        return -1;
    }

    /// <summary>
    /// Puts the keepers that share a band's bucket with the document into <paramref name="keepers"/>, each once, and how many buckets each shares into
    /// <paramref name="shared"/>, by their numbers. Those entries are 0 beforehand; the caller sets them to 0 again.
    /// </summary>
    public void FindKeepers(int document, List<int> keepers, Span<int> shared)
    {
        foreach (var bucket in BucketsOf(document))
        {
            if (_buckets[bucket].IsDigest)
                continue;
            for (var at = _heads[bucket]; at != 0;)
            {
                ref var node = ref At(at);
                if (shared[node.Keeper]++ == 0)
                    keepers.Add(node.Keeper);
                at = node.Next;
            }
        }
    }

    /// <summary>Adds a keeper to all its buckets.</summary>
    public void AddKeeper(int document)
    {
        foreach (var bucket in BucketsOf(document))
            AddKeeper(bucket, document);
    }

    /// <summary>Hands on the keepers of all buckets that later blocks have documents of.</summary>
    public void Send(PartBlocks blocks, Func<int, uint> rankOf)
    {
        for (var bucket = 0; bucket < _buckets.Count; bucket++)
        {
            if (_buckets[bucket].Next < 0)
                continue;
            for (var at = _heads[bucket]; at != 0; at = At(at).Next)
                blocks.Send(_buckets[bucket].Next, _buckets[bucket].Number, rankOf(At(at).Keeper));
        }
    }

    private ReadOnlySpan<int> BucketsOf(int document) => _bucketsOf.AsSpan(_starts[document].._starts[document + 1]);

    private ref Node At(int node) => ref _pages[node / NodesPerPage][node % NodesPerPage];

    private int NumberOf(uint rank)
    {
        var at = (int)(rank - _start);
        return _before[at >> 6] + BitOperations.PopCount(_present[at >> 6] & ((1UL << at) - 1));
    }

    private void AddKeeper(int bucket, int keeper)
    {
        if (_nodes % NodesPerPage == 0 || _pages.Count == 0)
            _pages.Add(new Node[NodesPerPage]);
        At(_nodes) = new Node(keeper, _heads[bucket]);
        _heads[bucket] = checked(_nodes++);
    }

    private void Receive(PartBlocks blocks, int block)
    {
        using var messages = blocks.Messages(block);
        while (messages.Read(out var message))
        {
            if (!_foreign.TryGetValue(message.Keeper, out var keeper))
                _foreign.Add(message.Keeper, keeper = Documents + _foreign.Count);
            AddKeeper(_buckets.BinarySearch(new Bucket(message.Bucket, 0, false)), keeper);
        }
    }

    // Bucket, block that follows, whether it is one of digests, rank.
    private static void ForEach(PartBlocks blocks, int block, Action<long, int, bool, uint> action)
    {
        using var rows = blocks.Buckets(block);
        while (rows.Read(out var high))
        {
            _ = rows.Read(out var low) & rows.Read(out var next) & rows.Read(out var isDigest) & rows.Read(out var members);
            var number = ((long)high << 32) | low;
            for (; members > 0 && rows.Read(out var rank); members--)
                action(number, (int)next, isDigest == 1, rank);
        }
    }

    private readonly record struct Node(int Keeper, int Next);

    private readonly record struct Bucket(long Number, int Next, bool IsDigest) : IComparable<Bucket>
    {
        public int CompareTo(Bucket other) => Number.CompareTo(other.Number);
    }
}
