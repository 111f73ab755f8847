using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Stackmill.Tests.Support.Servers;

/// <summary>
/// A Hugging Face Hub for tests: real sockets on 127.0.0.1, one port for the Hub and one for its storage host. It speaks what the Hub
/// speaks for datasets: revisions, trees in pages, access checks, resolving by redirect to a signed address, ranges, entity tags,
/// error codes, rate limits. Give <see cref="Endpoint"/> as <c>hub.endpoint</c> or HF_ENDPOINT, <see cref="Token"/> as the token.
/// <code>
/// await using var hub = await HubServer.StartAsync();
/// hub.Add("owner/name").File("data/C#/a.parquet", path);
/// hub.Faults.CutAfter = _ => 1000;
/// Assert.All(hub.Requests.Where(r => r.Host == "cdn"), r => Assert.Null(r.Authorization));
/// </code>
/// </summary>
internal sealed class HubServer : IAsyncDisposable
{
    /// <summary>A token of the account <see cref="AccountName"/>.</summary>
    public const string Token = "hf_stackmillTestTokenThatMustNeverShow01";

    /// <summary>The account of <see cref="Token"/>.</summary>
    public const string AccountName = "stackmill-tester";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<HubServerRequest> _requests = new();
    private readonly ConcurrentDictionary<string, HubServerDataset> _datasets = new(StringComparer.OrdinalIgnoreCase);
    private readonly HubServerApi _api;
    private readonly HubServerStorage _storage;

    private HubServer(WebApplication app)
    {
        _app = app;
        (_api, _storage) = (new HubServerApi(this), new HubServerStorage(this));
        Accounts[Token] = AccountName;
    }

    /// <summary>Address of the Hub, such as <c>http://127.0.0.1:40001</c>.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>Address of the storage host.</summary>
    public string CdnEndpoint { get; private set; } = "";

    /// <summary>Entries on a page of a tree.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Tokens and the names of their accounts.</summary>
    public Dictionary<string, string> Accounts { get; } = new(StringComparer.Ordinal);

    /// <summary>What goes wrong.</summary>
    public HubServerFaults Faults { get; } = new();

    /// <summary>All requests so far, in the order of their arrival.</summary>
    public IReadOnlyCollection<HubServerRequest> Requests => _requests;

    /// <summary>Bytes of bodies that both hosts sent.</summary>
    public long BytesSent => _requests.Sum(r => r.BytesSent);

    /// <summary>Datasets by name, regardless of capitals.</summary>
    public IReadOnlyDictionary<string, HubServerDataset> Datasets => _datasets;

    /// <summary>Starts both hosts on free ports.</summary>
    public static async Task<HubServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(options =>
        {
            options.AddServerHeader = false;
            options.AllowSynchronousIO = true;
            options.Listen(IPAddress.Loopback, 0);
            options.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var server = new HubServer(app);
        app.Run(server.Handle);
        await app.StartAsync();
        var urls = app.Urls.ToList();
        (server.Endpoint, server.CdnEndpoint) = (urls[0].TrimEnd('/'), urls[1].TrimEnd('/'));
        return server;
    }

    /// <summary>Adds a dataset without files.</summary>
    public HubServerDataset Add(string id, bool gated = false, bool isPrivate = false, bool disabled = false, string? renamedTo = null) =>
        _datasets[id] = new HubServerDataset(id) { IsGated = gated, IsPrivate = isPrivate, IsDisabled = disabled, RenamedTo = renamedTo };

    /// <summary>Adds a dataset, in the place of one with its name.</summary>
    public void Add(HubServerDataset dataset) => _datasets[dataset.Id] = dataset;

    /// <summary>Adds a dataset with files in memory.</summary>
    public HubServerDataset Add(string id, IReadOnlyDictionary<string, byte[]> files, bool gated = false)
    {
        var dataset = Add(id, gated);
        foreach (var (path, bytes) in files)
            dataset.File(path, bytes);
        return dataset;
    }

    /// <summary>Name of the account of a request's token: <c>null</c> without one, empty for a wrong one.</summary>
    public string? AccountOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return null;
        return header.StartsWith("Bearer ", StringComparison.Ordinal) && Accounts.TryGetValue(header[7..], out var name) ? name : "";
    }

    public async ValueTask DisposeAsync()
    {
        // A stalled body must not hold up the end.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task Handle(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var question = raw.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (raw, "") : (raw[..question], raw[(question + 1)..]);
        var isCdn = CdnEndpoint.EndsWith($":{context.Connection.LocalPort}", StringComparison.Ordinal);
        var request = new HubServerRequest(
            isCdn ? "cdn" : "hub", context.Request.Method, path, query,
            NullIfEmpty(context.Request.Headers.Authorization), NullIfEmpty(context.Request.Headers.Range), NullIfEmpty(context.Request.Headers.IfRange));
        _requests.Enqueue(request);
        Faults.OnRequest?.Invoke(request);
        try
        {
            if (Faults.Holds?.Invoke(request.Host, path) == true)
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            if (Faults.Answer(request.Host, path, context.Response))
                return;
            if (isCdn)
                await _storage.Answer(context, request);
            else
                await _api.Answer(context, request);
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
        finally
        {
            request.Status = context.Response.StatusCode;
        }
    }

    private static string? NullIfEmpty(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values.ToString();

    /// <summary>A signed address of the storage host for a file.</summary>
    public string Sign(HubServerDataset dataset, string path) => _storage.Sign(dataset, path);

    /// <summary>Sends a file's bytes, whole or a range.</summary>
    public Task Send(HttpContext context, HubServerRequest request, HubServerFile file, string entityTag) =>
        HubServerStorage.Send(this, context, request, file, entityTag);
}
