namespace Stackmill.Monitoring.Machine;

/// <summary>The control groups of this process, by <c>proc/self/cgroup</c> (cgroups(7)): lines of ID:CONTROLLERS:PATH, without controllers in version 2.</summary>
internal static class ControlGroups
{
    /// <summary>Each group that the process is in, with its controllers.</summary>
    public static IEnumerable<(string[] Controllers, string Path)> Of(string root)
    {
        if (Text(Path.Combine(root, "proc/self/cgroup")) is not { } list)
            yield break;
        foreach (var line in list.Split('\n'))
        {
            if (line.Split(':', 3) is [_, var controllers, var path])
                yield return (controllers.Split(',', StringSplitOptions.RemoveEmptyEntries), path);
        }
    }

    /// <summary>A group and those around it, the outermost last: the limit of any of them holds.</summary>
    public static IEnumerable<string> Upward(string path)
    {
        for (var group = path.Trim('/'); ; group = Path.GetDirectoryName(group) ?? "")
        {
            yield return group;
            if (group.Length == 0)
                yield break;
        }
    }

    /// <summary>The text of a file, trimmed; <c>null</c> when it is not there.</summary>
    public static string? Text(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : null;
}
