using Amazon.Runtime;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>Whom a server takes the sender of signed requests for.</summary>
/// <param name="Name">The identity's name; <c>null</c> when the server does not tell it.</param>
/// <param name="Refusal">The server's name of the reason why it refuses these credentials; <c>null</c> when it doesn't.</param>
internal sealed record StoreIdentity(string? Name, string? Refusal)
{
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(10);

    private static readonly HashSet<string> Refusals = new(StringComparer.Ordinal)
    {
        "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken",
        "ExpiredTokenException", "TokenRefreshRequired", "RequestTimeTooSkewed", "RequestExpired",
    };

    /// <summary>Asks: Amazon's identity service, or, on other servers, for the owner of the buckets that they list.</summary>
    /// <param name="store">The server.</param>
    /// <param name="cancellation">Ends requests.</param>
    /// <param name="service">Address of the identity service; <c>null</c> for Amazon's in the region.</param>
    public static async Task<StoreIdentity> AskAsync(ObjectStore store, CancellationToken cancellation, string? service = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            return new StoreIdentity(store.IsAmazon ? await OfAmazonAsync(store, service, cancellation).ConfigureAwait(false) : await OfOwnerAsync(store, cancellation).ConfigureAwait(false), null);
        }
        catch (AmazonServiceException fault) when (Refusals.Contains(fault.ErrorCode ?? ""))
        {
            return new StoreIdentity(null, fault.ErrorCode);
        }
        catch (Exception fault) when (fault is AmazonServiceException or AmazonClientException or TimeoutException || StoreFaults.IsNetwork(fault)
            || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            cancellation.ThrowIfCancellationRequested();
            // Whether the storage itself answers is seen where it is used; an identity that may do that need not know its own name.
            return new StoreIdentity(null, null);
        }
    }

    private static async Task<string?> OfAmazonAsync(ObjectStore store, string? service, CancellationToken cancellation)
    {
        var config = new AmazonSecurityTokenServiceConfig
        {
            RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(store.Region),
            MaxErrorRetry = 0,
            Timeout = LongestRequest,
            // AWS_ENDPOINT_URL is most often that of another server of storage, which has no such service.
            IgnoreConfiguredEndpointUrls = true,
        };
        if (service is not null)
            (config.ServiceURL, config.AuthenticationRegion) = (service, store.Region);
        using var client = new AmazonSecurityTokenServiceClient(store.Credentials.Credentials, config);
        return (await client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellation).ConfigureAwait(false)).Arn;
    }

    private static async Task<string?> OfOwnerAsync(ObjectStore store, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(LongestRequest);
        var owner = (await store.Client.ListBucketsAsync(new ListBucketsRequest(), stop.Token).ConfigureAwait(false)).Owner;
        return owner?.DisplayName is { Length: > 0 } name ? name : owner?.Id is { Length: > 0 } id ? id : null;
    }
}
