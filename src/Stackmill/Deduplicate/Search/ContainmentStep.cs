using Stackmill.Core.Engine;
using Stackmill.Deduplicate.Containment;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// The step after the decisions, one task: which of the files that stay lie in a larger one. A file that stays for another one, which is no copy of it, stays
/// all the same: else that one would have gone for nothing. Old files of datasets that are compared with take no part.
/// </summary>
internal static class ContainmentStep
{
    /// <summary>Does the step.</summary>
    public static void Run(SearchFiles files, ContainmentOptions options, long memory, ShardContext context)
    {
        var (gone, stays) = (new Bits(files.Documents), new Bits(files.Documents));
        for (var part = 0; part < files.Parts; part++)
        {
            using var rows = new RowReader<DecisionRow>(files.Decisions(part), bufferBytes: 1 << 18);
            while (rows.Read(out var row))
            {
                gone.Set(row.Rank);
                if ((DuplicateKind)row.Kind != DuplicateKind.Exact)
                    stays.Set(row.Keeper);
            }
        }

        using var open = new OpenFiles();
        var found = context.CreateOutput("containment/found", SearchFiles.Signatures, "", static () => (0, 0));
        var result = new ContainmentDecider(options, files.Scratch("containment"), memory * 3 / 4)
            .Decide(Samples(files, gone), new RankedShingles(files, open, memory / 8), found, document => !stays.Has(document), context.Cancellation);
        WriteRows(files, found, options.Drops, memory / 8, open, context);
        ContainmentReport.Write(context.CreateOutput(SearchFiles.ContainmentReportName, SearchFiles.Signatures, "", static () => (0, 0)), options, result, rank =>
        {
            var document = open.ReadRow<RankedDocument>(files.Ranked, rank);
            return files.NameOf(document.Shard, document.Row, open).Path;
        });
    }

    private static IEnumerable<SampledShingle> Samples(SearchFiles files, Bits gone)
    {
        for (var shard = 0; shard < files.NewRows.Count; shard++)
        {
            var ranks = new uint[files.NewRows[shard]];
            using (var reader = new RowReader<uint>(files.Ranks, files.Starts[shard] * sizeof(uint), ranks.Length, 1 << 18))
            {
                for (var i = 0; reader.Read(out var rank); i++)
                    ranks[i] = rank;
            }

            foreach (var sample in ContainmentDecider.Read(files.SamplesOf(shard), row => ranks[row] is var rank && (rank == SearchFiles.NoRank || gone.Has(rank)) ? null : rank))
                yield return sample;
        }
    }

    private static void WriteRows(SearchFiles files, string found, bool drops, long memory, OpenFiles open, ShardContext context)
    {
        using var rows = new ExternalSort<DecisionRow>(files.Scratch("contained"), memory);
        using (var contained = new RowReader<ContainedDocument>(found, bufferBytes: 1 << 18))
        {
            while (drops && contained.Read(out var one))
            {
                var (document, container) = (open.ReadRow<RankedDocument>(files.Ranked, one.Document), open.ReadRow<RankedDocument>(files.Ranked, one.Container));
                rows.Add(new DecisionRow
                {
                    Shard = document.Shard,
                    Row = document.Row,
                    Rank = one.Document,
                    Keeper = one.Container,
                    KeeperShard = container.Shard,
                    KeeperRow = container.Row,
                    Match = one.Container,
                    MatchShard = container.Shard,
                    MatchRow = container.Row,
                    Kind = (int)DuplicateKind.Contained,
                    Similarity = one.Containment,
                    Bytes = document.Bytes,
                    ShingleCount = document.ShingleCount,
                    KeeperShingleCount = container.ShingleCount,
                });
            }
        }

        using var file = RankOrder.Open<DecisionRow>(context, SearchFiles.ContainedName);
        var sorted = rows.Sort();
        while (sorted.Read(out var row))
            file.Add(row);
        file.Flush();
    }

    private sealed class Bits(long count)
    {
        private readonly ulong[] _bits = new ulong[(count >> 6) + 1];

        public bool Has(uint at) => (_bits[at >> 6] >> (int)at & 1) != 0;

        public void Set(uint at) => _bits[at >> 6] |= 1UL << (int)at;
    }

    private sealed class RankedShingles(SearchFiles files, OpenFiles open, long cacheBytes) : IShingleSource
    {
        private readonly ShingleFiles _shingles = new(files, open, cacheBytes);

        public int Read(uint document, ref ulong[] buffer)
        {
            var set = open.ReadRow<RankedDocument>(files.Ranked, document).Shingles;
            if (buffer.Length < set.Count)
                buffer = GC.AllocateUninitializedArray<ulong>((int)Math.Min(2L * set.Count, Array.MaxLength));
            _shingles.Read(set).CopyTo(buffer);
            return set.Count;
        }

        public int Count(uint document) => open.ReadRow<RankedDocument>(files.Ranked, document).ShingleCount;
    }
}
