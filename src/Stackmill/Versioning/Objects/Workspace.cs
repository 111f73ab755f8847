using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Objects;

/// <summary>What a checkout did to one output.</summary>
internal enum Change
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>Some of its files were replaced, added or removed.</summary>
    Modified,

    /// <summary>It was removed.</summary>
    Deleted,
}

/// <summary>
/// Takes files of the workspace into the cache, and makes them from it. A file appears under its name when it is whole. What is not in
/// the cache is never removed or replaced unless it is forced. A link to a folder is in the way like a file that the cache does not
/// have: nothing is ever written or removed behind it.
/// </summary>
internal sealed class Workspace(DvcProject project, ObjectCache cache, ContentHasher hasher, FileLinks links, int workers, CancellationToken cancellation)
{
    private readonly ParallelWork _parallel = new(workers, cancellation);

    /// <summary>Takes a file or folder into the cache and gives what is written down of it.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="useLinks">False to leave the workspace's files as they are.</param>
    /// <exception cref="RunFaultException">It is not there, or can't be read.</exception>
    public Hashed Commit(string path, bool useLinks = true)
    {
        useLinks &= LinkedFolders.On(project.Root, path) is null;
        if (FileState.Of(path).Kind != EntryKind.Folder)
        {
            hasher.Forget(path);
            var state = FileState.Of(path);
            var hashed = hasher.Hash(path) ?? throw new RunFaultException($"'{project.Show(path)}' is not there. Make it, or take it out of the stage.");
            Take(path, hashed.Md5, state, useLinks);
            return hashed;
        }

        var (folder, files) = hasher.List(path);
        _parallel.Each(files.Count, i => Take(files[i].FullPath, folder.Entries[i].Md5, files[i].State, useLinks));
        cache.Put(folder.Hash, folder.Bytes);
        hasher.Forget(path);
        return new Hashed(folder.Hash, files.Sum(f => f.State.Size), files.Count, false);
    }

    /// <summary>Makes a path hold what a hash stands for.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="target">What it shall hold.</param>
    /// <param name="force">True to replace and remove what is not in the cache.</param>
    /// <param name="relink">True to make files anew that have the right bytes.</param>
    /// <exception cref="RunFaultException">The cache lacks it, or something would be lost.</exception>
    public Change Checkout(string path, Hashed target, bool force, bool relink = false)
    {
        var before = hasher.Hash(path);
        var link = LinkedFolders.On(project.Root, path);
        if (before?.Md5 == target.Md5 && !relink)
            return link is null && SetExecutable(path, target) ? Change.Modified : Change.None;
        Require(path, target.Md5);
        if (link is not null)
        {
            RequireNotInTheWay([link], force);
            // Behind it nothing is the project's: without the link there is nothing yet.
            LinkedFolders.Remove(link);
            hasher.Forget(link);
            before = null;
        }

        var isFolder = Md5File.IsFolder(target.Md5);
        var wanted = isFolder ? cache.Folders(target.Md5)!.Entries : [new FolderEntry("", target.Md5)];
        var there = before is null ? [] : before.Files is null ? [new FolderEntry("", before.Md5)] : hasher.List(path).Object.Entries;
        var have = there.ToDictionary(e => e.Path, e => e.Md5, StringComparer.Ordinal);
        var want = wanted.ToDictionary(e => e.Path, e => e.Md5, StringComparer.Ordinal);
        var gone = have.Where(h => before!.Files is null == isFolder || !want.ContainsKey(h.Key)).Select(h => h.Key).ToList();
        var write = wanted.Where(w => relink || gone.Contains(w.Path) || have.GetValueOrDefault(w.Path) != w.Md5).ToList();
        if (before?.Files is not null && !isFolder && !force)
            RequireNothingElse(path, there.Count);
        RequireNothingLost(path, gone.Concat(write.Select(w => w.Path)).Distinct().Where(have.ContainsKey).Where(p => !cache.Has(have[p])), force);
        var inTheWay = before is null ? [] : InTheWay(path, write, have);
        RequireNotInTheWay(inTheWay, force);

        // A file where a folder was, and the other way round.
        foreach (var file in gone)
            File.Delete(Join(path, file));
        foreach (var other in inTheWay)
            LinkedFolders.Remove(other);
        if (before is not null && before.Files is null == isFolder && Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        if (isFolder)
        {
            RemoveEmpty(path, gone);
            // What is left of a folder in the place of a file is empty.
            foreach (var left in (before is null ? [] : write).Select(w => Join(path, w.Path)).Where(p => FileState.Of(p, follow: false).Kind == EntryKind.Folder))
                Directory.Delete(left, recursive: true);
            Directory.CreateDirectory(path);
        }

        foreach (var folder in write.Select(w => Path.GetDirectoryName(Join(path, w.Path))!).Distinct())
            Directory.CreateDirectory(folder);
        _parallel.Each(write, entry => Place(Join(path, entry.Path), entry.Md5));
        hasher.Forget(path);
        _ = SetExecutable(path, target);
        if (isFolder)
            _ = hasher.Hash(path);
        return before is null ? Change.Added : Change.Modified;
    }

    /// <summary>Removes an output before its stage makes it anew.</summary>
    public void Remove(string path)
    {
        RequireReal(path);
        LinkedFolders.Remove(path);
        hasher.Forget(path);
    }

    /// <summary>Fails for a path that leads through a link to a folder: what lies there is not the project's.</summary>
    /// <exception cref="RunFaultException">It does.</exception>
    public void RequireReal(string path)
    {
        if (LinkedFolders.Above(project.Root, path) is { } link)
            throw new RunFaultException($"'{project.Show(path)}' lies behind the link '{project.Show(link)}', and nothing is written or removed behind a link. Make a folder of it, or mount there what it leads to; to keep data on another disk, set cache.dir and cache.type. Nothing was changed there.");
    }

    /// <summary>Makes copies of files that share their bytes with the cache, so that a command may write to them.</summary>
    public void Unprotect(string path)
    {
        if (!links.SharesBytes || FileState.Of(path).Kind == EntryKind.None || LinkedFolders.On(project.Root, path) is not null)
            return;
        var files = FileState.Of(path).Kind == EntryKind.Folder ? FolderListing.Of(path, project.Ignore).Select(f => f.FullPath) : [path];
        foreach (var file in files)
        {
            var temporary = cache.Temporary();
            _ = FileLinks.Copies.Make(RealFile(file), temporary);
            ObjectCache.MoveInto(temporary, file);
        }

        hasher.Forget(path);
    }

    private void Take(string path, string md5, FileState state, bool useLinks)
    {
        cache.Put(md5, path, state);
        // A link to a file elsewhere becomes a file of its own; a file is made anew where it shall share its bytes with the cache.
        var target = new FileInfo(path).LinkTarget;
        var isOurs = target == cache.PathOf(md5) || (state.Inode != 0 && FileState.Of(cache.PathOf(md5)).Inode == state.Inode);
        if (useLinks && !isOurs && (target is not null || links.SharesBytes))
            Place(path, md5);
    }

    private void Place(string path, string md5)
    {
        var temporary = cache.Temporary();
        File.Delete(temporary);
        _ = links.Make(cache.PathOf(md5), temporary);
        var now = hasher.Memory.Now;
        ObjectCache.MoveInto(temporary, path);
        // Two names of one file are left as they are by a rename.
        File.Delete(temporary);
        hasher.Memory.Remember(path, FileState.Of(path), md5, now);
    }

    private void Require(string path, string hash)
    {
        foreach (var needed in cache.Closure(hash))
        {
            cache.RequireWhole(needed);
            if (!cache.Has(needed))
                throw new RunFaultException($"'{project.Show(path)}' can't be checked out: the object {needed} is not in the cache. Fetch it with 'stackmill data pull' or 'dvc pull'. Nothing was changed.");
        }

        if (cache.Closure(hash).LastOrDefault(h => !Md5File.IsFolder(h)) is not { } sample)
            return;
        var trial = cache.Temporary();
        File.Delete(trial);
        links.Require(cache.PathOf(sample), trial);
    }

    private void RequireNothingLost(string path, IEnumerable<string> files, bool force)
    {
        var lost = force ? [] : files.Take(4).ToList();
        if (lost.Count == 0)
            return;
        var shown = string.Join(", ", lost.Take(3).Select(f => $"'{project.Show(Join(path, f))}'"));
        throw new RunFaultException($"{shown}{(lost.Count > 3 ? " and others" : "")} would be replaced or removed, and the cache does not have what {(lost.Count > 1 ? "they hold" : "it holds")}. Keep it with 'stackmill data commit' or 'stackmill data add', move it away, or use --force to lose it. Nothing was changed there.");
    }

    // What .dvcignore leaves out, links and repositories inside would go with the folder.
    private void RequireNothingElse(string path, int known)
    {
        if (Entries(path).Count() > known)
            throw new RunFaultException($"'{project.Show(path)}' is a folder that holds files which DVC does not keep, and would become a file. Move it away, or use --force to lose them. Nothing was changed there.");
    }

    // What lies where files or their folders shall be, and is no file that DVC sees there: links to folders, and what .dvcignore leaves out.
    private static List<string> InTheWay(string path, List<FolderEntry> write, Dictionary<string, string> have)
    {
        var (found, open) = (new SortedSet<string>(StringComparer.Ordinal), new Dictionary<string, bool>(StringComparer.Ordinal));
        foreach (var (inside, _) in write.Where(w => !have.ContainsKey(w.Path)))
        {
            var isOpen = true;
            for (var end = inside.IndexOf('/', StringComparison.Ordinal); end > 0 && isOpen; end = inside.IndexOf('/', end + 1))
            {
                var folder = inside[..end];
                if (!open.TryGetValue(folder, out isOpen))
                    open[folder] = isOpen = have.ContainsKey(folder) || FileState.Of(Join(path, folder), follow: false).Kind is EntryKind.None or EntryKind.Folder;
                if (!isOpen)
                    _ = found.Add(Join(path, folder));
            }

            var full = Join(path, inside);
            var kind = isOpen ? FileState.Of(full, follow: false).Kind : EntryKind.None;
            if (kind == EntryKind.Folder ? Entries(full).Any(e => !have.ContainsKey(ProjectPath.Relative(path, e))) : kind != EntryKind.None)
                _ = found.Add(full);
        }

        return [.. found];
    }

    private void RequireNotInTheWay(List<string> found, bool force)
    {
        if (force || found.Count == 0)
            return;
        var shown = string.Join(", ", found.Take(3).Select(f => $"'{project.Show(f)}'{(FileState.Of(f, follow: false).Kind == EntryKind.Link ? " (a link)" : "")}"));
        throw new RunFaultException($"{shown}{(found.Count > 3 ? " and others" : "")} {(found.Count > 1 ? "are" : "is")} in the way, and not kept by DVC. Move {(found.Count > 1 ? "them" : "it")} away, or use --force to replace {(found.Count > 1 ? "them" : "it")}; what lies behind a link is left alone. Nothing was changed there.");
    }

    // All that is no folder, at any depth; links are not followed.
    private static IEnumerable<string> Entries(string folder) => new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 })
        .SelectMany(e => FileState.Of(e.FullName, follow: false).Kind == EntryKind.Folder ? Entries(e.FullName) : [e.FullName]);

    private static string Join(string path, string inside) => inside.Length == 0 ? path : Path.Join(path, inside);

    private static string RealFile(string path) => new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;

    private static void RemoveEmpty(string path, List<string> gone)
    {
        foreach (var folder in gone.Select(g => Path.GetDirectoryName(Join(path, g))!).Distinct().OrderByDescending(f => f.Length))
        {
            for (var at = folder; at.Length > path.Length && Directory.Exists(at) && !Directory.EnumerateFileSystemEntries(at).Any(); at = Path.GetDirectoryName(at)!)
                Directory.Delete(at);
        }
    }

    private bool SetExecutable(string path, Hashed target)
    {
        // A link's mode is the object's, which stays as it is.
        if (!target.IsExecutable || OperatingSystem.IsWindows() || links.SharesBytes || FileState.Of(path, follow: false) is not { Kind: EntryKind.File, IsExecutable: false } state)
            return false;
        FileLinks.SetMode(path, state.Mode | FileState.OwnerExecutes);
        hasher.Forget(path);
        return true;
    }
}
