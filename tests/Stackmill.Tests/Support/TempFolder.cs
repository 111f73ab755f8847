namespace Stackmill.Tests.Support;

/// <summary>An empty folder of its own that goes, with all that is in it, when disposed.</summary>
internal sealed class TempFolder : IDisposable
{
    /// <summary>Full path of the folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("stackmill-test-").FullName;

    /// <summary>Full path of something in the folder; it need not exist.</summary>
    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a file, with its folders, and returns its full path.</summary>
    public string Write(string path, ReadOnlySpan<byte> bytes)
    {
        var full = this[path];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
        return full;
    }

    /// <summary>Writes a file as UTF-8 without a byte order mark and returns its full path.</summary>
    public string Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Relative paths of all files, with forward slashes, in ordinal order.</summary>
    public IReadOnlyList<string> Files() =>
        [.. Directory.EnumerateFiles(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => System.IO.Path.GetRelativePath(Path, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        if (!Directory.Exists(Path))
            return;
        // A test may have taken the right to write from a folder, which would keep its files from being removed.
        if (!OperatingSystem.IsWindows())
            RestoreAccess(new DirectoryInfo(Path));
        Directory.Delete(Path, recursive: true);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void RestoreAccess(DirectoryInfo folder)
    {
        folder.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var inner in folder.EnumerateDirectories().Where(inner => inner.LinkTarget is null))
            RestoreAccess(inner);
    }
}
