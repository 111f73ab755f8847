using System.Text;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>A key that can't be a file of this machine.</summary>
/// <param name="Key">The key.</param>
/// <param name="Length">Length of the object in bytes.</param>
/// <param name="Reason">Why, as it is told to people.</param>
internal sealed record RefusedKey(string Key, long Length, string Reason);

/// <summary>
/// Gives objects below a prefix paths in a folder. A key never leads out of the folder, two keys never share a file, and those
/// that can't be files are kept with the reason. Keys must come in their order, as listings give them.
/// </summary>
internal sealed class KeyPaths(string folderPrefix)
{
    // Linux, macOS: 255 bytes a name; 4,096 bytes a path, of which the folder of the mirror needs some.
    private const int MaxPartBytes = 255;
    private const int MaxPathBytes = 3_000;

    private static readonly bool IgnoresCase = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

    private readonly HashSet<string> _files = new(IgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(IgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private readonly List<RefusedKey> _refused = [];

    /// <summary>Keys without a path.</summary>
    public IReadOnlyList<RefusedKey> Refused => _refused;

    /// <summary>Empty objects whose keys end in a slash, which tools make to show empty folders. They hold nothing.</summary>
    public int FolderMarkers { get; private set; }

    /// <summary>The path of an object, with <c>/</c>; <c>null</c> when it has none.</summary>
    public string? Assign(RemoteObject item)
    {
        var path = item.Key[folderPrefix.Length..];
        if (item.Length == 0 && (path.Length == 0 || path[^1] == '/'))
        {
            FolderMarkers++;
            return null;
        }

        var reason = Check(path) ?? Claim(path);
        if (reason is null)
            return path;
        _refused.Add(new RefusedKey(item.Key, item.Length, reason));
        return null;
    }

    private static string? Check(string path)
    {
        if (path.Length == 0 || path[0] == '/')
            return "an absolute path";
        if (path[^1] == '/')
            return "it ends in '/', but holds bytes";
        if (path.Contains('\\') || path.Any(char.IsControl))
            return "a backslash or control character";
        if (Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
            return $"longer than {MaxPathBytes} bytes";
        foreach (var part in path.Split('/'))
        {
            if (part is "" or "." or "..")
                return "an empty part, '.' or '..'";
            if (Encoding.UTF8.GetByteCount(part) > MaxPartBytes)
                return $"a name of more than {MaxPartBytes} bytes";
        }

        return OperatingSystem.IsWindows() && !SafeNames.IsPortable(path) ? "a name that Windows can't hold" : null;
    }

    private string? Claim(string path)
    {
        if (_folders.Contains(path))
            return "a folder has the same name";
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_files.Contains(path[..slash]))
                return "it lies below the name of another object";
        }

        if (!_files.Add(path))
            return "a name that differs from another's in case only";
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
            _folders.Add(path[..slash]);
        return null;
    }
}
