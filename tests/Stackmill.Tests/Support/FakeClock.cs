namespace Stackmill.Tests.Support;

/// <summary>A clock that starts at a fixed moment and goes on by one second at each look.</summary>
internal sealed class FakeClock : TimeProvider
{
    private long _looks;

    /// <summary>What the first look gives.</summary>
    public static DateTimeOffset Start { get; } = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Start.AddSeconds(Interlocked.Increment(ref _looks) - 1);
}
