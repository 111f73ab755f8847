namespace Stackmill.Runs.Cluster;

/// <summary>How tasks are submitted to Slurm.</summary>
internal sealed record SlurmOptions
{
    /// <summary>The command that starts this program on a node, as a shell takes it.</summary>
    public required string Command { get; init; }

    /// <summary>Partition; empty for the cluster's own.</summary>
    public string Partition { get; init; } = "";

    /// <summary>Limit of time as Slurm takes it; empty for one that is estimated from the bytes.</summary>
    public string Time { get; init; } = "";

    /// <summary>Memory as Slurm takes it; empty for a tenth above the limit that the task keeps.</summary>
    public string Memory { get; init; } = "";

    /// <summary>Tasks of a group that run at the same time; 0 for as many as the cluster runs.</summary>
    public int MaxConcurrent { get; init; }

    /// <summary>True to let Slurm begin a task again when its node fails.</summary>
    public bool Requeue { get; init; } = true;

    /// <summary>Times that a task is begun within its job when it is killed or can't go on.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Tasks of one array: less than the cluster's MaxArraySize.</summary>
    public int MaxArray { get; init; } = 1000;

    /// <summary>Further arguments of sbatch.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
