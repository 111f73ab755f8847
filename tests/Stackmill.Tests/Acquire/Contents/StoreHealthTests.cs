using Stackmill.Acquire.Contents;
using Stackmill.Core.Faults;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Acquire.Contents;

public sealed class StoreHealthTests
{
    private readonly InstantClock _clock = new();
    private readonly List<string> _warnings = [];

    private sealed class Store : IBlobClient
    {
        public string Where => "the store";

        public string Remedy => "Do this.";

        public Task<BlobAnswer> Get(BlobId id, long maxBytes, Intake intake, CancellationToken cancellation) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private StoreHealth Health(bool isProven = false, int refusalsToStop = 20) =>
        new(new Store(), new StorePatience(TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(10)), refusalsToStop, isProven, _clock, _warnings.Add);

    private void Attempt(StoreHealth health, BlobStatus status, double seconds)
    {
        var start = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        health.Attempted(status, "detail", start);
    }

    [Fact]
    public void A_minute_of_silence_ends_the_run_and_an_answer_of_any_kind_ends_the_silence()
    {
        var health = Health();
        Attempt(health, BlobStatus.Unreachable, 40);
        Attempt(health, BlobStatus.TimedOut, 15);
        Attempt(health, BlobStatus.Throttled, 1);
        Attempt(health, BlobStatus.TimedOut, 59);
        Assert.Contains("the store has not answered for 62 s (detail)", Assert.Throws<RunFaultException>(() => Attempt(health, BlobStatus.Unreachable, 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_without_attempts_is_no_silence()
    {
        var health = Health();
        Attempt(health, BlobStatus.Fetched, 1);
        // Shards from the cache were written meanwhile.
        _clock.Advance(TimeSpan.FromHours(5));
        Attempt(health, BlobStatus.TimedOut, 20);
        Attempt(health, BlobStatus.ServerFault, 20);
    }

    [Fact]
    public void Ten_minutes_without_use_end_the_run_and_a_content_or_its_absence_is_of_use()
    {
        var health = Health();
        foreach (var useful in new[] { BlobStatus.Fetched, BlobStatus.Missing, BlobStatus.TooLarge })
        {
            foreach (var useless in new[] { BlobStatus.Throttled, BlobStatus.ServerFault, BlobStatus.Cut, BlobStatus.Throttled })
                Attempt(health, useless, 140);
            Attempt(health, useful, 1);
        }

        foreach (var useless in new[] { BlobStatus.Throttled, BlobStatus.ServerFault, BlobStatus.Cut, BlobStatus.Throttled })
            Attempt(health, useless, 140);
        Assert.Contains("nothing of use for 12 minutes", Assert.Throws<RunFaultException>(() => Attempt(health, BlobStatus.Cut, 140)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Refusals_end_the_run_only_where_nothing_was_ever_had(bool isProven)
    {
        var health = Health(isProven);
        if (!isProven)
        {
            for (var i = 1; i < 20; i++)
                health.Ended(BlobAnswer.Without(BlobStatus.Forbidden, "status 403"));
            Assert.Contains("Do this.", Assert.Throws<RunFaultException>(() => health.Ended(BlobAnswer.Without(BlobStatus.Forbidden, "status 403"))).Message, StringComparison.Ordinal);
            return;
        }

        for (var i = 0; i < 5000; i++)
            health.Ended(BlobAnswer.Without(i % 2 == 0 ? BlobStatus.Forbidden : BlobStatus.WrongHash, "no"));
        Assert.Contains("1000 contents in a row", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_times_as_many_as_the_cache_has_may_be_refused_and_any_number_where_the_configuration_says_so()
    {
        var refused = BlobAnswer.Without(BlobStatus.Forbidden, "status 403");
        var health = Health();
        health.Cached(3);
        health.Cached(2);
        for (var i = 1; i < 50; i++)
            health.Ended(refused);
        Assert.Contains("the first 50 contents", Assert.Throws<RunFaultException>(() => health.Ended(refused)).Message, StringComparison.Ordinal);

        var patient = Health(refusalsToStop: 0);
        for (var i = 0; i < 900; i++)
            patient.Ended(refused);
        Assert.Empty(_warnings);
        Assert.Throws<RunFaultException>(() => Health(refusalsToStop: 1).Ended(refused));
    }

    [Fact]
    public void A_content_that_is_had_ends_the_row_of_refusals()
    {
        var health = Health();
        for (var i = 0; i < 3000; i++)
            health.Ended(BlobAnswer.Without(i % 15 == 0 ? BlobStatus.Fetched : BlobStatus.Refused, "no"));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void What_no_content_can_help_ends_the_run_at_once() =>
        Assert.Contains("no content can be had from the store: detail", Assert.Throws<RunFaultException>(() => Attempt(Health(true), BlobStatus.Unusable, 0)).Message, StringComparison.Ordinal);
}
