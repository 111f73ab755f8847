namespace Stackmill.Shared;

/// <summary>Where paths lie really, so that a symbolic link can't make one folder look like two.</summary>
internal static class RealPath
{
    /// <summary>
    /// The full path with every symbolic link on the way followed and one separator at its end, so that a path lies in
    /// another exactly when it starts with it. What does not exist yet is taken as it is named.
    /// </summary>
    /// <exception cref="IOException">Links point at one another in a circle.</exception>
    public static string OfFolder(string path) => Path.TrimEndingDirectorySeparator(Resolve(Path.GetFullPath(path))) + Path.DirectorySeparatorChar;

    private static string Resolve(string full)
    {
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            // A link's target may be reached through further links.
            if (new DirectoryInfo(real).LinkTarget is not null && Directory.ResolveLinkTarget(real, returnFinalTarget: true) is { } target)
                real = Resolve(target.FullName);
        }

        return real;
    }
}
