using System.Buffers;
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

/// <summary>
/// Fetches the contents of one task's rows, many at once, and writes them in stored order. With a cache the contents wait
/// there, on the disk, until all of the task have come; without one they wait in memory.
/// </summary>
internal sealed class ContentWorker(ContentPlan plan, BlobFetcher fetcher, WritePlaces places, long maxBytes) : IShardWorker
{
    public void Run(ShardTask task, ShardContext context)
    {
        var rows = plan.Rows(task.Index);
        rows.Sort(Compare);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        var contents = new Dictionary<BlobId, Content>(rows.Count);
        try
        {
            foreach (var row in rows)
            {
                if (!IsWanted(row, out var id))
                    continue;
                if (contents.TryGetValue(id, out var content))
                    content.Uses++;
                else
                    contents.Add(id, new Content { Uses = 1, Fetch = fetcher.IsCached(id) ? null : fetcher.Prefetch(id, stop.Token) });
            }

            foreach (var row in rows)
            {
                // This thread does nothing else meanwhile; the fetches go on on the pool's.
                if (IsWanted(row, out var id) && contents[id] is { Answer: null, Fetch: { } fetch } content)
                    content.Answer = fetch.GetAwaiter().GetResult();
                context.Advance(Math.Min(row.LengthBytes, maxBytes));
            }

            var arena = places.Enter(context.Cancellation);
            try
            {
                Write(task, rows, contents, arena, context);
            }
            finally
            {
                places.Leave(arena);
            }
        }
        finally
        {
            stop.Cancel();
            Drain(contents.Values);
        }
    }

    public void Dispose()
    {
    }

    private bool IsWanted(CodeRecord row, out BlobId id) => BlobId.TryParse(row.BlobId, out id) && row.LengthBytes <= maxBytes;

    private void Write(ShardTask task, List<CodeRecord> rows, Dictionary<BlobId, Content> contents, ByteArena arena, ShardContext context)
    {
        using var ledger = new LedgerWriter(context, task.Name);
        using var shards = new ShardWriter(context, task.Name, RecordColumns.Staged(), arena);
        foreach (var row in rows)
        {
            context.Books.In++;
            if (!BlobId.TryParse(row.BlobId, out var id))
            {
                context.Books.Fail("invalid_blob_id");
                ledger.Add(Row(row, LedgerAction.Failed, "invalid_blob_id") with { Detail = "blob_id is not 40 hex digits" });
            }
            else if (row.LengthBytes > maxBytes)
            {
                context.Books.Drop("too_large");
                ledger.Add(Row(row, LedgerAction.Dropped, "too_large") with { Value = row.LengthBytes, Threshold = maxBytes });
            }
            else
            {
                Take(row, id, contents[id], context, ledger, shards);
            }
        }

        shards.Complete();
        ledger.Complete();
    }

    private void Take(CodeRecord row, BlobId id, Content content, ShardContext context, LedgerWriter ledger, ShardWriter shards)
    {
        var answer = Bytes(id, content, context.Cancellation);
        if (answer.Status != BlobStatus.Fetched)
        {
            var reason = Reason(answer.Status);
            context.Books.Fail(reason);
            ledger.Add(Row(row, LedgerAction.Failed, reason) with { Detail = answer.Detail });
            return;
        }

        context.Books.BytesIn += answer.Length;
        row.Path = RecordIdentity.NormalisePath(row.Path);
        row.Content = answer.Buffer.AsMemory(0, answer.Length);
        RecordIdentity.Complete(row);
        shards.Add(row);
        if (--content.Uses == 0)
            content.Return();
    }

    private BlobAnswer Bytes(BlobId id, Content content, CancellationToken stop)
    {
        if (content.Answer is { } known && (known.Status != BlobStatus.Fetched || known.Buffer.Length > 0))
            return known;
        // What the cache lost meanwhile (a damaged disk) is fetched again.
        content.Answer = fetcher.TryCached(id, out var cached) ? cached : fetcher.Fetch(id, stop).GetAwaiter().GetResult();
        return content.Answer.Value;
    }

    // After a fault: what is under way ends soon, for it was told to stop, and its buffers go back.
    private static void Drain(IEnumerable<Content> contents)
    {
        foreach (var content in contents)
        {
            if (content.Answer is null && content.Fetch is { } fetch)
            {
                ((IAsyncResult)fetch).AsyncWaitHandle.WaitOne();
                if (fetch.IsCompletedSuccessfully)
                    content.Answer = fetch.GetAwaiter().GetResult();
            }

            content.Return();
        }
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

    private sealed class Content
    {
        public Task<BlobAnswer>? Fetch { get; set; }

        public BlobAnswer? Answer { get; set; }

        public int Uses { get; set; }

        public void Return()
        {
            if (Answer is { Buffer.Length: > 0 } answer)
                ArrayPool<byte>.Shared.Return(answer.Buffer);
            Answer = Answer is null ? null : Answer.Value with { Buffer = [] };
        }
    }
}
