using Stackmill.Core.Engine;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>
/// Tells whether the datasets of a place are still those that the mirror was last equal to. The manifests decide: a dataset is
/// published by its manifest, and one that is being published has none.
/// </summary>
internal sealed class RemoteManifests(ObjectMirror mirror)
{
    // Written before this machine removes a manifest, so that its absence after kill -9 is not taken for somebody else's work.
    private const string RemovedMark = "removed:";

    /// <summary>True when no other than this mirror's runs have published there.</summary>
    public async Task<bool> AreKnownAsync(CancellationToken cancellation)
    {
        var remote = new Dictionary<string, RemoteObject>(StringComparer.Ordinal);
        await foreach (var item in mirror.Store.ListAsync(mirror.Location, mirror.Location.FolderPrefix, cancellation).ConfigureAwait(false))
        {
            var path = item.Key[mirror.Location.FolderPrefix.Length..];
            if (ObjectMirror.IsManifest(path))
                remote.Add(path, item);
        }

        foreach (var path in remote.Keys.Union(mirror.Index.All().Select(e => e.Path).Where(ObjectMirror.IsManifest)))
        {
            if (!await IsKnownAsync(path, remote.GetValueOrDefault(path), cancellation).ConfigureAwait(false))
                return false;
        }

        return true;
    }

    /// <summary>True when the manifest there is the one that was last known, or the local one.</summary>
    public async Task<bool> IsKnownAsync(string path, RemoteObject? remote, CancellationToken cancellation)
    {
        var known = mirror.Index.Find(path)?.ETag;
        if (known is not null && known.StartsWith(RemovedMark, StringComparison.Ordinal))
        {
            if (remote is null || remote.ETag == known[RemovedMark.Length..])
                return true;
        }
        else if (remote?.ETag == known)
        {
            return true;
        }

        return remote is not null && await IsLocalAsync(path, remote.Key, cancellation).ConfigureAwait(false);
    }

    /// <summary>Notes that this machine is about to remove a manifest.</summary>
    public void Removing(string path, RemoteObject remote) => mirror.Index.Set(new MirrorEntry(path, RemovedMark + remote.ETag, 0, 0, ""));

    /// <summary>True when the object has the bytes of the local file: an earlier attempt of this machine has published it.</summary>
    public async Task<bool> IsLocalAsync(string path, string key, CancellationToken cancellation)
    {
        var local = mirror.PathOf(path);
        if (!File.Exists(local))
            return false;
        var head = await mirror.Store.HeadAsync(mirror.Location, key, cancellation).ConfigureAwait(false);
        return head is not null && head.Metadata[ObjectStore.Sha256Metadata] == AtomicFile.Hash(local);
    }
}
