using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Stackmill.Tests.Support.Servers;

/// <summary>The Hub's own host: API and resolving. Error codes and texts as the Hub sends them.</summary>
internal sealed class HubServerApi(HubServer server)
{
    public async Task Answer(HttpContext context, HubServerRequest request)
    {
        var account = server.AccountOf(context.Request);
        if (account == "")
        {
            await Fault(context, 401, null, "Invalid credentials in Authorization header");
            return;
        }

        var parts = request.Path.Trim('/').Split('/');
        if (server.Faults.Endless && parts[0] == "api")
        {
            var blanks = new byte[1 << 20];
            blanks.AsSpan().Fill((byte)' ');
            while (true)
                await context.Response.Body.WriteAsync(blanks, context.RequestAborted);
        }

        await (parts switch
        {
            ["api", "whoami-v2"] => WhoAmI(context, account),
            ["api", "datasets", var owner, var name, "revision", var revision] => Revision(context, account, $"{owner}/{name}", Uri.UnescapeDataString(revision)),
            ["api", "datasets", var owner, var name, "auth-check"] => AuthCheck(context, account, $"{owner}/{name}"),
            ["api", "datasets", var owner, var name, "tree", var revision, .. var rest] => Tree(context, request, account, $"{owner}/{name}", revision, Decode(rest)),
            ["api", "resolve-cache", "datasets", var owner, var name, _, .. var rest] => Cached(context, request, $"{owner}/{name}", Decode(rest)),
            ["datasets", var owner, var name, "resolve", var revision, .. var rest] => Resolve(context, request, account, $"{owner}/{name}", revision, rest),
            _ => Fault(context, 404, null, "Sorry, we can't find the page you are looking for."),
        });
    }

    private static Task WhoAmI(HttpContext context, string? account) => account is null
        ? Fault(context, 401, null, "Invalid username or password.")
        : Json(context, new { type = "user", id = "0123", name = account, auth = new { type = "access_token", accessToken = new { displayName = "test", role = "read" } } });

    private async Task Revision(HttpContext context, string? account, string id, string revision)
    {
        if (await Find(context, account, id, revision) is { } dataset)
            await Json(context, new { _id = "0123", id = dataset.Id, sha = dataset.Commit, @private = dataset.IsPrivate, gated = dataset.IsGated ? (object)"auto" : false, disabled = dataset.IsDisabled });
    }

    private async Task AuthCheck(HttpContext context, string? account, string id)
    {
        if (await Find(context, account, id, null) is { } dataset && await MayRead(context, account, dataset))
            context.Response.StatusCode = 200;
    }

    private async Task Tree(HttpContext context, HubServerRequest request, string? account, string id, string revision, string folder)
    {
        if (await Find(context, account, id, revision) is not { } dataset)
            return;
        var prefix = folder.Length == 0 ? "" : folder + "/";
        var query = context.Request.Query;
        var recursive = query["recursive"] == "true";
        var entries = dataset.Files.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        if (folder.Length > 0 && entries.Count == 0)
        {
            await Fault(context, 404, "EntryNotFound", $"{folder} does not exist on \"{revision}\"");
            return;
        }

        var rows = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (path, file) in entries)
        {
            for (var slash = path.IndexOf('/', prefix.Length); slash >= 0; slash = path.IndexOf('/', slash + 1))
                rows.TryAdd(path[..slash], new { type = "directory", oid = new string('d', 40), size = 0, path = path[..slash] });
            rows[path] = file.IsLarge
                ? new { type = "file", oid = file.GitId, size = file.Length, lfs = new { oid = file.Sha256, size = file.Length, pointerSize = 134 }, path }
                : new { type = "file", oid = file.GitId, size = file.Length, path };
        }

        var visible = rows.Where(r => recursive || !r.Key[prefix.Length..].Contains('/', StringComparison.Ordinal)).Select(r => r.Value).ToList();
        var start = int.TryParse(query["cursor"], CultureInfo.InvariantCulture, out var cursor) ? cursor : 0;
        if (start + server.PageSize < visible.Count)
        {
            var next = (start + server.PageSize).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.Link = server.Faults.Link ?? $"<{server.Endpoint}{request.Path}?recursive={(recursive ? "true" : "false")}&expand=false&limit={server.PageSize}&cursor={next}>; rel=\"next\"";
        }

        await Json(context, visible.Skip(start).Take(server.PageSize));
    }

    private async Task Resolve(HttpContext context, HubServerRequest request, string? account, string id, string revision, string[] rest)
    {
        var path = Decode(rest);
        if (await Find(context, account, id, revision) is not { } dataset || !await MayRead(context, account, dataset))
            return;
        if (!dataset.Files.TryGetValue(path, out var file))
        {
            await Fault(context, 404, "EntryNotFound", "Entry not found");
            return;
        }

        var response = context.Response;
        response.Headers["X-Repo-Commit"] = dataset.Commit;
        response.Headers["X-Linked-Size"] = file.Length.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Linked-Etag"] = $"\"{(file.IsLarge ? file.Sha256 : file.GitId)}\"";
        response.StatusCode = file.IsLarge ? 302 : 307;
        response.Headers.Location = server.Faults.RedirectTo?.Invoke(request.Path)
            ?? (file.IsLarge ? server.Sign(dataset, path) : $"/api/resolve-cache/datasets/{dataset.Id}/{dataset.Commit}/{string.Join('/', rest)}");
    }

    private async Task Cached(HttpContext context, HubServerRequest request, string id, string path)
    {
        if (server.Datasets.TryGetValue(id, out var dataset) && dataset.Files.TryGetValue(path, out var file))
            await server.Send(context, request, file, $"\"{file.GitId}\"");
        else
            await Fault(context, 404, "EntryNotFound", "Entry not found");
    }

    private async Task<HubServerDataset?> Find(HttpContext context, string? account, string id, string? revision)
    {
        if (!server.Datasets.TryGetValue(id, out var dataset) || (dataset.IsPrivate && (account is null || !dataset.Accepted.Contains(account))))
        {
            // The Hub does not tell what exists to those who may not see it.
            if (account is null)
                await Fault(context, 401, "RepoNotFound", "Invalid username or password.");
            else
                await Fault(context, 404, "RepoNotFound", "Repository not found");
            return null;
        }

        if (dataset.RenamedTo is { } renamed)
        {
            context.Response.StatusCode = 307;
            var target = context.Request.Path.ToUriComponent() + context.Request.QueryString;
            context.Response.Headers.Location = target.Replace($"/{id}/", $"/{renamed}/", StringComparison.Ordinal);
            return null;
        }

        if (dataset.IsDisabled)
        {
            await Fault(context, 403, null, "Access to this resource is disabled.");
            return null;
        }

        if (revision is null || revision == dataset.Commit || revision is "main" or "v1.0" or "refs/convert/parquet")
            return dataset;
        if (dataset.Earlier.Find(d => d.Commit == revision) is { } earlier)
            return earlier;
        await Fault(context, 404, "RevisionNotFound", $"Invalid rev id: {revision}");
        return null;
    }

    private static async Task<bool> MayRead(HttpContext context, string? account, HubServerDataset dataset)
    {
        if (!dataset.IsGated || (account is not null && dataset.Accepted.Contains(account)))
            return true;
        if (account is null)
            await Fault(context, 401, "GatedRepo", $"Access to dataset {dataset.Id} is restricted. You must have access to it and be authenticated to access it. Please log in.");
        else
            await Fault(context, 403, "GatedRepo", $"Access to dataset {dataset.Id} is restricted and you are not in the authorized list. Visit the dataset's page to ask for access.");
        return false;
    }

    private static async Task Fault(HttpContext context, int status, string? code, string message)
    {
        context.Response.StatusCode = status;
        if (code is not null)
            context.Response.Headers["X-Error-Code"] = code;
        context.Response.Headers["X-Error-Message"] = message;
        await Json(context, new { error = message });
    }

    private static async Task Json(HttpContext context, object value)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value);
        context.Response.ContentType = MediaTypeNames.Application.Json + "; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes);
    }

    private static string Decode(string[] parts) => string.Join('/', parts.Select(Uri.UnescapeDataString));
}
