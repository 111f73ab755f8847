using System.Net.Sockets;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Stackmill.Core.Faults;
using Stackmill.Core.Options;
using Stackmill.Datasets.ObjectStorage;

namespace Stackmill.Acquire.Contents;

/// <summary>Makes the client that a configuration asks for.</summary>
internal static class BlobClients
{
    // With a limited rate, the system must not take in megabytes a connection before anybody reads them.
    private const int LimitedReceiveBuffer = 64 << 10;

    /// <summary>What of a configuration does not go together, or is no place of contents.</summary>
    public static IEnumerable<OptionProblem> Check(ContentOptions options)
    {
        if (options.RequestPayer && !options.Signed)
            yield return new OptionProblem("request_payer", "true without signed", "signed: true too, for who pays is known by the signature");
        if (options.Profile.Length > 0 && !options.Signed)
            yield return new OptionProblem("profile", "a profile without signed", "signed: true too, for unsigned requests use no credentials");
        if (IsWeb(options.Location))
        {
            if (!TryAddress(options.Location, out _))
                yield return new OptionProblem("location", "an address with a user, a password, a query or a fragment", "https://host/path/ without those");
            if (options.Signed)
                yield return new OptionProblem("signed", "true with an http(s) location", "a location of the form s3://bucket/prefix/ for signed requests, with contents.endpoint where the server is not Amazon's");
        }
        else if (LocationProblem(options.Location) is { } problem)
        {
            yield return problem;
        }

        foreach (var problem in WebAddress.Check("endpoint", options.Endpoint, "http://host:port"))
            yield return problem;
    }

    /// <summary>The client of <c>contents.location</c>.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="environment">Gives variables of the environment.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    /// <exception cref="UsageException">The location or endpoint is no address, or there are no credentials.</exception>
    public static IBlobClient Create(ContentOptions options, Func<string, string?> environment, TimeProvider clock, CancellationToken cancellation)
    {
        foreach (var problem in Check(options))
            throw new UsageException($"contents.{problem.Key}: found {problem.Found}, expected {problem.Expected}.");
        var timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        if (TryAddress(options.Location, out var address))
            return new HttpBlobClient(address, Connections(options), timeout, clock);
        _ = S3Location.TryParse(options.Location, out var place);
        if (!options.Signed)
            return new HttpBlobClient(Address(options, place!), Connections(options), timeout, clock);
        var credentials = StoreCredentials.FindAsync(options.Profile, "contents", "Give one of them, or leave contents.signed out for a public bucket.", environment, cancellation).GetAwaiter().GetResult();
        return new S3BlobClient(new AmazonS3Client(credentials.Credentials, Configuration(options)), place!.Bucket, place.FolderPrefix, options.RequestPayer, credentials.Source, timeout, clock);
    }

    private static AmazonS3Config Configuration(ContentOptions options)
    {
        var configuration = new AmazonS3Config
        {
            // Attempts are counted, delayed and told by the fetcher alone.
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            HttpClientFactory = new OneClient(Connections(options)),
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            // Variables such as AWS_ENDPOINT_URL are for the storage of datasets; contents may lie elsewhere.
            IgnoreConfiguredEndpointUrls = true,
        };
        if (options.Endpoint.Length > 0)
            (configuration.ServiceURL, configuration.AuthenticationRegion, configuration.ForcePathStyle) = (options.Endpoint, options.Region, true);
        else
            configuration.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        return configuration;
    }

    private static HttpClient Connections(ContentOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = options.MaxConcurrency,
            ConnectTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            // Hosts behind a name move; a connection older than this is made anew, so that they are found.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        };
        if (options.MaxBytesPerSecond > 0)
            handler.ConnectCallback = Connect;
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Socket? socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = LimitedReceiveBuffer };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: true);
            socket = null;
            return stream;
        }
        finally
        {
            socket?.Dispose();
        }
    }

    // A bucket on an endpoint of one's own is a part of the path, for such servers rarely have a name for each; so is one
    // with a dot at Amazon's, whose certificate is for one label only.
    private static Uri Address(ContentOptions options, S3Location place)
    {
        var host = $"s3.{options.Region}.{RegionEndpoint.GetBySystemName(options.Region).PartitionDnsSuffix}";
        var prefix = string.Concat(place.FolderPrefix.Split('/').SkipLast(1).Select(part => Uri.EscapeDataString(part) + "/"));
        if (TryAddress(options.Endpoint, out var endpoint))
            return new Uri(endpoint, $"{place.Bucket}/{prefix}");
        return new Uri(place.Bucket.Contains('.') ? $"https://{host}/{place.Bucket}/{prefix}" : $"https://{place.Bucket}.{host}/{prefix}");
    }

    private static OptionProblem? LocationProblem(string location)
    {
        const string Expected = "s3://bucket/prefix/ or https://host/path/";
        try
        {
            return S3Location.TryParse(location, out _) ? null : new OptionProblem("location", "no place of contents", Expected);
        }
        catch (UsageException fault)
        {
            return new OptionProblem("location", fault.Message.TrimEnd('.'), Expected);
        }
    }

    private static bool IsWeb(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https");

    private static bool TryAddress(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? address)
    {
        address = null;
        if (WebAddress.Problem(text) is not null)
            return false;
        var given = new Uri(text);
        address = given.AbsolutePath.EndsWith('/') ? given : new Uri(given.AbsoluteUri + "/");
        return true;
    }

    // The SDK would make connections by settings of its own.
    private sealed class OneClient(HttpClient client) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
