using System.Globalization;
using System.Net;

namespace Stackmill.Acquire.Contents;

/// <summary>What an answer without a content means: S3's statuses and error codes, of Amazon's and of other servers.</summary>
internal static class BlobRefusal
{
    private const int MostCharacters = 300;

    /// <summary>The answer's meaning.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">S3's error code; empty when there is none.</param>
    /// <param name="message">What the server says; empty when it says nothing, or what may not be repeated.</param>
    /// <param name="region">Region that the server names; empty when it names none.</param>
    /// <param name="location">Where the server redirects to; <c>null</c> when it does not.</param>
    /// <param name="retryAfter">How long the server wants to be left alone.</param>
    public static BlobAnswer Of(int status, string code, string message, string region, Uri? location, TimeSpan retryAfter)
    {
        var detail = $"status {status}{(code.Length > 0 ? " " + Plain(code) : "")}{(message.Length > 0 ? ": " + Plain(message) : "")}";
        if (Hopeless(code, region) is { } remedy)
            return BlobAnswer.Without(BlobStatus.Unusable, $"{detail}; {remedy}");
        return status switch
        {
            404 => BlobAnswer.Without(BlobStatus.Missing, detail),
            401 or 403 => BlobAnswer.Without(BlobStatus.Forbidden, detail),
            429 or 503 => BlobAnswer.Without(BlobStatus.Throttled, detail, retryAfter),
            408 => BlobAnswer.Without(BlobStatus.TimedOut, detail),
            // Amazon closes connections that it waits on for too long with this.
            400 when code == "RequestTimeout" => BlobAnswer.Without(BlobStatus.TimedOut, detail),
            >= 500 => BlobAnswer.Without(BlobStatus.ServerFault, detail),
            >= 300 and < 400 => BlobAnswer.Without(BlobStatus.Refused, $"{detail}{To(region, location)}"),
            _ => BlobAnswer.Without(BlobStatus.Refused, detail),
        };
    }

    /// <summary>A server's text on one line, printable, and not long.</summary>
    public static string Plain(string text) => string.Concat(text.Take(MostCharacters).Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    /// <summary>Reads <c>Retry-After</c>; a date is taken by the server's own clock.</summary>
    public static TimeSpan RetryAfter(string? value, string? date)
    {
        if (int.TryParse(value, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(Math.Max(0, seconds));
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out var until) && DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, out var now) && until > now
            ? until - now : TimeSpan.Zero;
    }

    private static string? Hopeless(string code, string region) => code switch
    {
        "InvalidAccessKeyId" => "the server does not know the access key: renew the credentials, or choose others with contents.profile",
        "SignatureDoesNotMatch" => "the secret key does not fit the access key: correct the credentials, or choose others with contents.profile",
        "InvalidToken" or "ExpiredToken" or "TokenRefreshRequired" => "the session's token is invalid or has expired: renew the credentials",
        "RequestTimeTooSkewed" => "the clocks of this machine and of the server differ, also after correcting by the server's: set this machine's clock right",
        "NoSuchBucket" => "there is no such bucket: check contents.location and contents.endpoint",
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
            region.Length > 0 ? $"the bucket lies in the region {Plain(region)}: set contents.region to it" : "the bucket lies in another region: set contents.region to it",
        _ => null,
    };

    private static string To(string region, Uri? location)
    {
        if (region.Length > 0)
            return $"; the bucket lies in the region {Plain(region)} (contents.region)";
        // Without user and query: those may be credentials.
        return location is null ? "" : $"; it points to {(location.IsAbsoluteUri ? location.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "another path")}, and redirects are not followed: name that place as contents.location";
    }

    /// <summary>The text of an element of S3's flat error document; a whole XML reader would cost more than the answer.</summary>
    public static string Element(string xml, string name)
    {
        var start = xml.IndexOf($"<{name}>", StringComparison.Ordinal);
        if (start < 0)
            return "";
        start += name.Length + 2;
        var end = xml.IndexOf('<', start);
        return end < 0 ? "" : WebUtility.HtmlDecode(xml[start..end]);
    }
}
