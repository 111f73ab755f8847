using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Shared.Filters;

namespace Stackmill.Acquire.Metadata;

/// <summary>Reads row groups, the columns of the filters first, and writes the rows that pass as parts.</summary>
/// <param name="tasks">The pieces of this wave, by the index of the task, with the languages that are full before each.</param>
/// <param name="plan">The plan.</param>
/// <param name="options">The options.</param>
/// <param name="lists">The lists of repositories.</param>
internal sealed class FilterWorker(
    IReadOnlyList<(MetadataPiece Piece, IReadOnlySet<string> Full)> tasks, MetadataPlan plan, MetadataOptions options, RepositoryLists lists) : IShardWorker
{
    private readonly RowFilter _filter = new(options, lists);
    private readonly RowTaker _taker = new(plan.HasFilename);
    private readonly long _limit = options.Metadata.Limit;
    private OpenSource? _open;
    private MetadataPiece? _openPiece;

    /// <summary>Folder of the parts inside the dataset folder.</summary>
    public const string PartsFolder = "_work/parts";

    /// <inheritdoc/>
    public void Run(ShardTask task, ShardContext context)
    {
        var (piece, full) = tasks[task.Index];
        if (piece.Fault is not null)
            throw new ShardFaultException(piece.Fault);
        using var ledger = new LedgerWriter(context, task.Name);
        using var parts = new PartWriter(context, $"{PartsFolder}/{task.Name}", plan.HasFilename);
        foreach (var group in piece.Groups)
        {
            var run = new GroupRun(piece, group, context, parts, language => _limit > 0 && (full.Contains(language) || parts.Rows(language) >= _limit));
            var reason = group.Excluded ?? (HoldsOnly(run) ? Verdict.Drop("above_limit").Reason : null);
            if (reason is not null)
                Skip(run, reason);
            else
                Read(run);
            context.Books.Merge(run.Books);
            GroupLedger.Add(ledger, $"{piece.Source.RelativePath}#rowgroup-{group.Index}", run.Books);
        }

        parts.Complete();
        ledger.Complete();
    }

    /// <inheritdoc/>
    public void Dispose() => _open?.Dispose();

    // Wanted languages are known by name only when some are named.
    private bool HoldsOnly(GroupRun run) =>
        run.Group.Language is { } one ? run.IsFull(one) : options.Languages.Count > 0 && options.Languages.All(l => run.IsFull(MetadataLanguage.Find(l)?.Name ?? l));

    private OpenSource Source(MetadataPiece piece)
    {
        // Tasks of one file mostly come one after another, and its footer may have megabytes.
        if (_open is not null && ReferenceEquals(_openPiece!.Source, piece.Source))
            return _open;
        _open?.Dispose();
        _open = null;
        _open = OpenSource.Open(piece.Source, piece.Nested);
        _openPiece = piece;
        return _open;
    }

    private void Skip(GroupRun run, string reason)
    {
        var rows = run.Group.Rows;
        if (run.Piece.Nested)
        {
            // The footer counts repositories; one small column tells how many files they have.
            rows = 0;
            var source = Source(run.Piece);
            foreach (var batch in source.Read(run.Group.Index, [source.Layout.CountColumn]))
                rows += batch.Count;
        }

        run.Drop(reason, rows);
        run.Context.Advance(0);
    }

    private void Read(GroupRun run)
    {
        var (group, source) = (run.Group, Source(run.Piece));
        var weight = group.Bytes / Math.Max(1, group.Rows);
        _taker.Begin(source, group.Index, _filter.Columns);
        try
        {
            long before = 0;
            foreach (var batch in source.Read(group.Index, _filter.Columns))
            {
                var arrays = new FilterArrays(batch);
                for (var item = 0; item < batch.Count; item++)
                {
                    if (group.Language is { } one && !run.Piece.Nested && run.IsFull(one))
                    {
                        // All the rows that follow are of the language that is full: they need not be read to be counted.
                        run.Drop("above_limit", group.Rows - before - item);
                        return;
                    }

                    run.Books.In++;
                    run.Context.Advance(weight);
                    Take(run, arrays, item, before + item);
                }

                before += batch.Count;
            }
        }
        finally
        {
            _taker.End();
        }
    }

    private void Take(GroupRun run, FilterArrays arrays, int item, long index)
    {
        if (arrays.Length(item) is null)
        {
            run.Books.Fail("invalid_length_bytes");
            return;
        }

        var verdict = _filter.Check(arrays, item, out var language);
        if (verdict.IsKept && run.IsFull(language!))
            verdict = Verdict.Drop("above_limit");
        if (!verdict.IsKept)
        {
            run.Books.Drop(verdict.Reason!);
            return;
        }

        // Validity and sample need the id, the largest column, which is read for rows that pass the filters only.
        var row = _taker.Take(arrays.Batch, item, index);
        if (!BlobKey.IsValid(row.BlobId))
        {
            run.Books.Fail("invalid_blob_id");
            return;
        }

        if (!BlobKey.IsSampled(row.BlobId, options.Metadata.Sample))
        {
            run.Books.Drop("not_sampled");
            return;
        }

        run.Parts.Add(language!, row);
        run.Books.Kept++;
    }

    // One row group while it is done, with books of its own.
    private sealed record GroupRun(MetadataPiece Piece, PlannedGroup Group, ShardContext Context, PartWriter Parts, Func<string, bool> IsFull)
    {
        public Books Books { get; } = new();

        public void Drop(string reason, long rows)
        {
            if (rows == 0)
                return;
            Books.In += rows;
            Books.Dropped[reason] = Books.Dropped.GetValueOrDefault(reason) + rows;
        }
    }
}
