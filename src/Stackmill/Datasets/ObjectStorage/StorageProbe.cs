using System.Diagnostics;
using Amazon.S3;
using Amazon.S3.Model;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>What a look at a place in object storage showed.</summary>
/// <param name="Latency">Time of a listing of one key, the second of two; <c>null</c> when it failed.</param>
/// <param name="HasObjects">True when something lies below the address.</param>
/// <param name="CanWrite">True or false when writing was tried; <c>null</c> when not.</param>
/// <param name="Fault">Why the place can't be used, and what to do; <c>null</c> when it can.</param>
internal sealed record StorageProbeResult(TimeSpan? Latency, bool HasObjects, bool? CanWrite, StackmillException? Fault);

/// <summary>Looks whether a place in object storage can be used.</summary>
internal static class StorageProbe
{
    /// <summary>Name of the object that a trial of writing makes and removes.</summary>
    public const string TrialName = ".stackmill-probe";

    /// <summary>Looks at a place; writes nothing unless <paramref name="tryWrite"/>.</summary>
    public static async Task<StorageProbeResult> RunAsync(ObjectStore store, S3Location location, bool tryWrite, CancellationToken cancellation)
    {
        var result = new StorageProbeResult(null, false, null, null);
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
            return result with { Fault = fault };
        }
    }

    private static async Task<bool> ListOneAsync(ObjectStore store, S3Location location, CancellationToken cancellation)
    {
        await foreach (var _ in store.ListAsync(location, location.FolderPrefix, cancellation, pageSize: 1).ConfigureAwait(false))
            return true;
        return false;
    }

    /// <summary>Writes an empty object to a place and removes it.</summary>
    /// <exception cref="StackmillException">It can't be written to.</exception>
    public static async Task TryWriteAsync(ObjectStore store, S3Location location, CancellationToken cancellation)
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
}
