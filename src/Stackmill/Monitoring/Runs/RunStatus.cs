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

    /// <summary>The same as a value of <c>pipeline_status</c>.</summary>
    public static PipelineStatus Value(string status) => status switch { Running => PipelineStatus.Running, Failed or Lost => PipelineStatus.Failed, _ => PipelineStatus.Stopped };
}
