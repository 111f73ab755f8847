using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// The second step: puts all documents into the order of preference, which gives each its rank, and finds those of equal content and of equal
/// digests. One task, by sorting beyond memory.
/// </summary>
internal static class RankOrder
{
    /// <summary>Does the step.</summary>
    public static void Run(SearchFiles files, IReadOnlyList<string> prefer, long memory, ShardContext context)
    {
        // Three sorters at most are open at once.
        var share = memory / 3;
        using var copies = new ExternalSort<ulong>(files.Scratch("copies"), share);
        using var places = new ExternalSort<PlaceRank>(files.Scratch("places"), share);
        RankAll(files, prefer, share, copies, context);
        var count = WriteCopies(copies, context);
        FindEqualDigests(files, share, places, count, context);
        WriteRanks(files, places, context);
    }

    /// <summary>Announces an output of rows.</summary>
    public static RowWriter<T> Open<T>(ShardContext context, string name, int bufferBytes = 1 << 18)
        where T : unmanaged
    {
        RowWriter<T>? writer = null;
        writer = new RowWriter<T>(context.CreateOutput(name, SearchFiles.Signatures, "", () => (writer!.Count, 0)), bufferBytes);
        return writer;
    }

    private static void RankAll(SearchFiles files, IReadOnlyList<string> prefer, long memory, ExternalSort<ulong> copies, ShardContext context)
    {
        using var digests = new ExternalSort<DigestRank>(files.Scratch("digests"), memory);
        using (var order = new ExternalByteSort(files.Scratch("order"), memory))
        {
            AddAll(files, prefer, order, context);
            using var ranked = Open<RankedDocument>(context, SearchFiles.RankedName);
            var sorted = order.Sort();
            while (sorted.Read(out var key))
            {
                var document = MemoryMarshal.Read<RankedDocument>(key[^Unsafe.SizeOf<RankedDocument>()..]);
                digests.Add(new DigestRank(document.Digest, checked((uint)ranked.Count)));
                ranked.Add(document);
                context.Cancellation.ThrowIfCancellationRequested();
            }

            ranked.Flush();
        }

        BandPairs.Group(digests.Sort(), static (a, b) => a.Digest == b.Digest, static d => d.Rank, (first, copy) =>
        {
            // Old documents stay, whatever they are.
            if (copy >= files.Old)
                copies.Add(BandPairs.Pair(copy, first));
        });
    }

    private static void AddAll(SearchFiles files, IReadOnlyList<string> prefer, ExternalByteSort order, ShardContext context)
    {
        var key = new PreferenceKey(prefer);
        for (var shard = 0; shard < files.Rows.Count; shard++)
        {
            using var documents = new RowReader<SketchedDocument>(files.DocumentsOf(shard), bufferBytes: 1 << 18);
            if (documents.Left != files.Rows[shard])
                throw new RunFaultException($"'{files.DocumentsOf(shard)}' has {documents.Left} documents; expected {files.Rows[shard]}, one for each row of its shard. Something else changed it: run again with --force.");
            using var names = key.NeedsPath ? new RowReader<byte>(files.NamesOf(shard), bufferBytes: 1 << 18) : null;
            var row = 0;
            using var gone = new GoneRows(files, shard);
            while (documents.Read(out var document))
            {
                var path = names is null ? [] : ReadPath(names, document);
                if (document.Excluded == 0 && gone.KeptFor(row) is null)
                    order.Add(key.Of(document, path, shard, row, isOld: shard >= files.NewRows.Count));
                row++;
                context.Advance(document.Bytes);
            }
        }
    }

    private static byte[] ReadPath(RowReader<byte> names, in SketchedDocument document)
    {
        var path = new byte[document.PathLength];
        for (var i = 0; i < path.Length; i++)
            _ = names.Read(out path[i]);
        names.Skip(document.IdLength);
        return path;
    }

    private static long WriteCopies(ExternalSort<ulong> copies, ShardContext context)
    {
        using var file = Open<ulong>(context, SearchFiles.CopiesName);
        var sorted = copies.Sort();
        while (sorted.Read(out var copy))
            file.Add(copy);
        file.Flush();
        return file.Count;
    }

    // Goes through the documents by rank, and the copies beside them: a copy is in no band and has no digest.
    private static void FindEqualDigests(SearchFiles files, long memory, ExternalSort<PlaceRank> places, long copyCount, ShardContext context)
    {
        using var digests = new ExternalSort<TokenRank>(files.Scratch("tokens"), memory);
        // Under their temporary names: they are published when the task has ended.
        using var documents = new RowReader<RankedDocument>(AtomicFile.TemporaryName(files.Ranked), bufferBytes: 1 << 18);
        using var copies = new RowReader<ulong>(AtomicFile.TemporaryName(files.Copies), 0, copyCount, 1 << 18);
        var rank = 0u;
        var copy = NextCopy(copies);
        while (documents.Read(out var document))
        {
            if (rank == copy)
            {
                copy = NextCopy(copies);
            }
            else
            {
                if (document.ShingleCount > 0)
                    places.Add(new PlaceRank(files.Starts[document.Shard] + document.Row, rank));
                if (document.HasDigest)
                    digests.Add(new TokenRank(document.TokenHigh, document.TokenLow, rank));
            }

            rank++;
            context.Cancellation.ThrowIfCancellationRequested();
        }

        using var pairs = new ExternalSort<ulong>(files.Scratch("equal"), memory);
        BandPairs.Group(digests.Sort(), static (a, b) => a.High == b.High && a.Low == b.Low, static t => t.Rank, (first, other) => pairs.Add(BandPairs.Pair(first, other)));
        using var output = new BandPairs.Output(context, files.BandTasks);
        output.Add(pairs);
        output.Complete();
    }

    private static uint NextCopy(RowReader<ulong> copies) => copies.Read(out var copy) ? (uint)(copy >> 32) : SearchFiles.NoRank;

    private static void WriteRanks(SearchFiles files, ExternalSort<PlaceRank> places, ShardContext context)
    {
        using var ranks = Open<uint>(context, SearchFiles.RanksName);
        var sorted = places.Sort();
        while (sorted.Read(out var place))
        {
            while (ranks.Count < place.Place)
                ranks.Add(SearchFiles.NoRank);
            ranks.Add(place.Rank);
        }

        while (ranks.Count < files.Documents)
            ranks.Add(SearchFiles.NoRank);
        ranks.Flush();
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct DigestRank(ContentDigest Digest, uint Rank) : IComparable<DigestRank>
    {
        public int CompareTo(DigestRank other)
        {
            var order = Digest.A.CompareTo(other.Digest.A);
            if (order == 0)
                order = Digest.B.CompareTo(other.Digest.B);
            if (order == 0)
                order = Digest.C.CompareTo(other.Digest.C);
            if (order == 0)
                order = Digest.D.CompareTo(other.Digest.D);
            return order != 0 ? order : Rank.CompareTo(other.Rank);
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct TokenRank(ulong High, ulong Low, uint Rank) : IComparable<TokenRank>
    {
        public int CompareTo(TokenRank other)
        {
            var order = High.CompareTo(other.High);
            if (order == 0)
                order = Low.CompareTo(other.Low);
            return order != 0 ? order : Rank.CompareTo(other.Rank);
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct PlaceRank(long Place, uint Rank) : IComparable<PlaceRank>
    {
        public int CompareTo(PlaceRank other) => Place.CompareTo(other.Place);
    }
}
