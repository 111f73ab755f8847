namespace Stackmill.Versioning.Projects;

/// <summary>Paths as DVC compares and writes them.</summary>
internal static class ProjectPath
{
    /// <summary>True when a full path is another, or lies below it.</summary>
    public static bool IsInside(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal)
        && (path.Length == folder.Length || path[folder.Length] == Path.DirectorySeparatorChar || folder.EndsWith(Path.DirectorySeparatorChar));

    /// <summary>A path relative to a folder, with <c>/</c>.</summary>
    public static string Relative(string folder, string path) => Posix(Path.GetRelativePath(folder, path));

    /// <summary>A path with <c>/</c>. Where that separates anyway, a backslash is an ordinary character.</summary>
    public static string Posix(string path) => Path.DirectorySeparatorChar == '/' ? path : path.Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>The full path of a path that is relative to a folder, without a separator at its end.</summary>
    public static string Full(string folder, string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder));
}
