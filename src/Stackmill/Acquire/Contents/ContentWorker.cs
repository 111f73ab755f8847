using System.Collections.Concurrent;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Shared;

namespace Stackmill.Acquire.Contents;

/// <summary>How many tasks may write at once, and their arenas: tasks that wait for the store need neither.</summary>
internal sealed class WritePlaces(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);
    private readonly ConcurrentBag<ByteArena> _arenas = [];

    /// <summary>Waits for a place and gives its arena.</summary>
    public ByteArena Enter(CancellationToken cancellation)
    {
        _free.Wait(cancellation);
        return _arenas.TryTake(out var arena) ? arena : new ByteArena();
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(ByteArena arena)
    {
        _arenas.Add(arena);
        _free.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}

/// <summary>What all tasks of a run share.</summary>
/// <param name="Plan">The tasks.</param>
/// <param name="Fetcher">Fetches contents into the cache.</param>
/// <param name="Ahead">How far ahead.</param>
/// <param name="Places">Who may write.</param>
/// <param name="MaxBytes">Largest content.</param>
internal sealed record ContentRun(ContentPlan Plan, BlobFetcher Fetcher, FetchAhead Ahead, WritePlaces Places, long MaxBytes);

/// <summary>
/// Fetches the contents of one task's rows, many at once, into the cache, and then writes them from there in stored order: so
/// memory does not grow with the contents, and what a killed run had fetched is not fetched again.
/// </summary>
internal sealed class ContentWorker(ContentRun run) : IShardWorker
{
    public void Run(ShardTask task, ShardContext context)
    {
        var rows = run.Plan.Rows(task.Index);
        // As they will be stored, before they are sorted.
        foreach (var row in rows)
        {
            row.Path = RecordIdentity.NormalisePath(row.Path);
            if (row.BlobId.AsSpan().ContainsAnyInRange('A', 'F') && BlobId.TryParse(row.BlobId, out var id))
                row.BlobId = id.ToString();
        }

        rows.Sort(Compare);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        var contents = new Dictionary<BlobId, Task<BlobAnswer>?>(rows.Count);
        try
        {
            var told = Start(rows, contents, context, stop.Token);
            for (; told < rows.Count; told++)
                Tell(rows[told], contents, context);
            var arena = run.Places.Enter(context.Cancellation);
            try
            {
                Write(task, rows, contents, arena, context);
            }
            finally
            {
                run.Places.Leave(arena);
            }
        }
        finally
        {
            // After a fault: what is under way ends soon, for it is told to stop, and nothing of this task goes on after it.
            stop.Cancel();
            foreach (IAsyncResult fetch in contents.Values.Where(f => f is { IsCompleted: false })!)
                fetch.AsyncWaitHandle.WaitOne();
        }
    }

    public void Dispose()
    {
    }

    private bool IsWanted(CodeRecord row, out BlobId id) => BlobId.TryParse(row.BlobId, out id) && row.LengthBytes <= run.MaxBytes;

    // Gives the number of rows that were told to be done meanwhile.
    private int Start(List<CodeRecord> rows, Dictionary<BlobId, Task<BlobAnswer>?> contents, ShardContext context, CancellationToken stop)
    {
        var told = 0;
        run.Ahead.Begin(stop);
        run.Fetcher.Cached(rows.Count(r => IsWanted(r, out var cached) && run.Fetcher.IsCached(cached)));
        try
        {
            for (var i = 0; i < rows.Count; i++)
            {
                if (IsWanted(rows[i], out var id) && !contents.ContainsKey(id))
                    contents.Add(id, run.Fetcher.IsCached(id) ? null : run.Ahead.Start(run.Fetcher, id, stop));
                // Progress is not to wait until all have been put into the queue.
                while (told <= i && (!IsWanted(rows[told], out id) || contents[id] is not { IsCompleted: false }))
                    Tell(rows[told++], contents, context);
            }
        }
        finally
        {
            run.Ahead.End();
        }

        return told;
    }

    // This thread does nothing else meanwhile; the fetches go on on the pool's.
    private void Tell(CodeRecord row, Dictionary<BlobId, Task<BlobAnswer>?> contents, ShardContext context)
    {
        var length = row.LengthBytes;
        if (IsWanted(row, out var id) && contents[id] is { } fetch && fetch.GetAwaiter().GetResult() is { Status: BlobStatus.Fetched } answer)
            length = answer.Length;
        context.Advance(Math.Min(length, run.MaxBytes));
    }

    private void Write(ShardTask task, List<CodeRecord> rows, Dictionary<BlobId, Task<BlobAnswer>?> contents, ByteArena arena, ShardContext context)
    {
        using var ledger = new LedgerWriter(context, task.Name);
        using var shards = new ShardWriter(context, task.Name, RecordColumns.Staged(), arena);
        foreach (var row in rows)
        {
            context.Books.In++;
            context.Cancellation.ThrowIfCancellationRequested();
            if (!BlobId.TryParse(row.BlobId, out var id))
            {
                context.Books.Fail("invalid_blob_id");
                ledger.Add(Row(row, LedgerAction.Failed, "invalid_blob_id") with { Detail = "blob_id is not 40 hex digits" });
            }
            else if (row.LengthBytes > run.MaxBytes)
            {
                Drop(row, row.LengthBytes, context, ledger);
            }
            else
            {
                Take(row, id, contents[id], context, ledger, shards);
            }
        }

        shards.Complete();
        ledger.Complete();
    }

    private void Take(CodeRecord row, BlobId id, Task<BlobAnswer>? fetch, ShardContext context, LedgerWriter ledger, ShardWriter shards)
    {
        var answer = Content(id, fetch, context.Cancellation);
        if (answer.Status == BlobStatus.TooLarge && row.LengthBytes <= 0)
        {
            // Its row does not tell its length, so this is the first that was known of it.
            Drop(row, null, context, ledger);
            return;
        }

        if (answer.Status != BlobStatus.Fetched)
        {
            var reason = Reason(answer.Status);
            context.Books.Fail(reason);
            ledger.Add(Row(row, LedgerAction.Failed, reason) with { Detail = answer.Detail });
            return;
        }

        context.Books.BytesIn += answer.Length;
        row.Content = answer.Buffer.AsMemory(0, answer.Length);
        RecordIdentity.Complete(row);
        shards.Add(row);
        BlobBuffers.Return(answer.Buffer);
    }

    // Other rows with the same content read it again: kept here, the contents of a task could fill the memory.
    private BlobAnswer Content(BlobId id, Task<BlobAnswer>? fetch, CancellationToken stop)
    {
        if (fetch?.GetAwaiter().GetResult() is { Status: not BlobStatus.Fetched } failed)
            return failed;
        // What the cache lost meanwhile (a damaged disk) is fetched again.
        return run.Fetcher.TryCached(id, out var cached) ? cached : run.Fetcher.Fetch(id, stop).GetAwaiter().GetResult();
    }

    private void Drop(CodeRecord row, long? value, ShardContext context, LedgerWriter ledger)
    {
        context.Books.Drop("too_large");
        ledger.Add(Row(row, LedgerAction.Dropped, "too_large") with { Value = value, Threshold = run.MaxBytes });
    }

    private static string Reason(BlobStatus status) => status switch
    {
        BlobStatus.Missing => "missing_blob",
        BlobStatus.Forbidden or BlobStatus.Refused => "refused",
        BlobStatus.BadGzip => "corrupt_gzip",
        BlobStatus.WrongHash => "checksum_mismatch",
        BlobStatus.TooLarge => "over_size_limit",
        _ => "not_fetched",
    };

    private static LedgerRow Row(CodeRecord row, LedgerAction action, string reason) => new()
    {
        Stage = ContentStage.Id,
        Action = action,
        Reason = reason,
        ContentId = row.ContentId,
        BlobId = row.BlobId,
        RepoName = row.RepoName,
        Path = row.Path,
        Language = row.Language,
        LengthBytes = row.LengthBytes,
    };

    private static int Compare(CodeRecord a, CodeRecord b)
    {
        var order = string.CompareOrdinal(a.Language, b.Language);
        if (order == 0)
            order = string.CompareOrdinal(a.RepoName, b.RepoName);
        if (order == 0)
            order = string.CompareOrdinal(a.Path, b.Path);
        return order != 0 ? order : string.CompareOrdinal(a.BlobId, b.BlobId);
    }
}
