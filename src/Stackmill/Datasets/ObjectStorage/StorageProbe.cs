using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>What a look at a place in object storage showed.</summary>
/// <param name="Endpoint">Host that was asked.</param>
/// <param name="Region">Region that requests are signed for.</param>
/// <param name="Identity">Who asks: the identity's name where the server tells it, else where the credentials come from.</param>
/// <param name="Latency">Time of a listing of one key, the second of two; <c>null</c> when it failed.</param>
/// <param name="HasObjects">True when something lies below the address.</param>
/// <param name="CanWrite">True or false when writing was tried; <c>null</c> when not.</param>
/// <param name="Fault">Why the place can't be used, and what to do; <c>null</c> when it can.</param>
internal sealed record StorageProbeResult(string Endpoint, string Region, string Identity, TimeSpan? Latency, bool HasObjects, bool? CanWrite, string? Fault);

/// <summary>Looks whether a place in object storage can be used.</summary>
internal static class StorageProbe
{
    /// <summary>Name of the object that a trial of writing makes and removes.</summary>
    public const string TrialName = ".stackmill-probe";

    /// <summary>Looks at a place; writes nothing unless <paramref name="tryWrite"/>.</summary>
    /// <exception cref="UsageException">There are no credentials.</exception>
    public static async Task<StorageProbeResult> RunAsync(ObjectStore store, S3Location location, bool tryWrite, CancellationToken cancellation)
    {
        var result = new StorageProbeResult(store.Endpoint, store.Region, await IdentifyAsync(store, cancellation).ConfigureAwait(false), null, false, null, null);
        try
        {
            // The first request pays for the connection.
            _ = await ListOneAsync(store, location, cancellation).ConfigureAwait(false);
            var began = Stopwatch.GetTimestamp();
            var hasObjects = await ListOneAsync(store, location, cancellation).ConfigureAwait(false);
            result = result with { Latency = Stopwatch.GetElapsedTime(began), HasObjects = hasObjects };
            if (!tryWrite)
                return result;
            result = result with { CanWrite = false };
            await TryWriteAsync(store, location, cancellation).ConfigureAwait(false);
            return result with { CanWrite = true };
        }
        catch (StackmillException fault)
        {
            return result with { Fault = fault.Message };
        }
    }

    private static async Task<bool> ListOneAsync(ObjectStore store, S3Location location, CancellationToken cancellation)
    {
        await foreach (var _ in store.ListAsync(location, location.FolderPrefix, cancellation, pageSize: 1).ConfigureAwait(false))
            return true;
        return false;
    }

    private static async Task TryWriteAsync(ObjectStore store, S3Location location, CancellationToken cancellation)
    {
        var key = location.KeyOf(TrialName);
        var request = new PutObjectRequest { BucketName = location.Bucket, Key = key, ContentBody = "", RequestPayer = store.Payer };
        try
        {
            _ = await store.CallAsync("write", ObjectStore.Address(location, key), token => store.Client.PutObjectAsync(request, token), cancellation).ConfigureAwait(false);
            await store.DeleteAsync(location, key, cancellation).ConfigureAwait(false);
        }
        catch (AmazonS3Exception fault)
        {
            throw store.Explain(fault, "write", ObjectStore.Address(location, key));
        }
    }

    // Only Amazon has this service beside its storage; other servers tell nobody who they are.
    private static async Task<string> IdentifyAsync(ObjectStore store, CancellationToken cancellation)
    {
        var source = $"credentials from {store.Credentials.Source}";
        if (!store.IsAmazon || store.Options.Unsigned)
            return source;
        using var client = new AmazonSecurityTokenServiceClient(
            store.Credentials.Credentials,
            new AmazonSecurityTokenServiceConfig { RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(store.Region), MaxErrorRetry = 1, Timeout = TimeSpan.FromSeconds(10) });
        try
        {
            var answer = await client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellation).ConfigureAwait(false);
            return $"{answer.Arn} ({source})";
        }
        catch (Exception fault) when (fault is AmazonServiceException or AmazonClientException or TimeoutException || StoreFaults.IsNetwork(fault)
            || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return $"{source}; the identity service did not tell whose ({(fault as AmazonServiceException)?.ErrorCode ?? fault.GetType().Name})";
        }
    }
}
