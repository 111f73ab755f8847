using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;

namespace Stackmill.Acquire.Contents;

/// <summary>Rows that one task fetches the contents of.</summary>
/// <param name="File">Index of the file of rows.</param>
/// <param name="RowGroup">Row group in it; -1 for a file that could not be opened.</param>
/// <param name="Start">First row in the row group.</param>
/// <param name="Count">Number of rows.</param>
internal readonly record struct ContentPiece(int File, int RowGroup, int Start, int Count);

/// <summary>Tasks over files of rows that describe contents: about one shard of content each, by the lengths that the rows tell.</summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="Pieces">What each fetches.</param>
/// <param name="Files">The files of rows.</param>
internal sealed record ContentPlan(IReadOnlyList<ShardTask> Tasks, IReadOnlyList<ContentPiece> Pieces, IReadOnlyList<SourceFile> Files)
{
    // One request a row: more would make a task of tiny files long, and its rows are in memory together.
    private const int MostRows = 4096;

    private static readonly IReadOnlyList<ParquetColumn<CodeRecord>> Lengths = [.. RecordColumns.Described().Where(c => c.Name == "length_bytes")];

    /// <summary>Cuts the rows. Only their lengths are read.</summary>
    /// <param name="files">Parquet files with a column <c>blob_id</c>.</param>
    /// <param name="shardBytes">Content of a task.</param>
    /// <param name="maxBytes">Largest content; larger ones are not fetched and do not count.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    public static ContentPlan Make(IReadOnlyList<SourceFile> files, long shardBytes, long maxBytes, CancellationToken cancellation)
    {
        var (tasks, pieces) = (new List<ShardTask>(), new List<ContentPiece>());
        void Add(ContentPiece piece, long bytes)
        {
            tasks.Add(new ShardTask(tasks.Count, ShardWriter.PartName(tasks.Count), bytes));
            pieces.Add(piece);
        }

        for (var file = 0; file < files.Count; file++)
        {
            int groups;
            try
            {
                using var reader = ParquetTableReader.Open(files[file]);
                groups = reader.NumRowGroups;
            }
            catch (ShardFaultException)
            {
                // The task meets the same fault again and reports it as a failed shard; the other files go on.
                Add(new ContentPiece(file, -1, 0, 0), 0);
                continue;
            }

            for (var group = 0; group < groups; group++)
                Cut(files[file], file, group, shardBytes, maxBytes, Add, cancellation);
        }

        return new ContentPlan(tasks, pieces, files);
    }

    /// <summary>The rows of one task.</summary>
    /// <exception cref="ShardFaultException">The file can't be read, or lacks the ids.</exception>
    public List<CodeRecord> Rows(int task)
    {
        var piece = Pieces[task];
        var source = Files[piece.File];
        using (var reader = ParquetTableReader.Open(source))
        {
            var names = reader.Schema.FieldsList.Select(f => f.Name).ToList();
            if (!names.Contains("blob_id"))
                throw new ShardFaultException($"'{source.Name}' has no column 'blob_id', by which contents are fetched; its columns are {ColumnNames.Show(names)}. Expected rows as The Stack v2 has them.");
        }

        var rows = new List<CodeRecord>(piece.Count);
        var skip = piece.Start;
        foreach (var batch in ParquetTableReader.Read(source, RecordColumns.Described(), () => new CodeRecord(), [piece.RowGroup]))
        {
            for (var i = Math.Min(skip, batch.Count); i < batch.Count && rows.Count < piece.Count; i++)
                rows.Add(batch[i]);
            skip -= Math.Min(skip, batch.Count);
            if (rows.Count == piece.Count)
                break;
        }

        return rows;
    }

    private static void Cut(SourceFile source, int file, int group, long shardBytes, long maxBytes, Action<ContentPiece, long> add, CancellationToken cancellation)
    {
        var (start, count, bytes) = (0, 0, 0L);
        foreach (var batch in ParquetTableReader.Read(source, Lengths, () => new CodeRecord(), [group]))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var row in batch)
            {
                count++;
                bytes += row.LengthBytes <= maxBytes ? Math.Max(0, row.LengthBytes) : 0;
                if (bytes < shardBytes && count < MostRows)
                    continue;
                add(new ContentPiece(file, group, start, count), bytes);
                (start, count, bytes) = (start + count, 0, 0);
            }
        }

        if (count > 0)
            add(new ContentPiece(file, group, start, count), bytes);
    }
}
