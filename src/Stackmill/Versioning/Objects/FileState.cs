using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Stackmill.Versioning.Objects;

/// <summary>What the file system tells of an entry: with its size, time and inode a file is known again without being read.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Modified">Nanoseconds of its last change, since 1970.</param>
/// <param name="Inode">Number of the file on its device; 0 where the system tells none.</param>
/// <param name="Mode">The lowest twelve bits of its mode; 0 where there are none.</param>
internal readonly partial record struct FileState(EntryKind Kind, long Size, long Modified, ulong Inode, int Mode)
{
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;
    private const int Link = 0xA000;
    private const int AtCurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7FF;

    /// <summary>The bit that lets the owner execute a file.</summary>
    public const int OwnerExecutes = 0x40;

    /// <summary>True when its owner may execute it.</summary>
    public bool IsExecutable => (Mode & OwnerExecutes) != 0;

    /// <summary>Looks at what a path leads to, or at a link itself.</summary>
    public static FileState Of(string path, bool follow = true)
    {
        if (!OperatingSystem.IsLinux())
            return Portable(path, follow);
        Span<byte> stat = stackalloc byte[512];
        if (statx(AtCurrentFolder, path, follow ? 0 : NoFollow, BasicStats, ref MemoryMarshal.GetReference(stat)) != 0)
            return default;
        // struct statx (linux/stat.h): stx_mode at 28, stx_ino at 32, stx_size at 40, stx_mtime at 112 (seconds) and 120 (nanoseconds).
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(stat[28..]);
        var kind = (mode & TypeMask) switch { RegularFile => EntryKind.File, Folder => EntryKind.Folder, Link => EntryKind.Link, _ => EntryKind.Other };
        var modified = (BinaryPrimitives.ReadInt64LittleEndian(stat[112..]) * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(stat[120..]);
        return new FileState(kind, BinaryPrimitives.ReadInt64LittleEndian(stat[40..]), modified, BinaryPrimitives.ReadUInt64LittleEndian(stat[32..]), mode & 0xFFF);
    }

    private static FileState Portable(string path, bool follow)
    {
        FileSystemInfo? info = new FileInfo(path);
        if (info.LinkTarget is not null)
        {
            if (!follow)
                return new FileState(EntryKind.Link, 0, 0, 0, 0);
            info = info.ResolveLinkTarget(returnFinalTarget: true);
        }

        if (info is null || (!File.Exists(info.FullName) && !Directory.Exists(info.FullName)))
            return default;
        var isFolder = Directory.Exists(info.FullName);
        var mode = OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(info.FullName);
        return new FileState(isFolder ? EntryKind.Folder : EntryKind.File, isFolder ? 0 : ((FileInfo)info).Length, (info.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100, 0, mode);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, ref byte buffer);
}

/// <summary>What a path leads to.</summary>
internal enum EntryKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An ordinary file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link; only where links are not followed.</summary>
    Link,

    /// <summary>A FIFO, socket or device.</summary>
    Other,
}
