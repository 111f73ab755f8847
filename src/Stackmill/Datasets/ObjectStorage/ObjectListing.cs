using Stackmill.Core.Engine;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>What lies at an address: the object of that key, or all objects below it.</summary>
internal static class ObjectListing
{
    /// <summary>The last part of an object's key.</summary>
    public static string NameOf(RemoteObject item) => item.Key[(item.Key.LastIndexOf('/') + 1)..];

    /// <summary>The one object that an address names; <c>null</c> when it stands for those below it, or for nothing.</summary>
    public static async Task<RemoteObject?> FindSingleAsync(ObjectStore store, S3Location location, IRunObserver observer, CancellationToken cancellation)
    {
        if (location.Prefix.Length == 0)
            return null;
        // An object sorts before everything that lies below its name.
        RemoteObject? first = null;
        await foreach (var item in store.ListAsync(location, location.Prefix, cancellation, pageSize: 1).ConfigureAwait(false))
        {
            first = item;
            break;
        }

        if (first is null || first.Key != location.Prefix)
            return null;
        await foreach (var _ in store.ListAsync(location, location.FolderPrefix, cancellation, pageSize: 1).ConfigureAwait(false))
        {
            observer.Warn(StoragePaths.Stage, $"'{location}' is an object and the beginning of others; the others are read, the object of that name is not");
            return null;
        }

        return first;
    }

    /// <summary>
    /// The objects of a place as files that are read where they lie; <c>null</c> as soon as one can't be read so: because its path is
    /// not wanted, or can't be that of a file. None for an empty place.
    /// </summary>
    /// <param name="store">The server.</param>
    /// <param name="location">The place.</param>
    /// <param name="isWanted">Tells by the path inside the place whether an object can be read where it lies.</param>
    /// <param name="observer">Hears of what is ambiguous.</param>
    /// <param name="cancellation">Ends requests.</param>
    public static async Task<IReadOnlyList<S3File>?> FilesAsync(ObjectStore store, S3Location location, Predicate<string> isWanted, IRunObserver observer, CancellationToken cancellation)
    {
        if (await FindSingleAsync(store, location, observer, cancellation).ConfigureAwait(false) is { } single)
            return isWanted(NameOf(single)) ? [new S3File(store, location, single, cancellation)] : null;
        var keys = new KeyPaths(location.FolderPrefix);
        var files = new List<S3File>();
        await foreach (var item in store.ListAsync(location, location.FolderPrefix, cancellation).ConfigureAwait(false))
        {
            var path = keys.Assign(item);
            if (keys.Refused.Count > 0 || (path is not null && !isWanted(path)))
                return null;
            if (path is not null)
                files.Add(new S3File(store, location, item, cancellation));
        }

        return files;
    }
}
