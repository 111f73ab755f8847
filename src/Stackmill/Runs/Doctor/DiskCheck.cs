using Stackmill.Core.Engine;
using Stackmill.Shared.Configuration;

namespace Stackmill.Runs.Doctor;

/// <summary>A folder that a run writes into.</summary>
/// <param name="Id">Name of the check.</param>
/// <param name="Path">The folder; it need not exist.</param>
/// <param name="Need">How much depends on it.</param>
/// <param name="Bytes">What a run writes there; <c>null</c> when that is not known.</param>
/// <param name="Setting">How another one is chosen.</param>
internal sealed record DiskPlace(string Id, string Path, Need Need, long? Bytes, string Setting);

/// <summary>Whether a folder can be written to, has room, and is fast enough.</summary>
internal static class DiskCheck
{
    // Below this nothing worth while fits.
    private const long LeastFree = 1_000_000_000;

    // Where the need is not known, less than this is worth a word.
    private const long LittleFree = 10_000_000_000;

    // Two processors write 20 MB/s on average (bench/results): a disk below that sets the pace of a run.
    private const double SlowBytesPerSecond = 20e6;

    /// <summary>Measures a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="freeBytes">Gives the bytes that are free in a folder.</param>
    /// <param name="measure">Measures the disk of a folder.</param>
    public static Check Run(DiskPlace place, Func<string, long> freeBytes, Func<string, DiskSpeed> measure)
    {
        var folder = Existing(place.Path);
        if (File.Exists(folder))
            return Check.Wrong(place.Id, place.Need, $"{folder} is a file, where a folder was expected", $"choose another place: {place.Setting}");
        try
        {
            var speed = measure(folder);
            return Judge(place, folder, freeBytes(folder), speed);
        }
        catch (IOException fault) when (StorageFault.IsDiskFull(fault))
        {
            return Check.Wrong(place.Id, place.Need, $"the disk of {folder} is full", $"make room, or choose another place: {place.Setting}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Check.Wrong(place.Id, place.Need, $"{folder} can't be written to: {(fault is UnauthorizedAccessException ? "permission denied" : fault.Message.TrimEnd('.'))}", $"change its permissions, or choose another place: {place.Setting}");
        }
    }

    /// <summary>Bytes that this user may still write in a folder.</summary>
    public static long FreeBytes(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>The folder, or the nearest one above it that exists; a file where one stands in the way.</summary>
    public static string Existing(string path)
    {
        var folder = Path.GetFullPath(path);
        while (!Path.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            folder = parent;
        return folder;
    }

    private static Check Judge(DiskPlace place, string folder, long free, DiskSpeed speed)
    {
        (string, double)[] figures =
        [
            ("free_bytes", free), ("write_bytes_per_second", Math.Round(speed.WriteBytesPerSecond)), ("read_bytes_per_second", Math.Round(speed.ReadBytesPerSecond)),
            .. place.Bytes is { } bytes ? [("needed_bytes", bytes)] : Array.Empty<(string, double)>(),
        ];
        var room = $"{SizeText.FormatRounded(free)} free{(place.Bytes is { } needed ? $", about {SizeText.FormatRounded(needed)} needed" : "")}";
        var found = $"{folder}: {room}; writes {Rate(speed.WriteBytesPerSecond)}, reads {Rate(speed.ReadBytesPerSecond)}";
        var elsewhere = $"make room, or choose another place: {place.Setting}";
        if (free < Math.Max(place.Bytes ?? 0, LeastFree))
            return Check.Wrong(place.Id, place.Need, found, elsewhere, figures);
        if (place.Bytes is null && free < LittleFree)
            return Check.Warning(place.Id, found, elsewhere, figures);
        return speed.WriteBytesPerSecond < SlowBytesPerSecond
            ? Check.Warning(place.Id, $"{found}: slow", $"choose a faster disk: {place.Setting}", figures)
            : Check.Ok(place.Id, found, figures);
    }

    private static string Rate(double bytesPerSecond) => $"{SizeText.FormatRounded((long)bytesPerSecond)}/s";
}
