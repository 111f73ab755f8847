using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;

namespace Stackmill.Acquire.Metadata;

/// <summary>A part that is merged.</summary>
/// <param name="Piece">The piece whose rows it holds.</param>
/// <param name="Output">The part.</param>
/// <param name="Taken">How many of its rows go on, from its first: fewer than all when the limit is reached in it.</param>
internal sealed record MergePart(MetadataPiece Piece, ShardOutput Output, long Taken);

/// <summary>The parts of one language, in plan order.</summary>
/// <param name="Language">Linguist's name.</param>
/// <param name="LedgerName">Name of the ledger part for rows above the limit.</param>
/// <param name="Parts">The parts.</param>
internal sealed record MergePlan(string Language, string LedgerName, IReadOnlyList<MergePart> Parts)
{
    /// <summary>Rows that parts hold and the merge leaves out.</summary>
    public long Above => Parts.Sum(p => p.Output.Rows - p.Taken);
}

/// <summary>Puts the parts of one language together as one file.</summary>
internal sealed class MergeWorker(IReadOnlyList<MergePlan> plans, bool filename) : IShardWorker
{
    // About 2 KB a row while they are gathered; readers hold a batch of each group they read.
    private const int RowGroupRows = 16_384;

    private readonly List<MetadataRow> _rows = new(RowGroupRows);

    /// <inheritdoc/>
    public void Run(ShardTask task, ShardContext context)
    {
        var plan = plans[task.Index];
        using var ledger = new LedgerWriter(context, plan.LedgerName);
        ParquetTableWriter<MetadataRow>? file = null;
        long bytes = 0;
        var path = context.CreateOutput(MetadataTable.FileName(plan.Language), ShardOutput.ShardKind, plan.Language, () => (file!.Rows, bytes));
        using var writer = file = new ParquetTableWriter<MetadataRow>(path, MetadataColumns.WriteColumns(filename));
        _rows.Clear();
        foreach (var part in plan.Parts)
        {
            foreach (var row in Rows(part, context))
            {
                context.Advance(row.LengthBytes);
                bytes += row.LengthBytes;
                _rows.Add(row);
                if (_rows.Count < RowGroupRows)
                    continue;
                writer.WriteRowGroup(_rows);
                _rows.Clear();
            }

            if (part.Output.Rows > part.Taken)
            {
                var (first, last) = (part.Piece.Groups[0].Index, part.Piece.Groups[^1].Index);
                var place = $"{part.Piece.Source.RelativePath}#rowgroup-{first}" + (last > first ? $"-{last}" : "");
                ledger.Add(GroupLedger.Row(place, Core.Model.LedgerAction.Dropped, "above_limit", part.Output.Rows - part.Taken));
            }
        }

        writer.WriteRowGroup(_rows);
        writer.Close();
        ledger.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static IEnumerable<MetadataRow> Rows(MergePart part, ShardContext context)
    {
        if (part.Taken == 0)
            yield break;
        var path = Path.Combine(context.Folder, part.Output.Path);
        if (AtomicFile.Hash(path) != part.Output.Sha256)
            throw new RunFaultException($"the part '{path}' was changed or damaged after it was written; nothing was published. Check the device and run the stage again with --force.");
        long taken = 0;
        foreach (var batch in MetadataTable.Read(path))
        {
            foreach (var row in batch)
            {
                if (taken++ == part.Taken)
                    yield break;
                yield return row;
            }
        }
    }
}
