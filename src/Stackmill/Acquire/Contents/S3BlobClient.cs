using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.S3.Model;

namespace Stackmill.Acquire.Contents;

/// <summary>Fetches contents by signed requests, for buckets that ask who pays or who reads. What servers say in words is not repeated: it may hold a key's id.</summary>
/// <param name="client">The SDK's client, without retries of its own; disposed with this.</param>
/// <param name="bucket">Bucket.</param>
/// <param name="prefix">Prefix to which the id is appended.</param>
/// <param name="requestPayer">True when the requester pays.</param>
/// <param name="source">Where the credentials come from; never a value.</param>
/// <param name="timeout">Longest time for one attempt's head, and without a byte of its body.</param>
/// <param name="clock">The clock.</param>
internal sealed class S3BlobClient(IAmazonS3 client, string bucket, string prefix, bool requestPayer, string source, TimeSpan timeout, TimeProvider clock) : IBlobClient
{
    /// <inheritdoc/>
    public string Where => $"s3://{bucket}/{prefix} (signed; credentials: {source}{(requestPayer ? "; the requester pays" : "")})";

    /// <inheritdoc/>
    public string Remedy => requestPayer
        ? "The credentials' identity needs the right to read there (s3:GetObject); choose other credentials with contents.profile, and check contents.location, contents.endpoint and contents.region."
        : "The credentials' identity needs the right to read there (s3:GetObject), and a bucket whose readers pay needs contents.request_payer: true; choose other credentials with contents.profile, and check contents.location, contents.endpoint and contents.region.";

    /// <inheritdoc/>
    public async Task<BlobAnswer> Get(BlobId id, long maxBytes, Intake intake, CancellationToken cancellation)
    {
        var answer = await Attempt(id, maxBytes, intake, cancellation).ConfigureAwait(false);
        // The SDK has taken over the server's time from that answer, and signs the next request by it.
        return answer.Status == BlobStatus.Unusable && answer.Detail.Contains(Skewed, StringComparison.Ordinal)
            ? await Attempt(id, maxBytes, intake, cancellation).ConfigureAwait(false) : answer;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => client.Dispose();

    private const string Skewed = "RequestTimeTooSkewed";

    private async Task<BlobAnswer> Attempt(BlobId id, long maxBytes, Intake intake, CancellationToken cancellation)
    {
        using var deadline = new Deadline(timeout, cancellation);
        var (start, head) = (clock.GetTimestamp(), TimeSpan.Zero);
        try
        {
            using var response = await client.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = prefix + id, RequestPayer = requestPayer ? RequestPayer.Requester : null }, deadline.Token).ConfigureAwait(false);
            head = clock.GetElapsedTime(start);
            return await intake.Read(response.ResponseStream, response.ContentLength, maxBytes, deadline, clock, cancellation).ConfigureAwait(false) with { Head = head };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return HttpBlobClient.Silent(timeout);
        }
        catch (AmazonUnmarshallingException fault)
        {
            return BlobAnswer.Without(BlobStatus.ServerFault, $"status {(int)fault.StatusCode}, with a body that is no S3 answer");
        }
        catch (AmazonS3Exception fault)
        {
            return Refusal(fault) with { Head = clock.GetElapsedTime(start) };
        }
        catch (AmazonClientException) when (head > TimeSpan.Zero)
        {
            // The SDK holds the bytes to the object's tag by itself.
            return BlobAnswer.Without(BlobStatus.Cut, "the bytes that came have another hash than the object's tag");
        }
        catch (Exception fault) when (fault is AmazonClientException or AmazonServiceException)
        {
            return BlobAnswer.Without(BlobStatus.Unusable, $"no credentials could be had from {source} ({fault.GetType().Name}): renew them, or choose others with contents.profile");
        }
        catch (HttpRequestException fault)
        {
            return HttpBlobClient.Broken(fault);
        }
        catch (IOException fault)
        {
            return BlobAnswer.Without(BlobStatus.Cut, BlobRefusal.Plain(fault.Message));
        }
    }

    private static BlobAnswer Refusal(AmazonS3Exception fault)
    {
        var response = (fault.InnerException as HttpErrorResponseException)?.Response;
        string? Header(string name) => response?.IsHeaderPresent(name) == true ? response.GetHeaderValue(name) : null;
        _ = Uri.TryCreate(Header("Location"), UriKind.RelativeOrAbsolute, out var location);
        return BlobRefusal.Of((int)fault.StatusCode, fault.ErrorCode ?? "", "", Header("x-amz-bucket-region") ?? "", location, BlobRefusal.RetryAfter(Header("Retry-After"), Header("Date")));
    }
}
