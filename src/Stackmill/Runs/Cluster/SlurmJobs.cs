using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Runs.Plans;

namespace Stackmill.Runs.Cluster;

/// <summary>A job that was submitted for tasks of a group.</summary>
/// <param name="Job">Slurm's id.</param>
/// <param name="Group">The group.</param>
/// <param name="First">What is added to the number in the array for the number of the task.</param>
/// <param name="Tasks">Numbers of the tasks.</param>
internal sealed record SlurmJob(string Job, string Group, int First, IReadOnlyList<int> Tasks);

/// <summary>The jobs of a plan, the latest last, kept beside the scripts.</summary>
/// <param name="Plan">Id of the plan.</param>
/// <param name="Jobs">The jobs.</param>
internal sealed record SlurmJobs(string Plan, IReadOnlyList<SlurmJob> Jobs)
{
    /// <summary>The jobs of a plan; none when it was never submitted.</summary>
    /// <exception cref="UsageException">The list is damaged.</exception>
    public static SlurmJobs Read(string project, RunPlan plan)
    {
        var path = PathIn(project);
        if (!File.Exists(path))
            return new SlurmJobs(plan.Id, []);
        try
        {
            return JsonSerializer.Deserialize<SlurmJobs>(File.ReadAllBytes(path), ShardRunner.Json) is { } jobs && jobs.Plan == plan.Id ? jobs : new SlurmJobs(plan.Id, []);
        }
        catch (JsonException fault)
        {
            throw new UsageException($"the list of jobs '{path}' is damaged. Cancel what runs of it ('scancel'), remove the file and submit again; what is done stays done.", fault);
        }
    }

    /// <summary>Writes the list.</summary>
    public void Write(string project) => AtomicFile.WriteAllBytes(PathIn(project), JsonSerializer.SerializeToUtf8Bytes(this, ShardRunner.Json));

    private static string PathIn(string project) => Path.Combine(SlurmScript.Folder(project), "jobs.json");
}
