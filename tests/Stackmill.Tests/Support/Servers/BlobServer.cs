using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Stackmill.Tests.Support.Servers;

/// <summary>What goes wrong with one answer.</summary>
public enum BlobServerFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>503 SlowDown.</summary>
    SlowDown,

    /// <summary>429 with Retry-After: 1.</summary>
    TooMany,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>404 NoSuchBucket.</summary>
    MissingBucket,

    /// <summary>404 of a web server that is no object storage.</summary>
    MissingPage,

    /// <summary>No answer at all.</summary>
    Silence,

    /// <summary>The connection is reset within the body.</summary>
    Reset,

    /// <summary>The gzip data ends early, though the answer is whole.</summary>
    Truncated,

    /// <summary>Whole gzip data of other bytes.</summary>
    WrongBytes,

    /// <summary>One byte now and then.</summary>
    Trickle,

    /// <summary>404 NoSuchKey.</summary>
    Missing,

    /// <summary>403 AccessDenied.</summary>
    Denied,

    /// <summary>302 to another host, with a query that must not be repeated.</summary>
    Redirect,

    /// <summary>200 with a page for people.</summary>
    Html,

    /// <summary>403 RequestTimeTooSkewed, whatever the request's time is.</summary>
    Skewed,

    /// <summary>403 ExpiredToken.</summary>
    Expired,
}

/// <summary>
/// A bucket on loopback that answers <c>GET /bucket/content/ID</c> as S3 does, with latency and faults. Which request meets which
/// fault follows from the content and the number of its attempt alone, so that a test knows what must come.
/// </summary>
public sealed class BlobServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private long _requests;
    private long _running;
    private long _peak;

    private BlobServer(WebApplication app) => _app = app;

    /// <summary>Contents by id, as gzip bytes.</summary>
    public ConcurrentDictionary<string, byte[]> Contents { get; } = new(StringComparer.Ordinal);

    /// <summary>The fault that the attempt (from 1) for a content meets.</summary>
    public Func<string, int, BlobServerFault> Fault { get; set; } = (_, _) => BlobServerFault.None;

    /// <summary>Time before each answer.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>True when requests must be signed (their time is looked at, their signature is not).</summary>
    public bool RequiresSignature { get; set; }

    /// <summary>True when requests must say that the requester pays.</summary>
    public bool RequesterPays { get; set; }

    /// <summary>How far the server's clock is ahead.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Requests so far.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Most requests that were under way at once.</summary>
    public long PeakConcurrency => Interlocked.Read(ref _peak);

    /// <summary>Attempts by content.</summary>
    public IReadOnlyDictionary<string, int> Attempts => _attempts;

    /// <summary>Address of the server.</summary>
    public string Endpoint => _app.Urls.First();

    /// <summary>Starts a server on a free port.</summary>
    public static async Task<BlobServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1);
            o.Limits.MinResponseDataRate = null;
        });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        var app = builder.Build();
        var server = new BlobServer(app);
        app.Run(server.Answer);
        await app.StartAsync();
        return server;
    }

    /// <summary>Adds a content and gives its id.</summary>
    public string Add(byte[] content)
    {
        var id = Convert.ToHexStringLower(SHA1.HashData(content));
        Contents[id] = Pack(content);
        return id;
    }

    /// <summary>Gzip bytes of a content.</summary>
    public static byte[] Pack(byte[] content)
    {
        // The class writes nothing at all for nothing, where every other compressor writes the 20 bytes of RFC 1952.
        if (content.Length == 0)
            return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>True for a share of all contents and attempts, spread evenly and always alike.</summary>
    public static bool Chance(string id, int attempt, double share, out uint dice)
    {
        dice = BitConverter.ToUInt32(SHA1.HashData(Encoding.ASCII.GetBytes($"{id}/{attempt}")));
        var hit = dice < share * uint.MaxValue;
        dice = BitConverter.ToUInt32(SHA1.HashData(Encoding.ASCII.GetBytes($"{attempt}/{id}")));
        return hit;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationTokenSource(200).Token);
        await _app.DisposeAsync();
    }

    private async Task Answer(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var running = Interlocked.Increment(ref _running);
        for (var peak = PeakConcurrency; running > peak && Interlocked.CompareExchange(ref _peak, running, peak) != peak; peak = PeakConcurrency)
        {
        }

        try
        {
            var path = context.Request.Path.Value!;
            var id = path[(path.LastIndexOf('/') + 1)..];
            var attempt = _attempts.AddOrUpdate(id, 1, (_, n) => n + 1);
            if (Latency > TimeSpan.Zero)
                await Task.Delay(Latency, context.RequestAborted);
            await Answer(context, id, Fault(id, attempt));
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task Answer(HttpContext context, string id, BlobServerFault fault)
    {
        if (RequiresSignature && await Refuses(context))
            return;
        switch (fault)
        {
            case BlobServerFault.SlowDown:
                await Error(context, 503, "SlowDown", "Please reduce your request rate.");
                return;
            case BlobServerFault.TooMany:
                context.Response.Headers.RetryAfter = "1";
                await Error(context, 429, "TooManyRequests", "");
                return;
            case BlobServerFault.Skewed:
                await Error(context, 403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.");
                return;
            case BlobServerFault.Expired:
                await Error(context, 403, "ExpiredToken", "The provided token has expired.");
                return;
            case BlobServerFault.Redirect:
                context.Response.StatusCode = 302;
                context.Response.Headers.Location = "http://elsewhere.test/content/x?signature=verysecret";
                return;
            case BlobServerFault.Html:
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync("<html><body>Please log in.</body></html>");
                return;
            case BlobServerFault.MissingBucket:
                await Error(context, 404, "NoSuchBucket", "The specified bucket does not exist.");
                return;
            case BlobServerFault.MissingPage:
                context.Response.StatusCode = 404;
                await context.Response.WriteAsync("<html><body><h1>Not Found</h1></body></html>");
                return;
            case BlobServerFault.ServerError:
                await Error(context, 500, "InternalError", "We encountered an internal error. Please try again.");
                return;
            case BlobServerFault.Denied:
                await Error(context, 403, "AccessDenied", "Access Denied");
                return;
            case BlobServerFault.Silence:
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return;
        }

        if (fault == BlobServerFault.Missing || !Contents.TryGetValue(id, out var bytes))
        {
            await Error(context, 404, "NoSuchKey", "The specified key does not exist.");
            return;
        }

        bytes = fault switch
        {
            BlobServerFault.Truncated => bytes[..(bytes.Length / 2)],
            BlobServerFault.WrongBytes => Pack(Encoding.ASCII.GetBytes("something else")),
            _ => bytes,
        };
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = bytes.Length;
        if (fault == BlobServerFault.Reset)
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await context.Response.Body.FlushAsync();
            context.Abort();
        }
        else if (fault == BlobServerFault.Trickle)
        {
            foreach (var one in bytes)
            {
                await context.Response.Body.WriteAsync(new[] { one }, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(20, context.RequestAborted);
            }
        }
        else
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    private async Task<bool> Refuses(HttpContext context)
    {
        var now = DateTimeOffset.UtcNow + Skew;
        context.Response.Headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
        if (!context.Request.Headers.Authorization.ToString().StartsWith("AWS4-HMAC-SHA256 Credential=", StringComparison.Ordinal))
            return await Error(context, 403, "AccessDenied", "Access Denied");
        var time = DateTimeOffset.ParseExact(context.Request.Headers["x-amz-date"].ToString(), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        if ((now - time).Duration() > TimeSpan.FromMinutes(15))
            return await Error(context, 403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.");
        if (RequesterPays && context.Request.Headers["x-amz-request-payer"] != "requester")
            return await Error(context, 403, "AccessDenied", "Access Denied");
        return false;
    }

    private static async Task<bool> Error(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message><RequestId>1</RequestId></Error>");
        return true;
    }
}
