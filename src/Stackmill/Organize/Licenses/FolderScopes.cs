using Stackmill.Datasets;
using Stackmill.Shared.Licenses;

namespace Stackmill.Organize.Licenses;

/// <summary>
/// What licence files say of the folders of a tree on disk, while it is walked depth first: only the folders that are open are in memory.
/// </summary>
/// <param name="repoDepth">Folders that make a repository's name; what lies above a repository says nothing of it.</param>
internal sealed class FolderScopes(int repoDepth)
{
    private readonly LicenseReader _reader = new();
    private readonly Stack<(string Folder, LicenseScope Scope)> _open = new();

    /// <summary>A folder is entered.</summary>
    /// <param name="folder">Its path, empty for the input folder.</param>
    /// <param name="entries">What lies in it.</param>
    public void Enter(string folder, IEnumerable<FileSystemInfo> entries)
    {
        var evidence = new LicenseEvidence();
        if (Depth(folder) >= repoDepth)
        {
            foreach (var entry in entries)
                Add(entry, folder, evidence);
        }

        _open.Push((folder, Of(folder).Below(evidence)));
    }

    /// <summary>What holds for a file, or a folder that is entered next.</summary>
    /// <param name="path">Its path.</param>
    public LicenseScope Of(string path)
    {
        while (_open.TryPeek(out var top) && !(top.Folder.Length == 0 || (path.Length > top.Folder.Length && path[top.Folder.Length] == '/' && path.StartsWith(top.Folder, StringComparison.Ordinal))))
            _open.Pop();
        return _open.TryPeek(out var nearest) ? nearest.Scope : LicenseScope.None;
    }

    private static int Depth(string folder) => folder.Length == 0 ? 0 : folder.Count(c => c == '/') + 1;

    private void Add(FileSystemInfo entry, string folder, LicenseEvidence evidence)
    {
        if (entry is DirectoryInfo directory && entry.Name == LicenseFiles.ReuseFolder && entry.LinkTarget is null)
        {
            if (Files(directory) is not { } texts)
                evidence.Add(LicenseFileKind.License, [LicenseRefs.Unknown]);
            else
                texts.ForEach(text => Add(LicenseFiles.Of($"{entry.Name}/{text.Name}", out _), text, evidence));
        }
        else if (entry is FileInfo file && LicenseFiles.Of(folder.Length == 0 ? file.Name : $"{folder}/{file.Name}", out var speaksOf) is not LicenseFileKind.None and var kind && speaksOf == folder)
        {
            Add(kind, file, evidence);
        }
    }

    private void Add(LicenseFileKind kind, FileInfo file, LicenseEvidence evidence)
    {
        if (kind == LicenseFileKind.None || file.LinkTarget is not null || !FileKind.Of(file).IsRegular)
            return;
        try
        {
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            var bytes = new byte[Math.Min(stream.Length, LicenseFiles.MostBytes)];
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            evidence.Add(kind, _reader.Ids(kind, file.Name, bytes.AsSpan(0, read)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The file is met again as an entry and counted there; what it would have said is not known.
            evidence.Add(kind, [LicenseRefs.Unknown]);
        }
    }

    // Null when it can't be listed: it is met again as an entry, and counted there.
    private static List<FileInfo>? Files(DirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateFiles().OrderBy(f => f.Name, StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
