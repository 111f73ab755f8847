namespace Stackmill.Acquire.Contents;

/// <summary>How an attempt ended, as far as it tells about the server's load.</summary>
internal enum AttemptSignal
{
    /// <summary>Answered; its latency counts.</summary>
    Answered,

    /// <summary>Refused because of load (429, 503).</summary>
    Throttled,

    /// <summary>No answer, or a broken one: says nothing about load.</summary>
    Broken,
}

/// <summary>
/// How many requests may be under way at once, found by what comes back. Decisions fall once in a window of as many
/// attempts as the limit (at least 32):
/// <list type="bullet">
/// <item>5 % or more of them throttled: the limit falls to 0.7 of itself, at least to <see cref="Floor"/>, and fast growth ends.</item>
/// <item>The mean latency, until the head of an answer, is above twice the base (plus 2 ms): the limit falls by their ratio, at most to a half, and fast growth ends.</item>
/// <item>Else, when the limit was reached: it grows by half during fast growth, and later grows by a sixteenth (at least 1).</item>
/// </list>
/// The base is the least mean latency of a window; it rises by 1 % a window, so that a server that has become slower for good
/// is not taken for a busy one for ever. Additive growth and multiplicative decrease follow TCP (Chiu and Jain 1989); the comparison with
/// the least latency follows TCP Vegas (Brakmo and Peterson 1995). When half of the last attempts were throttled, a Retry-After
/// holds all new requests back until it has passed; else it counts for its own content only.
/// </summary>
internal sealed class AdaptiveLimit(int most, TimeProvider clock)
{
    /// <summary>The limit that throttling alone can't go below: refusals that have nothing to do with load must not stop the work.</summary>
    public const int Floor = 8;

    private const int Start = 8;
    private const int LeastWindow = 32;

    // About the last so many attempts tell whether a server refuses all, or one now and then.
    private const double ShareMemory = 32;
    private const double ShareToPause = 0.5;

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private readonly Queue<TaskCompletionSource> _again = new();
    private double _limit = Math.Min(Start, most);
    private int _running;
    private bool _reached;
    private bool _fast = true;
    private int _attempts;
    private int _throttled;
    private int _answered;
    private double _latencySum;
    private double _base = double.PositiveInfinity;
    private double _throttledShare;
    private long _pausedUntil;
    private ITimer? _resume;

    /// <summary>The longest wait that a server may ask for.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromMinutes(2);

    /// <summary>The limit now.</summary>
    public int Current
    {
        get
        {
            lock (_gate)
                return (int)_limit;
        }
    }

    /// <summary>Waits until one more request may go out.</summary>
    /// <param name="again">True for what was asked for before: it goes first, for a shard waits for its last content.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    public Task Enter(bool again, CancellationToken cancellation)
    {
        TaskCompletionSource mine;
        lock (_gate)
        {
            if (_again.Count == 0 && (again || _waiting.Count == 0) && MayRun())
            {
                _running++;
                return Task.CompletedTask;
            }

            _reached |= _running >= (int)_limit;
            // Continuations must not run inside the lock of whoever releases.
            mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (again ? _again : _waiting).Enqueue(mine);
        }

        return cancellation.CanBeCanceled ? Cancellable(mine, cancellation) : mine.Task;
    }

    /// <summary>Tells how a request ended, and lets the next one go.</summary>
    /// <param name="signal">What its end says about load.</param>
    /// <param name="latency">From its start to its answer.</param>
    /// <param name="retryAfter">How long the server wants to be left alone; zero when it says nothing.</param>
    public void Leave(AttemptSignal signal, TimeSpan latency, TimeSpan retryAfter)
    {
        lock (_gate)
        {
            _running--;
            _attempts++;
            _throttledShare += ((signal == AttemptSignal.Throttled ? 1 : 0) - _throttledShare) / ShareMemory;
            if (signal == AttemptSignal.Throttled)
            {
                _throttled++;
            }
            else if (signal == AttemptSignal.Answered)
            {
                _answered++;
                _latencySum += latency.TotalMilliseconds;
            }

            if (retryAfter > TimeSpan.Zero && _throttledShare >= ShareToPause)
                Pause(retryAfter < LongestPause ? retryAfter : LongestPause);
            if (_attempts >= Math.Max(LeastWindow, (int)_limit))
                Decide();
            Release();
        }
    }

    private static async Task Cancellable(TaskCompletionSource mine, CancellationToken cancellation)
    {
        using (cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), mine))
            await mine.Task.ConfigureAwait(false);
    }

    private bool MayRun() => _running < (int)_limit && clock.GetTimestamp() >= _pausedUntil;

    private void Release()
    {
        while (_again.Count + _waiting.Count > 0 && MayRun())
        {
            // One that was cancelled meanwhile gives its turn to the next.
            if ((_again.Count > 0 ? _again : _waiting).Dequeue().TrySetResult())
                _running++;
        }
    }

    private void Pause(TimeSpan length)
    {
        var until = clock.GetTimestamp() + (long)(length.TotalSeconds * clock.TimestampFrequency);
        if (until <= _pausedUntil)
            return;
        _pausedUntil = until;
        _resume?.Dispose();
        _resume = clock.CreateTimer(_ => Resume(), null, length, Timeout.InfiniteTimeSpan);
    }

    private void Resume()
    {
        lock (_gate)
        {
            _pausedUntil = Math.Min(_pausedUntil, clock.GetTimestamp());
            Release();
        }
    }

    private void Decide()
    {
        var mean = _answered > 0 ? _latencySum / _answered : 0;
        if (_throttled * 20 >= _attempts)
        {
            _limit = Math.Max(Math.Min(Floor, most), _limit * 0.7);
            _fast = false;
        }
        else if (_answered > 0)
        {
            _base = Math.Min(_base * 1.01, mean);
            var bearable = _base * 2 + 2;
            if (mean > bearable)
            {
                _limit = Math.Max(1, _limit * Math.Clamp(bearable / mean, 0.5, 0.95));
                _fast = false;
            }
            else if (_reached)
            {
                _limit = Math.Min(most, _fast ? _limit * 1.5 : _limit + Math.Max(1, _limit / 16));
            }
        }

        (_attempts, _throttled, _answered, _latencySum, _reached) = (0, 0, 0, 0, false);
    }
}
