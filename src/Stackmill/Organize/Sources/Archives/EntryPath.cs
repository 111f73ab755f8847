using Stackmill.Core.Model;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>What the name of an archive's entry means as a path.</summary>
internal static class EntryPath
{
    /// <summary>
    /// The path without empty and <c>.</c> parts; <c>null</c> for one that is absolute, names a drive, goes up, holds a NUL, or is empty.
    /// </summary>
    /// <param name="name">The entry's name.</param>
    /// <param name="isZip">In a zip a backslash separates folders (some writers on Windows use it), in a tar it is a character like others.</param>
    public static string? Normalise(string name, bool isZip)
    {
        var isDrive = name.Length >= 2 && char.IsAsciiLetter(name[0]) && name[1] == ':' && (name.Length == 2 || name[2] is '/' or '\\');
        if (name.Length == 0 || name[0] is '/' or '\\' || isDrive || name.Contains('\0') || name.Split('/', '\\').Contains(".."))
            return null;
        var path = isZip ? name.Replace('\\', '/') : name;
        var parts = path.Contains("//", StringComparison.Ordinal) || path.StartsWith("./", StringComparison.Ordinal) || path.Contains("/./", StringComparison.Ordinal) || path.EndsWith("/.", StringComparison.Ordinal)
            ? string.Join('/', path.Split('/').Where(p => p is not ("" or ".")))
            : path.TrimEnd('/');
        return parts is "" or "." ? null : parts;
    }

    /// <summary>Why a path is left out whatever it holds.</summary>
    public static Verdict Check(string path, bool includeHidden)
    {
        var isHidden = false;
        foreach (var part in path.Split('/'))
        {
            if (EntryNames.IsVersionControl(part))
                return Verdict.Drop("version_control");
            isHidden |= part.StartsWith('.');
        }

        return isHidden && !includeHidden ? Verdict.Drop("hidden") : Verdict.Keep;
    }

    /// <summary>Why an entry that is no file is left out.</summary>
    public static Verdict Check(EntryKind kind) => kind switch
    {
        EntryKind.SymbolicLink => Verdict.Drop("symbolic_link"),
        EntryKind.HardLink => Verdict.Drop("hard_link"),
        EntryKind.Special => Verdict.Drop("special_file"),
        _ => Verdict.Keep,
    };

    /// <summary>The one folder that all files of an archive lie in; empty when there is none, or its name is hidden.</summary>
    public static string CommonTop(ArchiveReader reader, bool isZip, CancellationToken cancellation)
    {
        string? top = null;
        try
        {
            while (reader.Next(out var entry))
            {
                cancellation.ThrowIfCancellationRequested();
                if (entry.Kind == EntryKind.Folder || Normalise(entry.Name, isZip) is not { } path)
                    continue;
                var slash = path.IndexOf('/');
                if (slash < 0 || path[0] == '.' || (top is not null && (slash != top.Length || !path.StartsWith(top, StringComparison.Ordinal))))
                    return "";
                top = path[..slash];
            }
        }
        catch (ArchiveFaultException)
        {
            // Whoever reads the entries themselves meets the same fault at the same place, and counts it.
            return top ?? "";
        }

        return top ?? "";
    }
}
