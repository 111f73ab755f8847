using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Arrow;
using ParquetSharp.Schema;

namespace Stackmill.Datasets.Parquet;

/// <summary>
/// Reads tables that this program has written: plain columns straight from their pages, without the copies and the memory that Arrow's arrays take (and whose
/// pressure makes the garbage collector run for every few megabytes); lists through Arrow. Contents are not copied.
/// </summary>
internal static class OwnTableReader
{
    /// <summary>What this program calls itself in the files that it writes.</summary>
    public const string Creator = "stackmill";

    /// <summary>Rows of a row group at most, since its lists are read at once; this program's have 8,192.</summary>
    public const int GroupRows = 1 << 16;

    /// <summary>How the file's columns are read; <c>null</c> when it has another form, or columns by other names.</summary>
    public static Binding<T>? Bind<T>(FileReader file, IReadOnlyList<ParquetColumn<T>> columns, int[] rowGroups)
    {
        var metadata = file.ParquetReader.FileMetaData;
        if (metadata.CreatedBy != Creator)
            return null;
        var leaves = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < metadata.Schema.NumColumns; i++)
        {
            var name = metadata.Schema.Column(i).Path.ToDotVector()[0];
            if (!leaves.TryGetValue(name, out var of))
                leaves.Add(name, of = []);
            of.Add(i);
        }

        var binding = new Binding<T>([], [], []);
        foreach (var column in columns)
        {
            if (!leaves.TryGetValue(column.Name, out var of))
            {
                if (column.Aliases.Any(leaves.ContainsKey))
                    return null;
                continue;
            }

            if (column is not PlainColumn<T> plain)
            {
                binding.Lists.Add(column);
                binding.ListLeaves.AddRange(of);
                continue;
            }

            if (of.Count > 1 || !IsSame(column, metadata.Schema.Column(of[0])))
                return null;
            // A page of contents ends a batch: it is read first.
            binding.Plain.Insert(column is BytesColumn<T> ? 0 : binding.Plain.Count, (plain, of[0]));
        }

        binding.ListLeaves.Sort();
        foreach (var rowGroup in rowGroups)
        {
            using var group = file.ParquetReader.RowGroup(rowGroup);
            if (group.MetaData.NumRows > GroupRows)
                return null;
        }

        return binding;
    }

    /// <summary>Reads row groups of a file; its reader has batches of <see cref="GroupRows"/>.</summary>
    public static IEnumerable<IReadOnlyList<T>> Read<T>(string path, FileReader file, Binding<T> binding, Func<T> create, int[] rowGroups)
    {
        foreach (var rowGroup in rowGroups)
        {
            using var group = file.ParquetReader.RowGroup(rowGroup);
            using var lists = binding.Lists.Count == 0 ? null : ParquetTableReader.Guard(path, () => ReadLists(file, rowGroup, binding));
            var readers = new List<LeafReader<T>>(binding.Plain.Count);
            try
            {
                foreach (var (column, leaf) in binding.Plain)
                    readers.Add(ParquetTableReader.Guard(path, () => column.CreateReader(group.Column(leaf))));
                var endsBatch = binding.Plain.Count > 0 && binding.Plain[0].Column is BytesColumn<T>;
                var left = (int)group.MetaData.NumRows;
                var most = ParquetTableReader.BatchRows(file, [rowGroup], binding.Plain.Select(p => p.Leaf));
                for (var start = 0; left > 0;)
                {
                    var rows = new T[Math.Min(left, most)];
                    for (var i = 0; i < rows.Length; i++)
                        rows[i] = create();
                    var count = ParquetTableReader.Guard(path, () => ReadBatch(readers, rows, endsBatch));
                    var batch = new ArraySegment<T>(rows, 0, count);
                    foreach (var column in binding.Lists)
                        column.Read(ArrowArrayFactory.Slice(lists!.Column(column.Name), start, count), batch);
                    yield return batch;
                    (start, left) = (start + count, left - count);
                }
            }
            finally
            {
                foreach (var reader in readers)
                    reader.Dispose();
            }
        }
    }

    private static bool IsSame<T>(ParquetColumn<T> column, ColumnDescriptor stored)
    {
        using var node = column.CreateNode();
        using var type = node.LogicalType;
        using var storedType = stored.LogicalType;
        return node is PrimitiveNode primitive && primitive.PhysicalType == stored.PhysicalType && type.Equals(storedType)
            && stored.MaxRepetitionLevel == 0 && stored.MaxDefinitionLevel == (node.Repetition == Repetition.Optional ? 1 : 0);
    }

    private static int ReadBatch<T>(List<LeafReader<T>> readers, T[] rows, bool endsBatch)
    {
        var count = rows.Length;
        for (var i = 0; i < readers.Count; i++)
            count = readers[i].Read(rows.AsSpan(0, count), oneCall: endsBatch && i == 0);
        return count;
    }

    private static RecordBatch ReadLists<T>(FileReader file, int rowGroup, Binding<T> binding)
    {
        using var batches = file.GetRecordBatchReader([rowGroup], [.. binding.ListLeaves]);
        // The native reader never goes async; the value is there when the call returns.
        return batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() ?? throw new InvalidDataException("A row group has no rows where its metadata tells some.");
    }

    /// <summary>How a file's columns are read.</summary>
    /// <param name="Plain">Columns of one leaf, and its number.</param>
    /// <param name="Lists">Columns of lists.</param>
    /// <param name="ListLeaves">The leaves of all lists.</param>
    internal sealed record Binding<T>(List<(PlainColumn<T> Column, int Leaf)> Plain, List<ParquetColumn<T>> Lists, List<int> ListLeaves);
}
