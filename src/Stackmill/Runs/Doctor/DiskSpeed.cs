using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Stackmill.Runs.Doctor;

/// <summary>How fast a folder's disk is.</summary>
/// <param name="WriteBytesPerSecond">Bytes written and forced to the disk.</param>
/// <param name="ReadBytesPerSecond">Bytes read that the system had been told to forget.</param>
internal readonly partial record struct DiskSpeed(double WriteBytesPerSecond, double ReadBytesPerSecond)
{
    /// <summary>Most bytes that a trial writes.</summary>
    public const int MostBytes = 64 << 20;

    private const int Chunk = 4 << 20;
    private const int Forget = 4; // POSIX_FADV_DONTNEED

    /// <summary>
    /// Writes a file of at most <see cref="MostBytes"/> for at most about a second, reads it, and removes it. It has no name while
    /// it is measured where the system allows that, so nothing stays behind after <c>kill -9</c>.
    /// </summary>
    /// <exception cref="IOException">The folder can't be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static DiskSpeed Measure(string folder, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var longest = TimeSpan.FromSeconds(1);
        // Noise: file systems that compress would measure themselves.
        var bytes = new byte[Chunk];
        new Random(1).NextBytes(bytes);
        var path = Path.Combine(folder, $".stackmill-doctor-{Environment.ProcessId}");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, 1, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
            File.Delete(path);

        var began = clock.GetTimestamp();
        while (file.Length < MostBytes && (file.Length == 0 || clock.GetElapsedTime(began) < longest))
        {
            cancellation.ThrowIfCancellationRequested();
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        var written = Rate(file.Length, clock.GetElapsedTime(began));
        if (OperatingSystem.IsLinux())
            DropFromMemory(file);
        file.Position = 0;
        began = clock.GetTimestamp();
        long read = 0;
        while (file.Read(bytes) is > 0 and var count && clock.GetElapsedTime(began) < longest)
        {
            cancellation.ThrowIfCancellationRequested();
            read += count;
        }

        return new DiskSpeed(written, Rate(read, clock.GetElapsedTime(began)));
    }

    private static double Rate(long bytes, TimeSpan time) => bytes / Math.Max(time.TotalSeconds, 1e-6);

    // Else memory would be measured. A file system that does not know the advice (tmpfs) has no disk to measure.
    [SupportedOSPlatform("linux")]
    private static void DropFromMemory(FileStream file) => _ = NativeMethods.posix_fadvise(file.SafeFileHandle, 0, 0, Forget);

    private static partial class NativeMethods
    {
        [LibraryImport("libc")]
        internal static partial int posix_fadvise(SafeHandle file, long offset, long length, int advice);
    }
}
