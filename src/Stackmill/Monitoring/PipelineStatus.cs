namespace Stackmill.Monitoring;

/// <summary>What a pipeline is doing: the values of the metric <c>pipeline_status</c>.</summary>
public enum PipelineStatus
{
    /// <summary>Its last run failed.</summary>
    Failed = -1,

    /// <summary>It is not running; its last run ended well or was asked to stop.</summary>
    Stopped = 0,

    /// <summary>It is running.</summary>
    Running = 1,
}
