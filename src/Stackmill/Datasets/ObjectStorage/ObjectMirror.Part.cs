using Amazon.S3;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.ObjectStorage;

/// <content>Parts of a place, for processes that share the work on it: each has a mirror of its own, and fetches what its task needs.</content>
internal sealed partial class ObjectMirror
{
    // Others write while it is read: what they write again has the same bytes, or is a report.
    private const int PullAttempts = 4;

    /// <summary>Fetches the files that are wanted and differ here; files that were fetched and are gone there go here too. What is not sent yet stays.</summary>
    /// <param name="isWanted">Tells by its path which file is wanted.</param>
    /// <param name="dropOthers">True to remove files that are not wanted and were not sent: what a killed task of another plan has left must not be sent now.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="RunFaultException">It changes faster than it can be read, or can't be read.</exception>
    public async Task PullAsync(Predicate<string> isWanted, bool dropOthers, IRunObserver observer, CancellationToken cancellation)
    {
        if (dropOthers)
            DropUnsent(isWanted);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await PullOnceAsync(isWanted, cancellation).ConfigureAwait(false);
                return;
            }
            catch (AmazonS3Exception fault) when (StoreFaults.IsMissing(fault) || StoreFaults.IsConflict(fault))
            {
                if (attempt == PullAttempts)
                    throw new RunFaultException($"'{Location}' at {Store.Endpoint} changed {PullAttempts} times while it was read. Do the task again; what was fetched is kept.", fault);
                observer.Note(StoragePaths.Stage, $"'{Location}' changed while it was read; it is read again");
            }
        }
    }

    private void DropUnsent(Predicate<string> isWanted)
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).ToList())
        {
            var path = Path.GetRelativePath(Folder, file).Replace('\\', '/');
            if (!isWanted(path) && Index.Find(path) is null && !PublishPlan.IsCache(path) && !path.StartsWith("logs/", StringComparison.Ordinal))
                File.Delete(file);
        }
    }

    private async Task PullOnceAsync(Predicate<string> isWanted, CancellationToken cancellation)
    {
        var (keys, wanted) = (new KeyPaths(Location.FolderPrefix), new Dictionary<string, RemoteObject>(StringComparer.Ordinal));
        await foreach (var item in Store.ListAsync(Location, Location.FolderPrefix, cancellation).ConfigureAwait(false))
        {
            if (keys.Assign(item) is { } path && !PublishMarks.IsMark(path) && isWanted(path))
                wanted.Add(path, item);
        }

        foreach (var entry in Index.All().Where(e => isWanted(e.Path) && !wanted.ContainsKey(e.Path)))
        {
            File.Delete(PathOf(entry.Path));
            Index.Remove(entry.Path);
        }

        await EachAsync(wanted, new Counts(), cancellation).ConfigureAwait(false);
    }
}
