using Stackmill.Runs.Plans;

namespace Stackmill.Runs.Cluster;

/// <summary>Tasks of a group in Slurm.</summary>
/// <param name="Waiting">Those that wait.</param>
/// <param name="Running">Those that run.</param>
/// <param name="Failed">Those that ended otherwise than well and were not submitted again.</param>
internal sealed record SlurmCounts(int Waiting, int Running, int Failed);

/// <summary>What Slurm knows of a plan's jobs: the queue, and the accounts where there are any.</summary>
internal static class SlurmStatus
{
    private static readonly string[] Failures = ["FAILED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE", "CANCELLED", "PREEMPTED", "REVOKED"];

    /// <summary>By group; groups without jobs are not among them.</summary>
    public static IReadOnlyDictionary<string, SlurmCounts> Of(string project, RunPlan plan, SlurmClient client)
    {
        var jobs = SlurmJobs.Read(project, plan).Jobs;
        var ids = jobs.Select(j => j.Job).ToList();
        var states = new Dictionary<(string Group, int Task), string>();
        var byId = jobs.GroupBy(j => j.Job, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
        // Accounts first: the queue is newer. Jobs come in the order in which they were submitted, so that a task's latest try counts.
        foreach (var task in client.Ended(ids).Concat(client.Queue(ids)).Where(t => byId.ContainsKey(t.Job)).OrderBy(t => ids.IndexOf(t.Job)))
        {
            var job = byId[task.Job];
            foreach (var number in task.Task is { } one ? [one + job.First] : job.Tasks)
                states[(job.Group, number)] = task.Reason == "DependencyNeverSatisfied" ? "CANCELLED" : task.State;
        }

        return states.GroupBy(s => s.Key.Group, s => s.Value, StringComparer.Ordinal).ToDictionary(
            g => g.Key,
            g => new SlurmCounts(g.Count(s => s is "PENDING" or "REQUEUED" or "REQUEUE_HOLD" or "CONFIGURING"), g.Count(s => s is "RUNNING" or "COMPLETING" or "SUSPENDED"), g.Count(Failures.Contains)),
            StringComparer.Ordinal);
    }
}
