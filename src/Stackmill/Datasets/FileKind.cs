using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Stackmill.Datasets;

/// <summary>Type and change marks of a directory entry, without following links and without opening it (opening a FIFO would wait for ever).</summary>
/// <param name="IsRegular">True for an ordinary file.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Changed">Nanoseconds of the last change: with the length, tells whether a file is still the same.</param>
internal readonly partial record struct FileKind(bool IsRegular, long Length, long Changed)
{
    private const int RegularFile = 0x8000;
    private const int TypeMask = 0xF000;
    private const int AtCurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7FF;

    /// <summary>Looks at one entry. Where the system tells no type, it counts as an ordinary file.</summary>
    public static FileKind Of(FileInfo file)
    {
        Span<byte> stat = stackalloc byte[512];
        if (OperatingSystem.IsLinux() && statx(AtCurrentFolder, file.FullName, NoFollow, BasicStats, ref MemoryMarshal.GetReference(stat)) == 0)
        {
            // struct statx (linux/stat.h): stx_mode at 28, stx_size at 40, stx_ctime at 96 (seconds) and 104 (nanoseconds).
            var mode = BinaryPrimitives.ReadUInt16LittleEndian(stat[28..]);
            var length = BinaryPrimitives.ReadInt64LittleEndian(stat[40..]);
            var changed = (BinaryPrimitives.ReadInt64LittleEndian(stat[96..]) * 1_000_000_000) + BinaryPrimitives.ReadUInt32LittleEndian(stat[104..]);
            return new FileKind((mode & TypeMask) == RegularFile, length, changed);
        }

        if (OperatingSystem.IsMacOS())
        {
            // struct stat: st_mode at 4 in the 64-bit inode form.
            var failed = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? lstat(file.FullName, ref MemoryMarshal.GetReference(stat))
                : lstat64(file.FullName, ref MemoryMarshal.GetReference(stat));
            if (failed == 0 && (BinaryPrimitives.ReadUInt16LittleEndian(stat[4..]) & TypeMask) != RegularFile)
                return new FileKind(false, 0, 0);
        }

        return new FileKind(true, file.Exists ? file.Length : 0, file.LastWriteTimeUtc.Ticks * 100);
    }

    /// <summary>True for an ordinary file, or a link to one: opening a FIFO would wait for ever, and a device has no end.</summary>
    public static bool IsOrdinary(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && Of(file.LinkTarget is null ? file : new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)!.FullName)).IsRegular;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lstat(string path, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lstat64(string path, ref byte buffer);
}
