using Stackmill.Acquire.Contents;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Acquire.Contents;

public sealed class AdaptiveLimitTests
{
    private static void Window(AdaptiveLimit limit, double latencyMs, double throttled, int windows = 1)
    {
        for (var w = 0; w < windows; w++)
        {
            var count = Math.Max(32, limit.Current);
            // As many as may, and one that waits, so that the limit counts as reached.
            for (var done = 0; done < count;)
            {
                var batch = Math.Min(limit.Current, count - done);
                var running = Enumerable.Range(0, batch).Select(_ => limit.Enter(false, default)).ToList();
                Assert.All(running, t => Assert.True(t.IsCompleted));
                var waiting = limit.Current == batch ? limit.Enter(false, default) : null;
                Assert.True(waiting is null || !waiting.IsCompleted);
                for (var i = 0; i < batch; i++, done++)
                    limit.Leave(done < count * throttled ? AttemptSignal.Throttled : AttemptSignal.Answered, TimeSpan.FromMilliseconds(latencyMs), TimeSpan.Zero);
                if (waiting is null)
                    continue;
                waiting.GetAwaiter().GetResult();
                limit.Leave(AttemptSignal.Broken, TimeSpan.Zero, TimeSpan.Zero);
            }
        }
    }

    [Fact]
    public void It_grows_while_latency_stays_and_never_above_the_most()
    {
        var limit = new AdaptiveLimit(100, TimeProvider.System);
        Assert.Equal(8, limit.Current);
        Window(limit, 5, 0, 3);
        Assert.InRange(limit.Current, 18, 60);
        Window(limit, 5, 0, 20);
        Assert.Equal(100, limit.Current);
    }

    [Fact]
    public void Throttling_lowers_it_to_the_floor_and_no_further_and_it_comes_back()
    {
        var limit = new AdaptiveLimit(64, TimeProvider.System);
        Window(limit, 5, 0, 20);
        Window(limit, 5, 0.3);
        Assert.InRange(limit.Current, 40, 46);
        Window(limit, 5, 0.3, 30);
        Assert.Equal(AdaptiveLimit.Floor, limit.Current);
        Window(limit, 5, 0, 60);
        Assert.Equal(64, limit.Current);
    }

    [Fact]
    public void A_single_refusal_in_many_answers_changes_nothing()
    {
        var limit = new AdaptiveLimit(64, TimeProvider.System);
        Window(limit, 5, 0, 20);
        Window(limit, 5, 0.01, 5);
        Assert.Equal(64, limit.Current);
    }

    [Fact]
    public void Rising_latency_lowers_it_by_its_ratio()
    {
        var limit = new AdaptiveLimit(64, TimeProvider.System);
        Window(limit, 10, 0, 20);
        Window(limit, 30, 0);
        Assert.InRange(limit.Current, 44, 61);
        Window(limit, 1000, 0, 10);
        Assert.Equal(1, limit.Current);
    }

    [Fact]
    public void A_server_that_became_slower_for_good_is_not_held_for_busy_for_ever()
    {
        var limit = new AdaptiveLimit(64, TimeProvider.System);
        Window(limit, 10, 0, 20);
        Window(limit, 40, 0, 10);
        Assert.InRange(limit.Current, 1, 16);
        Window(limit, 40, 0, 200);
        Assert.Equal(64, limit.Current);
    }

    [Fact]
    public async Task Retry_after_holds_new_requests_back_when_most_are_refused()
    {
        var limit = new AdaptiveLimit(8, TimeProvider.System);
        for (var i = 0; i < 40; i++)
        {
            await limit.Enter(false, default);
            limit.Leave(AttemptSignal.Throttled, TimeSpan.Zero, i < 39 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(50));
        }

        var waiting = limit.Enter(false, default);
        Assert.False(waiting.IsCompleted);
        await waiting;
    }

    [Fact]
    public async Task Retry_after_of_one_refusal_in_three_holds_nobody_else_back()
    {
        var limit = new AdaptiveLimit(8, TimeProvider.System);
        for (var i = 0; i < 300; i++)
        {
            var entering = limit.Enter(false, default);
            Assert.True(entering.IsCompleted);
            await entering;
            limit.Leave(i % 3 == 0 ? AttemptSignal.Throttled : AttemptSignal.Answered, TimeSpan.FromMilliseconds(5), TimeSpan.FromHours(i % 3 == 0 ? 1 : 0));
        }
    }

    [Fact]
    public async Task What_was_asked_for_before_goes_first()
    {
        var limit = new AdaptiveLimit(1, TimeProvider.System);
        await limit.Enter(false, default);
        var (later, again) = (limit.Enter(false, default), limit.Enter(true, default));
        limit.Leave(AttemptSignal.Answered, TimeSpan.Zero, TimeSpan.Zero);
        await again;
        Assert.False(later.IsCompleted);
        limit.Leave(AttemptSignal.Answered, TimeSpan.Zero, TimeSpan.Zero);
        await later;
    }

    [Fact]
    public async Task One_that_is_cancelled_while_it_waits_gives_its_turn_away()
    {
        var limit = new AdaptiveLimit(1, TimeProvider.System);
        await limit.Enter(false, default);
        using var stop = new CancellationTokenSource();
        var (cancelled, next) = (limit.Enter(false, stop.Token), limit.Enter(false, default));
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        limit.Leave(AttemptSignal.Answered, TimeSpan.Zero, TimeSpan.Zero);
        await next;
    }

    [Fact]
    public async Task The_rate_of_bytes_is_held_over_time()
    {
        // The clock goes on by the delays alone, so this measures what is waited for and not how fast the machine is.
        var clock = new StepClock();
        var rate = new ByteRate(1000, clock);
        for (var i = 0; i < 50; i++)
            await rate.Take(100, default);
        Assert.InRange(clock.Elapsed.TotalSeconds, 4.5, 5.0);
        await new ByteRate(0, clock).Take(int.MaxValue, default);
    }
}
