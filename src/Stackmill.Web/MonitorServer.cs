using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Stackmill.Core.Faults;
using Stackmill.Monitoring;
using Stackmill.Monitoring.Exposition;

namespace Stackmill.Web;

/// <summary>What a server shows.</summary>
/// <param name="Metrics">The metrics as text.</param>
/// <param name="Page">The status page.</param>
/// <param name="IsReady">True when there is something to show.</param>
internal sealed record MonitorSource(Func<MetricsFormat, string> Metrics, Func<string> Page, Func<bool> IsReady);

/// <summary>
/// Serves <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c> and the status page. It reads no file by a path of a request, takes no bodies, and gives up
/// clients that send or read too slowly. Without a token it listens on loopback only, and answers only requests that name a loopback host,
/// so that a page in somebody's browser can't read it by a name of its own that leads here.
/// </summary>
internal sealed class MonitorServer : IAsyncDisposable
{
    // A connection that sends or takes fewer bytes a second is given up. The server reckons with whole writes, so that they must be small.
    private const double LeastBytesPerSecond = 4096;
    private const int ChunkBytes = 16 << 10;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly MonitorSource _source;
    private readonly AccessToken? _token;

    private MonitorServer(WebApplication app, MonitorSource source, AccessToken? token) => (_app, _source, _token) = (app, source, token);

    /// <summary>Its address, with the port that it has.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Begins to listen.</summary>
    /// <param name="address">The address to listen on.</param>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="token">What clients must know; <c>null</c> for nothing, on loopback only.</param>
    /// <param name="source">What is shown.</param>
    /// <exception cref="UsageException">The address needs a token, or can't be listened on.</exception>
    public static async Task<MonitorServer> StartAsync(IPAddress address, int port, string? token, MonitorSource source)
    {
        var access = AccessToken.Of(token, address);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, address, port));
        // The program has its own signals; a server in it must not take them.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        var server = new MonitorServer(app, source, access);
        app.Run(server.AnswerAsync);
        var started = false;
        try
        {
            await app.StartAsync().ConfigureAwait(false);
            started = true;
        }
        catch (IOException fault)
        {
            throw new UsageException($"{address}:{port} can't be listened on: {fault.Message} Choose another port, or 0 for any free one.", fault);
        }
        finally
        {
            if (!started)
                await app.DisposeAsync().ConfigureAwait(false);
        }

        server.Address = new Uri(app.Urls.First());
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static void Configure(KestrelServerOptions kestrel, IPAddress address, int port)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Listen(address, port, listen => listen.Protocols = HttpProtocols.Http1);
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = 64;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestLineSize = 4096;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxResponseBufferSize = 64 << 10;
        limits.RequestHeadersTimeout = Grace;
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, Grace);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        response.Headers["Referrer-Policy"] = "no-referrer";
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET and HEAD");
        }

        if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            response.Headers.Connection = "close";
            return WriteAsync(context, StatusCodes.Status413PayloadTooLarge, "no bodies are taken");
        }

        if (_token is null && !IsLoopback(request.Host.Host))
            return WriteAsync(context, StatusCodes.Status421MisdirectedRequest, "this server answers for loopback hosts only; set " + MonitoringOptions.Token + " to let others in");
        return request.Path.Value switch
        {
            "/healthz" => WriteAsync(context, StatusCodes.Status200OK, "ok"),
            "/readyz" => _source.IsReady() ? WriteAsync(context, StatusCodes.Status200OK, "ready") : WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "there is nothing to show yet"),
            _ when _token?.Accepts(request.Headers.Authorization) == false => ChallengeAsync(context),
            "/metrics" => MetricsAsync(context),
            "/" => WriteAsync(context, StatusCodes.Status200OK, _source.Page(), "text/html; charset=utf-8"),
            "/status.css" => WriteAsync(context, StatusCodes.Status200OK, StatusPage.Style, "text/css; charset=utf-8"),
            _ => WriteAsync(context, StatusCodes.Status404NotFound, "there is nothing here; see / and /metrics"),
        };
    }

    private Task MetricsAsync(HttpContext context)
    {
        var format = ExpositionWriter.Choose(context.Request.Headers.Accept);
        context.Response.Headers.Vary = "Accept";
        return WriteAsync(context, StatusCodes.Status200OK, _source.Metrics(format), format == MetricsFormat.OpenMetrics ? ExpositionWriter.OpenMetricsType : ExpositionWriter.TextType);
    }

    private static Task ChallengeAsync(HttpContext context)
    {
        // Browsers ask people for a password; Prometheus sends the token as it is.
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"stackmill\", Bearer";
        return WriteAsync(context, StatusCodes.Status401Unauthorized, "a token is needed");
    }

    private static async Task WriteAsync(HttpContext context, int status, string text, string type = "text/plain; charset=utf-8")
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text.EndsWith('\n') ? text : text + "\n");
        (context.Response.StatusCode, context.Response.ContentType, context.Response.ContentLength) = (status, type, bytes.Length);
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        try
        {
            for (var at = 0; at < bytes.Length; at += ChunkBytes)
            {
                patience.CancelAfter(Grace);
                await context.Response.Body.WriteAsync(bytes.AsMemory(at, Math.Min(ChunkBytes, bytes.Length - at)), patience.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Gone, or not reading.
            context.Abort();
        }
    }

    private static bool IsLoopback(string host) =>
        host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
