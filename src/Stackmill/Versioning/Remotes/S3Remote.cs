using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.S3.Model;
using Stackmill.Core.Faults;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Versioning.Objects;
using MultipartUpload = Stackmill.Datasets.ObjectStorage.MultipartUpload;
using S3Location = Stackmill.Datasets.ObjectStorage.S3Location;

namespace Stackmill.Versioning.Remotes;

/// <summary>A remote in object storage.</summary>
/// <param name="name">Its name in the configuration.</param>
/// <param name="store">The server; ends with the remote.</param>
/// <param name="location">Where in it.</param>
/// <param name="stateFolder">Folder for what is needed to go on with large uploads and downloads after a stop.</param>
/// <param name="cancellation">Stops requests.</param>
internal sealed class S3Remote(string name, ObjectStore store, S3Location location, string stateFolder, CancellationToken cancellation) : ObjectRemote(name, location.ToString())
{
    // Up to so many objects each is asked for; above, all that is there is listed, a thousand a request.
    private const int MostAsked = 400;

    // Up to so many bytes go in one request.
    private const long LargestSingle = 64L << 20;

    private readonly SemaphoreSlim _transfers = new(store.Options.Concurrency);

    /// <inheritdoc/>
    public override int Concurrency => store.Options.Concurrency;

    /// <inheritdoc/>
    public override HashSet<string> Present(IReadOnlyCollection<string> hashes) => Call(async () =>
    {
        if (hashes.Count > MostAsked)
        {
            var wanted = hashes.ToHashSet(StringComparer.Ordinal);
            var found = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var item in store.ListAsync(location, location.KeyOf(Objects), cancellation).ConfigureAwait(false))
            {
                if (HashOf(item.Key) is { } hash && wanted.Contains(hash))
                    _ = found.Add(hash);
            }

            return found;
        }

        var present = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(hashes, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellation }, async (hash, token) =>
        {
            if (await store.HeadAsync(location, location.KeyOf(ObjectCache.KeyOf(hash)), token).ConfigureAwait(false) is not null)
                present.Add(hash);
        }).ConfigureAwait(false);
        return present.ToHashSet(StringComparer.Ordinal);
    });

    /// <inheritdoc/>
    public override void Send(string key, string file) => Call(async () =>
    {
        var (full, length) = (location.KeyOf(key), new FileInfo(file).Length);
        if (length > LargestSingle)
        {
            var upload = new MultipartUpload(store, location, stateFolder, _transfers);
            return (await upload.SendAsync(file, full, length, Core.Engine.AtomicFile.Hash(file), cancellation).ConfigureAwait(false)).ETag;
        }

        var md5 = Convert.ToBase64String(PartHash.OfRange(file, 0, length));
        var request = new PutObjectRequest { BucketName = location.Bucket, Key = full, FilePath = file, MD5Digest = md5, ContentType = "binary/octet-stream", RequestPayer = store.Payer };
        return (await store.CallAsync("write", ObjectStore.Address(location, full), token => store.Client.PutObjectAsync(request, token), cancellation).ConfigureAwait(false)).ETag;
    });

    /// <inheritdoc/>
    public override bool Fetch(string key, string file) => Call(async () =>
    {
        var full = location.KeyOf(key);
        if (await store.HeadAsync(location, full, cancellation).ConfigureAwait(false) is not { } head)
            return false;
        var item = new RemoteObject(full, head.ContentLength, ObjectStore.Unquote(head.ETag));
        _ = await ObjectDownload.FetchAsync(store, location, item, stateFolder, file, static _ => { }, cancellation).ConfigureAwait(false);
        return true;
    });

    /// <inheritdoc/>
    public override IEnumerable<string> All() => Keys(Objects.TrimEnd('/')).Select(HashOf).OfType<string>();

    /// <inheritdoc/>
    public override IEnumerable<string> Keys(string below) => Call(async () =>
    {
        var keys = new List<string>();
        await foreach (var item in store.ListAsync(location, location.KeyOf(below + "/"), cancellation).ConfigureAwait(false))
            keys.Add(item.Key[location.FolderPrefix.Length..]);
        return keys;
    });

    /// <inheritdoc/>
    public override void Remove(string key) => Call(async () =>
    {
        await store.DeleteAsync(location, location.KeyOf(key), cancellation).ConfigureAwait(false);
        return true;
    });

    /// <inheritdoc/>
    public override void Dispose()
    {
        _transfers.Dispose();
        store.Dispose();
    }

    private string? HashOf(string key)
    {
        var at = key.LastIndexOf(Objects, StringComparison.Ordinal);
        var hash = at < 0 ? "" : key[(at + Objects.Length)..].Replace("/", "", StringComparison.Ordinal);
        return Md5File.IsHash(hash) ? hash : null;
    }

    private T Call<T>(Func<Task<T>> act)
    {
        try
        {
            return act().GetAwaiter().GetResult();
        }
        catch (AmazonServiceException fault)
        {
            throw store.Explain(fault, "use", Address);
        }
        catch (StackmillException fault)
        {
            throw new RunFaultException($"the remote '{Name}' can't be used: {fault.Message}", fault);
        }
    }
}
