using System.Text.Json;
using Microsoft.Extensions.Logging;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Monitoring.Runs;

/// <summary>One attempt at a task of a plan.</summary>
/// <param name="Task">The task.</param>
/// <param name="Attempt">Which attempt at it, from 1.</param>
/// <param name="RunId">Id of its run, the same in the log.</param>
/// <param name="Machine">Name of the machine.</param>
/// <param name="Started">When it began.</param>
/// <param name="Seconds">How long it took, or has taken so far.</param>
/// <param name="Outcome">running, done, stopped, failed or lost.</param>
/// <param name="ExitCode">Its exit code; <c>null</c> while it has none.</param>
/// <param name="In">Records that came in.</param>
/// <param name="Kept">Records that stayed.</param>
/// <param name="Bytes">Bytes that it read.</param>
/// <param name="Error">What ended it; <c>null</c> when nothing bad did.</param>
internal sealed record TaskAttempt(
    string Task, int Attempt, string RunId, string Machine, DateTimeOffset Started, double Seconds, string Outcome, int? ExitCode, long In, long Kept, long Bytes, string? Error)
{
    /// <summary>Its group in the plan.</summary>
    public string Group => Task.Split('/')[0];

    /// <summary>True when somebody may have to look at it.</summary>
    public bool IsBad => Outcome is RunStatus.Failed or RunStatus.Lost;
}

/// <summary>All attempts at the tasks of a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Tasks">Tasks that were tried.</param>
/// <param name="Done">Those whose last attempt is done.</param>
/// <param name="Attempts">Attempts in all.</param>
/// <param name="Bad">Tasks whose last attempt failed or was lost.</param>
/// <param name="Machines">Machines that took part.</param>
/// <param name="Seconds">Seconds of all attempts together.</param>
/// <param name="Slowest">Seconds of the slowest.</param>
/// <param name="In">Records that came in, in last attempts.</param>
/// <param name="Kept">Records that stayed, in last attempts.</param>
internal sealed record TaskGroupFigures(string Group, int Tasks, int Done, int Attempts, int Bad, int Machines, double Seconds, double Slowest, long In, long Kept);

/// <summary>What became of the tasks of a plan, from the record that each attempt leaves. One file an attempt: workers on shared storage have no file in common.</summary>
internal sealed class TaskHistory
{
    /// <summary>Stands for the plan that was worked on last where the id of a run is asked for.</summary>
    public const string Plan = "plan";

    /// <summary>The folder of the records, beside those of runs.</summary>
    public const string FolderName = "tasks";

    private const int NameLength = 16;
    private const long MostBytes = 4 << 20;

    private TaskHistory(string plan, IReadOnlyList<TaskAttempt> attempts) => (PlanId, Attempts) = (plan, attempts);

    /// <summary>Beginning of the plan's id.</summary>
    public string PlanId { get; }

    /// <summary>All attempts, by task and then in the order of their beginnings.</summary>
    public IReadOnlyList<TaskAttempt> Attempts { get; }

    /// <summary>Where attempts at tasks of a plan leave their records.</summary>
    public static string FolderOf(string logs, string plan) => Path.Combine(logs, FolderName, plan[..Math.Min(NameLength, plan.Length)]);

    /// <summary>Deletes the records of all plans but those that were worked on last.</summary>
    /// <param name="logs">The logs folder of the project.</param>
    /// <param name="most">How many plans keep theirs.</param>
    public static void Retain(string logs, int most)
    {
        var folder = new DirectoryInfo(Path.Combine(logs, FolderName));
        if (!folder.Exists)
            return;
        foreach (var plan in folder.EnumerateDirectories().Where(IsOfPlan).OrderByDescending(d => d.LastWriteTimeUtc).ThenBy(d => d.Name, StringComparer.Ordinal).Skip(most).ToList())
        {
            foreach (var file in plan.EnumerateFiles().Where(f => f.Extension is ".json" or ".tmp").ToList())
                file.Delete();
            if (!plan.EnumerateFileSystemInfos().Any())
                plan.Delete();
        }
    }

    /// <summary>The tasks of a plan; <c>null</c> when an id names none that was worked on.</summary>
    /// <param name="logs">The logs folder of the project.</param>
    /// <param name="id">Beginning of a plan's id, or <see cref="Plan"/>.</param>
    /// <param name="now">The time.</param>
    /// <param name="log">Hears of records that can't be read.</param>
    /// <exception cref="UsageException">No plan was worked on, or several have such an id.</exception>
    public static TaskHistory? Find(string logs, string id, DateTimeOffset now, ILogger log)
    {
        var folder = Path.Combine(logs, FolderName);
        var plans = Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).ToList() : [];
        if (id == Plan)
        {
            return plans.Count > 0 ? Read(plans.MaxBy(p => Newest(p), StringComparer.Ordinal)!, now, log)
                : throw new UsageException($"'{folder}' has no records of tasks. 'stackmill task' leaves them, in projects on this machine's storage.");
        }

        var found = plans.Where(p => id.Length >= 4 && Path.GetFileName(p).StartsWith(id[..Math.Min(NameLength, id.Length)], StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count switch
        {
            0 => null,
            1 => Read(found[0], now, log),
            _ => throw new UsageException($"{found.Count} plans have ids that begin with '{id}'. Give more of the id."),
        };
    }

    /// <summary>Figures of each group, in the order in which the groups were begun.</summary>
    public IReadOnlyList<TaskGroupFigures> Groups() => [.. Attempts.GroupBy(a => a.Group).OrderBy(g => g.Min(a => a.Started)).Select(Figures)];

    /// <summary>The attempts that people look for: those that failed or were lost and were not made good, then the slowest.</summary>
    public IReadOnlyList<TaskAttempt> Foremost(int most)
    {
        var last = Attempts.GroupBy(a => a.Task).Select(g => g.Last()).ToList();
        return [.. last.Where(a => a.IsBad).Concat(Attempts.Where(a => !a.IsBad || !last.Contains(a)).OrderByDescending(a => a.Seconds).ThenBy(a => a.Task, StringComparer.Ordinal)).Take(most)];
    }

    private static TaskGroupFigures Figures(IGrouping<string, TaskAttempt> group)
    {
        var last = group.GroupBy(a => a.Task).Select(g => g.Last()).ToList();
        return new TaskGroupFigures(
            group.Key, last.Count, last.Count(a => a.ExitCode == 0), group.Count(), last.Count(a => a.IsBad), group.Select(a => a.Machine).Distinct(StringComparer.Ordinal).Count(),
            group.Sum(a => a.Seconds), group.Max(a => a.Seconds), last.Sum(a => a.In), last.Sum(a => a.Kept));
    }

    private static TaskHistory Read(string folder, DateTimeOffset now, ILogger log)
    {
        var attempts = new List<TaskAttempt>();
        // Ids of runs sort by time.
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                if (new FileInfo(path).Length <= MostBytes && JsonSerializer.Deserialize<RunRecord>(File.ReadAllBytes(path), ShardRunner.Json) is { Task: { } task } record)
                    attempts.Add(Attempt(task, record, RunStatus.Of(record, now)));
            }
            catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
            {
                log.LogDebug("the record of a task '{Path}' is not readable: {Message}", path, fault.Message);
            }
        }

        return new TaskHistory(Path.GetFileName(folder), [.. attempts.GroupBy(a => a.Task).OrderBy(g => g.Key, StringComparer.Ordinal).SelectMany(g => g.Select((a, i) => a with { Attempt = i + 1 }))]);
    }

    private static TaskAttempt Attempt(string task, RunRecord record, string status) => new(
        task, 0, record.RunId, record.Machine, record.Started, (record.Updated - record.Started).TotalSeconds, status == "stopped" && record.ExitCode == 0 ? "done" : status, record.ExitCode,
        record.Stages.Sum(s => s.Books.In), record.Stages.Sum(s => s.Books.Kept), record.Stages.Sum(s => s.BytesRead), record.Error);

    private static bool IsOfPlan(DirectoryInfo folder) => folder.LinkTarget is null && folder.Name.Length is > 0 and <= NameLength && folder.Name.All(char.IsAsciiHexDigitLower);

    private static string Newest(string folder) => Directory.EnumerateFiles(folder, "*.json").Select(f => Path.GetFileName(f)).Max(StringComparer.Ordinal) ?? "";
}
