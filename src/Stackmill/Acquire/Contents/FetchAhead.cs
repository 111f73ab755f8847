namespace Stackmill.Acquire.Contents;

/// <summary>
/// How far shards are fetched ahead: one shard after another puts its contents into the queue, and the queue has a bound. So the
/// first shard is complete, and written, while the later ones are fetched, and memory does not grow with the shards' rows.
/// </summary>
internal sealed class FetchAhead(int most) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _room = new(most);

    /// <summary>Contents in the queue and under way, for a number of requests at once: so many that none of those waits for a shard's turn.</summary>
    public static int For(int concurrency) => Math.Max(512, concurrency * 4);

    /// <summary>Waits for a shard's turn.</summary>
    public void Begin(CancellationToken cancellation) => _turn.Wait(cancellation);

    /// <summary>Puts one content into the queue, when there is room.</summary>
    public Task<BlobAnswer> Start(BlobFetcher fetcher, BlobId id, CancellationToken cancellation)
    {
        _room.Wait(cancellation);
        return Leave(fetcher.Prefetch(id, cancellation));
    }

    /// <summary>Gives the turn to the next shard.</summary>
    public void End() => _turn.Release();

    /// <inheritdoc/>
    public void Dispose()
    {
        _turn.Dispose();
        _room.Dispose();
    }

    private async Task<BlobAnswer> Leave(Task<BlobAnswer> fetch)
    {
        try
        {
            return await fetch.ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }
}
