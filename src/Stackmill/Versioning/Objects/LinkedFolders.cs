using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Objects;

/// <summary>
/// Links in the workspace that lead to folders. What lies behind one is not the project's: nothing is written or removed there. Links
/// to files are another matter, since the cache may be linked to.
/// </summary>
internal static class LinkedFolders
{
    /// <summary>The first link on the way from a folder to a path in it, wherever it leads; null without one. The path itself is not looked at.</summary>
    public static string? Above(string root, string path)
    {
        for (var end = path.IndexOf(Path.DirectorySeparatorChar, root.Length + 1); end > 0; end = path.IndexOf(Path.DirectorySeparatorChar, end + 1))
        {
            if (FileState.Of(path[..end], follow: false).Kind == EntryKind.Link)
                return path[..end];
        }

        return null;
    }

    /// <summary>As <see cref="Above"/>, and the path itself where it is a link that leads to no file.</summary>
    public static string? On(string root, string path) => Above(root, path) ?? (FileState.Of(path, follow: false).Kind == EntryKind.Link && FileState.Of(path).Kind != EntryKind.File ? path : null);

    /// <summary>Links to folders inside of a folder, at any depth, as far as nothing leaves them out.</summary>
    public static IEnumerable<string> Inside(string folder, IgnoreRules ignore)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateDirectories("*", new EnumerationOptions { AttributesToSkip = 0 }).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (IgnoreRules.IsVersionControl(entry.Name) || ignore.IsIgnored(entry.FullName, isFolder: true))
                continue;
            if (entry.LinkTarget is not null)
                yield return entry.FullName;
            foreach (var inner in entry.LinkTarget is null ? Inside(entry.FullName, ignore) : [])
                yield return inner;
        }
    }

    /// <summary>Removes a file, a link itself, or a folder with all in it.</summary>
    public static void Remove(string path)
    {
        var kind = FileState.Of(path, follow: false).Kind;
        if (kind == EntryKind.Folder)
            Directory.Delete(path, recursive: true);
        else if (kind == EntryKind.Link && OperatingSystem.IsWindows() && Directory.Exists(path))
            Directory.Delete(path);
        else if (kind != EntryKind.None)
            File.Delete(path);
    }
}
