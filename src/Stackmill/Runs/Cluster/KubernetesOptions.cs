using Stackmill.Core.Faults;

namespace Stackmill.Runs.Cluster;

/// <summary>A claim of storage, and where pods have it.</summary>
/// <param name="Claim">Name of the claim.</param>
/// <param name="Path">Absolute path, on this machine and in pods.</param>
/// <param name="IsReadOnly">True when pods must not write there.</param>
internal sealed record KubernetesVolume(string Claim, string Path, bool IsReadOnly)
{
    /// <summary>Reads <c>CLAIM:PATH</c> or <c>CLAIM:PATH:ro</c>; <c>null</c> for any other text.</summary>
    public static KubernetesVolume? Parse(string text)
    {
        var parts = text.Split(':');
        var isReadOnly = parts.Length == 3 && parts[2] == "ro";
        return (parts.Length == 2 || isReadOnly) && KubernetesOptions.IsName(parts[0]) && IsWhole(parts[1].TrimEnd('/'))
            ? new KubernetesVolume(parts[0], parts[1].TrimEnd('/'), isReadOnly) : null;
    }

    // A cluster takes no path that goes up, and two spellings of one would pass for two.
    private static bool IsWhole(string path) => path.StartsWith('/') && path == System.IO.Path.GetFullPath(path);

    /// <summary>True for a path in it.</summary>
    public bool Holds(string path) => path == Path || path.StartsWith(Path + "/", StringComparison.Ordinal);
}

/// <summary>How the manifests of a plan are written.</summary>
internal sealed record KubernetesOptions
{
    /// <summary>Image with the program, with a tag or digest.</summary>
    public required string Image { get; init; }

    /// <summary>Storage that all pods share: the project lies in it, and a local input.</summary>
    public required IReadOnlyList<KubernetesVolume> Volumes { get; init; }

    /// <summary>Namespace; empty for that of the one who applies them.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Secret whose entries become variables of the environment; it may be missing.</summary>
    public string Secret { get; init; } = "stackmill-s3";

    /// <summary>Pods of a group that run at the same time.</summary>
    public int Parallelism { get; init; } = 16;

    /// <summary>Times that a task is tried again.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>What is wrong with volumes that are fine each by itself; <c>null</c> for nothing.</summary>
    public static string? Clash(IReadOnlyList<KubernetesVolume> volumes)
    {
        if (volumes.FirstOrDefault(v => KubernetesManifests.OwnFolders.Contains(v.Path)) is { } own)
            return $"pods have something of their own at '{own.Path}'; expected another path than {string.Join(", ", KubernetesManifests.OwnFolders)}.";
        return volumes.GroupBy(v => v.Path).FirstOrDefault(g => g.Count() > 1) is { } twice ? $"'{twice.Key}' is named twice; expected one claim for each path." : null;
    }

    /// <summary>Longest name that Kubernetes takes.</summary>
    public const int MostName = 63;

    /// <summary>True for a name as Kubernetes takes it.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MostName && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && text[0] != '-' && text[^1] != '-';

    /// <summary>Fails when pods would not find what the plan names.</summary>
    /// <exception cref="UsageException">They would not.</exception>
    public void RequireSeen(string what, string path, bool writes)
    {
        if (Volumes.Any(v => v.Holds(path) && !(writes && v.IsReadOnly)))
            return;
        throw new UsageException($"{what} '{path}' lies in no volume{(writes ? " that pods may write to" : "")}; expected one of --volume CLAIM:PATH to hold it, under the path that it has here.");
    }
}
