using System.Collections.Concurrent;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Objects;

/// <summary>What DVC writes down of a file or folder.</summary>
/// <param name="Md5">Its hash; a folder's ends in <c>.dir</c>.</param>
/// <param name="Size">Its bytes; those of all files of a folder.</param>
/// <param name="Files">Number of a folder's files; null for a file.</param>
/// <param name="IsExecutable">True for a file that its owner may execute.</param>
internal sealed record Hashed(string Md5, long Size, long? Files, bool IsExecutable);

/// <summary>Hashes files and folders, on several threads, and remembers what it worked out.</summary>
/// <param name="memory">Hashes known from before.</param>
/// <param name="ignore">What is left out of folders.</param>
/// <param name="workers">Threads.</param>
/// <param name="cancellation">Stops it.</param>
internal sealed class ContentHasher(HashMemory memory, IgnoreRules ignore, int workers, CancellationToken cancellation)
{
    // Results hold for one command; what it writes itself is told by Forget.
    private readonly ConcurrentDictionary<string, Hashed?> _seen = new(StringComparer.Ordinal);

    /// <summary>Hashes known from before.</summary>
    public HashMemory Memory => memory;

    /// <summary>Hashes what a path leads to; null when there is nothing.</summary>
    /// <exception cref="RunFaultException">It can't be read.</exception>
    public Hashed? Hash(string path)
    {
        if (_seen.TryGetValue(path, out var known))
            return known;
        var state = FileState.Of(path);
        var result = state.Kind switch
        {
            EntryKind.None => null,
            EntryKind.File => new Hashed(File(path, state), state.Size, null, state.IsExecutable),
            EntryKind.Folder => Folder(path),
            _ => throw new RunFaultException($"'{path}' is a FIFO, socket or device, which can't be kept."),
        };
        return _seen[path] = result;
    }

    /// <summary>The list of a folder's files with their hashes, and what is written down of it.</summary>
    public (FolderObject Object, List<ListedFile> Files) List(string path)
    {
        var now = memory.Now;
        var files = FolderListing.Of(path, ignore);
        var hashes = new string[files.Count];
        new ParallelWork(workers, cancellation).Each(files.Count, i => hashes[i] = File(files[i].FullPath, files[i].State));
        var folder = FolderObject.Of([.. files.Select((f, i) => new FolderEntry(f.Path, hashes[i]))]);
        var known = new KnownFolder(FolderListing.Fingerprint(files), folder.Hash, files.Sum(f => f.State.Size), files.Count);
        memory.RememberFolder(path, files, known, now);
        _seen[path] = new Hashed(known.Hash, known.Size, known.Files, false);
        return (folder, files);
    }

    /// <summary>Forgets what was seen at a path, and above and below it, since it may have changed.</summary>
    public void Forget(string path)
    {
        foreach (var seen in _seen.Keys.Where(s => ProjectPath.IsInside(s, path) || ProjectPath.IsInside(path, s)).ToList())
            _ = _seen.TryRemove(seen, out _);
    }

    /// <summary>Forgets all that was seen.</summary>
    public void Forget() => _seen.Clear();

    private Hashed Folder(string path)
    {
        var files = FolderListing.Of(path, ignore);
        if (memory.FindFolder(path, FolderListing.Fingerprint(files)) is { } known)
            return new Hashed(known.Hash, known.Size, known.Files, false);
        _ = List(path);
        return _seen[path]!;
    }

    private string File(string path, FileState state)
    {
        if (memory.Find(path, state) is { } known)
            return known;
        var now = memory.Now;
        var md5 = Md5File.Of(path);
        var after = FileState.Of(path);
        if (after.Size != state.Size || after.Modified != state.Modified || after.Inode != state.Inode)
            throw new RunFaultException($"'{path}' changed while it was read. Wait until nobody writes it, and run the same command again.");
        memory.Remember(path, state, md5, now);
        return md5;
    }
}
