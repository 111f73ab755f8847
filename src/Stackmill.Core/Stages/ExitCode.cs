namespace Stackmill.Core.Stages;

/// <summary>What the process's exit code means; the same for every command.</summary>
public enum ExitCode
{
    /// <summary>Everything was done.</summary>
    Done = 0,

    /// <summary>The run could not go on: full disk, no permission, broken state, or a bug.</summary>
    RunFault = 1,

    /// <summary>Wrong command line or configuration; nothing was started.</summary>
    Usage = 2,

    /// <summary>Some shards failed; the others are done, and a second run tries the failed ones again.</summary>
    ShardsFailed = 3,

    /// <summary>Validation found errors; the export was not made.</summary>
    ValidationFailed = 4,

    /// <summary>Stopped by Ctrl-C or SIGTERM; a second run goes on where this one stopped.</summary>
    Interrupted = 130,
}
