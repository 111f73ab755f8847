using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Stackmill.Core.Engine;

/// <summary>Files that appear whole or not at all: written under a temporary name, flushed to the disk, renamed.</summary>
public static partial class AtomicFile
{
    // Of the machine's name, at the end of a process's mark.
    private const int MachineDigits = 10;

    /// <summary>Writes a whole file at once; <paramref name="flush"/> is false where it need not outlast a power cut.</summary>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes, bool flush = true)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = TemporaryName(path);
        var published = false;
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
            {
                RandomAccess.Write(handle, bytes, 0);
                if (flush)
                    RandomAccess.FlushToDisk(handle);
            }

            File.Move(temporary, path, overwrite: true);
            published = true;
        }
        finally
        {
            if (!published)
                File.Delete(temporary);
        }

        if (flush)
            FlushFolder(folder);
    }

    /// <summary>Writes a whole file by a callback on a stream.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = TemporaryName(path);
        var published = false;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            published = true;
        }
        finally
        {
            if (!published)
                File.Delete(temporary);
        }

        FlushFolder(folder);
    }

    /// <summary>Flushes a finished temporary file to the disk, and gives its length and SHA-256 (lower-case hex).</summary>
    public static (long Bytes, string Sha256) Seal(string temporary)
    {
        using var stream = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        stream.Flush(flushToDisk: true);
        return (stream.Length, hash);
    }

    /// <summary>SHA-256 of a file, lower-case hex.</summary>
    public static string Hash(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Makes a rename in a folder last through a power cut (Linux and macOS; elsewhere the file system does).</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = open(folder, 0);
        if (descriptor < 0)
            return;
        // A file system that can't flush a folder says so with EINVAL; the file's own bytes are already flushed.
        _ = fsync(descriptor);
        _ = close(descriptor);
    }

    /// <summary>The name under which a file is written before it is whole; leftovers of killed runs are removed by it.</summary>
    public static string TemporaryName(string path) => $"{path}.{ProcessMark}.tmp";

    /// <summary>Digits that no other process has at the same time, on this machine or another: in containers the process's number alone is often 1.</summary>
    public static string ProcessMark { get; } = FormattableString.Invariant($"{Environment.ProcessId}{BitConverter.ToUInt32(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Environment.MachineName))):D10}");

    /// <summary>Removes what killed runs left under temporary names. Nobody else may be writing to the folder.</summary>
    public static void RemoveLeftovers(string folder, SearchOption depth)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.EnumerateFiles(folder, "*.tmp", depth).Where(f => Temporary().IsMatch(f)).ToList())
            File.Delete(file);
    }

    /// <summary>
    /// Removes the same where others may be writing to the folder: what processes of this machine left that are no more, and what was last written before <paramref name="before"/>.
    /// This process must not have written there yet.
    /// </summary>
    public static void RemoveOrphans(string folder, DateTime before)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.EnumerateFiles(folder, "*.tmp").ToList())
        {
            if (Temporary().Match(file) is { Success: true } name && (IsOrphan(name.Groups[1].ValueSpan) || File.GetLastWriteTimeUtc(file) < before))
                File.Delete(file);
        }
    }

    private static bool IsOrphan(ReadOnlySpan<char> mark) =>
        mark.SequenceEqual(ProcessMark)
        || (mark.Length > MachineDigits && mark[^MachineDigits..].SequenceEqual(ProcessMark.AsSpan()[^MachineDigits..]) && int.TryParse(mark[..^MachineDigits], CultureInfo.InvariantCulture, out var id) && !IsRunning(id));

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            // There is none of that number.
            return false;
        }
        catch (InvalidOperationException)
        {
            // It has ended just now.
            return false;
        }
    }

    [GeneratedRegex(@"\.([0-9]+)\.tmp$")]
    private static partial Regex Temporary();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int close(int descriptor);
}
