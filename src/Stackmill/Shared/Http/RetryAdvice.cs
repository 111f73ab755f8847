using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Stackmill.Shared.Http;

/// <summary>How long a server asks a client to wait.</summary>
internal static class RetryAdvice
{
    /// <summary>
    /// The wait from <c>Retry-After</c> (seconds or date, RFC 9110 section 10.2.3); after 429 also from <c>RateLimit: "api";r=0;t=55</c>
    /// (draft-ietf-httpapi-ratelimit-headers-09, as the Hugging Face Hub sends it), its older form <c>limit=…, remaining=…, reset=55</c>,
    /// and <c>RateLimit-Reset: 55</c>. <c>null</c> when the server says nothing of it; never negative.
    /// </summary>
    public static TimeSpan? Wait(HttpResponseMessage response, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(clock);
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => response.StatusCode == HttpStatusCode.TooManyRequests ? FromRateLimit(response) : null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static TimeSpan? FromRateLimit(HttpResponseMessage response)
    {
        double? exhausted = null, any = null;
        foreach (var value in Values(response, "RateLimit"))
        {
            foreach (var policy in value.Split(','))
            {
                double? remaining = null, reset = null;
                foreach (var parameter in policy.Split(';', StringSplitOptions.TrimEntries))
                {
                    remaining = Number(parameter, "r=") ?? Number(parameter, "remaining=") ?? remaining;
                    reset = Number(parameter, "t=") ?? Number(parameter, "reset=") ?? reset;
                }

                any = Larger(any, reset);
                if (remaining == 0)
                    exhausted = Larger(exhausted, reset);
            }
        }

        foreach (var value in Values(response, "RateLimit-Reset"))
            any = Larger(any, Number(value.Trim(), ""));
        return (exhausted ?? any) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static HeaderStringValues Values(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values : default;

    private static double? Larger(double? a, double? b) => a is null || b > a ? b ?? a : a;

    // Longer than a year is no advice: it would not fit into a time span either.
    private static double? Number(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
        && double.TryParse(text.AsSpan(prefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number is >= 0 and < 31_536_000 ? number : null;
}
