using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Stackmill.Tests.Support.Servers;

/// <summary>The storage host: files by hash, only for signed addresses, and with entity tags of its own.</summary>
internal sealed class HubServerStorage(HubServer server)
{
    private readonly ConcurrentDictionary<string, (HubServerFile File, int Uses)> _signed = new(StringComparer.Ordinal);
    private int _last;

    public string Sign(HubServerDataset dataset, string path)
    {
        var file = dataset.Files[path];
        var signature = $"s{Interlocked.Increment(ref _last)}~secretSignature%2F%2B";
        _signed[signature] = (file, 0);
        return $"{server.CdnEndpoint}/repos/{file.Sha256[..2]}/{file.Sha256}?response-content-disposition=inline%3B&Expires=4102444800&Signature={signature}";
    }

    public async Task Answer(HttpContext context, HubServerRequest request)
    {
        var at = request.Query.IndexOf("&Signature=", StringComparison.Ordinal);
        var signature = at < 0 ? "" : request.Query[(at + 11)..];
        if (!_signed.TryGetValue(signature, out var signed) || signed.Uses >= (server.Faults.SignatureUses ?? int.MaxValue))
        {
            context.Response.StatusCode = 403;
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync("<Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>");
            return;
        }

        _signed[signature] = (signed.File, signed.Uses + 1);
        // Not the file's hash: the storage host's tags are of its own making, as in life.
        await Send(server, context, request, signed.File, $"\"cdn-{signed.File.Sha256[..16]}\"");
    }

    public static async Task Send(HubServer server, HttpContext context, HubServerRequest request, HubServerFile file, string entityTag)
    {
        var response = context.Response;
        response.Headers.ETag = entityTag;
        if (!server.Faults.IgnoresRanges)
            response.Headers.AcceptRanges = "bytes";
        var (from, to) = (0L, file.Length);
        if (!server.Faults.IgnoresRanges && RangeHeaderValue.TryParse(request.Range, out var range) && range.Ranges.Count == 1 && (request.IfRange is null || request.IfRange == entityTag))
        {
            var wanted = range.Ranges.First();
            (from, to) = wanted.From is { } start
                ? (start, Math.Min(file.Length, (wanted.To ?? file.Length - 1) + 1))
                : (Math.Max(0, file.Length - wanted.To!.Value), file.Length);
            if (from >= to)
            {
                response.StatusCode = 416;
                response.Headers.ContentRange = $"bytes */{file.Length.ToString(CultureInfo.InvariantCulture)}";
                return;
            }

            response.StatusCode = 206;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to - 1}/{file.Length}");
        }

        response.ContentLength = to - from;
        response.ContentType = "application/octet-stream";
        if (!HttpMethods.IsHead(request.Method))
            await Body(server, context, request, file, from, to);
    }

    private static async Task Body(HubServer server, HttpContext context, HubServerRequest request, HubServerFile file, long from, long to)
    {
        await using var stream = file.Open();
        stream.Position = from;
        var stop = server.Faults.CutAfter?.Invoke(to - from) is { } cut && cut < to - from ? cut : to - from;
        stop = Math.Min(stop, server.Faults.StallAfter ?? stop);
        var buffer = new byte[64 << 10];
        try
        {
            while (request.BytesSent < stop)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, stop - request.BytesSent)), context.RequestAborted);
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                request.BytesSent += read;
            }

            if (stop == to - from)
                return;
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (server.Faults.StallAfter == stop)
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            // Without a byte the answer's head must not pass for an answer; else a body that ends early closes the connection after what was sent.
            if (stop == 0)
                context.Abort();
        }
        catch (OperationCanceledException)
        {
            // The client has gone: it has what it wanted, or has lost patience.
        }
    }
}
