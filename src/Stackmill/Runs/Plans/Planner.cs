using Stackmill.Catalog;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Deduplicate;
using Stackmill.Shared;

namespace Stackmill.Runs.Plans;

/// <summary>Makes the plan of a run, and prepares the stages whose input is there.</summary>
internal static class Planner
{
    /// <summary>Plans a run and writes the plan into the project. What is done already for the same plan stays done, and the plan stays as it is.</summary>
    /// <param name="input">The input.</param>
    /// <param name="project">The project folder.</param>
    /// <param name="options">The configuration.</param>
    /// <param name="slots">Number of tasks of a group; 0 to let the plan choose.</param>
    /// <param name="context">The run.</param>
    /// <exception cref="StackmillException">The run could not begin.</exception>
    public static RunPlan Make(string input, string project, StackmillOptions options, int slots, RunContext context)
    {
        if (context.Force)
            throw new UsageException("--force is given; a plan does nothing again that is up to date. Use 'stackmill run --force', or another --output.");
        Pipeline.RequireApart(input, project);
        var source = Place(input);
        options.Source = source;
        using var opened = RunSource.Open(source, options, context);
        Pipeline.Require(opened, project, options);
        DeduplicateStage.Require(options.Deduplicate);
        using var taken = OutputLock.Take(project);
        var acquires = opened.Metadata is not null;
        var stages = PlanStage.Of(options, acquires, IsOne(source, opened));
        foreach (var record in Directory.Exists(StageRecord.Folder(project)) ? Directory.EnumerateFiles(StageRecord.Folder(project), "*.json").ToList() : [])
            File.Delete(record);

        using var work = new PlannedStages(project, source, acquires, options, context) { Opened = opened };
        var ahead = new Preparation(stages, work);
        ahead.Run();
        var draft = new RunPlan(
            RunPlan.CurrentSchema, "", RunPlan.CurrentProgram, source, acquires ? "" : DatasetBuild.KeyOf(ProjectLayout.Data(project, RunStages.Staged)),
            new SortedDictionary<string, int>(stages.ToDictionary(s => s.Id, s => s.Version), StringComparer.Ordinal), slots, PlanConfiguration.Write(options), []);
        var plan = TryKeep(project, draft) ?? (draft with { Groups = new PlanGroups(slots, options.Memory, Math.Max(1, options.MaxWorkers)).Of(stages, ahead.Steps) }).Sealed();
        plan.Write(project);
        ahead.Write(project, plan);
        return plan;
    }

    // A plan that says the same is kept, with the numbers of tasks that workers may know already.
    private static RunPlan? TryKeep(string project, RunPlan draft)
    {
        if (!File.Exists(RunPlan.PathIn(project)) || RunPlan.TryRead(project) is not { } old)
            return null;
        return (draft with { Groups = old.Groups, Id = old.Id }).ToJson() == old.ToJson() ? old : null;
    }

    private static string Place(string input)
    {
        if (Uri.TryCreate(input, UriKind.Absolute, out var address) && address.UserInfo.Contains(':', StringComparison.Ordinal))
            throw new UsageException("the address of the input holds a password, which a plan must not hold. Give it to Git by a credential helper that every worker has, and the address without it.");
        return RunSource.IsRemote(input) || !Path.Exists(input) ? input : Path.GetFullPath(input);
    }

    // A clone or a copy in the cache is made by one process at a time.
    private static bool IsOne(string source, RunSource opened) =>
        opened.Input is { } input && (input.Git?.Sources.Any(s => s.IsRemote) == true || (StoragePaths.IsAddress(source) && input.LocalPath is not null));
}

/// <summary>Prepares every stage whose input is there.</summary>
/// <param name="stages">The stages, in order.</param>
/// <param name="work">Does parts of them.</param>
internal sealed class Preparation(IReadOnlyList<PlanStage> stages, PlannedStages work)
{
    private readonly Dictionary<string, StageOutcome> _finished = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<WorkStep>> _steps = new(StringComparer.Ordinal);

    /// <summary>Steps of the stages that were prepared.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<WorkStep>> Steps => _steps;

    /// <summary>A stage that is finished.</summary>
    public void Finished(string stage, StageOutcome outcome) => _finished[stage] = outcome;

    /// <summary>Prepares.</summary>
    /// <param name="after">The stage that was finished, so that only those that follow it are looked at; <c>null</c> for all.</param>
    public void Run(string? after = null)
    {
        var fresh = new HashSet<string>(StringComparer.Ordinal) { after ?? "" };
        foreach (var stage in stages.Where(s => !s.IsWhole && !_finished.ContainsKey(s.Id)))
        {
            if (!stage.Needs.All(n => _finished.TryGetValue(n, out var before) && before.Passed))
                continue;
            // Others are prepared already, and may be at work.
            if (after is not null && !stage.Needs.Any(fresh.Contains))
                continue;
            fresh.Add(stage.Id);
            var part = WorkPart.Plan();
            if (work.Do(stage.Id, part) is { } outcome)
                _finished.Add(stage.Id, outcome);
            else
                _steps.Add(stage.Id, part.Steps);
        }
    }

    /// <summary>Writes what is known, for the tasks of a plan.</summary>
    public void Write(string project, RunPlan plan)
    {
        foreach (var (stage, steps) in _steps)
            PreparedStage.Of(plan.Id, stage, steps).Write(project);
        foreach (var (stage, outcome) in _finished.Where(f => StageRecord.Read(project, plan, f.Key) is null))
            new StageRecord(plan.Id, stage, outcome.RootHash, outcome.FailedShards, outcome.Passed).Write(project);
    }
}
