using System.Net;
using System.Net.Sockets;
using Polly;
using Polly.Retry;

namespace Stackmill.Shared.Http;

/// <summary>One attempt failed and another will follow.</summary>
/// <param name="Attempt">The attempt that failed, from 1.</param>
/// <param name="Wait">Time until the next one.</param>
/// <param name="Cause">Why it failed, without credentials.</param>
internal readonly record struct RetryNotice(int Attempt, TimeSpan Wait, string Cause);

/// <summary>How requests are tried again.</summary>
internal sealed record RetrySettings
{
    /// <summary>Further attempts after the first; 0 for none.</summary>
    public required int Retries { get; init; }

    /// <summary>Median wait before the second attempt; it doubles with each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait of our own choice.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait that a server may ask for; when it asks for more, the request has failed. The Hub's windows are 300 s.</summary>
    public TimeSpan LongestAdvised { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>The clock of waits.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Hears of every wait.</summary>
    public Action<RetryNotice>? OnRetry { get; init; }
}

/// <summary>Retries of HTTP requests: exponential backoff with decorrelated jitter, or the wait that the server asks for.</summary>
internal static class RetryPolicy
{
    // Clients that were told the same moment must not all come back at it.
    private const double AdvisedJitter = 0.1;

    /// <summary>A pipeline around work that throws <see cref="HttpAnswerException"/> for an answer that is not what was asked for.</summary>
    public static ResiliencePipeline Create(RetrySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Retries == 0)
            return ResiliencePipeline.Empty;
        var options = new RetryStrategyOptions
        {
            MaxRetryAttempts = settings.Retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = settings.FirstDelay,
            MaxDelay = settings.LongestDelay,
            ShouldHandle = arguments => ValueTask.FromResult(
                !arguments.Context.CancellationToken.IsCancellationRequested
                && IsPassing(arguments.Outcome.Exception)
                && !(Advised(arguments.Outcome.Exception) > settings.LongestAdvised)),
            OnRetry = arguments =>
            {
                settings.OnRetry?.Invoke(new RetryNotice(arguments.AttemptNumber + 1, arguments.RetryDelay, arguments.Outcome.Exception?.Message ?? ""));
                return ValueTask.CompletedTask;
            },
        };
        options.DelayGenerator = arguments => ValueTask.FromResult(
            Advised(arguments.Outcome.Exception) is { } wait ? wait * (1 + (AdvisedJitter * options.Randomizer())) : (TimeSpan?)null);
        return new ResiliencePipelineBuilder { TimeProvider = settings.Clock }.AddRetry(options).Build();
    }

    /// <summary>True for 408, 429, 500, 502, 503 and 504: the same request may succeed later.</summary>
    public static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>True for faults of the connection and for passing answers; false for a host that doesn't exist and a certificate that is refused.</summary>
    public static bool IsPassing(Exception? fault) => fault switch
    {
        HttpAnswerException answer => IsPassing(answer.Status),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.UserAuthenticationError } => false,
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } } => false,
        HttpRequestException or IOException or TimeoutException or OperationCanceledException => true,
        _ => false,
    };

    private static TimeSpan? Advised(Exception? fault) => (fault as HttpAnswerException)?.Wait;
}
