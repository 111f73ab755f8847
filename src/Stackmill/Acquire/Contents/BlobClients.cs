using Stackmill.Core.Faults;

namespace Stackmill.Acquire.Contents;

/// <summary>Makes the client that a configuration asks for.</summary>
internal static class BlobClients
{
    /// <summary>The client of <c>contents.location</c>.</summary>
    /// <exception cref="UsageException">The location or endpoint is no address.</exception>
    public static IBlobClient Create(ContentOptions options)
    {
        var timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        if (Uri.TryCreate(options.Location, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return new HttpBlobClient(WithSlash(address), options.MaxConcurrency, timeout);
        var (bucket, prefix) = Split(options.Location);
        return new HttpBlobClient(Address(options, bucket, prefix), options.MaxConcurrency, timeout);
    }

    private static (string Bucket, string Prefix) Split(string location)
    {
        const string Scheme = "s3://";
        var rest = location.StartsWith(Scheme, StringComparison.Ordinal) ? location[Scheme.Length..] : "";
        var slash = rest.IndexOf('/');
        var bucket = slash < 0 ? rest : rest[..slash];
        if (bucket.Length == 0)
            throw new UsageException($"'{location}' (contents.location) is no place of contents; expected s3://bucket/prefix/ or https://host/path/.");
        var prefix = slash < 0 ? "" : rest[(slash + 1)..].Trim('/');
        return (bucket, prefix.Length == 0 ? "" : prefix + "/");
    }

    private static Uri Address(ContentOptions options, string bucket, string prefix)
    {
        if (options.Endpoint.Length == 0)
            return new Uri($"https://{bucket}.s3.{options.Region}.amazonaws.com/{prefix}");
        if (!Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw new UsageException($"'{options.Endpoint}' (contents.endpoint) is no address; expected http://host:port or https://host.");
        return new Uri(WithSlash(endpoint), $"{bucket}/{prefix}");
    }

    private static Uri WithSlash(Uri address) => address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
