using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Stackmill.Acquire.Contents;

/// <summary>Fetches contents by plain GET requests, for public buckets: ten times cheaper than signed ones.</summary>
internal sealed class HttpBlobClient : IBlobClient
{
    private const int ErrorBytes = 4096;

    // A trickle that sends a byte now and then must end too: a body gets one time-out, and a second for each of these.
    private const int SlowestBytesPerSecond = 8 << 10;

    private readonly HttpClient _client;
    private readonly string _prefix;
    private readonly TimeSpan _timeout;

    /// <summary>A client for the contents below an address.</summary>
    /// <param name="prefix">Address to which the id is appended.</param>
    /// <param name="connections">Most connections at once.</param>
    /// <param name="timeout">Longest time for the head of an answer, and without a byte of its body.</param>
    public HttpBlobClient(Uri prefix, int connections, TimeSpan timeout)
    {
        _prefix = prefix.AbsoluteUri;
        _timeout = timeout;
        _client = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = connections,
            ConnectTimeout = timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        Where = prefix.GetLeftPart(UriPartial.Path);
    }

    /// <inheritdoc/>
    public string Where { get; }

    /// <inheritdoc/>
    public async Task<BlobAnswer> Get(BlobId id, long maxBytes, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(_timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _prefix + id);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.OK)
                return await Body(response, maxBytes, stop).ConfigureAwait(false);
            return await Refusal(response, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return BlobAnswer.Without(BlobStatus.TimedOut, $"no byte within {_timeout.TotalSeconds:0.##} s");
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return BlobAnswer.Without(BlobStatus.Unreachable, fault.InnerException is SocketException socket ? socket.Message : fault.Message);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return BlobAnswer.Without(BlobStatus.Cut, fault.Message);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _client.Dispose();

    /// <summary>What a refusal with this status and S3 error code means.</summary>
    public static BlobAnswer Refusal(int status, string code, string message, string region, TimeSpan retryAfter)
    {
        var detail = $"status {status}{(code.Length > 0 ? " " + code : "")}{(message.Length > 0 ? ": " + message : "")}";
        return status switch
        {
            404 => BlobAnswer.Without(BlobStatus.Missing, detail),
            403 or 401 => BlobAnswer.Without(BlobStatus.Forbidden, detail),
            429 or 503 => BlobAnswer.Without(BlobStatus.Throttled, detail, retryAfter),
            408 => BlobAnswer.Without(BlobStatus.TimedOut, detail),
            >= 500 => BlobAnswer.Without(BlobStatus.ServerFault, detail),
            >= 300 and < 400 => BlobAnswer.Without(BlobStatus.Refused, region.Length > 0 ? $"{detail}; the bucket is in region {region} (contents.region)" : detail),
            _ => BlobAnswer.Without(BlobStatus.Refused, detail),
        };
    }

    private async Task<BlobAnswer> Body(HttpResponseMessage response, long maxBytes, CancellationTokenSource stop)
    {
        var announced = response.Content.Headers.ContentLength;
        if (announced > maxBytes)
            return BlobAnswer.Without(BlobStatus.TooLarge, $"{announced} bytes as they come, at most {maxBytes}");
        var buffer = ArrayPool<byte>.Shared.Rent((int)(announced ?? 1 << 14) + 1);
        var given = false;
        try
        {
            var used = 0;
            var start = Environment.TickCount64;
            using var stream = await response.Content.ReadAsStreamAsync(stop.Token).ConfigureAwait(false);
            while (true)
            {
                var left = _timeout.TotalMilliseconds + used * 1000.0 / SlowestBytesPerSecond - (Environment.TickCount64 - start);
                if (left <= 0)
                    return BlobAnswer.Without(BlobStatus.TimedOut, $"only {used} bytes in {(Environment.TickCount64 - start) / 1000.0:F1} s");
                stop.CancelAfter(TimeSpan.FromMilliseconds(Math.Min(left, _timeout.TotalMilliseconds)));
                var read = await stream.ReadAsync(buffer.AsMemory(used), stop.Token).ConfigureAwait(false);
                if (read == 0)
                    break;
                used += read;
                if (used > maxBytes)
                    return BlobAnswer.Without(BlobStatus.TooLarge, $"more than {maxBytes} bytes as they come");
                if (used == buffer.Length)
                    Grow(ref buffer);
            }

            given = true;
            return new BlobAnswer(BlobStatus.Fetched, buffer, used, "");
        }
        finally
        {
            if (!given)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private static async Task<BlobAnswer> Refusal(HttpResponseMessage response, CancellationTokenSource stop)
    {
        // Reading the short error to its end keeps the connection.
        var text = new byte[ErrorBytes];
        using var stream = await response.Content.ReadAsStreamAsync(stop.Token).ConfigureAwait(false);
        var used = await stream.ReadAtLeastAsync(text, ErrorBytes, throwOnEndOfStream: false, stop.Token).ConfigureAwait(false);
        var xml = System.Text.Encoding.UTF8.GetString(text, 0, used);
        var region = response.Headers.TryGetValues("x-amz-bucket-region", out var regions) ? string.Join(' ', regions) : "";
        var retry = response.Headers.RetryAfter;
        var wait = retry?.Delta ?? (retry?.Date - response.Headers.Date) ?? TimeSpan.Zero;
        return Refusal((int)response.StatusCode, Element(xml, "Code"), Element(xml, "Message"), region, wait);
    }

    // S3's error documents are flat; a whole XML reader would cost more than the answer.
    private static string Element(string xml, string name)
    {
        var start = xml.IndexOf($"<{name}>", StringComparison.Ordinal);
        if (start < 0)
            return "";
        start += name.Length + 2;
        var end = xml.IndexOf('<', start);
        return end < 0 ? "" : WebUtility.HtmlDecode(xml[start..end]).ReplaceLineEndings(" ").Trim();
    }
}
