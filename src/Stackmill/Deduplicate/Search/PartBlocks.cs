using System.Runtime.InteropServices;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>A keeper that a bucket hands on to a later block.</summary>
internal readonly record struct KeeperMessage(long Bucket, uint Keeper);

/// <summary>
/// The buckets of one part, cut at ranks into blocks that fit in memory, which are decided one after another: what a bucket knows of its keepers at
/// the end of a block is handed on to the next block that has a document of it (time-forward processing; Arge, "The buffer tree", 1995).
/// A part that fits is one block, and nothing is handed on.
/// </summary>
internal sealed class PartBlocks : IDisposable
{
    // A document's number in its buckets' list, its bucket's head, number and follower, and a keeper's node: at most, of each membership.
    private const long BytesPerMembership = 4 + 4 + 8 + 4 + 8;

    // Beside these what is known of the document itself; blocks are cut at multiples of so many ranks.
    private const long BytesPerDocument = 136 + 16;
    private const int Grain = 10;
    private const int MostMembers = 1 << 16;

    private readonly SearchFiles _files;
    private readonly int _part;
    private readonly string _scratch;
    private readonly List<uint> _ends = [];
    private readonly List<RowWriter<uint>> _buckets = [];
    private readonly List<RowWriter<KeeperMessage>> _messages = [];
    private readonly List<uint> _members = [];

    /// <summary>Cuts a part into blocks.</summary>
    /// <param name="files">The files of the search.</param>
    /// <param name="part">The part.</param>
    /// <param name="memory">Most memory of a block; a block of 1,024 ranks is made however little it is.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    public PartBlocks(SearchFiles files, int part, long memory, CancellationToken cancellation)
    {
        (_files, _part, _scratch) = (files, part, files.Scratch($"block-{part}"));
        FindEnds(memory, cancellation);
        for (var block = 0; block < _ends.Count; block++)
        {
            _buckets.Add(new RowWriter<uint>(BucketsPath(block), 1 << 15, temporary: true));
            _messages.Add(new RowWriter<KeeperMessage>(KeepersPath(block), 1 << 14, temporary: true));
        }

        Distribute(cancellation);
    }

    /// <summary>How many blocks there are; 0 when the part has no pair.</summary>
    public int Count => _ends.Count;

    /// <summary>Ranks of a block.</summary>
    public (uint Start, uint End) Range(int block) => (block == 0 ? 0 : _ends[block - 1], _ends[block]);

    /// <summary>
    /// The buckets of a block as numbers: of each, its number in two halves, the block that follows with a document of it (or −1), whether it is one of
    /// equal digests, how many members follow, and their ranks. A large bucket comes in pieces, each followed by the same block until the last.
    /// </summary>
    public RowReader<uint> Buckets(int block)
    {
        _buckets[block].Flush();
        return new RowReader<uint>(_buckets[block].Handle, BucketsPath(block), 0, _buckets[block].Count, 1 << 16);
    }

    /// <summary>Keepers that were handed on to a block.</summary>
    public RowReader<KeeperMessage> Messages(int block)
    {
        _messages[block].Flush();
        return new RowReader<KeeperMessage>(_messages[block].Handle, KeepersPath(block), 0, _messages[block].Count, 1 << 16);
    }

    /// <summary>Hands a keeper on.</summary>
    public void Send(int block, long bucket, uint keeper) => _messages[block].Add(new KeeperMessage(bucket, keeper));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _buckets)
            file.Dispose();
        foreach (var file in _messages)
            file.Dispose();
    }

    private string BucketsPath(int block) => AtomicFile.TemporaryName($"{_scratch}-{block}.buckets");

    private string KeepersPath(int block) => AtomicFile.TemporaryName($"{_scratch}-{block}.keepers");

    private void FindEnds(long memory, CancellationToken cancellation)
    {
        var weights = new long[(_files.Documents >> Grain) + 1];
        ForEachMember((_, rank, _) => weights[rank >> Grain] += BytesPerMembership, cancellation);
        long used = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0)
                continue;
            var grain = weights[i] + (BytesPerDocument << Grain);
            if (used > 0 && used + grain > memory)
            {
                _ends.Add((uint)i << Grain);
                used = 0;
            }

            used += grain;
        }

        if (used > 0)
            _ends.Add(SearchFiles.NoRank);
    }

    private void Distribute(CancellationToken cancellation)
    {
        if (Count == 0)
            return;
        var (number, block, isDigest) = (-1L, -1, false);
        ForEachMember(
            (bucket, rank, ofDigest) =>
            {
                var next = BlockOf(rank);
                if (bucket != number)
                    Flush(-1);
                else if (next != block || _members.Count == MostMembers)
                    Flush(next);
                (number, block, isDigest) = (bucket, next, ofDigest);
                _members.Add(rank);
            },
            cancellation);
        Flush(-1);

        void Flush(int next)
        {
            if (_members.Count == 0)
                return;
            var file = _buckets[block];
            file.Add((uint)(number >> 32));
            file.Add((uint)number);
            file.Add((uint)next);
            file.Add(isDigest ? 1u : 0);
            file.Add((uint)_members.Count);
            file.AddRange(CollectionsMarshal.AsSpan(_members));
            _members.Clear();
        }
    }

    private int BlockOf(uint rank)
    {
        var at = _ends.BinarySearch(rank + 1);
        return at >= 0 ? at : ~at;
    }

    // The members of each bucket by rank, band after band, with the bucket's number, which is the same in each pass.
    private void ForEachMember(Action<long, uint, bool> action, CancellationToken cancellation)
    {
        using var counts = new RowReader<long>(_files.PartCounts(_part));
        using var pairs = new RowReader<ulong>(_files.PartPairs(_part), bufferBytes: 1 << 18);
        var bucket = -1L;
        for (var band = 0; counts.Read(out var count); band++)
        {
            var isDigest = band == _files.Parameters.Bands;
            var last = SearchFiles.NoRank;
            for (; count > 0; count--)
            {
                if (!pairs.Read(out var pair))
                    throw new RunFaultException($"'{_files.PartPairs(_part)}' ends too early: something else changed it. Run again with --force.");
                var first = (uint)(pair >> 32);
                if (first != last)
                    action(++bucket, last = first, isDigest);
                action(bucket, (uint)pair, isDigest);
            }

            cancellation.ThrowIfCancellationRequested();
        }
    }
}
