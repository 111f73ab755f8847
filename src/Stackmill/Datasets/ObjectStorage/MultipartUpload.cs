using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>An upload in parts that has begun, as it is kept on disk.</summary>
/// <param name="Bucket">Name of the bucket.</param>
/// <param name="Key">Key of the object to be.</param>
/// <param name="UploadId">The server's name of the upload.</param>
/// <param name="Sha256">SHA-256 of the whole file.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="PartSize">Bytes of every part but the last.</param>
internal sealed record UploadState(string Bucket, string Key, string UploadId, string Sha256, long Length, long PartSize);

/// <summary>
/// Uploads large files in parts, several at once. The upload's name is kept on disk: after <c>kill -9</c> the next run asks the
/// server which parts it has and sends the missing ones. An upload whose file has changed is ended and its parts are freed.
/// </summary>
internal sealed class MultipartUpload(ObjectStore store, S3Location location, string stateFolder, SemaphoreSlim transfers)
{
    // Amazon S3 User Guide, "Amazon S3 multipart upload limits".
    private const int MaxParts = 10_000;

    /// <summary>Uploads a file and gives the object's entity tag, and how many bytes were sent now.</summary>
    public async Task<(string ETag, long Sent)> SendAsync(string path, string key, long length, string sha256, CancellationToken cancellation)
    {
        var partSize = Math.Max(store.Options.PartSize, (length + MaxParts - 1) / MaxParts);
        var wanted = new UploadState(location.Bucket, key, "", sha256, length, partSize);
        var stateFile = StateFile(key);
        var state = Load(stateFile);
        if (state is not null && state with { UploadId = "" } != wanted)
        {
            await AbortAsync(state, cancellation).ConfigureAwait(false);
            state = null;
        }

        var there = state is null ? null : await ListPartsAsync(state, cancellation).ConfigureAwait(false);
        if (state is null || there is null)
        {
            state = wanted with { UploadId = await BeginAsync(key, sha256, cancellation).ConfigureAwait(false) };
            AtomicFile.WriteAllBytes(stateFile, JsonSerializer.SerializeToUtf8Bytes(state));
            there = [];
        }

        var parts = new PartETag[(length + partSize - 1) / partSize];
        var sent = 0L;
        var upload = state;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, parts.Length),
            new ParallelOptions { MaxDegreeOfParallelism = store.Options.Concurrency, CancellationToken = cancellation },
            async (i, token) =>
            {
                var start = i * partSize;
                var size = Math.Min(partSize, length - start);
                await transfers.WaitAsync(token).ConfigureAwait(false);
                try
                {
                    var md5 = PartHash.OfRange(path, start, size);
                    if (there.GetValueOrDefault(i + 1) is { } known && known.Length == size && ObjectStore.Unquote(known.ETag) == Convert.ToHexStringLower(md5))
                    {
                        parts[i] = new PartETag(i + 1, known.ETag);
                        return;
                    }

                    parts[i] = new PartETag(i + 1, await SendPartAsync(upload, path, i, start, size, md5, token).ConfigureAwait(false));
                    Interlocked.Add(ref sent, size);
                }
                finally
                {
                    transfers.Release();
                }
            }).ConfigureAwait(false);

        var tag = await CompleteAsync(upload, parts, cancellation).ConfigureAwait(false);
        File.Delete(stateFile);
        return (tag, sent);
    }

    /// <summary>Ends every upload of this place that began and is not wanted any more.</summary>
    public async Task AbortLeftoversAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(stateFolder))
            return;
        foreach (var file in Directory.EnumerateFiles(stateFolder, "*.json").ToList())
        {
            if (Load(file) is { } state)
                await AbortAsync(state, cancellation).ConfigureAwait(false);
            File.Delete(file);
        }
    }

    private string StateFile(string key) =>
        Path.Combine(stateFolder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16)) + ".json");

    // A state that can't be read is one of another version or a damaged disk: a new upload is begun.
    private static UploadState? Load(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize<UploadState>(File.ReadAllBytes(file));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<string> BeginAsync(string key, string sha256, CancellationToken cancellation)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = location.Bucket, Key = key, RequestPayer = store.Payer };
        request.Metadata[ObjectStore.Sha256Metadata] = sha256;
        var answer = await store.CallAsync("write", ObjectStore.Address(location, key), token => store.Client.InitiateMultipartUploadAsync(request, token), cancellation).ConfigureAwait(false);
        return answer.UploadId;
    }

    private async Task<Dictionary<int, (string ETag, long Length)?>?> ListPartsAsync(UploadState state, CancellationToken cancellation)
    {
        var parts = new Dictionary<int, (string, long)?>();
        var request = new ListPartsRequest { BucketName = state.Bucket, Key = state.Key, UploadId = state.UploadId, RequestPayer = store.Payer };
        try
        {
            while (true)
            {
                var page = await store.CallAsync("list the parts of", ObjectStore.Address(location, state.Key), token => store.Client.ListPartsAsync(request, token), cancellation).ConfigureAwait(false);
                foreach (var part in page.Parts ?? [])
                    parts[part.PartNumber ?? 0] = (part.ETag, part.Size ?? -1);
                if (page.IsTruncated != true || page.NextPartNumberMarker is not { } next || next.ToString() == request.PartNumberMarker)
                    return parts;
                request.PartNumberMarker = next.ToString();
            }
        }
        catch (AmazonS3Exception fault) when (StoreFaults.IsMissing(fault))
        {
            return null;
        }
    }

    private async Task<string> SendPartAsync(UploadState state, string path, int index, long start, long size, byte[] md5, CancellationToken cancellation)
    {
        var answer = await store.CallAsync(
            "write",
            ObjectStore.Address(location, state.Key),
            token => store.Client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = state.Bucket,
                    Key = state.Key,
                    UploadId = state.UploadId,
                    PartNumber = index + 1,
                    FilePath = path,
                    FilePosition = start,
                    PartSize = size,
                    MD5Digest = Convert.ToBase64String(md5),
                    RequestPayer = store.Payer,
                },
                token),
            cancellation).ConfigureAwait(false);
        return answer.ETag;
    }

    private async Task<string> CompleteAsync(UploadState state, PartETag[] parts, CancellationToken cancellation)
    {
        var request = new CompleteMultipartUploadRequest { BucketName = state.Bucket, Key = state.Key, UploadId = state.UploadId, PartETags = [.. parts], RequestPayer = store.Payer };
        try
        {
            _ = await store.CallAsync("write", ObjectStore.Address(location, state.Key), token => store.Client.CompleteMultipartUploadAsync(request, token), cancellation).ConfigureAwait(false);
        }
        catch (AmazonS3Exception fault) when (fault.ErrorCode == "NoSuchUpload")
        {
            // The answer to an earlier attempt was lost; whether it succeeded shows in the object itself, below.
        }

        var head = await store.HeadAsync(location, state.Key, cancellation).ConfigureAwait(false);
        if (head is null || head.ContentLength != state.Length || head.Metadata[ObjectStore.Sha256Metadata] != state.Sha256)
            throw new RunFaultException($"'{ObjectStore.Address(location, state.Key)}' at {store.Endpoint} is not what was uploaded: somebody else writes there, or the server lost it. Run it again.");
        return ObjectStore.Unquote(head.ETag);
    }

    private async Task AbortAsync(UploadState state, CancellationToken cancellation)
    {
        var request = new AbortMultipartUploadRequest { BucketName = state.Bucket, Key = state.Key, UploadId = state.UploadId, RequestPayer = store.Payer };
        try
        {
            _ = await store.CallAsync("end the upload of", ObjectStore.Address(location, state.Key), token => store.Client.AbortMultipartUploadAsync(request, token), cancellation).ConfigureAwait(false);
        }
        catch (AmazonS3Exception fault) when (StoreFaults.IsMissing(fault))
        {
            // The server has ended it already, as it does with old ones.
        }
    }
}
