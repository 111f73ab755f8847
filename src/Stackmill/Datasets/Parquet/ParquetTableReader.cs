using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Arrow;
using ParquetSharp.IO;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Storage;

namespace Stackmill.Datasets.Parquet;

/// <summary>Reads typed rows from a Parquet file, by column and row group, a batch at a time.</summary>
internal static class ParquetTableReader
{
    // Batches of about this many bytes keep a reader's memory flat whatever the size of the row groups.
    private const long BatchBytes = 4 << 20;
    private const int MaxBatchRows = 4096;

    /// <summary>
    /// Reads the given columns (those that the file has) of the given row groups. Contents point into the batch
    /// and are valid until the next one is taken.
    /// </summary>
    /// <exception cref="ShardFaultException">The file is no readable Parquet file.</exception>
    public static IEnumerable<IReadOnlyList<T>> Read<T>(
        string path, IReadOnlyList<ParquetColumn<T>> columns, Func<T> create, int[]? rowGroups = null) =>
        Read(path, batchRows => Open(path, batchRows), columns, create, rowGroups);

    /// <summary>As the other, from wherever the file lies.</summary>
    /// <exception cref="ShardFaultException">The file can't be read, or is no Parquet file.</exception>
    public static IEnumerable<IReadOnlyList<T>> Read<T>(
        SourceFile source, IReadOnlyList<ParquetColumn<T>> columns, Func<T> create, int[]? rowGroups = null) =>
        Read(source.Name, batchRows => Open(source, batchRows), columns, create, rowGroups);

    private static IEnumerable<IReadOnlyList<T>> Read<T>(
        string path, Func<int, FileReader> open, IReadOnlyList<ParquetColumn<T>> columns, Func<T> create, int[]? rowGroups)
    {
        var leaves = new List<int>();
        var bound = new List<(ParquetColumn<T> Column, string Name)>();
        int batchRows;
        using (var probe = open(OwnTableReader.GroupRows))
        {
            rowGroups ??= [.. Enumerable.Range(0, probe.NumRowGroups)];
            if (Guard(path, () => OwnTableReader.Bind(probe, columns, rowGroups)) is { } own)
            {
                foreach (var batch in OwnTableReader.Read(path, probe, own, create, rowGroups))
                    yield return batch;
                yield break;
            }

            Bind(probe, columns, leaves, bound);
            batchRows = BatchRows(probe, rowGroups, leaves);
        }

        using var file = open(batchRows);
        if (rowGroups.Length == 0)
            yield break;
        using var batches = Guard(path, () => file.GetRecordBatchReader(rowGroups, [.. leaves]));
        while (true)
        {
            // The native reader never goes async; the value is there when the call returns.
            using var batch = Guard(path, () => batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult());
            if (batch is null)
                yield break;
            var rows = new T[batch.Length];
            for (var i = 0; i < rows.Length; i++)
                rows[i] = create();
            foreach (var (column, name) in bound)
                column.Read(batch.Column(name), rows);
            yield return rows;
        }
    }

    /// <summary>
    /// Reads batches of the leaf columns that <paramref name="choose"/> takes from the file's Arrow schema, in the order of the file. A batch
    /// is valid until the next one is taken, and holds one row at least, however large.
    /// </summary>
    /// <exception cref="ShardFaultException">The file can't be read, or is no Parquet file.</exception>
    public static IEnumerable<RecordBatch> Batches(SourceFile source, Func<Schema, IReadOnlyList<int>> choose, int[]? rowGroups = null)
    {
        List<int> leaves;
        int batchRows;
        using (var probe = Open(source))
        {
            leaves = [.. choose(Guard(source.Name, () => probe.Schema))];
            rowGroups ??= [.. Enumerable.Range(0, probe.NumRowGroups)];
            batchRows = Guard(source.Name, () => BatchRows(probe, rowGroups, leaves));
        }

        if (rowGroups.Length == 0)
            yield break;
        using var file = Open(source, batchRows);
        using var batches = Guard(source.Name, () => file.GetRecordBatchReader(rowGroups, [.. leaves]));
        while (true)
        {
            // The native reader never goes async; the value is there when the call returns.
            using var batch = Guard(source.Name, () => batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult());
            if (batch is null)
                yield break;
            yield return batch;
        }
    }

    /// <summary>Opens a file, with a clear error when it is not Parquet.</summary>
    public static FileReader Open(string path, int batchRows = MaxBatchRows) =>
        Guard(path, () => Open(batchRows, (properties, arrow) => new FileReader(path, properties, arrow)));

    /// <summary>As the other, from wherever the file lies.</summary>
    public static FileReader Open(SourceFile source, int batchRows = MaxBatchRows) => source is LocalFile local
        ? Open(local.Path, batchRows)
        : Guard(source.Name, () => Open(batchRows, (properties, arrow) => new FileReader(new ManagedRandomAccessFile(new SourceFaults(source.OpenSeekable())), properties, arrow)));

    private static FileReader Open(int batchRows, Func<ReaderProperties, ArrowReaderProperties, FileReader> create)
    {
        using var arrow = ArrowReaderProperties.GetDefault();
        arrow.BatchSize = batchRows;
        arrow.UseThreads = false;
        arrow.PreBuffer = false;
        using var properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnableBufferedStream();
        properties.BufferSize = 1 << 16;
        return create(properties, arrow);
    }

    private static void Bind<T>(
        FileReader file, IReadOnlyList<ParquetColumn<T>> columns, List<int> leaves, List<(ParquetColumn<T> Column, string Name)> bound)
    {
        var schema = file.ParquetReader.FileMetaData.Schema;
        var names = new string[schema.NumColumns];
        for (var i = 0; i < names.Length; i++)
            names[i] = schema.Column(i).Path.ToDotVector()[0];
        foreach (var column in columns)
        {
            var name = column.Aliases.Prepend(column.Name).FirstOrDefault(n => System.Array.IndexOf(names, n) >= 0);
            if (name is null)
                continue;
            bound.Add((column, name));
            for (var i = 0; i < names.Length; i++)
            {
                if (names[i] == name && !leaves.Contains(i))
                    leaves.Add(i);
            }
        }

        leaves.Sort();
    }

    /// <summary>Rows of a batch of some columns, so that it has about <see cref="BatchBytes"/>.</summary>
    public static int BatchRows(FileReader file, int[] rowGroups, IEnumerable<int> leaves)
    {
        var rows = (long)MaxBatchRows;
        foreach (var rowGroup in rowGroups)
        {
            using var group = file.ParquetReader.RowGroup(rowGroup);
            long bytes = 0;
            foreach (var leaf in leaves)
            {
                using var chunk = group.MetaData.GetColumnChunkMetaData(leaf);
                bytes += chunk.TotalUncompressedSize;
            }

            if (group.MetaData.NumRows > 0)
                rows = Math.Min(rows, BatchBytes / Math.Max(1, bytes / group.MetaData.NumRows));
        }

        return (int)Math.Max(1, rows);
    }

    /// <summary>Does something with a Parquet file, whose faults become a fault of the shard that names the file.</summary>
    public static TResult Guard<TResult>(string path, Func<TResult> action)
    {
        SourceFaults.Forget();
        try
        {
            return action();
        }
        // The stream of record batches throws what its native side reports as a bare Exception, of no type of its own.
        catch (Exception fault) when (fault is ParquetException or InvalidDataException or OverflowException || fault.GetType() == typeof(Exception))
        {
            SourceFaults.ThrowLast();
            throw new ShardFaultException(
                $"'{path}' can't be read as Parquet: {Plain(fault.Message)} Expected a whole, unencrypted Parquet file; fetch or make it again, or take it out of the input.", fault);
        }
    }

    // The native library puts the mangled name of its own type before what it says.
    private static string Plain(string message)
    {
        const string Start = "(message: '";
        var text = message.ReplaceLineEndings(" ").AsSpan();
        var start = text.IndexOf(Start);
        text = start < 0 ? text : text[(start + Start.Length)..].TrimEnd(')').TrimEnd('\'');
        // What a source's stream threw comes back as text, with the frames of its stack.
        var frames = text.IndexOf("   at ");
        return (frames < 0 ? text : text[..frames].TrimEnd()).ToString();
    }
}
