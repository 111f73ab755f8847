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
/// <item>The mean latency is above twice the base (plus 2 ms): the limit falls by their ratio, at most to a half, and fast growth ends.</item>
/// <item>Else, when the limit was reached: it grows by half during fast growth, and later grows by a sixteenth (at least 1).</item>
/// </list>
/// The base is the least mean latency of a window; it rises by 1 % a window, so that a server that has become slower for good
/// is not taken for a busy one for ever. Additive growth and multiplicative decrease follow TCP (Chiu and Jain 1989); the comparison with
/// the least latency follows TCP Vegas (Brakmo and Peterson 1995). A Retry-After holds all new requests back until it has passed.
/// </summary>
internal sealed class AdaptiveLimit(int most, TimeProvider clock)
{
    /// <summary>The limit that throttling alone can't go below: refusals that have nothing to do with load must not stop the work.</summary>
    public const int Floor = 8;

    private const int Start = 8;
    private const int LeastWindow = 32;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private double _limit = Math.Min(Start, most);
    private int _running;
    private bool _reached;
    private bool _fast = true;
    private int _attempts;
    private int _throttled;
    private int _answered;
    private double _latencySum;
    private double _base = double.PositiveInfinity;
    private long _pausedUntil;
    private ITimer? _resume;

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
    public Task Enter(CancellationToken cancellation)
    {
        TaskCompletionSource mine;
        lock (_gate)
        {
            if (_waiting.Count == 0 && MayRun())
            {
                _running++;
                return Task.CompletedTask;
            }

            _reached |= _running >= (int)_limit;
            // Continuations must not run inside the lock of whoever releases.
            mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(mine);
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
            if (signal == AttemptSignal.Throttled)
            {
                _throttled++;
            }
            else if (signal == AttemptSignal.Answered)
            {
                _answered++;
                _latencySum += latency.TotalMilliseconds;
            }

            if (retryAfter > TimeSpan.Zero)
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
        while (_waiting.Count > 0 && MayRun())
        {
            // One that was cancelled meanwhile gives its turn to the next.
            if (_waiting.Dequeue().TrySetResult())
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

/// <summary>Holds a rate of bytes: a bucket that fills at the rate, holds a fifth of a second's worth, and may be overdrawn by one answer.</summary>
/// <param name="bytesPerSecond">The rate; 0 for none.</param>
/// <param name="clock">The clock.</param>
internal sealed class ByteRate(long bytesPerSecond, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private double _room = bytesPerSecond / 5.0;
    private long _last = clock.GetTimestamp();

    /// <summary>Takes bytes that have come, and waits until the rate allows more.</summary>
    public ValueTask Take(int bytes, CancellationToken cancellation)
    {
        if (bytesPerSecond == 0)
            return ValueTask.CompletedTask;
        double missing;
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            _room = Math.Min(bytesPerSecond / 5.0, _room + clock.GetElapsedTime(_last, now).TotalSeconds * bytesPerSecond) - bytes;
            _last = now;
            missing = -_room;
        }

        return missing <= 0 ? ValueTask.CompletedTask : new ValueTask(Task.Delay(TimeSpan.FromSeconds(missing / bytesPerSecond), clock, cancellation));
    }
}
