using System.Runtime.CompilerServices;
using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Datasets;
using Stackmill.Deduplicate.Repositories;
using Stackmill.Deduplicate.Search;
using Stackmill.Shared;

namespace Stackmill.Deduplicate;

/// <summary>
/// What deduplication did: totals of all files, a histogram of similarities, and the largest groups in order of preference of the documents that stay.
/// Equal decisions give equal bytes. What the report does not list is counted in it and stands in the ledger.
/// </summary>
/// <param name="files">The decisions.</param>
/// <param name="options">How they were made.</param>
/// <param name="memory">Most memory for sorting.</param>
internal sealed class DeduplicationReport(SearchFiles files, DeduplicateOptions options, long memory)
{
    /// <summary>Most removed files that are listed, of all groups together.</summary>
    public const int MostListed = 100_000;

    /// <summary>Most removed files that are listed of one group.</summary>
    public const int MostListedOfGroup = 1000;

    // Enough to write seldom, little enough not to matter.
    private const int FlushBytes = 1 << 16;
    private const int Bins = 50;

    private readonly long[] _files = new long[4];
    private readonly long[] _bytes = new long[4];
    private readonly long[] _histogram = new long[Bins + 1];
    private long _groups;

    /// <summary>Writes the report.</summary>
    public void Write(string path) => AtomicFile.Write(path, stream =>
    {
        using (var writer = new Utf8JsonWriter(stream, Report.Options))
            Write(writer);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>
    /// Writes <c>{"summary": {…}, "similarities": [{"from", "to", "files"}, …], "duplicate_groups": {"exact": [[path, …], …], "normalized": [[path, …], …],
    /// "near": [{"file1", "file2", "similarity"}, …]}, "groups": [{"kept", "shingles", "removed_files", "bytes_saved", "removed": [{"file", "kind",
    /// "similarity", "bytes", "shingles"}, …]}, …]}</c>. In lists of paths the first is the most preferred; file1 stays and file2
    /// goes. An entry of <c>removed</c> has <c>match</c> when it is a copy of a file that goes itself.
    /// </summary>
    public void Write(Utf8JsonWriter writer)
    {
        var groups = Collect();
        using var open = new OpenFiles();
        string PathOf(int shard, int row) => files.NameOf(shard, row, open).Path;

        writer.WriteStartObject();
        WriteSummary(writer, groups);
        WriteHistogram(writer);
        var listed = groups.SelectMany(g => g.Listed).ToList();
        writer.WriteStartObject("duplicate_groups");
        WritePathLists(writer, listed, DuplicateKind.Exact, PathOf);
        WritePathLists(writer, listed, DuplicateKind.Normalized, PathOf);
        WriteNearPairs(writer, listed, PathOf);
        writer.WriteEndObject();
        writer.WriteStartArray("groups");
        foreach (var group in groups)
            WriteGroup(writer, group, PathOf);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
    }

    // The largest groups, in order of preference of what stays, with as many of their files as are listed.
    private List<Group> Collect()
    {
        using var rows = new ExternalSort<OfGroup>(files.Scratch("report"), memory);
        for (var part = 0; options.Enabled && part < files.Parts; part++)
        {
            using var decisions = new RowReader<DecisionRow>(files.Decisions(part), bufferBytes: 1 << 18);
            while (decisions.Read(out var row))
            {
                Count(row);
                rows.Add(new OfGroup(row));
            }
        }

        var largest = new PriorityQueue<Group, (long Files, long Order)>();
        var listed = 0;
        var sorted = rows.Sort();
        Group? group = null;
        while (sorted.Read(out var row))
        {
            if (group is null || group.Keeper != row.Row.Keeper)
                Offer(group);
            group = group is not null && group.Keeper == row.Row.Keeper ? group : new Group(row.Row);
            group.Add(row.Row);
        }

        Offer(group);
        return [.. largest.UnorderedItems.Select(i => i.Element).OrderBy(g => g.Keeper)];

        // The smallest leave first; of equal ones the least preferred.
        void Offer(Group? whole)
        {
            if (whole is null)
                return;
            _groups++;
            largest.Enqueue(whole, (whole.Files, -(long)whole.Keeper));
            for (listed += whole.Listed.Count; listed > MostListed; listed -= largest.Dequeue().Listed.Count)
            {
            }
        }
    }

    private void Count(in DecisionRow row)
    {
        _files[row.Kind]++;
        _bytes[row.Kind] += row.Bytes;
        if ((DuplicateKind)row.Kind == DuplicateKind.Near)
            _histogram[(int)((row.Similarity - LshParameters.MinThreshold) * 2 * Bins)]++;
    }

    private void WriteSummary(Utf8JsonWriter writer, List<Group> groups)
    {
        var parameters = files.Parameters;
        var repositories = Repositories();
        var (input, removed) = (files.NewRows.Sum() - Excluded(), _files.Sum() + repositories.GoneFiles);
        var contained = File.Exists(files.Contained) ? new FileInfo(files.Contained).Length / Unsafe.SizeOf<DecisionRow>() : 0;
        writer.WriteStartObject("summary");
        writer.WriteNumber("input_files", input);
        writer.WriteNumber("output_files", input - removed - contained);
        writer.WriteNumber("removed_files", removed);
        writer.WriteNumber("contained_files", contained);
        writer.WriteNumber("bytes_saved", _bytes.Sum());
        writer.WriteStartObject("removed_by_kind");
        foreach (var kind in DuplicateKinds.All)
        {
            writer.WriteStartObject(kind.Name());
            writer.WriteNumber("files", _files[(int)kind]);
            writer.WriteNumber("bytes", _bytes[(int)kind]);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("repositories");
        writer.WriteNumber("compared", repositories.Repositories);
        writer.WriteNumber("groups", repositories.Groups);
        writer.WriteNumber("removed", repositories.Gone);
        writer.WriteNumber("removed_files", repositories.GoneFiles);
        writer.WriteEndObject();
        writer.WriteNumber("files_compared_with", files.Old);
        writer.WriteNumber("groups", _groups);
        writer.WriteNumber("groups_listed", groups.Count);
        writer.WriteNumber("removed_files_listed", groups.Sum(g => (long)g.Listed.Count));
        writer.WriteNumber("similarity_threshold", parameters.Threshold);
        writer.WriteNumber("tokens_per_shingle", options.Dedup.ShingleTokens);
        writer.WriteNumber("bands", parameters.Bands);
        writer.WriteNumber("rows", parameters.Rows);
        writer.WriteNumber("miss_probability_at_threshold", parameters.MissProbability);
        writer.WriteEndObject();
    }

    // Files that went before duplicates were looked for.
    private long Excluded()
    {
        long excluded = 0;
        for (var shard = 0; shard < files.NewRows.Count; shard++)
        {
            using var documents = new RowReader<SketchedDocument>(files.DocumentsOf(shard), bufferBytes: 1 << 18);
            while (documents.Read(out var document))
                excluded += document.Excluded;
        }

        return excluded;
    }

    private RepositorySummary Repositories()
    {
        if (!File.Exists(files.GoneRepositories))
            return default;
        using var decisions = new RepositoryDecisions(files.GoneRepositories);
        return decisions.Summary;
    }

    private void WriteHistogram(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("similarities");
        for (var bin = 0; bin <= Bins; bin++)
        {
            if (_histogram[bin] == 0)
                continue;
            writer.WriteStartObject();
            writer.WriteNumber("from", Math.Round(LshParameters.MinThreshold + (bin / (2.0 * Bins)), 2));
            writer.WriteNumber("to", Math.Round(Math.Min(1, LshParameters.MinThreshold + ((bin + 1) / (2.0 * Bins))), 2));
            writer.WriteNumber("files", _histogram[bin]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePathLists(Utf8JsonWriter writer, List<DecisionRow> listed, DuplicateKind kind, Func<int, int, string> path)
    {
        writer.WriteStartArray(kind.Name());
        foreach (var group in listed.Where(r => r.Kind == (int)kind).GroupBy(r => r.Match).OrderBy(g => g.Key))
        {
            writer.WriteStartArray();
            var first = group.First();
            writer.WriteStringValue(path(first.MatchShard, first.MatchRow));
            foreach (var row in group.OrderBy(r => r.Rank))
                writer.WriteStringValue(path(row.Shard, row.Row));
            writer.WriteEndArray();
            FlushWhenFull(writer);
        }

        writer.WriteEndArray();
    }

    private static void WriteNearPairs(Utf8JsonWriter writer, List<DecisionRow> listed, Func<int, int, string> path)
    {
        writer.WriteStartArray("near");
        foreach (var row in listed.Where(r => r.Kind == (int)DuplicateKind.Near).OrderBy(r => r.Rank))
        {
            writer.WriteStartObject();
            writer.WriteString("file1", path(row.KeeperShard, row.KeeperRow));
            writer.WriteString("file2", path(row.Shard, row.Row));
            writer.WriteNumber("similarity", row.Similarity);
            writer.WriteEndObject();
            FlushWhenFull(writer);
        }

        writer.WriteEndArray();
    }

    private static void WriteGroup(Utf8JsonWriter writer, Group group, Func<int, int, string> path)
    {
        var first = group.Listed[0];
        writer.WriteStartObject();
        writer.WriteString("kept", path(first.KeeperShard, first.KeeperRow));
        writer.WriteNumber("shingles", first.KeeperShingleCount);
        writer.WriteNumber("removed_files", group.Files);
        writer.WriteNumber("bytes_saved", group.Bytes);
        writer.WriteStartArray("removed");
        foreach (var row in group.Listed)
        {
            writer.WriteStartObject();
            writer.WriteString("file", path(row.Shard, row.Row));
            writer.WriteString("kind", ((DuplicateKind)row.Kind).Name());
            writer.WriteNumber("similarity", row.Similarity);
            writer.WriteNumber("bytes", row.Bytes);
            writer.WriteNumber("shingles", row.ShingleCount);
            if (row.Match != row.Keeper)
                writer.WriteString("match", path(row.MatchShard, row.MatchRow));
            writer.WriteEndObject();
            FlushWhenFull(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void FlushWhenFull(Utf8JsonWriter writer)
    {
        if (writer.BytesPending >= FlushBytes)
            writer.Flush();
    }

    private sealed class Group(DecisionRow first)
    {
        public uint Keeper { get; } = first.Keeper;

        public long Files { get; private set; }

        public long Bytes { get; private set; }

        public List<DecisionRow> Listed { get; } = [];

        public void Add(in DecisionRow row)
        {
            Files++;
            Bytes += row.Bytes;
            if (Listed.Count < MostListedOfGroup)
                Listed.Add(row);
        }
    }

    private readonly record struct OfGroup(DecisionRow Row) : IComparable<OfGroup>
    {
        public int CompareTo(OfGroup other) => Row.Keeper != other.Row.Keeper ? Row.Keeper.CompareTo(other.Row.Keeper) : Row.Rank.CompareTo(other.Row.Rank);
    }
}
