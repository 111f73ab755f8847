using System.Security.Cryptography;
using System.Text;
using Amazon.S3;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>What a fetch did.</summary>
/// <param name="Files">Files that were fetched.</param>
/// <param name="Bytes">Bytes that came.</param>
/// <param name="Unchanged">Files that were there already.</param>
/// <param name="Removed">Local files whose objects are gone.</param>
/// <param name="Refused">Objects that can't be files here; none of them was fetched.</param>
/// <param name="Fingerprint">SHA-256 over path, length and entity tag of every file: the same on every machine.</param>
internal sealed record FetchResult(long Files, long Bytes, long Unchanged, long Removed, IReadOnlyList<RefusedKey> Refused, string Fingerprint);

/// <summary>
/// The local copy of one place in object storage. Its folder belongs to one process at a time; what is fetched, and what part of
/// it, stays between runs.
/// </summary>
internal sealed partial class ObjectMirror : IDisposable
{
    private const int MaxShownKeys = 5;

    private readonly OutputLock _lock;
    private readonly string _root;

    private ObjectMirror(ObjectStore store, S3Location location, string root, OutputLock taken)
    {
        (Store, Location, _root, _lock) = (store, location, root, taken);
        Directory.CreateDirectory(Folder);
        Index = MirrorIndex.Open(Path.Combine(root, "index.jsonl"));
        var identity = Path.Combine(root, "identity");
        if (!File.Exists(identity))
            AtomicFile.WriteAllBytes(identity, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))));
        Identity = File.ReadAllText(identity);
    }

    /// <summary>The server.</summary>
    public ObjectStore Store { get; }

    /// <summary>What it is a copy of.</summary>
    public S3Location Location { get; }

    /// <summary>The folder of the files.</summary>
    public string Folder => Path.Combine(_root, "files");

    /// <summary>Folder that keeps the uploads that have begun.</summary>
    public string Uploads => Path.Combine(_root, "uploads");

    /// <summary>What the files were when they last equalled their objects.</summary>
    public MirrorIndex Index { get; }

    /// <summary>What this mirror calls itself in marks: no other has the same, and it has it as long as it exists.</summary>
    public string Identity { get; }

    private string Downloads => Path.Combine(_root, "downloads");

    /// <summary>Opens the mirror of a place below a folder.</summary>
    /// <exception cref="RunFaultException">Another process works on it.</exception>
    public static ObjectMirror Open(ObjectStore store, S3Location location, string workDir)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{store.Endpoint}\n{location}")).AsSpan(0, 8));
        var root = Path.Combine(workDir, Safe(store.Endpoint), Safe(location.Bucket), $"{Safe(location.Prefix)}~{hash}");
        return new ObjectMirror(store, location, root, OutputLock.Take(root));
    }

    /// <summary>Path of a file.</summary>
    public string PathOf(string path) => Path.Combine(Folder, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>True when a path is the manifest of a dataset.</summary>
    public static bool IsManifest(string path) => path == Manifest.FileName || path.EndsWith("/" + Manifest.FileName, StringComparison.Ordinal);

    /// <summary>Makes the folder equal to the place, and gives the folder, or the file when the address names one object.</summary>
    /// <exception cref="UsageException">Nothing lies there.</exception>
    /// <exception cref="RunFaultException">It changes faster than it can be read, or can't be read.</exception>
    public async Task<(string Path, FetchResult Result)> FetchInputAsync(IRunObserver observer, CancellationToken cancellation)
    {
        if (Index.HasWork)
            observer.Warn(StoragePaths.Stage, $"an earlier run left work for '{Location}' that is not published; it is dropped, for the place is read as it is there");
        var single = await ObjectListing.FindSingleAsync(Store, Location, observer, cancellation).ConfigureAwait(false);
        var result = await FetchAsync(single, observer, cancellation).ConfigureAwait(false);
        Index.SetWork(false);
        if (result.Files + result.Unchanged == 0 && result.Refused.Count == 0)
            throw new UsageException($"nothing lies under '{Location}' at {Store.Endpoint}. Check bucket, prefix (capitals count) and storage.endpoint.");
        return (single is null ? Folder : PathOf(ObjectListing.NameOf(single)), result);
    }

    /// <summary>Makes the folder equal to the place before it is worked on; work that an earlier run has not published stays.</summary>
    /// <exception cref="StackmillException">It can't be read or written to.</exception>
    public async Task<FetchResult> FetchOutputAsync(IRunObserver observer, CancellationToken cancellation)
    {
        // Whoever may not write is told now and not after days of work.
        await StorageProbe.TryWriteAsync(Store, Location, cancellation).ConfigureAwait(false);
        FetchResult result;
        if (Index.HasWork && await new RemoteManifests(this).AreKnownAsync(cancellation).ConfigureAwait(false))
        {
            observer.Note(StoragePaths.Stage, $"an earlier run left work for '{Location}' that is not published; it is gone on with");
            result = new FetchResult(0, 0, 0, 0, [], "");
        }
        else
        {
            if (Index.HasWork)
                observer.Warn(StoragePaths.Stage, $"somebody else has published to '{Location}' since an earlier run here; what that run did not publish is dropped");
            result = await FetchAsync(null, observer, cancellation).ConfigureAwait(false);
        }

        Index.SetWork(true);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Index.Dispose();
        _lock.Dispose();
    }

    private static string Safe(string text)
    {
        var clean = string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        return clean.Length > 60 ? clean[..60] : clean;
    }

    private async Task<FetchResult> FetchAsync(RemoteObject? single, IRunObserver observer, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var result = await FetchOnceAsync(single, observer, cancellation).ConfigureAwait(false);
                Tell(result, observer);
                return result;
            }
            catch (AmazonS3Exception fault) when (StoreFaults.IsMissing(fault) || StoreFaults.IsConflict(fault))
            {
                if (attempt == 2)
                    throw new RunFaultException($"'{Location}' at {Store.Endpoint} changed twice while it was read: somebody publishes there. Run it again when that has ended; what was fetched is kept.", fault);
                observer.Note(StoragePaths.Stage, $"'{Location}' changed while it was read; it is read again");
                single = single is null ? null : await ObjectListing.FindSingleAsync(Store, Location, observer, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<FetchResult> FetchOnceAsync(RemoteObject? single, IRunObserver observer, CancellationToken cancellation)
    {
        var keys = new KeyPaths(single is null ? Location.FolderPrefix : single.Key[..^ObjectListing.NameOf(single).Length]);
        var wanted = new Dictionary<string, RemoteObject>(StringComparer.Ordinal);
        if (single is not null)
        {
            if (keys.Assign(single) is { } path)
                wanted.Add(path, single);
        }
        else
        {
            await foreach (var item in Store.ListAsync(Location, Location.FolderPrefix, cancellation).ConfigureAwait(false))
            {
                if (keys.Assign(item) is { } path)
                    wanted.Add(path, item);
            }
        }

        var halves = LeaveOutHalves(wanted, observer);
        var removed = RemoveOthers(wanted);
        // They are known to be of a dataset, so that they go when it is published anew.
        foreach (var (path, item) in halves)
            Index.Set(new MirrorEntry(path, item.ETag, item.Length, 0, ""));
        var counts = new Counts();
        // The manifest first and again last: in between nobody has begun to publish another state of the dataset.
        var manifests = wanted.Where(w => IsManifest(w.Key)).ToList();
        await EachAsync(manifests, counts, cancellation).ConfigureAwait(false);
        await EachAsync(wanted.Where(w => !IsManifest(w.Key)), counts, cancellation).ConfigureAwait(false);
        foreach (var (_, item) in manifests)
        {
            var now = await Store.HeadAsync(Location, item.Key, cancellation).ConfigureAwait(false);
            if (now is null || ObjectStore.Unquote(now.ETag) != item.ETag)
                throw new AmazonS3Exception("the manifest changed") { StatusCode = System.Net.HttpStatusCode.PreconditionFailed };
        }

        if (Directory.Exists(Downloads))
            Directory.Delete(Downloads, recursive: true);
        return new FetchResult(counts.Files, counts.Bytes, counts.Unchanged, removed, keys.Refused, Fingerprint(wanted));
    }

    private List<KeyValuePair<string, RemoteObject>> LeaveOutHalves(Dictionary<string, RemoteObject> wanted, IRunObserver observer)
    {
        var halves = new List<KeyValuePair<string, RemoteObject>>();
        foreach (var dataset in wanted.Keys.Where(PublishMarks.IsMark).Select(PublishMarks.DatasetOf).Where(d => !wanted.ContainsKey(PublishPlan.ManifestOf(d))).Order(StringComparer.Ordinal).ToList())
        {
            observer.Warn(StoragePaths.Stage, $"the dataset '{ObjectStore.Address(Location, Location.KeyOf(dataset))}' is not published whole: somebody is publishing it, or was stopped doing so. It is not read; a run that makes it publishes it anew");
            halves.AddRange(wanted.Where(w => w.Key.StartsWith(dataset.Length == 0 ? "" : dataset + "/", StringComparison.Ordinal) && !PublishMarks.IsMark(w.Key)));
        }

        halves.ForEach(h => wanted.Remove(h.Key));
        return halves;
    }

    private static string Fingerprint(Dictionary<string, RemoteObject> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, item) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\t{item.Length}\t{item.ETag}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private Task EachAsync(IEnumerable<KeyValuePair<string, RemoteObject>> items, Counts counts, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = Store.Options.Concurrency, CancellationToken = cancellation },
            async (item, token) => await FetchFileAsync(item.Key, item.Value, counts, token).ConfigureAwait(false));

    private async Task FetchFileAsync(string path, RemoteObject item, Counts counts, CancellationToken cancellation)
    {
        var local = PathOf(path);
        if (await IsEqualAsync(path, local, item, cancellation).ConfigureAwait(false))
        {
            Interlocked.Increment(ref counts.Unchanged);
            return;
        }

        var sha256 = await ObjectDownload.FetchAsync(Store, Location, item, Downloads, local, bytes => Interlocked.Add(ref counts.Bytes, bytes), cancellation).ConfigureAwait(false);
        Index.Set(new MirrorEntry(path, item.ETag, item.Length, FileKind.Of(new FileInfo(local)).Changed, sha256));
        Interlocked.Increment(ref counts.Files);
    }

    private async Task<bool> IsEqualAsync(string path, string local, RemoteObject item, CancellationToken cancellation)
    {
        if (!File.Exists(local))
            return false;
        var kind = FileKind.Of(new FileInfo(local));
        if (kind.Length != item.Length)
            return false;
        if (Index.Find(path) is { } entry && entry.ETag == item.ETag && entry.Changed == kind.Changed && entry.Length == kind.Length)
            return true;
        // The index may be lost, or a run was killed between the transfer and its entry: the hashes tell.
        var sha256 = AtomicFile.Hash(local);
        var isEqual = PartHash.IsMd5(item.ETag) && PartHash.OfFile(local) == item.ETag;
        if (!isEqual)
        {
            var head = await Store.HeadAsync(Location, item.Key, cancellation).ConfigureAwait(false);
            isEqual = head is not null && ObjectStore.Unquote(head.ETag) == item.ETag && head.Metadata[ObjectStore.Sha256Metadata] == sha256;
        }

        if (isEqual)
            Index.Set(new MirrorEntry(path, item.ETag, kind.Length, kind.Changed, sha256));
        return isEqual;
    }

    private long RemoveOthers(Dictionary<string, RemoteObject> wanted)
    {
        var removed = 0L;
        foreach (var file in Directory.EnumerateFiles(Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).ToList())
        {
            var path = Path.GetRelativePath(Folder, file).Replace('\\', '/');
            if (wanted.ContainsKey(path) || (Index.Find(path) is null && (PublishPlan.IsCache(path) || IsWork(path, wanted))))
                continue;
            File.Delete(file);
            if (Path.GetFileName(file) != OutputLock.FileName)
                removed++;
        }

        foreach (var folder in Directory.EnumerateDirectories(Folder, "*", SearchOption.AllDirectories).OrderByDescending(f => f.Length).ToList())
        {
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }

        foreach (var entry in Index.All().Where(e => !wanted.ContainsKey(e.Path)))
            Index.Remove(entry.Path);
        return removed;
    }

    // What a run has fetched from elsewhere stays, and what it has done of a dataset that is published with failed shards: it is gone on with.
    private bool IsWork(string path, Dictionary<string, RemoteObject> wanted) =>
        PublishPlan.WorkOf(path) is { } dataset && wanted.TryGetValue(PublishPlan.ManifestOf(dataset), out var there) && Index.Find(PublishPlan.ManifestOf(dataset))?.ETag == there.ETag;

    private void Tell(FetchResult result, IRunObserver observer)
    {
        if (result.Files > 0)
            observer.Note(StoragePaths.Stage, $"fetched {result.Files:N0} files ({result.Bytes:N0} bytes) of '{Location}', {result.Unchanged:N0} were here already");
        if (result.Refused.Count == 0)
            return;
        var shown = result.Refused.Take(MaxShownKeys).Select(r => $"'{string.Concat(r.Key.Select(c => char.IsControl(c) ? '?' : c))}' ({r.Reason})");
        observer.Warn(
            StoragePaths.Stage,
            $"{result.Refused.Count:N0} objects ({result.Refused.Sum(r => r.Length):N0} bytes) of '{Location}' can't be files here and were left out: {string.Join(", ", shown)}{(result.Refused.Count > MaxShownKeys ? ", ..." : "")}. Copy them to other keys to have them read.");
    }

    private sealed class Counts
    {
        public long Files;
        public long Bytes;
        public long Unchanged;
    }
}
