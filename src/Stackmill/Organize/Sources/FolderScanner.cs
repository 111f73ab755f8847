using MAB.DotIgnore;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;

namespace Stackmill.Organize.Sources;

/// <summary>One entry of an input folder.</summary>
/// <param name="Path">POSIX path relative to the input folder; a folder that is not entered ends with <c>/</c>.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Changed">Change mark, for the fingerprint.</param>
/// <param name="Reason">Why it is left out whatever its name; <c>null</c> for a file to look at.</param>
/// <param name="IsFailure">True when it could not be read, rather than was left out.</param>
/// <param name="Detail">More for people.</param>
internal readonly record struct FolderEntry(
    string Path, long Length, long Changed, string? Reason = null, bool IsFailure = false, string? Detail = null);

/// <summary>
/// Walks a folder depth first, in the same order on every machine, and accounts for every entry: ordinary files are given,
/// everything else is given with the reason why it is left out. Links are never followed: what they name inside the
/// folder is met under its own name, and what lies outside does not belong to the input.
/// </summary>
internal sealed class FolderScanner(string root, bool includeHidden, bool respectGitignore)
{
    private readonly string _root = Path.GetFullPath(root);

    /// <summary>Hears of each folder that is entered, before any of its entries is given: its path, empty for the input folder, and what lies in it.</summary>
    public Action<string, IEnumerable<FileSystemInfo>>? Entered { get; set; }

    /// <summary>All entries. Only the entries of one folder, and of those above it, are in memory at once.</summary>
    public IEnumerable<FolderEntry> Scan()
    {
        var open = new Stack<IEnumerator<(FileSystemInfo Entry, bool IsOpenable)>>();
        var ignores = new Stack<IgnoreList?>();
        open.Push(Enter(new DirectoryInfo(_root), "").GetEnumerator());
        ignores.Push(ReadIgnore(_root));
        while (open.Count > 0)
        {
            if (!open.Peek().MoveNext())
            {
                open.Pop().Dispose();
                ignores.Pop();
                continue;
            }

            var (entry, isOpenable) = open.Peek().Current;
            var path = Relative(entry);
            var isFolder = entry is DirectoryInfo;
            if (Refuse(entry, path, isFolder, isOpenable, ignores) is { } refused)
            {
                yield return refused;
            }
            else if (entry is FileInfo file)
            {
                var kind = FileKind.Of(file);
                yield return kind.IsRegular
                    ? new FolderEntry(path, kind.Length, kind.Changed)
                    : new FolderEntry(path, 0, kind.Changed, "special_file", Detail: "a FIFO, socket or device");
            }
            else
            {
                IEnumerator<(FileSystemInfo Entry, bool IsOpenable)>? children = null;
                string? fault = null;
                try
                {
                    children = Enter((DirectoryInfo)entry, path).GetEnumerator();
                }
                catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
                {
                    fault = denied.Message;
                }

                if (fault is not null)
                {
                    yield return new FolderEntry(path + "/", 0, 0, "unreadable", IsFailure: true, Detail: fault);
                    continue;
                }

                open.Push(children!);
                ignores.Push(ReadIgnore(entry.FullName));
            }
        }
    }

    private FolderEntry? Refuse(FileSystemInfo entry, string path, bool isFolder, bool isOpenable, Stack<IgnoreList?> ignores)
    {
        var shown = isFolder ? path + "/" : path;
        // The runtime can't open a name that is not UTF-8, and gives every attribute at once for what it can't find. Where
        // another entry really has the name that it shows instead, opening it would read that other one.
        if (!isOpenable || (int)entry.Attributes == -1)
            return new FolderEntry(shown, 0, 0, "unreadable", IsFailure: true, Detail: "its name is no valid UTF-8, or it vanished while the folder was listed");
        if (entry.LinkTarget is not null || entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
            return new FolderEntry(path, 0, 0, "symbolic_link", Detail: LeavesRoot(entry) ? "points out of the input folder" : "points into the input folder");
        if (isFolder && EntryNames.IsVersionControl(entry.Name))
            return new FolderEntry(shown, 0, 0, "version_control");
        if (entry.Name == OutputLock.FileName)
            return new FolderEntry(shown, 0, 0, "hidden");
        if (!includeHidden && entry.Name.StartsWith('.'))
            return new FolderEntry(shown, 0, 0, "hidden");
        if (respectGitignore && IsIgnored(entry.FullName, isFolder, ignores))
            return new FolderEntry(shown, 0, 0, "ignored", Detail: "named by a .gitignore file");
        return null;
    }

    private bool LeavesRoot(FileSystemInfo link)
    {
        var target = Path.GetFullPath(link.LinkTarget ?? "", Path.GetDirectoryName(link.FullName)!);
        return !target.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static bool IsIgnored(string path, bool isFolder, Stack<IgnoreList?> ignores)
    {
        var folder = Path.GetDirectoryName(path)!;
        foreach (var list in ignores)
        {
            if (list is not null && list.IsIgnored(ToPosix(Path.GetRelativePath(folder, path)), isFolder))
                return true;
            folder = Path.GetDirectoryName(folder) ?? folder;
        }

        return false;
    }

    private IgnoreList? ReadIgnore(string folder)
    {
        var path = Path.Combine(folder, ".gitignore");
        return respectGitignore && File.Exists(path) ? new IgnoreList(path) : null;
    }

    private string Relative(FileSystemInfo entry) => ToPosix(Path.GetRelativePath(_root, entry.FullName));

    // Where '/' separates, a backslash is an ordinary character of a name: as a separator it would name another file.
    private static string ToPosix(string path) => Path.DirectorySeparatorChar == '/' ? path : path.Replace(Path.DirectorySeparatorChar, '/');

    private List<(FileSystemInfo Entry, bool IsOpenable)> Enter(DirectoryInfo folder, string path)
    {
        var entries = List(folder);
        Entered?.Invoke(path, entries.Where(e => e.IsOpenable).Select(e => e.Entry));
        return entries;
    }

    private static List<(FileSystemInfo Entry, bool IsOpenable)> List(DirectoryInfo folder)
    {
        var entries = folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }).Select(e => (Entry: e, IsOpenable: true)).ToList();
        entries.Sort((a, b) => string.CompareOrdinal(a.Entry.Name, b.Entry.Name));
        for (var start = 0; start < entries.Count;)
        {
            var end = start + 1;
            while (end < entries.Count && entries[end].Entry.Name == entries[start].Entry.Name)
                end++;
            if (end - start > 1)
                MarkUnopenable(entries, start, end);
            start = end;
        }

        return entries;
    }

    // Names that are not UTF-8 are shown with U+FFFD, so several entries of a folder can seem to have one name. At most one
    // of them can be opened by it: the first of the kind (file or folder) that the system finds there.
    private static void MarkUnopenable(List<(FileSystemInfo Entry, bool IsOpenable)> entries, int start, int end)
    {
        var isFolder = Directory.Exists(entries[start].Entry.FullName);
        var real = entries.FindIndex(start, end - start, e => e.Entry is DirectoryInfo == isFolder);
        for (var i = start; i < end; i++)
            entries[i] = (entries[i].Entry, i == real);
    }

    /// <summary>Fails when the folder can't be scanned at all.</summary>
    public static void Require(string folder)
    {
        try
        {
            using var first = Directory.EnumerateFileSystemEntries(folder).GetEnumerator();
            first.MoveNext();
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new UsageException($"the input folder '{folder}' can't be read: {denied.Message} Give this user the right to list it, or choose another --input.", denied);
        }
    }
}
