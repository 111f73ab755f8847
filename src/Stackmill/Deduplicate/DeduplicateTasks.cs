using System.Globalization;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Deduplicate.Search;
using Stackmill.Shared;

namespace Stackmill.Deduplicate;

/// <summary>
/// The stage by single tasks, for several processes on shared storage: one plans, any number do tasks of a step at the same time once the step before is
/// done, and one publishes. A task that two do at once, or again, leaves the same bytes. What is made equals what one process makes alone.
/// </summary>
internal static class DeduplicateTasks
{
    /// <summary>Name of the last step.</summary>
    public const string PublishStep = "publish";

    /// <summary>Prepares the output and gives the plan; what an interrupted run of the same plan has done stays done.</summary>
    public static JsonObject Plan(Dataset input, string output, DeduplicateOptions options, RunContext context)
    {
        var run = new DeduplicateRun(input, output, options, context);
        using var build = DatasetBuild.Begin(output, context);
        run.Prepare(build);
        var files = run.Files(build);
        var steps = new JsonArray();
        var before = "";
        foreach (var (name, tasks) in run.Steps(files).Select(s => (s.Name, s.Tasks)).Append((DeduplicateRun.Keep, run.KeepTasks)).Append((PublishStep, [new ShardTask(0, PublishStep, 1)])))
        {
            steps.Add(new JsonObject { ["step"] = name, ["needs"] = before.Length == 0 ? new JsonArray() : new JsonArray(before), ["tasks"] = new JsonArray([.. tasks.Select(t => (JsonNode)$"{name}/{t.Name}")]) });
            before = name;
        }

        return new JsonObject
        {
            ["stage"] = DeduplicateStage.Id,
            ["key"] = run.Plan.Key,
            ["up_to_date"] = build.UpToDate is not null,
            ["forecast"] = new JsonObject { ["scratch_bytes"] = run.Forecast.Disk, ["output_bytes"] = run.Forecast.Output, ["worker_seconds"] = Math.Ceiling(run.Forecast.Seconds) },
            ["steps"] = build.UpToDate is null ? steps : [],
        };
    }

    /// <summary>Does one task, or those of a step that are not done yet. Gives the manifest when it was the last step.</summary>
    /// <param name="input">The dataset.</param>
    /// <param name="output">The output that was planned.</param>
    /// <param name="options">The options that it was planned with.</param>
    /// <param name="id"><c>STEP</c>, <c>STEP/NAME</c>, or <c>STEP/NUMBER</c> with the number of the task in its step, from 0.</param>
    /// <param name="context">What the run gives.</param>
    /// <exception cref="UsageException">There is no such task, or tasks of the step before are not done.</exception>
    public static Manifest? Run(Dataset input, string output, DeduplicateOptions options, string id, RunContext context)
    {
        var run = new DeduplicateRun(input, output, options, context);
        var name = id.Split('/')[0];
        // A task that is done again after the end has nothing to do.
        if (Manifest.Read(output) is { } finished && finished.Key == run.Plan.Key)
            return finished;
        if (name == PublishStep)
            return Publish(run, output, context);
        using var build = DatasetBuild.Join(output, run.Plan, context);
        var files = run.Files(build);
        var steps = run.Steps(files);
        var at = name == DeduplicateRun.Keep ? steps.Count : steps.ToList().FindIndex(s => s.Name == name);
        if (at < 0)
            throw new UsageException($"there is no step '{name}'; expected {string.Join(", ", steps.Select(s => s.Name))}, {DeduplicateRun.Keep} or {PublishStep}.");
        if (at > 0)
            RequireDone(steps[at - 1].Name, steps[at - 1].Tasks, SearchSteps.Runner(steps[at - 1], files, run.Plan.Key, context));
        var tasks = Find(id, at == steps.Count ? run.KeepTasks : steps[at].Tasks);
        if (at < steps.Count)
            run.Do(steps[at], tasks, files);
        else if (build.Run(tasks, () => run.CreateKeepWorker(files)).FirstOrDefault(m => m.Error is not null) is { } failed)
            throw new RunFaultException(failed.Error!);
        return null;
    }

    private static Manifest Publish(DeduplicateRun run, string output, RunContext context)
    {
        using (DatasetBuild.Join(output, run.Plan, context))
        {
        }

        using var build = DatasetBuild.Begin(output, context);
        run.Prepare(build);
        if (build.UpToDate is { } manifest)
            return manifest;
        RequireDone(DeduplicateRun.Keep, run.KeepTasks, build.Runner());
        return run.Publish(build, build.Run(run.KeepTasks, () => throw new InvalidOperationException("All tasks are done.")), run.Files(build));
    }

    private static void RequireDone(string step, IReadOnlyList<ShardTask> tasks, ShardRunner runner)
    {
        var open = tasks.Zip(runner.Done(tasks)).Where(t => t.Second is null).Select(t => t.First).ToList();
        if (open.Count > 0)
            throw new UsageException($"step '{step}' comes first: {open.Count} of its {tasks.Count} tasks are not done ({step}/{open[0].Name}{(open.Count > 1 ? ", …" : "")}).");
    }

    private static IReadOnlyList<ShardTask> Find(string id, IReadOnlyList<ShardTask> tasks)
    {
        var parts = id.Split('/');
        if (parts.Length == 1)
            return tasks;
        var found = tasks.FirstOrDefault(t => t.Name == parts[1]) ?? (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? tasks.FirstOrDefault(t => t.Index == number) : null);
        return found is not null && parts.Length == 2 ? [found]
            : throw new UsageException($"there is no task '{id}'; step '{parts[0]}' has {tasks.Count}: {(tasks.Count == 0 ? "none" : $"{parts[0]}/{tasks[0].Name} to {parts[0]}/{tasks[^1].Name}")}, or {parts[0]}/0 to {parts[0]}/{tasks.Count - 1}.");
    }
}
