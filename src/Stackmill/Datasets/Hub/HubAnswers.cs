using System.Buffers;
using System.Text.Json;
using Stackmill.Shared.Http;

namespace Stackmill.Datasets.Hub;

/// <summary>One entry of a dataset's tree.</summary>
/// <param name="Path">From the dataset's root, with <c>/</c>.</param>
/// <param name="IsFile">False for a folder.</param>
/// <param name="Length">Bytes; of the file itself, not of its pointer in Git.</param>
/// <param name="ContentHash">SHA-256 of a file in large file storage, in lower-case hexadecimal; <c>null</c> for others.</param>
/// <param name="GitId">Git's id of the blob, or of the pointer.</param>
internal readonly record struct HubEntry(string Path, bool IsFile, long Length, string? ContentHash, string GitId);

/// <summary>Reads what the Hub's API answers. Another form gives a <see cref="JsonException"/> that names the field.</summary>
internal static class HubAnswers
{
    /// <summary>Digits of hashes.</summary>
    public static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>A path with each part percent-encoded, for an address: <c>data/C#</c> gives <c>data/C%23</c>.</summary>
    public static string Encode(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    /// <summary>A field's text, or <c>null</c> when it is absent or something else.</summary>
    public static string? Text(JsonElement element, string name) =>
        Object(element).TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>True if a field is there and true.</summary>
    public static bool IsTrue(JsonElement element, string name) => Object(element).TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>One page of a tree.</summary>
    public static IEnumerable<HubEntry> Entries(JsonElement page)
    {
        if (page.ValueKind != JsonValueKind.Array)
            throw new JsonException("a list of files");
        foreach (var entry in page.EnumerateArray())
        {
            var path = Text(entry, "path") ?? throw new JsonException("path");
            // Paths become names of files on this side too.
            if (path.Split('/').Any(part => part is "" or "." or "..") || path.Contains('\0', StringComparison.Ordinal))
                throw new JsonException("path without empty, '.' and '..' parts");
            var isFile = Text(entry, "type") == "file";
            var large = entry.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object ? lfs : (JsonElement?)null;
            yield return new HubEntry(path, isFile, isFile ? Size(large ?? entry) : 0, large is { } l ? Text(l, "oid") : null, Text(entry, "oid") ?? "");
        }
    }

    /// <summary>Address of the next page (RFC 8288, <c>Link: &lt;…&gt;; rel="next"</c>), or <c>null</c> at the end.</summary>
    /// <exception cref="UnusableAnswerException">It lies on another host, which would get the token.</exception>
    public static string? NextPage(HttpResponseMessage response, HubHttp http)
    {
        if (HttpAnswerException.Header(response, "Link") is not { } header)
            return null;
        foreach (var link in header.Split(',', StringSplitOptions.TrimEntries))
        {
            var end = link.IndexOf('>', StringComparison.Ordinal);
            if (end < 1 || link[0] != '<' || !link[end..].Replace("\"", "", StringComparison.Ordinal).Contains("rel=next", StringComparison.OrdinalIgnoreCase))
                continue;
            var target = link[1..end];
            // A mirror passes the Hub's own pages on with the Hub's own address in this header.
            if (target.StartsWith(HubHttp.PublicEndpoint + "/", StringComparison.Ordinal))
                target = http.Base + target[HubHttp.PublicEndpoint.Length..];
            if (!Uri.TryCreate(http.Endpoint, target, out var next) || !http.IsEndpoint(next))
                throw new UnusableAnswerException($"{http.Base} names a next page of its list of files on another host. Expected one on the same host; check hub.endpoint ({http.EndpointSource}).");
            return next.AbsoluteUri;
        }

        return null;
    }

    private static long Size(JsonElement element) =>
        Object(element).TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes) && bytes >= 0
            ? bytes : throw new JsonException("size");

    private static JsonElement Object(JsonElement element) => element.ValueKind == JsonValueKind.Object ? element : throw new JsonException("an object");
}
