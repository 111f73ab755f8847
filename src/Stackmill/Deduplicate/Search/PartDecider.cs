using System.Buffers;
using System.Diagnostics;
using Stackmill.Core.Engine;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// The fifth step, a task for each part: the fate of its documents, in order of preference. A document goes only if it equals, or is at least as similar as
/// the threshold to, one that stays; it goes for the most similar of those, the most preferred among equals. So no chain of similar pairs makes a document
/// go, and there is always one that stays. Only keepers are looked at, so a bucket of n similar documents takes n comparisons.
/// One per worker: not thread-safe.
/// </summary>
internal sealed class PartDecider : IDisposable
{
    // Keepers are met again soon or not at all; beyond this, the file system's cache serves.
    private const long MostCacheBytes = 64 << 20;

    // To read over so many bytes takes less time than a second call.
    private const int MostGapBytes = 1 << 13;
    private const int LoadBytes = 1 << 18;

    private readonly SearchFiles _files;
    private readonly long _memory;
    private readonly OpenFiles _open = new();
    private readonly ShingleFiles _shingles;
    private readonly List<int> _candidates = [];
    private readonly List<int> _likely = [];
    private ulong[] _own = [];

    /// <param name="files">The files of the search.</param>
    /// <param name="memory">Most memory.</param>
    public PartDecider(SearchFiles files, long memory)
    {
        (_files, _memory) = (files, memory);
        _shingles = new ShingleFiles(files, _open, Math.Min(MostCacheBytes, memory / 8));
    }

    /// <summary>Pairs whose shingle sets were compared.</summary>
    public long ComparedPairs { get; private set; }

    /// <summary>Decides on a part.</summary>
    public void Run(int part, ShardContext context)
    {
        using var rows = new ExternalSort<DecisionRow>(_files.Scratch($"rows-{part}"), _memory / 8);
        using (var removed = new ExternalSort<Removed>(_files.Scratch($"removed-{part}"), _memory / 8))
        {
            using (var blocks = new PartBlocks(_files, part, _memory / 2, context.Cancellation))
            {
                for (var block = 0; block < blocks.Count; block++)
                    Decide(blocks, block, removed, context);
            }

            Resolve(part, removed, rows, context);
        }

        using var file = RankOrder.Open<DecisionRow>(context, SearchFiles.DecisionsName(part));
        var sorted = rows.Sort();
        while (sorted.Read(out var row))
            file.Add(row);
        file.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _open.Dispose();

    private void Decide(PartBlocks blocks, int block, ExternalSort<Removed> removed, ShardContext context)
    {
        var buckets = new BlockBuckets(blocks, block);
        var documents = new RankedDocument[buckets.Numbers];
        var ranks = new uint[buckets.Numbers];
        buckets.Ranks.CopyTo(ranks, 0);
        buckets.Foreign.ToArray().CopyTo(ranks, buckets.Documents);
        Load(ranks, documents);
        var shared = new int[documents.Length];
        for (var i = 0; i < buckets.Documents; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (ranks[i] < _files.Old)
            {
                buckets.AddKeeper(i);
                continue;
            }

            if (documents[i].HasDigest && buckets.KeeperOfDigest(i) is >= 0 and var equal)
            {
                removed.Add(new Removed(ranks[i], ranks[equal], (int)DuplicateKind.Normalized, 1));
                continue;
            }

            buckets.FindKeepers(i, _candidates, shared);
            if (FindBest(i, documents, ranks, shared) is { } best)
                removed.Add(new Removed(ranks[i], ranks[best.Keeper], (int)DuplicateKind.Near, best.Similarity));
            else
                buckets.AddKeeper(i);
            foreach (var candidate in _candidates)
                shared[candidate] = 0;
            _candidates.Clear();
        }

        buckets.Send(blocks, number => ranks[number]);
    }

    // A part's documents lie all over the file, in order: where they lie close together, one read brings many of them.
    private void Load(uint[] ranks, RankedDocument[] documents)
    {
        var size = System.Runtime.CompilerServices.Unsafe.SizeOf<RankedDocument>();
        var rows = ArrayPool<RankedDocument>.Shared.Rent(LoadBytes / size);
        for (int start = 0, end; start < ranks.Length; start = end)
        {
            for (end = start + 1; end < ranks.Length && ranks[end] > ranks[end - 1] && (ranks[end] - ranks[end - 1]) * (long)size <= MostGapBytes && ranks[end] - ranks[start] < rows.Length; end++)
            {
            }

            var span = rows.AsSpan(0, (int)(ranks[end - 1] - ranks[start]) + 1);
            _open.Read(_files.Ranked, ranks[start] * (long)size, span);
            for (var i = start; i < end; i++)
                documents[i] = span[(int)(ranks[i] - ranks[start])];
        }

        ArrayPool<RankedDocument>.Shared.Return(rows);
    }

    /// <summary>The most similar keeper at or above the threshold; the most preferred of equals.</summary>
    private (int Keeper, double Similarity)? FindBest(int document, RankedDocument[] documents, uint[] ranks, int[] shared)
    {
        FindLikely(documents[document], documents);
        if (_likely.Count == 0)
            return null;

        // The likeliest first: once it is found, most others fail on the sizes alone. The order can't change the result, since all of them are looked at.
        _likely.Sort((left, right) => shared[left] != shared[right] ? shared[right].CompareTo(shared[left]) : ranks[left].CompareTo(ranks[right]));
        var own = documents[document].Shingles;
        var isRead = false;
        var best = -1;
        var similarity = _files.Parameters.Threshold;
        foreach (var candidate in _likely)
        {
            var other = documents[candidate].Shingles;
            var needed = Jaccard.MinIntersection(own.Count, other.Count, similarity);
            if (needed > Math.Min(own.Count, other.Count))
                continue;
            if (!isRead)
                ReadOwn(own);
            isRead = true;
            ComparedPairs++;
            var common = Jaccard.Intersection(_own.AsSpan(0, own.Count), _shingles.Read(other), needed);
            if (common < 0)
                continue;
            var found = Jaccard.Similarity(common, own.Count, other.Count);
            Debug.Assert(found >= similarity, "The needed intersection gives the needed similarity.");
            if (best >= 0 && found == similarity && ranks[candidate] > ranks[best])
                continue;
            (best, similarity) = (candidate, found);
        }

        return best < 0 ? null : (best, similarity);
    }

    // Candidates that sizes and bitmaps don't rule out. Files with the same header and little else share buckets in great numbers: to read the sets of all of
    // their pairs would take a thousand times as long.
    private void FindLikely(in RankedDocument own, RankedDocument[] documents)
    {
        _likely.Clear();
        var threshold = _files.Parameters.Threshold;
        foreach (var candidate in _candidates)
        {
            ref readonly var other = ref documents[candidate];
            var needed = Jaccard.MinIntersection(own.ShingleCount, other.ShingleCount, threshold);
            if (needed <= Math.Min(own.ShingleCount, other.ShingleCount) && ParityBitmap.Distance(own.Parity, other.Parity) <= (long)own.ShingleCount + other.ShingleCount - (2L * needed))
                _likely.Add(candidate);
        }
    }

    private void ReadOwn(ShingleReference set)
    {
        if (_own.Length < set.Count)
            _own = GC.AllocateUninitializedArray<ulong>((int)Math.Min(2L * set.Count, Array.MaxLength));
        _shingles.Read(set).CopyTo(_own);
    }

    // Copies have the fate of the first document of their content: they are met beside it, in the order of its rank.
    private void Resolve(int part, ExternalSort<Removed> removed, ExternalSort<DecisionRow> rows, ShardContext context)
    {
        using var copies = new RowReader<ulong>(_files.PartCopies(part));
        var hasCopy = copies.Read(out var copy);
        var sorted = removed.Sort();
        var has = sorted.Read(out var next);
        while (has || hasCopy)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (hasCopy && (!has || copy >> 32 < next.Rank))
            {
                rows.Add(Row(new Removed((uint)copy, (uint)(copy >> 32), (int)DuplicateKind.Exact, 1), (uint)(copy >> 32)));
                hasCopy = copies.Read(out copy);
                continue;
            }

            rows.Add(Row(next, next.Keeper));
            for (; hasCopy && copy >> 32 == next.Rank; hasCopy = copies.Read(out copy))
                rows.Add(Row(next with { Rank = (uint)copy, Kind = (int)DuplicateKind.Exact }, next.Rank));
            has = sorted.Read(out next);
        }
    }

    private DecisionRow Row(Removed removed, uint match)
    {
        var document = _open.ReadRow<RankedDocument>(_files.Ranked, removed.Rank);
        var keeper = _open.ReadRow<RankedDocument>(_files.Ranked, removed.Keeper);
        var matched = match == removed.Keeper ? keeper : _open.ReadRow<RankedDocument>(_files.Ranked, match);
        return new DecisionRow
        {
            Shard = document.Shard,
            Row = document.Row,
            Rank = removed.Rank,
            Keeper = removed.Keeper,
            KeeperShard = keeper.Shard,
            KeeperRow = keeper.Row,
            Match = match,
            MatchShard = matched.Shard,
            MatchRow = matched.Row,
            Kind = removed.Kind,
            Similarity = removed.Similarity,
            Bytes = document.Bytes,
            ShingleCount = document.ShingleCount,
            KeeperShingleCount = keeper.ShingleCount,
        };
    }

    private readonly record struct Removed(uint Rank, uint Keeper, int Kind, double Similarity) : IComparable<Removed>
    {
        public int CompareTo(Removed other) => Rank.CompareTo(other.Rank);
    }
}
