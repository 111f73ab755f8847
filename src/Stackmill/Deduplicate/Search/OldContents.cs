using ParquetSharp;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// The steps of a search against kept indexes before its decisions: which old documents share a bucket with a new one, and the shingle sets of those,
/// from their contents. No other content of the old datasets is read but that of their row groups.
/// </summary>
internal static class OldContents
{
    /// <summary>One task: finds the old documents that new ones may be compared with.</summary>
    public static void Find(SearchFiles files, long memory, ShardContext context)
    {
        var needed = new ulong[(files.Old >> 6) + 1];
        for (var part = 0; part < files.Parts; part++)
            Mark(files, part, needed, context);
        using var places = new ExternalSort<ulong>(files.Scratch("needed"), memory / 2);
        using (var ranked = new RowReader<RankedDocument>(files.Ranked, 0, files.Old, 1 << 18))
        {
            for (var rank = 0L; ranked.Read(out var document); rank++)
            {
                if ((needed[rank >> 6] >> (int)rank & 1) != 0 && document.ShingleCount > 0)
                    places.Add((ulong)(files.Starts[document.Shard] + document.Row));
            }
        }

        using var rows = RankOrder.Open<ulong>(context, SearchFiles.NeededName);
        var sorted = places.Sort();
        while (sorted.Read(out var place))
            rows.Add(place);
        rows.Flush();
    }

    /// <summary>A task for each indexed shard: makes the shingle sets of its rows that are needed.</summary>
    public static void Sketch(SearchFiles files, int indexed, Shingler shingler, OpenFiles open, ShardContext context)
    {
        var shard = files.NewRows.Count + indexed;
        var (dataset, rows) = (files.Indexed[indexed], Rows(files, shard, open));
        using var shingles = RankOrder.Open<ulong>(context, SearchFiles.ContentsName(indexed, "shingles"));
        using var offsets = RankOrder.Open<long>(context, SearchFiles.ContentsName(indexed, "offsets"));
        var next = 0;
        if (rows.Count > 0)
        {
            foreach (var (row, record) in Records(dataset.Dataset.Verified(dataset.Shard), rows))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                while (offsets.Count < row)
                    offsets.Add(-1);
                offsets.Add(shingles.Count);
                var expected = open.ReadRow<SketchedDocument>(files.DocumentsOf(shard), row).ShingleCount;
                var found = shingler.Read(record.Content.Span, record.Language);
                if (found.Length != expected)
                    throw new RunFaultException($"the index of '{dataset.Dataset.Folder}' says that '{record.DisplayPath}' has {expected} shingles; it has {found.Length}. The index was made by another version: make the dataset again with dedup.keep_index: true and --force.");
                shingles.AddRange(found);
                next++;
            }
        }

        if (next != rows.Count)
            throw new RunFaultException($"the shard '{dataset.Dataset.Manifest.Shards[dataset.Shard].Path}' of '{dataset.Dataset.Folder}' has fewer rows than its index. Make the dataset again with dedup.keep_index: true and --force.");
        shingles.Flush();
        offsets.Flush();
    }

    private static void Mark(SearchFiles files, int part, ulong[] needed, ShardContext context)
    {
        using var counts = new RowReader<long>(files.PartCounts(part));
        using var pairs = new RowReader<ulong>(files.PartPairs(part), bufferBytes: 1 << 18);
        var members = new List<uint>();
        // Those of equal digests, which come last, are not compared.
        for (var band = 0; band < files.Parameters.Bands && counts.Read(out var count); band++)
        {
            members.Clear();
            for (; count > 0 && pairs.Read(out var pair); count--)
            {
                var (first, other) = ((uint)(pair >> 32), (uint)pair);
                if (members.Count == 0 || members[0] != first)
                {
                    members.Clear();
                    members.Add(first);
                }

                if (other < files.Old)
                    members.Add(other);
                else if (first < files.Old)
                    MarkAll(members, needed);
            }

            context.Cancellation.ThrowIfCancellationRequested();
        }
    }

    // Once: afterwards the bucket's first stands for it.
    private static void MarkAll(List<uint> members, ulong[] needed)
    {
        foreach (var member in members)
            needed[member >> 6] |= 1UL << (int)member;
        members.RemoveRange(1, members.Count - 1);
    }

    private static List<int> Rows(SearchFiles files, int shard, OpenFiles open)
    {
        var count = new FileInfo(files.Needed).Length / sizeof(ulong);
        var (low, high) = (0L, count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (open.ReadRow<ulong>(files.Needed, middle) < (ulong)files.Starts[shard])
                low = middle + 1;
            else
                high = middle;
        }

        var rows = new List<int>();
        using var needed = new RowReader<ulong>(files.Needed, low * sizeof(ulong));
        while (needed.Read(out var place) && place < (ulong)files.Starts[shard + 1])
            rows.Add((int)(place - (ulong)files.Starts[shard]));
        return rows;
    }

    // The rows that are asked for, from the row groups that have one.
    private static IEnumerable<(int Row, CodeRecord Record)> Records(string path, List<int> rows)
    {
        var (groups, starts) = (new List<int>(), new List<int>());
        using (var reader = new ParquetFileReader(path))
        {
            for (int group = 0, start = 0; group < reader.FileMetaData.NumRowGroups; group++)
            {
                using var one = reader.RowGroup(group);
                var end = start + checked((int)one.MetaData.NumRows);
                var at = rows.BinarySearch(start);
                at = at < 0 ? ~at : at;
                if (at < rows.Count && rows[at] < end)
                {
                    groups.Add(group);
                    starts.AddRange(Enumerable.Range(start, end - start));
                }

                start = end;
            }
        }

        var (next, number) = (0, 0);
        foreach (var record in ParquetTableReader.Read(path, [.. RecordColumns.Text().Where(c => c.Name is RecordColumns.Content or "language" or "path" or "repo_name")], () => new CodeRecord(), [.. groups]).SelectMany(b => b))
        {
            var row = starts[number++];
            if (next < rows.Count && rows[next] == row)
            {
                next++;
                yield return (row, record);
            }
        }
    }
}
