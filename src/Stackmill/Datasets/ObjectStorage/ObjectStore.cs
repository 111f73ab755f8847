using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Amazon.S3.Model;
using Polly;
using Polly.Retry;
using Stackmill.Core.Faults;
using Stackmill.Core.Options;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>An object as a listing shows it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="ETag">Entity tag without quotes: differs when the bytes do.</param>
internal sealed record RemoteObject(string Key, long Length, string ETag);

/// <summary>A client of one server with signed, retried and explained requests. For several threads at once.</summary>
internal sealed class ObjectStore : IDisposable
{
    /// <summary>Times that a request is sent before its fault counts.</summary>
    public const int Attempts = 8;

    /// <summary>Metadata of every object published: SHA-256 of its bytes, lower-case hex.</summary>
    public const string Sha256Metadata = "x-amz-meta-sha256";

    // 0.5 s, doubled each time up to 20 s, with jitter: about a minute until a request counts as failed.
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(20);

    // Until the headers of an answer, the body of an upload included: a part of 16 MB at 55 KB/s.
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(5);

    private readonly ResiliencePipeline _pipeline;
    private readonly StoreCredentials _credentials;
    private readonly RequestPayer? _payer;

    private ObjectStore(AmazonS3Client client, StoreCredentials credentials, string endpoint, string region, bool isAmazon, StorageOptions options, TimeSpan firstDelay)
    {
        (Client, _credentials, Endpoint, Region, IsAmazon, Options) = (client, credentials, endpoint, region, isAmazon, options);
        _payer = options.RequestPayer ? RequestPayer.Requester : null;
        _pipeline = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Attempts - 1,
            Delay = firstDelay,
            MaxDelay = LongestDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } fault && StoreFaults.IsTransient(fault, args.Context.CancellationToken)),
        }).Build();
    }

    /// <summary>The SDK's client. Requests go through <see cref="CallAsync{T}"/>.</summary>
    public AmazonS3Client Client { get; }

    /// <summary>Host and port of the server, for messages and for names of folders.</summary>
    public string Endpoint { get; }

    /// <summary>Address of the server.</summary>
    public Uri Server => IsAmazon ? new Uri($"https://{Endpoint}") : new Uri(Client.Config.ServiceURL);

    /// <summary>Region that requests are signed for.</summary>
    public string Region { get; }

    /// <summary>True for Amazon's own servers.</summary>
    public bool IsAmazon { get; }

    /// <summary>The options it was made from.</summary>
    public StorageOptions Options { get; }

    /// <summary>Where the credentials come from; never a value.</summary>
    public StoreCredentials Credentials => _credentials;

    /// <summary>Who pays, for every request.</summary>
    public RequestPayer? Payer => _payer;

    /// <summary>Finds endpoint, region and credentials, and makes the client; no request is sent to the server.</summary>
    /// <param name="options">Which server.</param>
    /// <param name="environment">Gives variables of the environment.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="firstDelay">Pause before the first repetition.</param>
    /// <param name="credentials">Credentials from elsewhere; null to look for them.</param>
    /// <exception cref="UsageException">The endpoint is no address, or there are no credentials.</exception>
    public static async Task<ObjectStore> OpenAsync(
        StorageOptions options, Func<string, string?> environment, CancellationToken cancellation, TimeSpan? firstDelay = null, StoreCredentials? credentials = null)
    {
        var endpoint = First(options.Endpoint, environment("AWS_ENDPOINT_URL_S3"), environment("AWS_ENDPOINT_URL"));
        var region = First(options.Region, environment("AWS_REGION"), environment("AWS_DEFAULT_REGION"), RegionOfProfile(First(options.Profile, environment("AWS_PROFILE"), "default")), "us-east-1");
        var config = new AmazonS3Config
        {
            // Retries are this class's; clocks that differ are told instead of being guessed around.
            MaxErrorRetry = 0,
            DisableClockSkewCorrection = true,
            Timeout = LongestRequest,
            MaxConnectionsPerServer = Math.Max(2, options.Concurrency),
            ForcePathStyle = options.PathStyle || endpoint.Length > 0,
            // Servers other than Amazon's do not know trailing checksums. Content-MD5, which all know, goes with every upload.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        string host;
        if (endpoint.Length > 0)
        {
            if (WebAddress.Problem(endpoint) is not null)
                throw new UsageException("storage.endpoint (or AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL) is not an address like https://host:port without user, password, query and fragment.");
            (config.ServiceURL, config.AuthenticationRegion, host) = (endpoint, region, new Uri(endpoint).Authority);
        }
        else
        {
            (config.RegionEndpoint, host) = (RegionEndpoint.GetBySystemName(region), $"s3.{region}.amazonaws.com");
        }

        credentials ??= await StoreCredentials.ResolveAsync(options, environment, cancellation).ConfigureAwait(false);
        return new ObjectStore(new AmazonS3Client(credentials.Credentials, config), credentials, host, region, endpoint.Length == 0, options, firstDelay ?? FirstDelay);
    }

    /// <summary>
    /// Sends a request until it succeeds or its fault counts. Answers that callers act on (a condition that did not hold, a missing
    /// object, something the server can't do) come as the SDK's exception, all else in words.
    /// </summary>
    public async Task<T> CallAsync<T>(string action, string place, Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await _pipeline.ExecuteAsync(async token => await call(token).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
        catch (AmazonServiceException fault) when (IsAnswer(fault))
        {
            throw;
        }
        catch (Exception fault) when (fault is AmazonServiceException or AmazonClientException or DamagedTransferException or TimeoutException || StoreFaults.IsNetwork(fault)
            || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // A request that is stopped may end as a broken connection.
            cancellation.ThrowIfCancellationRequested();
            throw Explain(fault, action, place);
        }
    }

    /// <summary>A fault of this server in words.</summary>
    public StackmillException Explain(Exception fault, string action, string place) =>
        StoreFaults.Explain(fault, action, place, Endpoint, _credentials.Source, TimeProvider.System.GetUtcNow());

    /// <summary>Objects whose keys begin with a text, in the order of their keys, page by page.</summary>
    public async IAsyncEnumerable<RemoteObject> ListAsync(S3Location location, string prefix, [EnumeratorCancellation] CancellationToken cancellation, int pageSize = 1000)
    {
        var request = new ListObjectsV2Request { BucketName = location.Bucket, Prefix = prefix, MaxKeys = pageSize, RequestPayer = _payer };
        while (true)
        {
            ListObjectsV2Response page;
            try
            {
                page = await CallAsync("list", location.ToString(), token => Client.ListObjectsV2Async(request, token), cancellation).ConfigureAwait(false);
            }
            catch (AmazonS3Exception fault)
            {
                throw Explain(fault, "list", location.ToString());
            }

            foreach (var entry in page.S3Objects ?? [])
                yield return new RemoteObject(entry.Key, entry.Size ?? 0, Unquote(entry.ETag));
            if (page.IsTruncated != true)
                yield break;
            if (string.IsNullOrEmpty(page.NextContinuationToken) || page.NextContinuationToken == request.ContinuationToken)
                throw new RunFaultException($"the listing of '{location}' at {Endpoint} breaks off: the server says that there is more, but not where. Check that it speaks ListObjectsV2.");
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    /// <summary>What the server tells of an object; <c>null</c> when it is not there.</summary>
    public async Task<GetObjectMetadataResponse?> HeadAsync(S3Location location, string key, CancellationToken cancellation)
    {
        var request = new GetObjectMetadataRequest { BucketName = location.Bucket, Key = key, RequestPayer = _payer };
        try
        {
            return await CallAsync("read", Address(location, key), token => Client.GetObjectMetadataAsync(request, token), cancellation).ConfigureAwait(false);
        }
        catch (AmazonS3Exception fault) when (StoreFaults.IsMissing(fault))
        {
            return null;
        }
    }

    /// <summary>Removes an object; one that is not there is removed already.</summary>
    public Task DeleteAsync(S3Location location, string key, CancellationToken cancellation)
    {
        var request = new DeleteObjectRequest { BucketName = location.Bucket, Key = key, RequestPayer = _payer };
        return CallAsync("delete", Address(location, key), token => Client.DeleteObjectAsync(request, token), cancellation);
    }

    /// <summary>An entity tag without its quotes.</summary>
    public static string Unquote(string? tag) => tag?.Trim('"') ?? "";

    /// <summary>An entity tag as headers hold it.</summary>
    public static string Quote(string tag) => $"\"{tag}\"";

    /// <summary>Address of a key.</summary>
    public static string Address(S3Location location, string key) => $"{S3Location.Scheme}{location.Bucket}/{key}";

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    // A listing of a bucket that is not there and a denied request are for the user; these are for the caller.
    private static bool IsAnswer(AmazonServiceException fault) =>
        StoreFaults.IsMissing(fault) || StoreFaults.IsConflict(fault) ||
        fault.StatusCode is HttpStatusCode.NotImplemented or HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.NotModified;

    private static string RegionOfProfile(string profile) =>
        new CredentialProfileStoreChain().TryGetProfile(profile, out var found) ? found.Region?.SystemName ?? "" : "";

    private static string First(params string?[] texts) => texts.FirstOrDefault(t => !string.IsNullOrEmpty(t)) ?? "";
}
