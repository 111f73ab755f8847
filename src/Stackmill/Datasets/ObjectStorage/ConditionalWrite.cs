using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Stackmill.Core.Engine;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>Writes an object only when what is there is what was expected to be there, as far as the server can tell.</summary>
internal sealed class ConditionalWrite(ObjectStore store, S3Location location, IRunObserver observer)
{
    /// <summary>Writes, or finds that another object is there.</summary>
    /// <param name="key">Key of the object.</param>
    /// <param name="expected">Entity tag that must be there; <c>null</c>: nothing may be.</param>
    /// <param name="put">Writes with what it is given to set in the request.</param>
    /// <param name="cancellation">Ends requests.</param>
    /// <returns>False when another object is there.</returns>
    public async Task<bool> TryAsync(string key, string? expected, Func<Action<PutObjectRequest>, Task> put, CancellationToken cancellation)
    {
        // Ceph's gateway compares the header with the tag as it keeps it, without the quotes that tags have in headers (RFC 9110 section 8.8.3).
        foreach (var tag in expected is null ? (string?[])[null] : [ObjectStore.Quote(expected), expected])
        {
            try
            {
                await put(request => Demand(request, tag)).ConfigureAwait(false);
                return true;
            }
            catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.NotImplemented || fault.ErrorCode == "NotImplemented")
            {
                observer.Note(StoragePaths.Stage, $"{store.Endpoint} has no conditional writes: two runs that publish to '{location}' at the same moment are not kept apart");
                await put(_ => { }).ConfigureAwait(false);
                return true;
            }
            catch (AmazonS3Exception fault) when (StoreFaults.IsConflict(fault) || StoreFaults.IsMissing(fault))
            {
                if (expected is null || await TagAsync(key, cancellation).ConfigureAwait(false) != expected)
                    return false;
            }
        }

        return false;
    }

    /// <summary>The entity tag of what is there now; <c>null</c> for nothing.</summary>
    public async Task<string?> TagAsync(string key, CancellationToken cancellation) =>
        await store.HeadAsync(location, key, cancellation).ConfigureAwait(false) is { } head ? ObjectStore.Unquote(head.ETag) : null;

    private static void Demand(PutObjectRequest request, string? tag)
    {
        if (tag is null)
            request.IfNoneMatch = "*";
        else
            request.IfMatch = tag;
    }
}
