using System.Net;
using System.Text.Json;

namespace Stackmill.Shared.Http;

/// <summary>
/// A server answered, but not with what was asked for. Its message names the address without user and query: a query may be a signature.
/// It stays inside the client that made the request, which turns it into a message for the user.
/// </summary>
internal sealed class HttpAnswerException(HttpStatusCode status, string address, string? code, string? says, TimeSpan? wait)
    : Exception($"{address} answered {(int)status}.")
{
    // Enough for every error text met; the rest of a body that is no answer at all is not worth its bytes.
    private const int MostBodyBytes = 4096;
    private const int MostCharacters = 300;

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>Who answered, without user and query.</summary>
    public string Address { get; } = address;

    /// <summary>The server's own name of the fault (header <c>X-Error-Code</c>).</summary>
    public string? Code { get; } = code;

    /// <summary>What the server says (header <c>X-Error-Message</c>, else the body's <c>error</c>): one line, printable, at most 300 characters.</summary>
    public string? Says { get; } = says;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? Wait { get; } = wait;

    /// <summary>The fault of an answer, with what its headers and the beginning of its body say.</summary>
    public static HttpAnswerException Of(HttpResponseMessage response, Uri address, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(response);
        var says = Header(response, "X-Error-Message") ?? BodyError(response);
        return new HttpAnswerException(
            response.StatusCode, Show(address), Header(response, "X-Error-Code"), says is null ? null : Plain(says), RetryAdvice.Wait(response, clock));
    }

    /// <summary>An address for messages: without user and query.</summary>
    public static string Show(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri)
            return "an address without a host";
        // For schemes without queries .NET takes a query for a part of the path.
        var path = address.AbsolutePath;
        return $"{address.Scheme}://{address.Authority}{path.AsSpan(0, path.AsSpan().IndexOfAny('?', '#') is >= 0 and var end ? end : path.Length)}";
    }

    /// <summary>First value of a header.</summary>
    public static string? Header(HttpResponseMessage response, string name)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.Headers.NonValidated.TryGetValues(name, out var values) && values.Count > 0 ? values.First() : null;
    }

    private static string? BodyError(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
            return null;
        var buffer = new byte[MostBodyBytes];
        try
        {
            using var stream = response.Content.ReadAsStream();
            var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            using var document = JsonDocument.Parse(buffer.AsMemory(0, read));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String
                ? error.GetString() : null;
        }
        catch (Exception fault) when (fault is JsonException or IOException)
        {
            // The status has been told already; its explanation is a courtesy.
            return null;
        }
    }

    private static string Plain(string text)
    {
        var plain = string.Concat(text.Take(MostCharacters).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return plain.TrimEnd('.');
    }
}

/// <summary>A server answered against the protocol, or with other bytes than before: asking again won't help.</summary>
/// <param name="message">A whole message for the user, without queries of addresses.</param>
internal sealed class UnusableAnswerException(string message) : Exception(message);
