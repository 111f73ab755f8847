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
    /// <summary>Does a band's task.</summary>
    public static void Run(SearchFiles files, int band, long memory, ShardContext context)
    {
        using var pairs = new ExternalSort<ulong>(files.Scratch($"pairs-{band}"), memory / 3);
        using (var keys = new ExternalSort<KeyRank>(files.Scratch($"keys-{band}"), memory * 2 / 3))
        {
            using var ranks = new RowReader<uint>(files.Ranks, bufferBytes: 1 << 17);
            var chunk = new ulong[SearchFiles.KeysPerChunk];
            for (var shard = 0; shard < files.Rows.Count; shard++)
                AddKeys(files, shard, band, ranks, chunk, keys, context);
            Group(keys.Sort(), static (a, b) => a.Key == b.Key, static k => k.Rank, (first, other) => pairs.Add(Pair(first, other)));
        }

        Write(pairs, context, SearchFiles.PairsName(band));
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

    /// <summary>Publishes pairs: the first's rank in the upper half, ascending.</summary>
    public static void Write(ExternalSort<ulong> pairs, ShardContext context, string name)
    {
        using var file = RankOrder.Open<ulong>(context, name);
        var sorted = pairs.Sort();
        while (sorted.Read(out var pair))
            file.Add(pair);
        file.Flush();
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
    private readonly record struct KeyRank(ulong Key, uint Rank) : IComparable<KeyRank>
    {
        public int CompareTo(KeyRank other) => Key != other.Key ? Key.CompareTo(other.Key) : Rank.CompareTo(other.Rank);
    }
}
