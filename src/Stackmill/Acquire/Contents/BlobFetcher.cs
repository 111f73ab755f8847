using System.Buffers;
using System.Collections.Concurrent;
using Polly;
using Polly.Retry;
using Stackmill.Core.Faults;

namespace Stackmill.Acquire.Contents;

/// <summary>How often a fetch is tried, and how long the store may be silent.</summary>
/// <param name="Retries">Further attempts after time-outs, cuts and faults of the server.</param>
/// <param name="MaxBytes">Largest content.</param>
/// <param name="FirstDelay">Delay before the first further attempt; it doubles up to <paramref name="LongestDelay"/>, with jitter.</param>
/// <param name="LongestDelay">Longest delay.</param>
/// <param name="Silence">Time without any answer of the store after which the run stops instead of failing one file after another.</param>
internal sealed record FetchPolicy(int Retries, long MaxBytes, TimeSpan FirstDelay, TimeSpan LongestDelay, TimeSpan Silence)
{
    /// <summary>The policy of a configuration.</summary>
    public static FetchPolicy Of(ContentOptions options, long maxBytes) =>
        new(options.Retries, maxBytes, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(Math.Max(60, options.TimeoutSeconds * 3)));
}

/// <summary>
/// Fetches contents: one attempt after another, within the limit of requests and of bytes, verified by their SHA-1, kept in the cache.
/// Refusals for load and a store that can't be reached are waited out (up to <see cref="PatientRetries"/> attempts), passing faults are
/// tried again as often as configured, and wrong bytes twice, for they may come from the way.
/// </summary>
internal sealed class BlobFetcher : IDisposable
{
    /// <summary>Attempts after refusals for load: a storm must slow the work down, and lose nothing.</summary>
    public const int PatientRetries = 60;

    private const int ContentRetries = 2;

    // All of the first this many refused: it is not the files.
    private const int RefusalsToStop = 20;

    private readonly IBlobClient _client;
    private readonly BlobCache? _cache;
    private readonly AdaptiveLimit _limit;
    private readonly ByteRate _rate;
    private readonly FetchPolicy _policy;
    private readonly TimeProvider _clock;
    private readonly ResiliencePipeline<BlobAnswer> _pipeline;
    private readonly ConcurrentDictionary<BlobId, Task> _underWay = new();
    private long _lastAnswer;
    private long _fetched;
    private long _bytes;
    private long _attempts;
    private long _throttled;
    private long _refusals;

    /// <summary>Makes a fetcher; the client and the cache stay the caller's.</summary>
    public BlobFetcher(IBlobClient client, BlobCache? cache, AdaptiveLimit limit, ByteRate rate, FetchPolicy policy, TimeProvider clock)
    {
        (_client, _cache, _limit, _rate, _policy, _clock) = (client, cache, limit, rate, policy, clock);
        _lastAnswer = clock.GetTimestamp();
        _pipeline = new ResiliencePipelineBuilder<BlobAnswer> { TimeProvider = clock }
            .AddRetry(Retry(PatientRetries, BlobStatus.Throttled, BlobStatus.Unreachable))
            .AddRetry(Retry(policy.Retries, BlobStatus.TimedOut, BlobStatus.Cut, BlobStatus.ServerFault))
            .AddRetry(Retry(Math.Min(ContentRetries, policy.Retries), BlobStatus.BadGzip, BlobStatus.WrongHash))
            .Build();
    }

    /// <summary>Contents fetched.</summary>
    public long Fetched => Interlocked.Read(ref _fetched);

    /// <summary>Bytes of them, as they came.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Attempts made.</summary>
    public long Attempts => Interlocked.Read(ref _attempts);

    /// <summary>Attempts refused because of load.</summary>
    public long Throttled => Interlocked.Read(ref _throttled);

    /// <summary>True when fetched contents are kept in a cache, so that nobody need hold them in memory.</summary>
    public bool HasCache => _cache is not null;

    /// <summary>True when the cache has the content.</summary>
    public bool IsCached(BlobId id) => _cache?.Contains(id) == true;

    /// <summary>The content from the cache; false when it is not there or damaged, and must be fetched.</summary>
    public bool TryCached(BlobId id, out BlobAnswer content)
    {
        content = default;
        if (_cache is null || !_cache.TryRead(id, out var packed, out var length))
            return false;
        content = BlobContent.Unpack(id, packed, length, _policy.MaxBytes);
        ArrayPool<byte>.Shared.Return(packed);
        if (content.Status is BlobStatus.Fetched or BlobStatus.TooLarge)
            return true;
        _cache.Forget(id);
        return false;
    }

    /// <summary>Fetches a content into the cache; the answer has no bytes. Without a cache it has.</summary>
    /// <exception cref="RunFaultException">The store can't be reached, or refuses everything.</exception>
    public async Task<BlobAnswer> Prefetch(BlobId id, CancellationToken cancellation)
    {
        var answer = await Fetch(id, cancellation).ConfigureAwait(false);
        if (_cache is null || answer.Buffer.Length == 0)
            return answer;
        ArrayPool<byte>.Shared.Return(answer.Buffer);
        return answer with { Buffer = [] };
    }

    /// <summary>Fetches a content. Its buffer is rented; the caller returns it.</summary>
    /// <exception cref="RunFaultException">The store can't be reached, or refuses everything.</exception>
    public async Task<BlobAnswer> Fetch(BlobId id, CancellationToken cancellation)
    {
        // Another shard may be fetching the same content: then it is in the cache when that is done.
        while (_cache is not null)
        {
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var first = _underWay.GetOrAdd(id, mine.Task);
            if (first == mine.Task)
            {
                try
                {
                    return await FetchAlone(id, cancellation).ConfigureAwait(false);
                }
                finally
                {
                    _underWay.TryRemove(id, out _);
                    mine.SetResult();
                }
            }

            await first.WaitAsync(cancellation).ConfigureAwait(false);
            // When the other gave up, this one tries by itself.
            if (TryCached(id, out var content))
                return content;
        }

        return await FetchAlone(id, cancellation).ConfigureAwait(false);
    }

    /// <summary>Nothing of its own; the limit's timer ends with the process.</summary>
    public void Dispose() => _underWay.Clear();

    private async Task<BlobAnswer> FetchAlone(BlobId id, CancellationToken cancellation)
    {
        var answer = await _pipeline.ExecuteAsync(
            static (state, token) => state.Self.Attempt(state.Id, token), (Self: this, Id: id), cancellation).ConfigureAwait(false);
        if (answer.Status == BlobStatus.Fetched)
        {
            Interlocked.Increment(ref _fetched);
            Interlocked.Exchange(ref _refusals, long.MinValue / 2);
        }
        else if (answer.Status is BlobStatus.Forbidden or BlobStatus.Refused && Interlocked.Increment(ref _refusals) >= RefusalsToStop)
        {
            throw new RunFaultException(
                $"{_client.Where} refused the first {RefusalsToStop} contents and gave none: {answer.Detail}. If the bucket needs credentials, set contents.signed: true (and contents.request_payer: true where the requester pays); check contents.location, contents.endpoint and contents.region. 'stackmill doctor' tells more.");
        }

        return answer;
    }

    private async ValueTask<BlobAnswer> Attempt(BlobId id, CancellationToken cancellation)
    {
        await _limit.Enter(cancellation).ConfigureAwait(false);
        var (signal, latency, retryAfter) = (AttemptSignal.Broken, TimeSpan.Zero, TimeSpan.Zero);
        try
        {
            var start = _clock.GetTimestamp();
            Interlocked.Increment(ref _attempts);
            var packed = await _client.Get(id, PackedLimit(_policy.MaxBytes), cancellation).ConfigureAwait(false);
            latency = _clock.GetElapsedTime(start);
            (signal, retryAfter) = (Signal(packed.Status), packed.RetryAfter);
            Observe(packed.Status, packed.Detail);
            if (packed.Status != BlobStatus.Fetched)
                return packed;
            Interlocked.Add(ref _bytes, packed.Length);
            await _rate.Take(packed.Length, cancellation).ConfigureAwait(false);
            var content = BlobContent.Unpack(id, packed.Buffer, packed.Length, _policy.MaxBytes);
            if (content.Status == BlobStatus.Fetched)
                _cache?.Add(id, packed.Buffer.AsSpan(0, packed.Length));
            ArrayPool<byte>.Shared.Return(packed.Buffer);
            return content;
        }
        finally
        {
            _limit.Leave(signal, latency, retryAfter);
        }
    }

    // Incompressible bytes grow a little when packed.
    private static long PackedLimit(long maxBytes) => maxBytes + maxBytes / 1000 + 1024;

    private static AttemptSignal Signal(BlobStatus status) => status switch
    {
        BlobStatus.Throttled => AttemptSignal.Throttled,
        BlobStatus.Fetched or BlobStatus.Missing => AttemptSignal.Answered,
        _ => AttemptSignal.Broken,
    };

    private void Observe(BlobStatus status, string detail)
    {
        if (status == BlobStatus.Throttled)
            Interlocked.Increment(ref _throttled);
        if (status is not (BlobStatus.Unreachable or BlobStatus.TimedOut))
        {
            Interlocked.Exchange(ref _lastAnswer, _clock.GetTimestamp());
        }
        else if (_clock.GetElapsedTime(Interlocked.Read(ref _lastAnswer)) is var silent && silent > _policy.Silence)
        {
            throw new RunFaultException(
                $"{_client.Where} has not answered for {silent.TotalSeconds:F0} s ({detail}). What was fetched is kept. Check the network, contents.endpoint and a proxy, then run the same command again to go on; 'stackmill doctor' tells more.");
        }
    }

    private RetryStrategyOptions<BlobAnswer> Retry(int attempts, params BlobStatus[] statuses) => new()
    {
        // The library asks for at least one; none is a predicate that never holds.
        MaxRetryAttempts = Math.Max(1, attempts),
        ShouldHandle = arguments => ValueTask.FromResult(attempts > 0 && arguments.Outcome.Exception is null && Array.IndexOf(statuses, arguments.Outcome.Result.Status) >= 0),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = _policy.FirstDelay,
        MaxDelay = _policy.LongestDelay,
    };
}
