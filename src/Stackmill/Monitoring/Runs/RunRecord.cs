using System.Text.Json;
using Microsoft.Extensions.Logging;
using Stackmill.Core.Engine;

namespace Stackmill.Monitoring.Runs;

/// <summary>What is known of one run, running or ended. It holds counts, names of stages and error texts, never a content.</summary>
/// <param name="RunId">Its id, the same in logs, exemplars and traces; ids sort by time.</param>
/// <param name="Command">The command.</param>
/// <param name="PipelineName">Name of its pipeline.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Machine">Name of the machine.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Started">When it began.</param>
/// <param name="Updated">When this was written; a run that is running writes it again and again.</param>
/// <param name="Status">running, stopped or failed.</param>
/// <param name="IntervalSeconds">How often it is written while the run runs.</param>
/// <param name="Stages">Its stages, in order.</param>
internal sealed record RunRecord(
    string RunId, string Command, string PipelineName, string Version, string Machine, int ProcessId, DateTimeOffset Started, DateTimeOffset Updated, string Status, double IntervalSeconds,
    IReadOnlyList<StageFigures> Stages)
{
    /// <summary>Its exit code; <c>null</c> while it runs.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What ended it; <c>null</c> when nothing bad did.</summary>
    public string? Error { get; init; }

    /// <summary>Where its metrics are served; <c>null</c> for nowhere.</summary>
    public string? MetricsAddress { get; init; }

    /// <summary>Id of the plan whose task it did; <c>null</c> for none.</summary>
    public string? Plan { get; init; }

    /// <summary>The task that it did; <c>null</c> for none.</summary>
    public string? Task { get; init; }

    /// <summary>Folder of the records in the logs folder.</summary>
    public const string FolderName = "runs";

    // Its files are read whole; a real one has some tens of kilobytes.
    private const long MostBytes = 4 << 20;

    internal TimeSpan Interval => TimeSpan.FromSeconds(Math.Clamp(IntervalSeconds, 1, 3600));

    /// <summary>Writes the record into a folder; it appears whole or not at all.</summary>
    public void Write(string folder) => AtomicFile.WriteAllBytes(Path.Combine(folder, RunId + ".json"), JsonSerializer.SerializeToUtf8Bytes(this, ShardRunner.Json), flush: false);

    /// <summary>The newest records of a folder, the newest first. What can't be read as one is told to the log and left out.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="most">How many.</param>
    /// <param name="log">Hears of what can't be read.</param>
    /// <param name="but">Id of a run that is left out; <c>null</c> for none.</param>
    /// <param name="damaged">Gets the paths of those that can't be read; <c>null</c> when nobody asks.</param>
    public static IReadOnlyList<RunRecord> Newest(string folder, int most, ILogger log, string? but = null, ICollection<string>? damaged = null)
    {
        var records = new List<RunRecord>();
        foreach (var path in Paths(folder).Where(p => Path.GetFileNameWithoutExtension(p) != but).TakeLast(most).Reverse())
        {
            try
            {
                if (new FileInfo(path).Length <= MostBytes && JsonSerializer.Deserialize<RunRecord>(File.ReadAllBytes(path), ShardRunner.Json) is { } record && record.RunId == Path.GetFileNameWithoutExtension(path))
                    records.Add(record);
                else
                    damaged?.Add(path);
            }
            catch (FileNotFoundException)
            {
                // Another run has just removed it, for there are newer ones.
            }
            catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
            {
                log.LogDebug("the record of a run '{Path}' is not readable: {Message}", path, fault.Message);
                damaged?.Add(path);
            }
        }

        return records;
    }

    /// <summary>Deletes all but the newest records, and those that killed runs left half written (of other machines: a day ago).</summary>
    public static void Retain(string folder, int most, DateTimeOffset now)
    {
        AtomicFile.RemoveOrphans(folder, now.UtcDateTime.AddDays(-1));
        foreach (var path in Paths(folder).SkipLast(most).ToList())
            File.Delete(path);
    }

    private static IEnumerable<string> Paths(string folder) =>
        !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, "*.json").Where(p => Guid.TryParse(Path.GetFileNameWithoutExtension(p), out _)).Order(StringComparer.Ordinal);
}
