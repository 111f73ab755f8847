using Stackmill.Core.Stages;

namespace Stackmill.Monitoring.Runs;

/// <summary>How a run that is known by its record stands.</summary>
internal static class RunStatus
{
    /// <summary>It is running.</summary>
    public const string Running = "running";

    /// <summary>It said that it was running, and has said nothing since: it was killed, or its machine is gone.</summary>
    public const string Lost = "lost";

    /// <summary>It failed.</summary>
    public const string Failed = "failed";

    // Records are written every 15 s unless told otherwise, at most every hour.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Its status: running, stopped, failed or lost.</summary>
    public static string Of(RunRecord run, DateTimeOffset now) => run.Status == Running && now - run.Updated > Patience + (2 * run.Interval) ? Lost : run.Status;

    /// <summary>The same for people, in the words of notifications: a run that has ended is done, interrupted or failed, and never just stopped.</summary>
    public static string Word(RunRecord run, DateTimeOffset now) => Of(run, now) is var status && (status is Running or Lost || run.ExitCode is null) ? status : Ended(run.ExitCode);

    /// <summary>How a run ended, by its exit code.</summary>
    public static string Ended(int? exitCode) => exitCode switch { (int)ExitCode.Done => "done", (int)ExitCode.Interrupted => "interrupted", (int)ExitCode.ShardsFailed => "done but for shards that failed", (int)ExitCode.ValidationFailed => "failed in validation", _ => Failed };

    /// <summary>The same as a value of <c>pipeline_status</c>.</summary>
    public static PipelineStatus Value(string status) => status switch { Running => PipelineStatus.Running, Failed or Lost => PipelineStatus.Failed, _ => PipelineStatus.Stopped };
}
