namespace Stackmill.Tests.Support;

/// <summary>A clock that stands still until something waits, and then goes on by as much at once.</summary>
internal sealed class StepClock : TimeProvider
{
    private long _ticks;

    /// <summary>What was waited for so far.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => FakeClock.Start + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero)
            Interlocked.Add(ref _ticks, dueTime.Ticks);
        return new Timer(callback, state, dueTime >= TimeSpan.Zero ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
