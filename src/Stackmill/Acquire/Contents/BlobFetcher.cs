using System.Collections.Concurrent;
using Polly;
using Polly.Retry;
using Stackmill.Core.Faults;

namespace Stackmill.Acquire.Contents;

/// <summary>How often a fetch is tried.</summary>
/// <param name="Retries">Further attempts after time-outs, cuts and faults of the server.</param>
/// <param name="MaxBytes">Largest content.</param>
/// <param name="FirstDelay">Delay before the first further attempt; it doubles up to <paramref name="LongestDelay"/>, with jitter.</param>
/// <param name="LongestDelay">Longest delay.</param>
internal sealed record FetchPolicy(int Retries, long MaxBytes, TimeSpan FirstDelay, TimeSpan LongestDelay)
{
    /// <summary>The policy of a configuration.</summary>
    public static FetchPolicy Of(ContentOptions options, long maxBytes) => new(options.Retries, maxBytes, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(20));
}

/// <summary>Limits that all fetches share.</summary>
/// <param name="Requests">How many at once.</param>
/// <param name="Rate">How many bytes a second.</param>
/// <param name="Memory">How many bytes under way at once.</param>
/// <param name="Unpacking">How many large contents may be unpacked at once.</param>
/// <param name="Health">When the store is of no use.</param>
internal sealed record FetchLimits(AdaptiveLimit Requests, ByteRate Rate, ByteBudget Memory, SemaphoreSlim Unpacking, StoreHealth Health);

/// <summary>
/// Fetches contents into the cache: one attempt after another, within the limits, verified by their SHA-1. Refusals for load and
/// a store that can't be reached are waited out (up to <see cref="PatientRetries"/> attempts), passing faults are tried again as
/// often as configured, and wrong bytes twice, for they may come from the way.
/// </summary>
internal sealed class BlobFetcher
{
    /// <summary>Attempts after refusals for load: a storm must slow the work down, and lose nothing.</summary>
    public const int PatientRetries = 60;

    private const int ContentRetries = 2;

    // Unpacked, larger ones would fill memory beside those under way, if as many were unpacked at once as the pool has threads.
    private const int LargeBytes = 128 << 10;

    private readonly IBlobClient _client;
    private readonly BlobCache _cache;
    private readonly FetchLimits _limits;
    private readonly FetchPolicy _policy;
    private readonly TimeProvider _clock;
    private readonly ResiliencePipeline<BlobAnswer> _pipeline;
    private readonly ConcurrentDictionary<BlobId, Task> _underWay = new();
    private long _fetched;
    private long _bytes;
    private long _attempts;
    private long _again;
    private long _throttled;
    private long _lost;

    /// <summary>Makes a fetcher; the client and the cache stay the caller's.</summary>
    public BlobFetcher(IBlobClient client, BlobCache cache, FetchLimits limits, FetchPolicy policy, TimeProvider clock)
    {
        (_client, _cache, _limits, _policy, _clock) = (client, cache, limits, policy, clock);
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

    /// <summary>Contents given up.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>How it goes, in short, for the line of progress.</summary>
    public string Status => $"errors {Lost:N0}  tried again {Interlocked.Read(ref _again):N0}  refused for load {Throttled:N0}  {_limits.Requests.Current} at once";

    /// <summary>The same in numbers, by the names of <c>stackmill_download_*</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Counts =>
    [
        new("contents", Fetched), new("bytes", Bytes), new("requests", Attempts), new("retries", Interlocked.Read(ref _again)),
        new("throttled", Throttled), new("lost", Lost), new("limit", _limits.Requests.Current), new("under_way", _underWay.Count),
    ];

    /// <summary>True when the cache has the content.</summary>
    public bool IsCached(BlobId id) => _cache.Contains(id);

    /// <summary>Learns how many contents of a shard the cache has, before others of it are asked for.</summary>
    public void Cached(int count) => _limits.Health.Cached(count);

    /// <summary>The content from the cache; false when it is not there or damaged, and must be fetched.</summary>
    public bool TryCached(BlobId id, out BlobAnswer content)
    {
        content = default;
        if (!_cache.TryRead(id, out var packed, out var length))
            return false;
        content = BlobContent.Unpack(id, packed, length, _policy.MaxBytes);
        BlobBuffers.Return(packed);
        if (content.Status is BlobStatus.Fetched or BlobStatus.TooLarge)
            return true;
        _cache.Forget(id);
        return false;
    }

    /// <summary>Fetches a content into the cache; the answer tells its length, and has no bytes.</summary>
    /// <exception cref="RunFaultException">The store is of no use, or the cache can't be written.</exception>
    public async Task<BlobAnswer> Prefetch(BlobId id, CancellationToken cancellation)
    {
        var answer = await Fetch(id, cancellation).ConfigureAwait(false);
        if (answer.Buffer.Length == 0)
            return answer;
        BlobBuffers.Return(answer.Buffer);
        return answer with { Buffer = [] };
    }

    /// <summary>Fetches a content. Its buffer is rented; the caller returns it.</summary>
    /// <exception cref="RunFaultException">The store is of no use, or the cache can't be written.</exception>
    public async Task<BlobAnswer> Fetch(BlobId id, CancellationToken cancellation)
    {
        // Another shard may be fetching the same content: then it is in the cache when that is done.
        while (true)
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
    }

    private async Task<BlobAnswer> FetchAlone(BlobId id, CancellationToken cancellation)
    {
        var answer = await _pipeline.ExecuteAsync(static (fetch, token) => fetch.Attempt(token), new OneFetch(this, id), cancellation).ConfigureAwait(false);
        Interlocked.Increment(ref answer.Status == BlobStatus.Fetched ? ref _fetched : ref _lost);
        if (answer.Status is BlobStatus.BadGzip or BlobStatus.WrongHash)
            _limits.Health.Ended(answer);
        return answer;
    }

    private async ValueTask<BlobAnswer> Attempt(BlobId id, bool again, CancellationToken cancellation)
    {
        await _limits.Requests.Enter(again, cancellation).ConfigureAwait(false);
        var (signal, latency, retryAfter) = (AttemptSignal.Broken, TimeSpan.Zero, TimeSpan.Zero);
        using var intake = new Intake(_limits.Rate, _limits.Memory);
        try
        {
            await intake.Admit(cancellation).ConfigureAwait(false);
            _limits.Health.Require();
            Interlocked.Increment(ref _attempts);
            if (again)
                Interlocked.Increment(ref _again);
            var start = _clock.GetTimestamp();
            var packed = await _client.Get(id, PackedLimit(_policy.MaxBytes), intake, cancellation).ConfigureAwait(false);
            (signal, latency, retryAfter) = (Signal(packed.Status), packed.Head, packed.RetryAfter);
            if (packed.Status == BlobStatus.Throttled)
                Interlocked.Increment(ref _throttled);
            _limits.Health.Attempted(packed.Status, packed.Detail, start);
            var answer = packed.Status == BlobStatus.Fetched ? await Keep(id, packed, cancellation).ConfigureAwait(false) : packed;
            // Told while this one still has its place among the requests, so that no more than those at once follow the last refusal.
            // Only other bytes are asked for again, and are looked at when that is over.
            if (answer.Status is BlobStatus.Fetched or BlobStatus.Missing or BlobStatus.Forbidden or BlobStatus.Refused)
                _limits.Health.Ended(answer);
            return answer;
        }
        finally
        {
            _limits.Requests.Leave(signal, latency, retryAfter);
        }
    }

    private async ValueTask<BlobAnswer> Keep(BlobId id, BlobAnswer packed, CancellationToken cancellation)
    {
        if (packed.Length < LargeBytes)
            return Keep(id, packed);
        await _limits.Unpacking.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return Keep(id, packed);
        }
        finally
        {
            _limits.Unpacking.Release();
        }
    }

    private BlobAnswer Keep(BlobId id, in BlobAnswer packed)
    {
        Interlocked.Add(ref _bytes, packed.Length);
        var content = BlobContent.Unpack(id, packed.Buffer, packed.Length, _policy.MaxBytes);
        if (content.Status == BlobStatus.Fetched)
            Store(id, packed.Buffer.AsSpan(0, packed.Length));
        BlobBuffers.Return(packed.Buffer);
        return content;
    }

    private void Store(BlobId id, ReadOnlySpan<byte> packed)
    {
        try
        {
            _cache.Add(id, packed);
        }
        catch (RunFaultException fault)
        {
            // The stage learns of it in the order of its rows; until then nothing more is asked for.
            _limits.Health.End(fault);
            throw;
        }
    }

    // Incompressible bytes grow when packed: by an eighth with the quickest of compressors, which have one code for all bytes.
    private static long PackedLimit(long maxBytes) => maxBytes + maxBytes / 8 + 1024;

    private static AttemptSignal Signal(BlobStatus status) => status switch
    {
        BlobStatus.Throttled => AttemptSignal.Throttled,
        BlobStatus.Fetched or BlobStatus.Missing => AttemptSignal.Answered,
        _ => AttemptSignal.Broken,
    };

    private RetryStrategyOptions<BlobAnswer> Retry(int attempts, params BlobStatus[] statuses)
    {
        var options = new RetryStrategyOptions<BlobAnswer>
        {
            // The library asks for at least one; none is a predicate that never holds.
            MaxRetryAttempts = Math.Max(1, attempts),
            ShouldHandle = arguments => ValueTask.FromResult(attempts > 0 && arguments.Outcome.Exception is null && Array.IndexOf(statuses, arguments.Outcome.Result.Status) >= 0),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = _policy.FirstDelay,
            MaxDelay = _policy.LongestDelay,
        };
        options.DelayGenerator = arguments => ValueTask.FromResult(Asked(arguments.Outcome.Result.RetryAfter, options.Randomizer));
        return options;
    }

    // The wait that the server asks for, and a little more: contents that were told the same moment must not all come at it.
    private static TimeSpan? Asked(TimeSpan wait, Func<double> random) => wait <= TimeSpan.Zero ? null
        : (wait < AdaptiveLimit.LongestPause ? wait : AdaptiveLimit.LongestPause) * (1 + 0.1 * random());

    // One content on its way; knows whether it was asked for before.
    private sealed class OneFetch(BlobFetcher fetcher, BlobId id)
    {
        private bool _again;

        public ValueTask<BlobAnswer> Attempt(CancellationToken cancellation)
        {
            var again = _again;
            _again = true;
            return fetcher.Attempt(id, again, cancellation);
        }
    }
}
