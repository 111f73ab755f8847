using System.Runtime.InteropServices;
using Stackmill.Core.Engine;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// The third step, a task for each band: which documents share the band's key. Each bucket of at least two documents is written as the pairs of
/// its first document (by rank) and each other one, so that a bucket of any size takes one pair a document, and none is dropped.
/// </summary>
internal static class BandPairs
{
    /// <summary>Does a task: its bands, one after another.</summary>
    public static void Run(SearchFiles files, int task, long memory, ShardContext context)
    {
        using var output = new Output(context, task);
        var (start, end) = files.BandsOf(task);
        var (counters, chunk) = (new int[RadixPasses.Counters], new ulong[SearchFiles.KeysPerChunk]);
        using var pairs = new ExternalSort<ulong>(files.Scratch($"pairs-{task}"), memory / 3);
        using var keys = new ExternalSort<KeyRank>(files.Scratch($"keys-{task}"), memory * 2 / 3, (values, scratch) => RadixPasses.Sort(values, scratch, counters));
        for (var band = start; band < end; band++)
        {
            using (var ranks = new RowReader<uint>(files.Ranks, bufferBytes: 1 << 17))
            {
                for (var shard = 0; shard < files.Rows.Count; shard++)
                    AddKeys(files, shard, band, ranks, chunk, keys, context);
            }

            Group(keys.Sort(), static (a, b) => a.Key == b.Key, static k => k.Rank, (first, other) => pairs.Add(Pair(first, other)));
            keys.Clear();
            output.Add(pairs);
            pairs.Clear();
        }

        output.Complete();
    }

    /// <summary>Two ranks as one number, ordered by the first.</summary>
    public static ulong Pair(uint first, uint other) => ((ulong)first << 32) | other;

    /// <summary>Gives the first member of each bucket with each other one; rows come bucket after bucket, in a bucket by rank.</summary>
    public static void Group<T>(SortedValues<T> rows, Func<T, T, bool> isSameBucket, Func<T, uint> rank, Action<uint, uint> pair)
        where T : unmanaged, IComparable<T>
    {
        if (!rows.Read(out var first))
            return;
        while (rows.Read(out var row))
        {
            if (isSameBucket(first, row))
                pair(rank(first), rank(row));
            else
                first = row;
        }
    }

    /// <summary>What a task publishes: pairs, the first's rank in the upper half, ascending in each band; and how many each band has.</summary>
    internal sealed class Output(ShardContext context, int task) : IDisposable
    {
        private readonly RowWriter<ulong> _pairs = RankOrder.Open<ulong>(context, SearchFiles.PairsName(task));
        private readonly RowWriter<long> _counts = RankOrder.Open<long>(context, SearchFiles.PairCountsName(task), 1 << 12);

        /// <summary>Adds a band.</summary>
        public void Add(ExternalSort<ulong> pairs)
        {
            var before = _pairs.Count;
            var sorted = pairs.Sort();
            while (sorted.Read(out var pair))
                _pairs.Add(pair);
            _counts.Add(_pairs.Count - before);
        }

        /// <summary>Writes out what is left.</summary>
        public void Complete()
        {
            _pairs.Flush();
            _counts.Flush();
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _pairs.Dispose();
            _counts.Dispose();
        }
    }

    private static void AddKeys(SearchFiles files, int shard, int band, RowReader<uint> ranks, ulong[] chunk, ExternalSort<KeyRank> keys, ShardContext context)
    {
        using var file = File.OpenHandle(files.KeysOf(shard));
        long offset = 0;
        for (long done = 0; done < files.Rows[shard]; done += SearchFiles.KeysPerChunk)
        {
            var rows = (int)Math.Min(SearchFiles.KeysPerChunk, files.Rows[shard] - done);
            RowReader<ulong>.ReadAt(file, files.KeysOf(shard), offset + ((long)band * rows * sizeof(ulong)), chunk.AsSpan(0, rows));
            offset += (long)files.Parameters.Bands * rows * sizeof(ulong);
            for (var i = 0; i < rows; i++)
            {
                if (ranks.Read(out var rank) && rank != SearchFiles.NoRank)
                    keys.Add(new KeyRank(chunk[i], rank));
            }

            context.Cancellation.ThrowIfCancellationRequested();
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct KeyRank(ulong Key, uint Rank) : IHashOrdered, IComparable<KeyRank>
    {
        public ulong Hash => Key;

        public int CompareTo(KeyRank other) => Key != other.Key ? Key.CompareTo(other.Key) : Rank.CompareTo(other.Rank);
    }
}
