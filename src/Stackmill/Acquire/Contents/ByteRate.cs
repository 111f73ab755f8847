namespace Stackmill.Acquire.Contents;

/// <summary>
/// Holds a rate of bytes over all connections: a bucket that fills at the rate and holds a fifth of a second's worth. Who takes
/// more than there is waits as long as it takes to come in, one after another in the order of their asking.
/// </summary>
/// <param name="bytesPerSecond">The rate; 0 for none.</param>
/// <param name="clock">The clock.</param>
internal sealed class ByteRate(long bytesPerSecond, TimeProvider clock)
{
    private const double BucketSeconds = 0.2;

    // What is taken before an answer has come: as much as the mean of the last ones, within these bounds.
    private const double LeastExpected = 1 << 10;
    private const double MostExpected = 64 << 10;
    private const double Smoothing = 1.0 / 32;

    private readonly Lock _gate = new();
    private double _room = bytesPerSecond * BucketSeconds;
    private double _expected = LeastExpected * 4;
    private long _last = clock.GetTimestamp();

    /// <summary>True when there is a rate to hold.</summary>
    public bool IsLimited => bytesPerSecond > 0;

    /// <summary>Bytes that one read may take at most, so that no single one overdraws by more than a tenth of a second.</summary>
    public int LargestRead => IsLimited ? (int)Math.Clamp(bytesPerSecond / 10, 1 << 10, 64 << 10) : int.MaxValue;

    /// <summary>Takes what an answer will probably have, before it is asked for: many small answers must not come all at once.</summary>
    /// <returns>The bytes taken, to be settled by <see cref="Settle"/>.</returns>
    public async ValueTask<int> Expect(CancellationToken cancellation)
    {
        if (!IsLimited)
            return 0;
        int expected;
        lock (_gate)
            expected = (int)_expected;
        await Take(expected, cancellation).ConfigureAwait(false);
        return expected;
    }

    /// <summary>Takes bytes that have come, and waits until the rate allows more.</summary>
    public ValueTask Take(long bytes, CancellationToken cancellation)
    {
        if (!IsLimited || bytes <= 0)
            return ValueTask.CompletedTask;
        double missing;
        lock (_gate)
        {
            Fill();
            _room -= bytes;
            missing = -_room;
        }

        return missing <= 0 ? ValueTask.CompletedTask : new ValueTask(Task.Delay(TimeSpan.FromSeconds(missing / bytesPerSecond), clock, cancellation));
    }

    /// <summary>Gives back what was taken and did not come, and learns how much did.</summary>
    public void Settle(long taken, long came)
    {
        if (!IsLimited)
            return;
        lock (_gate)
        {
            Fill();
            _room = Math.Min(bytesPerSecond * BucketSeconds, _room + Math.Max(0, taken - came));
            _expected = Math.Clamp(_expected + (came - _expected) * Smoothing, LeastExpected, MostExpected);
        }
    }

    private void Fill()
    {
        var now = clock.GetTimestamp();
        _room = Math.Min(bytesPerSecond * BucketSeconds, _room + clock.GetElapsedTime(_last, now).TotalSeconds * bytesPerSecond);
        _last = now;
    }
}
