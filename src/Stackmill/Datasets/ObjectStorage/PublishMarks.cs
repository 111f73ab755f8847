using Amazon.S3.Model;
using Stackmill.Core.Engine;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>
/// Objects that say that somebody is publishing a dataset, one in each. They keep two machines from sending shards over one
/// another, and a dataset that lies there without a manifest because its publisher was stopped is known by them to be one.
/// </summary>
internal sealed class PublishMarks(ObjectMirror mirror, ConditionalWrite write, IRunObserver observer)
{
    private const string Name = "_work/publishing";

    private readonly List<string> _placed = [];

    /// <summary>Path of a dataset's mark.</summary>
    public static string Of(string dataset) => dataset.Length == 0 ? Name : $"{dataset}/{Name}";

    /// <summary>True for the path of a mark.</summary>
    public static bool IsMark(string path) => path == Name || path.EndsWith("/" + Name, StringComparison.Ordinal);

    /// <summary>Folder of the dataset that a mark lies in.</summary>
    public static string DatasetOf(string mark) => mark == Name ? "" : mark[..^(Name.Length + 1)];

    /// <summary>
    /// Marks a dataset. A mark of this machine's own, or of another that was there when this run began, is that of a run that was
    /// stopped; one that has appeared since is somebody's who publishes now.
    /// </summary>
    /// <returns>False when somebody else is publishing.</returns>
    public async Task<bool> PlaceAsync(string dataset, RemoteObject? there, CancellationToken cancellation)
    {
        var (path, key) = (Of(dataset), mirror.Location.KeyOf(Of(dataset)));
        if (there is not null && !await IsOwnAsync(key, cancellation).ConfigureAwait(false))
        {
            var isKnown = mirror.Index.Find(path)?.ETag == there.ETag;
            // Whoever tries again has seen it.
            mirror.Index.Set(new MirrorEntry(path, there.ETag, there.Length, 0, ""));
            if (!isKnown)
                return false;
            observer.Warn(StoragePaths.Stage, $"an earlier run of another machine did not publish '{ObjectStore.Address(mirror.Location, mirror.Location.KeyOf(dataset))}' to its end; this run's is published instead");
        }

        var placed = await write.TryAsync(
            key,
            there?.ETag,
            set => mirror.Store.CallAsync(
                "write",
                ObjectStore.Address(mirror.Location, key),
                token =>
                {
                    var request = new PutObjectRequest { BucketName = mirror.Location.Bucket, Key = key, ContentBody = mirror.Identity, ContentType = "text/plain", RequestPayer = mirror.Store.Payer };
                    set(request);
                    return mirror.Store.Client.PutObjectAsync(request, token);
                },
                cancellation),
            cancellation).ConfigureAwait(false);
        // The answer to an earlier attempt may have been lost.
        placed = placed || await IsOwnAsync(key, cancellation).ConfigureAwait(false);
        if (placed)
            _placed.Add(path);
        return placed;
    }

    /// <summary>Removes the marks of this run, and others that were there.</summary>
    public async Task RemoveAsync(IEnumerable<string> others, CancellationToken cancellation)
    {
        foreach (var path in _placed.Union(others).Order(StringComparer.Ordinal).ToList())
        {
            await mirror.Store.DeleteAsync(mirror.Location, mirror.Location.KeyOf(path), cancellation).ConfigureAwait(false);
            mirror.Index.Remove(path);
        }

        _placed.Clear();
    }

    private async Task<bool> IsOwnAsync(string key, CancellationToken cancellation)
    {
        var request = new GetObjectRequest { BucketName = mirror.Location.Bucket, Key = key, RequestPayer = mirror.Store.Payer };
        try
        {
            return await mirror.Store.CallAsync(
                "read",
                ObjectStore.Address(mirror.Location, key),
                async token =>
                {
                    using var answer = await mirror.Store.Client.GetObjectAsync(request, token).ConfigureAwait(false);
                    using var text = new StreamReader(answer.ResponseStream);
                    var buffer = new char[mirror.Identity.Length + 1];
                    var read = await text.ReadBlockAsync(buffer.AsMemory(), token).ConfigureAwait(false);
                    return buffer.AsSpan(0, read).SequenceEqual(mirror.Identity);
                },
                cancellation).ConfigureAwait(false);
        }
        catch (Amazon.S3.AmazonS3Exception fault) when (StoreFaults.IsMissing(fault))
        {
            return false;
        }
    }
}
