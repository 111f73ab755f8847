using System.Text;
using System.Text.Json;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Objects;

/// <summary>One file of a folder: where it lies in it, with <c>/</c>, and its hash.</summary>
internal readonly record struct FolderEntry(string Path, string Md5);

/// <summary>A folder as DVC keeps it: the list of its files in the order of their paths, as one line of JSON, whose MD5 names it.</summary>
internal sealed class FolderObject
{
    private FolderObject(IReadOnlyList<FolderEntry> entries, byte[] bytes) => (Entries, Bytes) = (entries, bytes);

    /// <summary>Its files, in the order of the code points of their paths.</summary>
    public IReadOnlyList<FolderEntry> Entries { get; }

    /// <summary>The object.</summary>
    public byte[] Bytes { get; }

    /// <summary>Its name: MD5 with <c>.dir</c>.</summary>
    public string Hash => Md5File.Of(Bytes) + Md5File.FolderEnding;

    /// <summary>The object of entries that are in order.</summary>
    public static FolderObject Of(IReadOnlyList<FolderEntry> entries)
    {
        var text = new StringBuilder(entries.Count * 80).Append('[');
        foreach (var (path, md5) in entries)
        {
            text.Append(text.Length > 1 ? ", " : "").Append("{\"md5\": \"").Append(md5).Append("\", \"relpath\": ");
            PythonJson.Quote(text, path);
            text.Append('}');
        }

        return new FolderObject(entries, Encoding.ASCII.GetBytes(text.Append(']').ToString()));
    }

    /// <summary>Reads an object.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="name">Where they come from, for messages.</param>
    /// <exception cref="RunFaultException">It is none, or one of its paths leads out of the folder.</exception>
    public static FolderObject Read(byte[] bytes, string name)
    {
        var entries = new List<FolderEntry>();
        try
        {
            using var document = JsonDocument.Parse(bytes);
            foreach (var item in document.RootElement.EnumerateArray())
            {
                var (path, md5) = (item.GetProperty("relpath").GetString() ?? "", item.GetProperty("md5").GetString() ?? "");
                if (path.Split('/').Any(IgnoreRules.IsReserved))
                    throw new RunFaultException($"the folder object '{name}' names a file inside of what belongs to Git or DVC ('.git', '.dvc'). Nothing was taken from it; get it from another remote, or add the folder again.");
                if (!IsInside(path) || !Md5File.IsHash(md5) || Md5File.IsFolder(md5))
                    throw new RunFaultException($"the folder object '{name}' names a file that leads out of the folder, or one without an MD5. Nothing was taken from it; get it from another remote, or add the folder again.");
                entries.Add(new FolderEntry(path, md5));
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new RunFaultException($"the folder object '{name}' is damaged: expected a list of files with md5 and relpath. Remove it and fetch it again, or add the folder again.", fault);
        }

        return new FolderObject(entries, bytes);
    }

    private static bool IsInside(string path) =>
        path.Length > 0 && path[0] != '/' && !path.Contains('\0', StringComparison.Ordinal) && !path.Split('/').Any(p => p is "" or "." or "..")
        && (!OperatingSystem.IsWindows() || path.AsSpan().IndexOfAny('\\', ':') < 0);
}
