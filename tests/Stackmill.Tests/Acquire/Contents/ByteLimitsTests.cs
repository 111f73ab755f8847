using Stackmill.Acquire.Contents;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Acquire.Contents;

/// <summary>The rate of bytes, and the memory of what is under way.</summary>
public sealed class ByteLimitsTests
{
    // Tells when each of its bytes was asked for, and gives at most so many at once.
    private sealed class SteadyStream(int length, int atOnce, StepClock clock) : Stream
    {
        private int _given;

        public List<(int Given, TimeSpan At)> Reads { get; } = [];

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads.Add((_given, clock.Elapsed));
            var read = Math.Min(Math.Min(atOnce, length - _given), buffer.Length);
            _given += read;
            return ValueTask.FromResult(read);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }
    }

    private static async Task<BlobAnswer> Read(Stream stream, long? announced, long most, ByteRate rate, ByteBudget memory, TimeProvider clock)
    {
        using var intake = new Intake(rate, memory);
        await intake.Admit(default);
        using var deadline = new Deadline(TimeSpan.FromSeconds(20), default);
        return await intake.Read(stream, announced, most, deadline, clock, default);
    }

    [Theory]
    [InlineData(3_000_000)]
    [InlineData(null)]
    public async Task A_large_body_is_asked_for_no_faster_than_the_rate_at_any_moment(int? announced)
    {
        const int Rate = 50_000;
        var clock = new StepClock();
        var stream = new SteadyStream(3_000_000, int.MaxValue, clock);

        var answer = await Read(stream, announced, 4_000_000, new ByteRate(Rate, clock), new ByteBudget(10_000_000), clock);

        Assert.Equal((BlobStatus.Fetched, 3_000_000), (answer.Status, answer.Length));
        // A fifth of a second's worth and one read may be ahead.
        Assert.All(stream.Reads, r => Assert.True(r.Given <= Rate * (r.At.TotalSeconds + 0.2) + (Rate / 10) + 1, $"{r.Given} bytes after {r.At.TotalSeconds} s"));
        Assert.InRange(clock.Elapsed.TotalSeconds, 59, 61);
    }

    [Fact]
    public async Task Waiting_for_the_rate_is_not_the_servers_time()
    {
        // At a byte a second of allowed rate, the whole takes a day: far above every time-out.
        var clock = new StepClock();
        var answer = await Read(new SteadyStream(86_400, 1000, clock), 86_400, 100_000, new ByteRate(1, clock), new ByteBudget(100_000), clock);
        Assert.Equal(BlobStatus.Fetched, answer.Status);
        Assert.True(clock.Elapsed > TimeSpan.FromHours(23));
    }

    [Fact]
    public async Task Many_small_answers_are_admitted_no_faster_than_the_rate()
    {
        var clock = new StepClock();
        var rate = new ByteRate(100_000, clock);
        for (var i = 0; i < 500; i++)
            await Read(new SteadyStream(2_000, 700, clock), 2_000, 10_000, rate, new ByteBudget(100_000), clock);
        Assert.InRange(clock.Elapsed.TotalSeconds, 9.6, 10.2);
    }

    [Fact]
    public async Task What_was_expected_and_did_not_come_is_given_back()
    {
        var clock = new StepClock();
        var rate = new ByteRate(100_000, clock);
        for (var i = 0; i < 200; i++)
        {
            using var intake = new Intake(rate, new ByteBudget(1));
            await intake.Admit(default);
        }

        // Nothing came at all.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 1);
    }

    [Fact]
    public async Task A_body_that_is_shorter_or_longer_than_it_may_be_is_told()
    {
        var (clock, rate, memory) = (new StepClock(), new ByteRate(0, TimeProvider.System), new ByteBudget(1 << 20));
        Assert.Equal(BlobStatus.Cut, (await Read(new SteadyStream(99, 10, clock), 100, 1000, rate, memory, clock)).Status);
        Assert.Equal(BlobStatus.TooLarge, (await Read(new SteadyStream(2000, 10, clock), null, 1000, rate, memory, clock)).Status);
        Assert.Equal(BlobStatus.TooLarge, (await Read(new SteadyStream(0, 10, clock), 2000, 1000, rate, memory, clock)).Status);
        Assert.Equal((BlobStatus.Fetched, 0), (await Read(new SteadyStream(0, 10, clock), 0, 1000, rate, memory, clock)) is var empty ? (empty.Status, empty.Length) : default);
        Assert.Equal((BlobStatus.Fetched, 1000), (await Read(new SteadyStream(1000, 10, clock), null, 1000, rate, memory, clock)) is var full ? (full.Status, full.Length) : default);
    }

    [Fact]
    public async Task Memory_is_given_in_the_order_of_asking_and_never_above_what_there_is()
    {
        var budget = new ByteBudget(100);
        Assert.Equal(60, await budget.Take(60, default));
        var large = budget.Take(500, default).AsTask();
        var small = budget.Take(10, default).AsTask();
        Assert.False(large.IsCompleted || small.IsCompleted);
        budget.Return(60);
        // More than there is counts as all there is.
        Assert.Equal(100, await large);
        Assert.False(small.IsCompleted);
        budget.Return(100);
        Assert.Equal(10, await small);
    }

    [Fact]
    public async Task Who_is_cancelled_while_it_waits_takes_no_memory()
    {
        var budget = new ByteBudget(100);
        await budget.Take(100, default);
        using var stop = new CancellationTokenSource();
        var (cancelled, next) = (budget.Take(50, stop.Token).AsTask(), budget.Take(100, default).AsTask());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        budget.Return(100);
        Assert.Equal(100, await next);
    }

    [Fact]
    public async Task Large_bodies_wait_for_memory_and_small_ones_do_not()
    {
        var (clock, rate, memory) = (new StepClock(), new ByteRate(0, TimeProvider.System), new ByteBudget(1_000_000));
        var all = await memory.Take(1_000_000, default);
        var (large, endless) = (Read(new SteadyStream(900_000, 4096, clock), 900_000, 1_000_000, rate, memory, clock), Read(new SteadyStream(900_000, 4096, clock), null, 1_000_000, rate, memory, clock));
        Assert.Equal(BlobStatus.Fetched, (await Read(new SteadyStream(60_000, 4096, clock), 60_000, 1_000_000, rate, memory, clock)).Status);
        Assert.False(large.IsCompleted || endless.IsCompleted);
        memory.Return(all);
        Assert.Equal((900_000, 900_000), ((await large).Length, (await endless).Length));
        // All was given back.
        Assert.Equal(1_000_000, await memory.Take(1_000_000, TestContext.Current.CancellationToken));
    }
}
