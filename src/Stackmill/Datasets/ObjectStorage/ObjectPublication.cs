using System.Collections.Concurrent;
using Amazon.S3.Model;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>What a publication did.</summary>
/// <param name="Files">Files that were sent.</param>
/// <param name="Bytes">Bytes that were sent now; parts that an interrupted run had sent are not among them.</param>
/// <param name="Unchanged">Files that were there already.</param>
/// <param name="Deleted">Objects of datasets that were removed because their files are gone.</param>
/// <param name="Skipped">Files that stay on this machine: locks, unfinished work, logs, the cache of contents.</param>
internal sealed record PublishResult(long Files, long Bytes, long Unchanged, long Deleted, long Skipped);

/// <summary>
/// Makes a place equal to the mirror's folder. A reader never finds a manifest beside shards of another state: before a shard
/// changes the dataset's manifest goes, and it comes back last, under the condition that nobody else has put one there.
/// </summary>
internal sealed partial class ObjectPublication(ObjectMirror mirror, IRunObserver observer) : IDisposable
{
    private readonly ObjectStore _store = mirror.Store;
    private readonly S3Location _location = mirror.Location;
    private readonly RemoteManifests _manifests = new(mirror);
    private readonly ConditionalWrite _write = new(mirror.Store, mirror.Location, observer);
    private readonly SemaphoreSlim _transfers = new(mirror.Store.Options.Concurrency);
    private readonly ConcurrentDictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private long _sent;
    private long _unchanged;
    private long _files;

    /// <summary>Publishes.</summary>
    /// <exception cref="RunFaultException">Somebody else has published there, or the server can't be written to.</exception>
    public async Task<PublishResult> RunAsync(CancellationToken cancellation)
    {
        var remote = new Dictionary<string, RemoteObject>(StringComparer.Ordinal);
        await foreach (var item in _store.ListAsync(_location, _location.FolderPrefix, cancellation).ConfigureAwait(false))
            remote[item.Key[_location.FolderPrefix.Length..]] = item;
        var plan = PublishPlan.Of(mirror.Folder, remote.Keys);
        var unfinished = plan.Datasets.Where(d => !File.Exists(mirror.PathOf(PublishPlan.ManifestOf(d)))).ToHashSet(StringComparer.Ordinal);
        foreach (var dataset in unfinished.Where(d => plan.Files.Any(f => plan.DatasetOf(f) == d)))
            observer.Warn(StoragePaths.Stage, $"the dataset '{ObjectStore.Address(_location, _location.KeyOf(dataset))}' is not finished here; the published one stays as it is");

        var changed = new ConcurrentBag<string>();
        await EachAsync(
            plan.Files.Where(f => plan.DatasetOf(f) is not { } d || !unfinished.Contains(d)),
            async (path, token) =>
            {
                if (await IsPublishedAsync(path, remote.GetValueOrDefault(path), token).ConfigureAwait(false))
                    Interlocked.Increment(ref _unchanged);
                else
                    changed.Add(path);
            },
            cancellation).ConfigureAwait(false);

        var local = plan.Files.ToHashSet(StringComparer.Ordinal);
        var stale = remote.Keys.Where(path => !local.Contains(path) && !PublishMarks.IsMark(path) && plan.DatasetOf(path) is { } d && !unfinished.Contains(d)
            && (PublishPlan.IsPart(path) || mirror.Index.Find(path) is not null)).ToList();
        var touched = changed.Concat(stale).Select(plan.DatasetOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var marks = new PublishMarks(mirror, _write, observer);
        await AnnounceAsync(marks, touched, remote, cancellation).ConfigureAwait(false);
        var conditions = await WithdrawAsync(plan, touched, changed, stale, remote, cancellation).ConfigureAwait(false);

        await EachAsync(changed.Where(f => !ObjectMirror.IsManifest(f)), SendAsync, cancellation).ConfigureAwait(false);
        await EachAsync(stale, (path, token) => RemoveAsync(path, token), cancellation).ConfigureAwait(false);
        foreach (var (path, condition) in conditions)
            await SendManifestAsync(path, condition, cancellation).ConfigureAwait(false);
        await marks.RemoveAsync(remote.Keys.Where(path => PublishMarks.IsMark(path) && File.Exists(mirror.PathOf(PublishPlan.ManifestOf(PublishMarks.DatasetOf(path))))), cancellation).ConfigureAwait(false);
        await new MultipartUpload(_store, _location, mirror.Uploads, _transfers).AbortLeftoversAsync(cancellation).ConfigureAwait(false);
        mirror.Index.SetWork(false);
        var result = new PublishResult(_files, _sent, _unchanged, stale.Count, plan.Skipped);
        observer.Note(StoragePaths.Stage, $"published {result.Files:N0} files ({result.Bytes:N0} bytes) to '{_location}'; {result.Unchanged:N0} were there already, {result.Deleted:N0} were removed");
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _transfers.Dispose();

    // All are looked at before the first is changed: a conflict leaves everything as it was.
    private async Task AnnounceAsync(PublishMarks marks, List<string> touched, Dictionary<string, RemoteObject> remote, CancellationToken cancellation)
    {
        foreach (var path in touched.Select(PublishPlan.ManifestOf))
        {
            if (!await _manifests.IsKnownAsync(path, remote.GetValueOrDefault(path), cancellation).ConfigureAwait(false))
                throw Conflict(path, null);
        }

        foreach (var dataset in touched)
        {
            var path = PublishPlan.ManifestOf(dataset);
            var placed = await marks.PlaceAsync(dataset, remote.GetValueOrDefault(PublishMarks.Of(dataset)), cancellation).ConfigureAwait(false);
            // Somebody may have come and gone between the listing and the mark.
            if (placed && await _write.TagAsync(_location.KeyOf(path), cancellation).ConfigureAwait(false) == remote.GetValueOrDefault(path)?.ETag)
                continue;
            await marks.RemoveAsync([], cancellation).ConfigureAwait(false);
            throw placed ? Conflict(path, null) : new RunFaultException(
                $"somebody else is publishing '{ObjectStore.Address(_location, _location.KeyOf(dataset))}' at {_store.Endpoint}, or was stopped doing so. " +
                $"Nothing was changed there; the result of this run is in '{mirror.Folder}'. Run this again when that has ended; if it was stopped for good, running this again publishes over it.");
        }
    }

    // Gives the manifests to be sent, in the order of their paths, each with the tag that must be there (null: nothing may be).
    private async Task<List<(string Path, string? Condition)>> WithdrawAsync(
        PublishPlan plan, List<string> touched, IEnumerable<string> changed, List<string> stale, Dictionary<string, RemoteObject> remote, CancellationToken cancellation)
    {
        var conditions = new List<(string, string?)>();
        var paths = changed.Concat(stale).Where(p => !ObjectMirror.IsManifest(p)).Select(plan.DatasetOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var dataset in touched)
        {
            var path = PublishPlan.ManifestOf(dataset);
            var there = remote.GetValueOrDefault(path);
            if (there is not null && paths.Contains(dataset))
            {
                _manifests.Removing(path, there);
                await _store.DeleteAsync(_location, there.Key, cancellation).ConfigureAwait(false);
                there = null;
            }

            conditions.Add((path, there?.ETag));
        }

        return conditions;
    }

    private async Task<bool> IsPublishedAsync(string path, RemoteObject? remote, CancellationToken cancellation)
    {
        var kind = FileKind.Of(new FileInfo(mirror.PathOf(path)));
        if (remote is null || remote.Length != kind.Length)
            return false;
        var entry = mirror.Index.Find(path);
        if (entry is not null && entry.ETag == remote.ETag && entry.Length == kind.Length && entry.Changed == kind.Changed)
            return true;
        var sha256 = _hashes[path] = AtomicFile.Hash(mirror.PathOf(path));
        if (entry?.ETag != remote.ETag || entry.Sha256 != sha256)
        {
            var head = await _store.HeadAsync(_location, remote.Key, cancellation).ConfigureAwait(false);
            if (head is null || ObjectStore.Unquote(head.ETag) != remote.ETag || head.Metadata[ObjectStore.Sha256Metadata] != sha256)
                return false;
        }

        mirror.Index.Set(new MirrorEntry(path, remote.ETag, kind.Length, kind.Changed, sha256));
        return true;
    }

    private async ValueTask SendAsync(string path, CancellationToken cancellation)
    {
        var local = mirror.PathOf(path);
        var kind = FileKind.Of(new FileInfo(local));
        if (kind.Length > _store.Options.PartSize)
        {
            var sha256 = HashOf(path);
            var (tag, sent) = await new MultipartUpload(_store, _location, mirror.Uploads, _transfers).SendAsync(local, _location.KeyOf(path), kind.Length, sha256, cancellation).ConfigureAwait(false);
            Interlocked.Add(ref _sent, sent);
            Keep(path, kind, tag, sha256);
            return;
        }

        await _transfers.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await PutAsync(path, kind, _ => { }, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _transfers.Release();
        }
    }

    private async Task SendManifestAsync(string path, string? condition, CancellationToken cancellation)
    {
        var (kind, key) = (FileKind.Of(new FileInfo(mirror.PathOf(path))), _location.KeyOf(path));
        if (await _write.TryAsync(key, condition, set => PutAsync(path, kind, set, cancellation), cancellation).ConfigureAwait(false))
            return;
        // The answer to an earlier attempt may have been lost.
        if (!await _manifests.IsLocalAsync(path, key, cancellation).ConfigureAwait(false))
            throw Conflict(path, null);
        Keep(path, kind, await _write.TagAsync(key, cancellation).ConfigureAwait(false) ?? "", HashOf(path));
    }

    private async Task PutAsync(string path, FileKind kind, Action<PutObjectRequest> condition, CancellationToken cancellation)
    {
        var (local, key, sha256) = (mirror.PathOf(path), _location.KeyOf(path), HashOf(path));
        var md5 = PartHash.OfRange(local, 0, kind.Length);
        var answer = await _store.CallAsync(
            "write",
            ObjectStore.Address(_location, key),
            async token =>
            {
                var request = new PutObjectRequest { BucketName = _location.Bucket, Key = key, FilePath = local, MD5Digest = Convert.ToBase64String(md5), RequestPayer = _store.Payer };
                request.Metadata[ObjectStore.Sha256Metadata] = sha256;
                condition(request);
                var put = await _store.Client.PutObjectAsync(request, token).ConfigureAwait(false);
                // With a key of one's own for encryption the tag is no MD5.
                if (put.ServerSideEncryptionMethod is null && PartHash.IsMd5(ObjectStore.Unquote(put.ETag)) && ObjectStore.Unquote(put.ETag) != Convert.ToHexStringLower(md5))
                    throw new DamagedTransferException("the server keeps other bytes than were sent");
                return put;
            },
            cancellation).ConfigureAwait(false);
        Interlocked.Add(ref _sent, kind.Length);
        Keep(path, kind, ObjectStore.Unquote(answer.ETag), sha256);
    }

    private void Keep(string path, FileKind kind, string tag, string sha256)
    {
        if (FileKind.Of(new FileInfo(mirror.PathOf(path))) != kind)
            throw new RunFaultException($"'{mirror.PathOf(path)}' changed while it was published. Let nothing else write there, and run it again.");
        mirror.Index.Set(new MirrorEntry(path, tag, kind.Length, kind.Changed, sha256));
        Interlocked.Increment(ref _files);
    }

    private string HashOf(string path) => _hashes.GetOrAdd(path, p => AtomicFile.Hash(mirror.PathOf(p)));

    private async ValueTask RemoveAsync(string path, CancellationToken cancellation)
    {
        await _store.DeleteAsync(_location, _location.KeyOf(path), cancellation).ConfigureAwait(false);
        mirror.Index.Remove(path);
    }

    private Task EachAsync(IEnumerable<string> paths, Func<string, CancellationToken, ValueTask> act, CancellationToken cancellation) =>
        Parallel.ForEachAsync(paths, new ParallelOptions { MaxDegreeOfParallelism = _store.Options.Concurrency, CancellationToken = cancellation }, act);

    private RunFaultException Conflict(string path, Exception? cause) => new(
        $"somebody else has published '{ObjectStore.Address(_location, _location.KeyOf(path))}' at {_store.Endpoint} since this run began. " +
        $"Its manifest was left as it is; the result of this run is in '{mirror.Folder}'. " +
        "If both runs published at the same moment, the dataset there may hold files of both: make it again with one of them. Else run this again (it begins from what is there now), or give another prefix.",
        cause);
}
