using System.Net;
using Stackmill.Shared.Http;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Shared.Http;

public sealed class RetryPolicyTests
{
    [Theory]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(416, false)]
    [InlineData(501, false)]
    public void Passing_answers_are_tried_again_and_others_not(int status, bool isTriedAgain)
    {
        var (attempts, waits) = Run(new RetrySettings { Retries = 3 }, _ => Fault(status));
        Assert.Equal((isTriedAgain ? 4 : 1, isTriedAgain ? 3 : 0), (attempts, waits.Count));
    }

    [Fact]
    public void Waits_grow_with_jitter_up_to_the_longest()
    {
        var (_, waits) = Run(new RetrySettings { Retries = 30, FirstDelay = TimeSpan.FromSeconds(1), LongestDelay = TimeSpan.FromSeconds(10) }, _ => new IOException());
        Assert.All(waits, w => Assert.InRange(w, TimeSpan.Zero, TimeSpan.FromSeconds(10)));
        Assert.Equal(TimeSpan.FromSeconds(10), waits[^1]);
        Assert.InRange(waits[0].TotalSeconds, 0, 5);
    }

    [Fact]
    public void Wait_that_the_server_asks_for_is_kept_unless_it_is_too_long()
    {
        var (_, waits) = Run(new RetrySettings { Retries = 2, LongestDelay = TimeSpan.FromSeconds(1) }, _ => Fault(429, TimeSpan.FromSeconds(200)));
        Assert.All(waits, w => Assert.InRange(w.TotalSeconds, 200, 220));
        var (attempts, none) = Run(new RetrySettings { Retries = 2 }, _ => Fault(429, TimeSpan.FromMinutes(7)));
        Assert.Equal((1, 0), (attempts, none.Count));
    }

    [Fact]
    public void Own_faults_and_stops_are_not_tried_again()
    {
        Assert.Equal(1, Run(new RetrySettings { Retries = 2 }, _ => new UnusableAnswerException("x")).Attempts);
        Assert.Equal(1, Run(new RetrySettings { Retries = 2 }, _ => new HttpRequestException(HttpRequestError.SecureConnectionError)).Attempts);
        Assert.Equal(3, Run(new RetrySettings { Retries = 2 }, _ => new HttpRequestException(HttpRequestError.ConnectionError)).Attempts);
        Assert.Equal(1, Run(new RetrySettings { Retries = 0 }, _ => new IOException()).Attempts);
    }

    [Theory]
    [InlineData(503, "Retry-After", "12", 12)]
    [InlineData(503, "Retry-After", "Thu, 29 Feb 2024 12:01:30 GMT", 90)]
    [InlineData(503, "Retry-After", "Thu, 29 Feb 2024 11:00:00 GMT", 0)]
    [InlineData(429, "RateLimit", "\"api\";r=0;t=55", 55)]
    [InlineData(429, "RateLimit", "\"pages\";r=9;t=200, \"api\";r=0;t=55", 55)]
    [InlineData(429, "RateLimit", "limit=10, remaining=0, reset=7", 7)]
    [InlineData(429, "RateLimit-Reset", "33", 33)]
    [InlineData(200, "RateLimit", "\"api\";r=0;t=55", null)]
    [InlineData(429, "RateLimit", "\"api\";r=0;t=-1", null)]
    [InlineData(429, "RateLimit", "\"api\";r=0;t=1e300", null)]
    public void Advice_is_read_from_every_header_that_servers_send(int status, string header, string value, int? seconds)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        response.Headers.TryAddWithoutValidation(header, value);
        Assert.Equal(seconds, RetryAdvice.Wait(response, new InstantClock())?.TotalSeconds);
    }

    private static HttpAnswerException Fault(int status, TimeSpan? wait = null) => new((HttpStatusCode)status, "http://host/", null, null, wait);

    private static (int Attempts, List<TimeSpan> Waits) Run(RetrySettings settings, Func<int, Exception> fault)
    {
        var clock = new InstantClock();
        var attempts = 0;
        var pipeline = RetryPolicy.Create(settings with { Clock = clock });
        Assert.ThrowsAny<Exception>(() => pipeline.Execute(() => throw fault(++attempts)));
        return (attempts, [.. clock.Waits]);
    }
}
