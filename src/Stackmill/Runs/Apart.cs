using Stackmill.Core.Faults;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Shared;

namespace Stackmill.Runs;

/// <summary>Keeps inputs and outputs apart, whether they are paths or addresses: an input is never changed, and an output must not be read as input.</summary>
internal static class Apart
{
    /// <summary>Fails when one lies in the other, or both are the same.</summary>
    /// <exception cref="UsageException">They do.</exception>
    public static void Require(string input, string output)
    {
        if (IsInside(output, input))
            throw new UsageException($"the output '{output}' lies inside the input '{input}', which is never changed. Choose an --output outside of it.");
        if (IsInside(input, output))
            throw new UsageException($"the input '{input}' lies inside the output '{output}', which is written anew. Choose another --output.");
    }

    /// <summary>True when a path or address is the other one, or lies in it.</summary>
    public static bool IsInside(string inner, string outer)
    {
        if (StoragePaths.IsAddress(inner) || StoragePaths.IsAddress(outer))
        {
            return S3Location.TryParse(inner, out var a) && S3Location.TryParse(outer, out var b)
                && a.Bucket == b.Bucket && a.FolderPrefix.StartsWith(b.FolderPrefix, StringComparison.Ordinal);
        }

        return RealPath.OfFolder(inner).StartsWith(RealPath.OfFolder(outer), StringComparison.Ordinal);
    }

    /// <summary>How people call something inside of what they gave: by its address where <paramref name="local"/> is a copy of an address.</summary>
    public static string Inside(string given, string local, string path)
    {
        if (!StoragePaths.IsAddress(given))
            return path;
        var relative = Path.GetRelativePath(local, path).Replace('\\', '/');
        return relative == "." ? given : relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? path : Join(given, relative);
    }

    /// <summary>Path or address of a folder below another.</summary>
    public static string Join(string folder, string relative) => StoragePaths.IsAddress(folder) ? $"{folder.TrimEnd('/')}/{relative}" : Path.Combine(folder, relative);
}
