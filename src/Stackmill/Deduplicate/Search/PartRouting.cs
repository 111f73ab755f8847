using Stackmill.Core.Engine;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// The fourth step, one task: documents that are linked by pairs, over any number of others, come into the same part, so that parts can be decided
/// apart. Links say nothing of similarity: a part is no group of duplicates. Takes 4 bytes a document; where those are above the memory limit, all
/// documents come into one part, which gives the same result.
/// </summary>
internal static class PartRouting
{
    /// <summary>Does the step.</summary>
    public static void Run(SearchFiles files, long memory, ShardContext context)
    {
        var parts = FindParts(files, memory, context);
        var pairs = new RowWriter<ulong>[files.Parts];
        var counts = new RowWriter<long>[files.Parts];
        var copies = new ExternalSort<ulong>[files.Parts];
        var share = Math.Max(1 << 12, memory / 4 / files.Parts);
        try
        {
            for (var part = 0; part < files.Parts; part++)
            {
                pairs[part] = RankOrder.Open<ulong>(context, SearchFiles.PartName(part, "pairs"), (int)Math.Min(1 << 17, share));
                counts[part] = RankOrder.Open<long>(context, SearchFiles.PartName(part, "counts"), 1 << 12);
                copies[part] = new ExternalSort<ulong>(files.Scratch($"copies-{part}"), share);
            }

            Route(files, parts, pairs, counts, context);
            RouteCopies(files, parts, copies, context);
        }
        finally
        {
            foreach (var open in pairs.Concat<IDisposable?>(counts).Concat(copies))
                open?.Dispose();
        }
    }

    private static Func<uint, int> FindParts(SearchFiles files, long memory, ShardContext context)
    {
        if (files.Parts == 1 || files.Documents > Math.Min(memory / 2 / sizeof(uint), Array.MaxLength))
            return static _ => 0;
        var parents = new uint[files.Documents];
        for (var i = 0; i < parents.Length; i++)
            parents[i] = (uint)i;
        for (var task = 0; task <= files.BandTasks; task++)
        {
            using var file = new RowReader<ulong>(files.PairsOf(task), bufferBytes: 1 << 18);
            while (file.Read(out var pair))
                Join(parents, (uint)(pair >> 32), (uint)pair);
            context.Cancellation.ThrowIfCancellationRequested();
        }

        var count = (ulong)files.Parts;
        // The upper bits of a mixed number are even over all parts (Lemire, "Fast random integer generation in an interval", 2019).
        return rank => (int)Math.BigMul(StableHash.Finalise(Root(parents, rank) + 1), count, out _);
    }

    // The lesser rank becomes the root, so that the parts depend on nothing but the pairs.
    private static void Join(uint[] parents, uint a, uint b)
    {
        (a, b) = (Root(parents, a), Root(parents, b));
        if (a < b)
            parents[b] = a;
        else
            parents[a] = b;
    }

    private static uint Root(uint[] parents, uint at)
    {
        while (parents[at] != at)
        {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }

        return at;
    }

    private static void Route(SearchFiles files, Func<uint, int> partOf, RowWriter<ulong>[] pairs, RowWriter<long>[] counts, ShardContext context)
    {
        var before = new long[files.Parts];
        for (var task = 0; task <= files.BandTasks; task++)
        {
            using var bands = new RowReader<long>(files.PairCountsOf(task));
            using var file = new RowReader<ulong>(files.PairsOf(task), bufferBytes: 1 << 18);
            while (bands.Read(out var count))
            {
                for (; count > 0 && file.Read(out var pair); count--)
                    pairs[partOf((uint)(pair >> 32))].Add(pair);
                for (var part = 0; part < files.Parts; part++)
                {
                    counts[part].Add(pairs[part].Count - before[part]);
                    before[part] = pairs[part].Count;
                }

                context.Cancellation.ThrowIfCancellationRequested();
            }
        }

        foreach (var writer in pairs)
            writer.Flush();
        foreach (var writer in counts)
            writer.Flush();
    }

    private static void RouteCopies(SearchFiles files, Func<uint, int> partOf, ExternalSort<ulong>[] sorters, ShardContext context)
    {
        using (var copies = new RowReader<ulong>(files.Copies, bufferBytes: 1 << 18))
        {
            while (copies.Read(out var copy))
                sorters[partOf((uint)copy)].Add((copy << 32) | (copy >> 32));
        }

        for (var part = 0; part < files.Parts; part++)
        {
            using var file = RankOrder.Open<ulong>(context, SearchFiles.PartName(part, "copies"), 1 << 16);
            var sorted = sorters[part].Sort();
            while (sorted.Read(out var copy))
                file.Add(copy);
            file.Flush();
            sorters[part].Dispose();
        }
    }
}
