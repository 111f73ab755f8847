using System.Globalization;
using Stackmill.Catalog;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Shared;
using Stackmill.Validate;

namespace Stackmill.Runs.Plans;

/// <summary>How a task ended.</summary>
/// <param name="Id">The task.</param>
/// <param name="ExitCode">How.</param>
/// <param name="WasDone">True when there was nothing to do.</param>
/// <param name="FailedShards">Shards that it could not read; the run goes on without them.</param>
internal sealed record TaskEnd(string Id, ExitCode ExitCode, bool WasDone, IReadOnlyList<string> FailedShards);

/// <summary>
/// Does tasks of a plan that lies in a project folder. A task may be done again, or by two workers at once: the bytes are the same, and what is done is not done again.
/// </summary>
internal static class PlannedRun
{
    // In the order in which they are looked for: the number of the task in its array.
    private static readonly string[] IndexVariables = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"];

    // Beginnings of ids of plans that are shorter are no proof.
    private const int ShortestId = 8;

    /// <summary>Does a task, or all of a group that are not done yet.</summary>
    /// <param name="project">The project folder.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="id"><c>GROUP/NUMBER</c>; or <c>GROUP</c>, for the task that <paramref name="index"/> says, or all of them.</param>
    /// <param name="index">Number of the task; <c>null</c> without one.</param>
    /// <param name="options">The configuration.</param>
    /// <param name="context">The run.</param>
    /// <exception cref="UsageException">There is no such task, or others come first, or the plan is of something else.</exception>
    public static TaskEnd Run(string project, RunPlan plan, string id, int? index, StackmillOptions options, RunContext context)
    {
        if (context.Force)
            throw new UsageException("--force is given; a task is not done again when it is done. Plan into another --output, or use 'stackmill run --force'.");
        var (group, task) = Find(plan, id, index);
        using var taken = OutputLock.Join(project);
        var stages = StagesOf(plan, options);
        var stage = stages.First(s => s.Id == group.Stage);
        context.Observer.TaskOfPlan(plan.Id, stage.Id, task is { } number ? $"{group.Group}/{number:D5}" : group.Group);
        if (StageRecord.Read(project, plan, stage.Id) is { } have)
            return new TaskEnd(id, group.Kind != PlanGroup.TasksKind ? ExitOf(stage, have) : ExitCode.Done, WasDone: true, []);
        RequireBefore(project, plan, stages, stage);
        using var work = new PlannedStages(project, plan.Source, IsAcquired(plan), options, context);
        return group.Kind == PlanGroup.TasksKind ? Do(work, stage, group, task, id) : End(project, plan, stages, stage, work, id, group);
    }

    /// <summary>Stages of a plan.</summary>
    public static IReadOnlyList<PlanStage> StagesOf(RunPlan plan, StackmillOptions options) => PlanStage.Of(options, IsAcquired(plan), isOne: false);

    /// <summary>The number of a task that a scheduler has left in the environment; <c>null</c> without one.</summary>
    /// <exception cref="UsageException">It is no number.</exception>
    public static int? IndexOf(Func<string, string?> environment)
    {
        foreach (var name in IndexVariables)
        {
            if (environment(name) is { Length: > 0 } text)
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException($"the variable {name} holds no number of a task; expected 0 or more. Name the task by its id.");
        }

        return null;
    }

    /// <summary>Fails when a plan was made by another program, or is not the one that a caller names.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public static void Require(string project, RunPlan plan, string? named, StackmillOptions options)
    {
        if (named is { Length: < ShortestId })
            throw new UsageException($"--plan '{named}': expected the id of a plan, or at least its first {ShortestId} characters; the plan in '{project}' is {plan.Id[..12]}….");
        if (named is not null && !plan.Id.StartsWith(named, StringComparison.Ordinal))
            throw new UsageException($"the plan in '{project}' is {plan.Id[..12]}…, the task was made for {named[..Math.Min(12, named.Length)]}…: it was planned again with another configuration, input or number of tasks. Make the tasks from the plan that is there.");
        if (plan.Program != RunPlan.CurrentProgram)
            throw new UsageException($"the plan in '{project}' was made by version {plan.Program}, this is {RunPlan.CurrentProgram}. Use that version on every worker, or run 'stackmill plan' again to begin anew.");
        foreach (var stage in StagesOf(plan, options))
        {
            if (!plan.Versions.TryGetValue(stage.Id, out var version) || version != stage.Version)
                throw new UsageException($"the plan in '{project}' was made with version {version} of stage '{stage.Id}', this program has {stage.Version}: the bytes would differ. Use the same program on every worker, or run 'stackmill plan' again to begin anew.");
        }
    }

    private static bool IsAcquired(RunPlan plan) => plan.Groups.Any(g => g.Kind == PlanGroup.StageKind);

    /// <summary>The group, and the number of the task, that an id names.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static (PlanGroup Group, int? Task) Find(RunPlan plan, string id, int? index)
    {
        var parts = id.Split('/');
        var group = plan.Find(parts[0]);
        if (parts.Length == 1 && index is null)
            return (group, null);
        var number = index ?? (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var named) ? named : -1);
        if (parts.Length > 2 || (parts.Length == 2 && index is not null) || number < 0 || number >= group.Count)
            throw new UsageException($"there is no task '{(parts.Length == 1 ? $"{id}/{number}" : id)}'{(parts.Length == 2 && index is not null ? " with a number beside it" : "")}; group '{group.Group}' has {group.Count}: {group.Tasks[0].Id}{(group.Count > 1 ? $" to {group.Tasks[^1].Id}" : "")}.");
        return (group, number);
    }

    private static void RequireBefore(string project, RunPlan plan, IReadOnlyList<PlanStage> stages, PlanStage stage)
    {
        foreach (var before in stage.Needs.Select(n => stages.First(s => s.Id == n)))
        {
            var group = before.IsWhole ? before.Id : PlanGroup.FinishOf(before.Id);
            var record = StageRecord.Read(project, plan, before.Id) ?? throw new UsageException($"'{group}' comes first: stage '{before.Id}' is not finished for this plan.");
            if (!record.Passed)
                throw new RunFaultException($"stage '{before.Id}' found errors, so that '{stage.Id}' is not made. See '{Path.Combine(project, before.Output)}'.");
            if (!before.IsReport && Manifest.Read(Path.Combine(project, before.Output))?.RootHash != record.RootHash)
                throw new UsageException($"the dataset '{Path.Combine(project, before.Output)}' is not the one that the plan's tasks made: it was removed or made anew since. Run 'stackmill plan' again; what fits stays done.");
        }
    }

    private static TaskEnd Do(PlannedStages work, PlanStage stage, PlanGroup group, int? task, string id)
    {
        var step = stage.Steps.First(s => stage.GroupOf(s.Name) == group.Group).Name;
        var part = WorkPart.Slot(step, task ?? 0, task is null ? 1 : group.Count).OfPlan(stage.GroupOf);
        var finished = work.Do(stage.Id, part);
        return new TaskEnd(id, ExitCode.Done, finished is not null, [.. part.Done.Where(m => m.Error is not null).Select(m => m.Error!)]);
    }

    private static TaskEnd End(string project, RunPlan plan, IReadOnlyList<PlanStage> stages, PlanStage stage, PlannedStages work, string id, PlanGroup group)
    {
        var outcome = work.Do(stage.Id, group.Kind == PlanGroup.StageKind ? WorkPart.Whole() : WorkPart.End().OfPlan(stage.GroupOf))
            ?? throw new InvalidOperationException($"stage '{stage.Id}' gave no result at its end.");
        var ahead = new Preparation(stages, work);
        foreach (var other in stages)
        {
            if (StageRecord.Read(project, plan, other.Id) is { } record)
                ahead.Finished(other.Id, new StageOutcome(record.RootHash, record.FailedShards, record.Passed));
        }

        ahead.Finished(stage.Id, outcome);
        ahead.Run(stage.Id);
        // Last: whoever finds the record finds the stages after it prepared.
        ahead.Write(project, plan);
        return new TaskEnd(id, ExitOf(stage, StageRecord.Read(project, plan, stage.Id)!), WasDone: false, []);
    }

    private static ExitCode ExitOf(PlanStage stage, StageRecord record) => stage.Id == ValidateStage.Id && !record.Passed ? ExitCode.ValidationFailed : ExitCode.Done;
}
