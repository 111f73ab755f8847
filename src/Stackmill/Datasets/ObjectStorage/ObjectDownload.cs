using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Stackmill.Core.Engine;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>
/// Brings one object into a file. What arrives is kept under a temporary name made of key and entity tag, so that a cut connection,
/// a stopped run and <c>kill -9</c> are gone on from by a range; the file appears when it is whole and its hash right.
/// </summary>
internal static class ObjectDownload
{
    // A body of which nothing arrives for so long is asked for anew, from where it stopped.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    /// <summary>Name under which an unfinished object lies in the folder of downloads.</summary>
    public static string TemporaryName(RemoteObject item) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{item.Key}\n{item.ETag}\n{item.Length}")).AsSpan(0, 16)) + ".part";

    /// <summary>Fetches <paramref name="item"/> to <paramref name="target"/> and gives the SHA-256 of its bytes.</summary>
    /// <param name="store">The server.</param>
    /// <param name="location">The bucket.</param>
    /// <param name="item">The object, as it was listed; another state of it is a fault.</param>
    /// <param name="downloads">Folder for unfinished files.</param>
    /// <param name="target">Path of the file; its folder is made.</param>
    /// <param name="received">Hears how many bytes came.</param>
    /// <param name="cancellation">Stops it; what has come stays.</param>
    /// <exception cref="AmazonS3Exception">The object is gone (404) or another one by now (412).</exception>
    public static async Task<string> FetchAsync(
        ObjectStore store, S3Location location, RemoteObject item, string downloads, string target, Action<long> received, CancellationToken cancellation)
    {
        Directory.CreateDirectory(downloads);
        var temporary = Path.Combine(downloads, TemporaryName(item));
        var expected = new Expected();
        var hash = await store.CallAsync(
            "read",
            ObjectStore.Address(location, item.Key),
            async token =>
            {
                if (!File.Exists(temporary) || new FileInfo(temporary).Length != item.Length || expected.Tag is null)
                    await ReceiveAsync(store, location, item, temporary, expected, received, token).ConfigureAwait(false);
                return Verify(item, temporary, expected);
            },
            cancellation).ConfigureAwait(false);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(temporary, target, overwrite: true);
        return hash;
    }

    private static async Task ReceiveAsync(
        ObjectStore store, S3Location location, RemoteObject item, string temporary, Expected expected, Action<long> received, CancellationToken cancellation)
    {
        var file = new FileStream(temporary, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, useAsync: true);
        await using (file.ConfigureAwait(false))
        {
            // The last byte again, so that a file that is whole is still asked for its state and metadata.
            var start = Math.Min(file.Length, Math.Max(0, item.Length - 1));
            var request = new GetObjectRequest { BucketName = location.Bucket, Key = item.Key, EtagToMatch = ObjectStore.Quote(item.ETag), RequestPayer = store.Payer };
            if (start > 0)
                request.ByteRange = new ByteRange(start, item.Length - 1);
            using var answer = await store.Client.GetObjectAsync(request, cancellation).ConfigureAwait(false);
            // A server that knows no ranges sends all.
            if (start > 0 && !IsRangeFrom(answer, start))
                start = 0;
            expected.Tag = ObjectStore.Unquote(answer.ETag);
            expected.Sha256 = answer.Metadata[ObjectStore.Sha256Metadata];
            expected.TagIsMd5 = answer.ServerSideEncryptionMethod is not { } method || method == ServerSideEncryptionMethod.None || method == ServerSideEncryptionMethod.AES256;
            file.SetLength(start);
            file.Position = start;
            long position;
            try
            {
                position = await CopyAsync(answer.ResponseStream, file, received, cancellation).ConfigureAwait(false);
            }
            catch (AmazonClientException fault) when (!StoreFaults.IsNetwork(fault))
            {
                // The SDK holds the bytes of a whole object to its tag by itself.
                file.SetLength(0);
                throw new DamagedTransferException("the bytes that came have another hash than the object");
            }

            if (position != item.Length)
            {
                // Too many bytes are no beginning to go on from.
                if (position > item.Length)
                    file.SetLength(0);
                throw new DamagedTransferException($"{position} of {item.Length} bytes came");
            }
        }
    }

    private static async Task<long> CopyAsync(Stream from, FileStream to, Action<long> received, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        while (true)
        {
            silence.CancelAfter(LongestSilence);
            var read = await from.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
            if (read == 0)
                return to.Position;
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            received(read);
        }
    }

    private static bool IsRangeFrom(GetObjectResponse answer, long start) =>
        answer.HttpStatusCode == HttpStatusCode.PartialContent &&
        answer.ContentRange?.StartsWith(string.Create(CultureInfo.InvariantCulture, $"bytes {start}-"), StringComparison.Ordinal) == true;

    private static string Verify(RemoteObject item, string temporary, Expected expected)
    {
        var (_, sha256) = AtomicFile.Seal(temporary);
        var isRight = expected.Sha256 is { Length: 64 } published ? published == sha256
            : !expected.TagIsMd5 || !PartHash.IsMd5(item.ETag) || PartHash.OfFile(temporary) == item.ETag;
        if (isRight)
            return sha256;
        File.Delete(temporary);
        expected.Tag = null;
        throw new DamagedTransferException("the bytes that came have another hash than the object");
    }

    private sealed class Expected
    {
        public string? Tag { get; set; }

        public string? Sha256 { get; set; }

        public bool TagIsMd5 { get; set; }
    }
}
