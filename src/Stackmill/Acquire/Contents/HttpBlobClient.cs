using System.Net;
using System.Net.Sockets;

namespace Stackmill.Acquire.Contents;

/// <summary>Fetches contents by plain GET requests, for public buckets: ten times cheaper than signed ones.</summary>
internal sealed class HttpBlobClient : IBlobClient
{
    private const int ErrorBytes = 4096;

    private readonly HttpClient _client;
    private readonly string _prefix;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _clock;

    /// <summary>A client for the contents below an address.</summary>
    /// <param name="prefix">Address to which the id is appended; without user and query.</param>
    /// <param name="client">Makes the connections; disposed with this.</param>
    /// <param name="timeout">Longest time for the head of an answer, and without a byte of its body.</param>
    /// <param name="clock">The clock.</param>
    public HttpBlobClient(Uri prefix, HttpClient client, TimeSpan timeout, TimeProvider clock)
    {
        (_client, _timeout, _clock) = (client, timeout, clock);
        Where = _prefix = prefix.AbsoluteUri;
    }

    /// <inheritdoc/>
    public string Where { get; }

    /// <inheritdoc/>
    public string Remedy => "If the bucket needs credentials, set contents.signed: true (and contents.request_payer: true where the requester pays); check contents.location, contents.endpoint and contents.region.";

    /// <inheritdoc/>
    public async Task<BlobAnswer> Get(BlobId id, long maxBytes, Intake intake, CancellationToken cancellation)
    {
        using var deadline = new Deadline(_timeout, cancellation);
        try
        {
            var start = _clock.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Get, _prefix + id);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
            var head = _clock.GetElapsedTime(start);
            if (response.StatusCode != HttpStatusCode.OK)
                return await Refusal(response, deadline).ConfigureAwait(false) with { Head = head };
            using var stream = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            return await intake.Read(stream, response.Content.Headers.ContentLength, maxBytes, deadline, _clock, cancellation).ConfigureAwait(false) with { Head = head };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Silent(_timeout);
        }
        catch (HttpRequestException fault)
        {
            return Broken(fault);
        }
        catch (IOException fault)
        {
            return BlobAnswer.Without(BlobStatus.Cut, BlobRefusal.Plain(fault.Message));
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _client.Dispose();

    /// <summary>No byte came in time.</summary>
    public static BlobAnswer Silent(TimeSpan timeout) => BlobAnswer.Without(BlobStatus.TimedOut, $"no byte within {timeout.TotalSeconds:0.##} s");

    /// <summary>No connection, or one that broke.</summary>
    public static BlobAnswer Broken(HttpRequestException fault) =>
        fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
            ? BlobAnswer.Without(BlobStatus.Unreachable, BlobRefusal.Plain(fault.InnerException is SocketException socket ? socket.Message : fault.InnerException?.Message ?? fault.Message))
            : BlobAnswer.Without(BlobStatus.Cut, BlobRefusal.Plain(fault.Message));

    private static async Task<BlobAnswer> Refusal(HttpResponseMessage response, Deadline deadline)
    {
        // Reading the short error to its end keeps the connection.
        var text = new byte[ErrorBytes];
        using var stream = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
        var used = await stream.ReadAtLeastAsync(text, ErrorBytes, throwOnEndOfStream: false, deadline.Token).ConfigureAwait(false);
        var xml = System.Text.Encoding.UTF8.GetString(text, 0, used);
        string? Header(string name) => response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
        return BlobRefusal.Of(
            (int)response.StatusCode, BlobRefusal.Element(xml, "Code"), BlobRefusal.Element(xml, "Message"), Header("x-amz-bucket-region") ?? "",
            response.Headers.Location, BlobRefusal.RetryAfter(Header("Retry-After"), Header("Date")));
    }
}
