using System.Runtime.InteropServices;
using Stackmill.Core.Faults;

namespace Stackmill.Versioning.Objects;

/// <summary>How a file of the workspace is made from an object of the cache.</summary>
internal enum LinkKind
{
    /// <summary>A copy that shares its blocks until one of them is written; few file systems can.</summary>
    Reflink,

    /// <summary>A second name of the object.</summary>
    Hardlink,

    /// <summary>A link to the object's path.</summary>
    Symlink,

    /// <summary>A copy.</summary>
    Copy,
}

/// <summary>Makes files from others by the kinds of link that a project wants, in their order, as far as the file system can.</summary>
internal sealed partial class FileLinks
{
    // ioctl of linux/fs.h.
    private const ulong CloneRequest = 0x40049409;

    // One bit a kind that was tried and can't be had; several threads link at once.
    private int _impossible;
    private readonly IReadOnlyList<LinkKind> _wanted;

    private FileLinks(IReadOnlyList<LinkKind> wanted) => _wanted = wanted;

    /// <summary>True when the first kind that can be had shares bytes with the cache, so that files of the workspace must not be written to.</summary>
    public bool SharesBytes => _wanted.FirstOrDefault(IsPossible) is LinkKind.Hardlink or LinkKind.Symlink;

    /// <summary>Reads <c>cache.type</c>; without it reflink, then copy.</summary>
    /// <exception cref="UsageException">It names another kind.</exception>
    public static FileLinks Of(string? setting)
    {
        var names = (setting ?? "reflink,copy").Trim('[', ']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new FileLinks([.. names.Select(n => n.Trim('\'', '"') switch
        {
            "reflink" => LinkKind.Reflink,
            "hardlink" => LinkKind.Hardlink,
            "symlink" => LinkKind.Symlink,
            "copy" => LinkKind.Copy,
            _ => throw new UsageException($"cache.type in the project's configuration is '{setting}'; expected reflink, hardlink, symlink and copy, with commas between."),
        })]);
    }

    /// <summary>Copies only: for outputs that Git keeps.</summary>
    public static FileLinks Copies { get; } = new([LinkKind.Copy]);

    /// <summary>Fails when none of the kinds can be had between two folders, before anything is removed.</summary>
    /// <param name="from">A file of the cache.</param>
    /// <param name="trial">A path beside the files to be made; a file is made there and removed.</param>
    /// <exception cref="RunFaultException">None can.</exception>
    public void Require(string from, string trial)
    {
        _ = Make(from, trial);
        File.Delete(trial);
    }

    /// <summary>Makes a file that is not there.</summary>
    /// <exception cref="RunFaultException">The file system can do none of the kinds.</exception>
    public LinkKind Make(string from, string to)
    {
        foreach (var kind in _wanted.Where(IsPossible))
        {
            if (TryMake(kind, from, to))
                return kind;
            _ = Interlocked.Or(ref _impossible, 1 << (int)kind);
        }

        throw new RunFaultException($"cache.type in the project's configuration allows only {string.Join(", ", _wanted).ToLowerInvariant()}, which the file system of '{Path.GetDirectoryName(to)}' can't do with the cache. Add copy to it, or move the cache to the same file system. Nothing was changed.");
    }

    private bool IsPossible(LinkKind kind) => (Volatile.Read(ref _impossible) & (1 << (int)kind)) == 0;

    private static bool TryMake(LinkKind kind, string from, string to)
    {
        switch (kind)
        {
            case LinkKind.Copy:
                // The runtime clones by itself where the file system can.
                File.Copy(from, to, overwrite: true);
                SetMode(to, 0x1A4);
                return true;
            case LinkKind.Symlink:
                File.CreateSymbolicLink(to, from);
                return true;
            case LinkKind.Hardlink:
                return !OperatingSystem.IsWindows() && link(from, to) == 0;
            default:
                return OperatingSystem.IsLinux() && TryClone(from, to);
        }
    }

    /// <summary>Gives a file a mode, where there are modes.</summary>
    public static void SetMode(string path, int mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    private static bool TryClone(string from, string to)
    {
        var cloned = false;
        try
        {
            using var source = File.OpenHandle(from);
            using var target = File.OpenHandle(to, FileMode.Create, FileAccess.Write);
            cloned = ioctl((int)target.DangerousGetHandle(), CloneRequest, (int)source.DangerousGetHandle()) == 0;
        }
        finally
        {
            if (!cloned)
                File.Delete(to);
        }

        if (cloned)
            SetMode(to, 0x1A4);
        return cloned;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string from, string to);

    [LibraryImport("libc")]
    private static partial int ioctl(int target, ulong request, int source);
}
