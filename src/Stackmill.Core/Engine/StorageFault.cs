namespace Stackmill.Core.Engine;

/// <summary>Tells apart the faults of a storage device that matter to the run from those of one file.</summary>
public static class StorageFault
{
    // ENOSPC 28 and EDQUOT 122 (Linux), 69 (macOS); ERROR_DISK_FULL 112 and ERROR_HANDLE_DISK_FULL 39 (Windows).
    private static readonly int[] UnixFull = [28, 122, 69];
    private static readonly int[] WindowsFull = [112, 39];

    /// <summary>True when the file system can't be written to at all (EROFS 30, ERROR_WRITE_PROTECT 19).</summary>
    public static bool IsReadOnly(IOException fault) => (fault.HResult & 0xFFFF) == (OperatingSystem.IsWindows() ? 19 : 30);

    /// <summary>True when the device or the quota is full.</summary>
    public static bool IsDiskFull(Exception fault)
    {
        for (var e = fault; e is not null; e = e.InnerException)
        {
            if (e is IOException)
            {
                var code = e.HResult & 0xFFFF;
                if ((OperatingSystem.IsWindows() ? WindowsFull : UnixFull).Contains(code))
                    return true;
            }

            // Native libraries pass the system's text on instead of a code.
            if (e.Message.Contains("No space left on device", StringComparison.Ordinal) ||
                e.Message.Contains("Disk quota exceeded", StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
