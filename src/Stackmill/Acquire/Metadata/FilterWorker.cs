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
            var books = new Books();
            bool IsFull(string language) => _limit > 0 && (full.Contains(language) || parts.Rows(language) >= _limit);
            var reason = group.Excluded ?? (HoldsOnly(group, IsFull) ? Verdict.Drop("above_limit").Reason : null);
            if (reason is not null)
                Skip(piece, group, reason, books, context);
            else
                Read(piece, group, IsFull, parts, books, context);
            context.Books.Merge(books);
            GroupLedger.Add(ledger, $"{piece.Source.RelativePath}#rowgroup-{group.Index}", books);
        }

        parts.Complete();
        ledger.Complete();
    }

    /// <inheritdoc/>
    public void Dispose() => _open?.Dispose();

    // Wanted languages are known by name only when some are named.
    private bool HoldsOnly(PlannedGroup group, Func<string, bool> isFull) =>
        group.Language is { } one ? isFull(one) : options.Languages.Count > 0 && options.Languages.All(l => isFull(MetadataLanguage.Find(l)?.Name ?? l));

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

    private void Skip(MetadataPiece piece, PlannedGroup group, string reason, Books books, ShardContext context)
    {
        var rows = group.Rows;
        if (piece.Nested)
        {
            // The footer counts repositories; one small column tells how many files they have.
            rows = 0;
            var source = Source(piece);
            foreach (var batch in source.Read(group.Index, [source.Layout.CountColumn]))
                rows += batch.Count;
        }

        Drop(books, reason, rows);
        context.Advance(0);
    }

    private void Read(MetadataPiece piece, PlannedGroup group, Func<string, bool> isFull, PartWriter parts, Books books, ShardContext context)
    {
        var source = Source(piece);
        _taker.Begin(source, group.Index, _filter.Columns);
        try
        {
            long before = 0;
            foreach (var batch in source.Read(group.Index, _filter.Columns))
            {
                var arrays = new FilterArrays(batch);
                for (var item = 0; item < batch.Count; item++)
                {
                    if (group.Language is { } one && !piece.Nested && isFull(one))
                    {
                        // All the rows that follow are of the language that is full: they need not be read to be counted.
                        Drop(books, "above_limit", group.Rows - before - item);
                        return;
                    }

                    books.In++;
                    context.Advance(group.Bytes / Math.Max(1, group.Rows));
                    Take(arrays, item, before, isFull, parts, books);
                }

                before += batch.Count;
            }
        }
        finally
        {
            _taker.End();
        }
    }

    private void Take(FilterArrays arrays, int item, long before, Func<string, bool> isFull, PartWriter parts, Books books)
    {
        if (arrays.Length(item) is null)
        {
            books.Fail("invalid_length_bytes");
            return;
        }

        var verdict = _filter.Check(arrays, item, out var language);
        if (verdict.IsKept && isFull(language!))
            verdict = Verdict.Drop("above_limit");
        if (!verdict.IsKept)
        {
            books.Drop(verdict.Reason!);
            return;
        }

        var row = _taker.Take(arrays.Batch, item, before + item);
        if (!BlobId.IsValid(row.BlobId))
        {
            books.Fail("invalid_blob_id");
            return;
        }

        if (!BlobId.IsSampled(row.BlobId, options.Metadata.Sample))
            verdict = Verdict.Drop("not_sampled");
        if (verdict.IsKept)
        {
            parts.Add(language!, row);
            books.Kept++;
        }
        else
        {
            books.Drop(verdict.Reason!);
        }
    }

    private static void Drop(Books books, string reason, long rows)
    {
        if (rows == 0)
            return;
        books.In += rows;
        books.Dropped[reason] = books.Dropped.GetValueOrDefault(reason) + rows;
    }
}
