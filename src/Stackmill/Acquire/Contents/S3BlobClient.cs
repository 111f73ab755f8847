using System.Buffers;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Stackmill.Acquire.Contents;

/// <summary>Fetches contents by signed requests, for buckets that ask who pays or who reads. The SDK corrects a wrong clock by the server's.</summary>
/// <param name="client">The SDK's client, without retries of its own; disposed with this.</param>
/// <param name="bucket">Bucket.</param>
/// <param name="prefix">Prefix to which the id is appended.</param>
/// <param name="requestPayer">True when the requester pays.</param>
/// <param name="timeout">Longest time for one attempt's head, and without a byte of its body.</param>
internal sealed class S3BlobClient(IAmazonS3 client, string bucket, string prefix, bool requestPayer, TimeSpan timeout) : IBlobClient
{
    /// <inheritdoc/>
    public string Where => $"s3://{bucket}/{prefix} (signed)";

    /// <inheritdoc/>
    public async Task<BlobAnswer> Get(BlobId id, long maxBytes, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(timeout);
        try
        {
            using var response = await client.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = prefix + id, RequestPayer = requestPayer ? RequestPayer.Requester : null }, stop.Token).ConfigureAwait(false);
            return response.ContentLength > maxBytes
                ? BlobAnswer.Without(BlobStatus.TooLarge, $"{response.ContentLength} bytes as they come, at most {maxBytes}")
                : await Body(response, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return BlobAnswer.Without(BlobStatus.TimedOut, $"no byte within {timeout.TotalSeconds:0.##} s");
        }
        catch (AmazonS3Exception fault)
        {
            return HttpBlobClient.Refusal((int)fault.StatusCode, fault.ErrorCode ?? "", fault.Message ?? "", "", TimeSpan.Zero);
        }
        catch (AmazonClientException fault)
        {
            return BlobAnswer.Without(BlobStatus.Forbidden, $"no credentials could be had: {fault.Message}");
        }
        catch (HttpRequestException fault)
        {
            return BlobAnswer.Without(BlobStatus.Unreachable, fault.Message);
        }
        catch (Exception fault) when (fault is IOException or WebException)
        {
            return BlobAnswer.Without(BlobStatus.Cut, fault.Message);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => client.Dispose();

    private async Task<BlobAnswer> Body(GetObjectResponse response, CancellationTokenSource stop)
    {
        var length = checked((int)response.ContentLength);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        var given = false;
        try
        {
            for (var used = 0; used < length;)
            {
                stop.CancelAfter(timeout);
                var read = await response.ResponseStream.ReadAsync(buffer.AsMemory(used, length - used), stop.Token).ConfigureAwait(false);
                if (read == 0)
                    return BlobAnswer.Without(BlobStatus.Cut, $"{used} of {length} bytes came");
                used += read;
            }

            given = true;
            return new BlobAnswer(BlobStatus.Fetched, buffer, length, "");
        }
        finally
        {
            if (!given)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
