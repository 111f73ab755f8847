using System.Globalization;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Runs.Plans;

namespace Stackmill.Runs.Cluster;

/// <summary>One call of sbatch.</summary>
/// <param name="Group">The group.</param>
/// <param name="Tasks">Numbers of its tasks.</param>
/// <param name="Arguments">What sbatch is given.</param>
/// <param name="Job">The job's id; empty when nothing was submitted.</param>
internal sealed record SlurmCall(string Group, IReadOnlyList<int> Tasks, IReadOnlyList<string> Arguments, string Job);

/// <summary>
/// Submits what is not done of a plan: an array a group, each after those that it needs. Tasks that wait or run are left alone, so that submitting again
/// submits failed ones only, and the groups behind them.
/// </summary>
/// <param name="project">The project folder.</param>
/// <param name="plan">Its plan.</param>
/// <param name="options">How.</param>
/// <param name="client">Slurm; <c>null</c> to write the scripts and show the calls only.</param>
internal sealed class SlurmSubmission(string project, RunPlan plan, SlurmOptions options, SlurmClient? client)
{
    private readonly List<SlurmCall> _calls = [];
    private readonly Dictionary<string, List<string>> _after = new(StringComparer.Ordinal);
    private readonly HashSet<string> _submitted = new(StringComparer.Ordinal);
    private SlurmJobs _jobs = new(plan.Id, []);

    /// <summary>Submits, and gives the calls in their order.</summary>
    /// <exception cref="RunFaultException">Slurm does not answer or refuses, or another process submits the same.</exception>
    public IReadOnlyList<SlurmCall> Run(IReadOnlyList<GroupProgress> progress, string workingFolder)
    {
        Directory.CreateDirectory(SlurmScript.Folder(project));
        using var taken = OutputLock.Take(SlurmScript.Folder(project));
        _jobs = SlurmJobs.Read(project, plan);
        var queue = client?.Queue([.. _jobs.Jobs.Select(j => j.Job)]).Where(IsActive).ToList() ?? [];
        foreach (var (group, open, _, _) in progress)
        {
            var mine = _jobs.Jobs.Where(j => j.Group == group.Group).ToList();
            var active = mine.Where(j => queue.Any(q => q.Job == j.Job)).ToList();
            if (active.Count > 0 && group.Needs.Any(_submitted.Contains))
            {
                // They wait for tasks that have failed; they would be let go or taken away with those.
                client!.Cancel(active.Select(j => j.Job));
                active.Clear();
            }

            var waiting = active.SelectMany(j => queue.Where(q => q.Job == j.Job).Select(q => (q.Task ?? 0) + j.First)).ToHashSet();
            _after[group.Group] = [.. active.Select(j => j.Job)];
            var script = SlurmScript.Write(project, plan, group, options);
            var places = SlurmScript.Places(project, group, workingFolder);
            foreach (var chunk in Chunks(open.Where(t => !waiting.Contains(t)).ToList()))
                Submit(group, [.. places, .. options.Arguments], script, chunk.First, chunk.Tasks);
        }

        return _calls;
    }

    /// <summary>True for a task that may still do something.</summary>
    public static bool IsActive(SlurmTask task) =>
        task.State is "PENDING" or "RUNNING" or "CONFIGURING" or "COMPLETING" or "SUSPENDED" or "REQUEUED" or "REQUEUE_HOLD" or "REQUEUE_FED" or "RESIZING" or "SIGNALING" or "STAGE_OUT" or "STOPPED"
        && task.Reason != "DependencyNeverSatisfied";

    private void Submit(PlanGroup group, IEnumerable<string> how, string script, int first, List<int> tasks)
    {
        var needs = group.Needs.SelectMany(n => _after.GetValueOrDefault(n) ?? []).ToList();
        List<string> arguments = ["--parsable", .. how];
        if (group.Count > 1)
            arguments.Add($"--array={Ranges(tasks.Select(t => t - first))}{(options.MaxConcurrent > 0 ? $"%{options.MaxConcurrent.ToString(CultureInfo.InvariantCulture)}" : "")}");
        if (needs.Count > 0)
            arguments.Add($"--dependency=afterok:{string.Join(':', needs)}");
        arguments.Add(script);
        if (first > 0)
            arguments.Add(first.ToString(CultureInfo.InvariantCulture));
        var job = client?.Submit(arguments) ?? $"JOB_{group.Group}{(first > 0 ? $"_{first.ToString(CultureInfo.InvariantCulture)}" : "")}";
        _calls.Add(new SlurmCall(group.Group, tasks, arguments, job));
        _after[group.Group].Add(job);
        _submitted.Add(group.Group);
        if (client is null)
            return;
        // After each: what a submission that is cut off has submitted is known to the next.
        // A controller that was killed may have forgotten its last jobs, and gives their ids again.
        _jobs = _jobs with { Jobs = [.. _jobs.Jobs.Where(j => j.Job != job), new SlurmJob(job, group.Group, group.Count > 1 ? first : tasks[0], tasks)] };
        _jobs.Write(project);
    }

    private IEnumerable<(int First, List<int> Tasks)> Chunks(List<int> tasks) =>
        tasks.GroupBy(t => t / options.MaxArray).OrderBy(c => c.Key).Select(c => (c.Key * options.MaxArray, c.ToList()));

    /// <summary>Numbers as Slurm takes them: 0-3,7.</summary>
    public static string Ranges(IEnumerable<int> numbers)
    {
        var ranges = new List<(int From, int To)>();
        foreach (var number in numbers.Order())
        {
            if (ranges.Count > 0 && ranges[^1].To == number - 1)
                ranges[^1] = (ranges[^1].From, number);
            else
                ranges.Add((number, number));
        }

        return string.Join(',', ranges.Select(r => r.From == r.To ? r.From.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{r.From}-{r.To}")));
    }
}
