using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stackmill.Datasets.ObjectStorage;

namespace Stackmill.Tests.Datasets.ObjectStorage;

/// <summary>A request as the proxy saw it.</summary>
internal sealed record SeenRequest(string Method, string Key, string Query, string? Range, bool HasPayer, string? IfMatch, string? IfNoneMatch)
{
    /// <summary>True for a request that changes what others see; trials of writing leave nothing.</summary>
    public bool IsWrite => Method is "PUT" or "POST" or "DELETE" && !Key.EndsWith(StorageProbe.TrialName, StringComparison.Ordinal);
}

/// <summary>Stands between client and server, keeps what it saw, and lets a test spoil single requests.</summary>
internal sealed class S3Proxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _server = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly ConcurrentQueue<SeenRequest> _seen = new();

    private S3Proxy(WebApplication app) => _app = app;

    /// <summary>Address for the client.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Requests in the order of their arrival.</summary>
    public IReadOnlyList<SeenRequest> Seen => [.. _seen];

    /// <summary>Called before a request goes on; true when it has been answered here.</summary>
    public Func<SeenRequest, HttpContext, Task<bool>> Before { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Bytes of a body after which the connection is cut; negative for no cut.</summary>
    public Func<SeenRequest, long> CutAfter { get; set; } = _ => -1;

    /// <summary>True for an answer whose first byte is to come wrong.</summary>
    public Func<SeenRequest, bool> Spoil { get; set; } = _ => false;

    public static async Task<S3Proxy> StartAsync(string server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var proxy = new S3Proxy(app);
        app.Run(context => proxy.PassAsync(server, context));
        await app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private async Task PassAsync(string server, HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value!.TrimStart('/');
        var slash = path.IndexOf('/');
        var seen = new SeenRequest(
            request.Method, slash < 0 ? "" : path[(slash + 1)..], request.QueryString.Value ?? "", request.Headers.Range, request.Headers.ContainsKey("x-amz-request-payer"),
            request.Headers.IfMatch, request.Headers.IfNoneMatch);
        _seen.Enqueue(seen);
        if (await Before(seen, context))
            return;
        var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(server + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (request.ContentLength is not null)
            message.Content = new StreamContent(request.Body);
        foreach (var (name, value) in request.Headers)
        {
            if (name is "Expect" or "Connection" or "Transfer-Encoding")
                continue;
            if (!message.Headers.TryAddWithoutValidation(name, value.ToArray()))
                message.Content?.Headers.TryAddWithoutValidation(name, value.ToArray());
        }

        using var answer = await _server.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, value) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Transfer-Encoding" or "Connection")))
            context.Response.Headers[name] = value.ToArray();
        var (cut, spoil) = (CutAfter(seen), Spoil(seen));
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[16 << 10];
        for (long sent = 0; ;)
        {
            var read = await body.ReadAsync(buffer);
            if (read == 0)
                return;
            if (spoil && sent == 0)
                buffer[0] ^= 1;
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
            sent += read;
            if (cut < 0 || sent < cut)
                continue;
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }
    }
}
