using System.Text.Json;
using Stackmill.Catalog;
using Stackmill.Core.Engine;
using Stackmill.Datasets;

namespace Stackmill.Runs.Plans;

/// <summary>How far a group is.</summary>
/// <param name="Group">The group.</param>
/// <param name="Open">Numbers of its tasks that are not done.</param>
/// <param name="FailedShards">Shards that could not be read so far.</param>
/// <param name="Passed">False for a validation that found errors.</param>
internal sealed record GroupProgress(PlanGroup Group, IReadOnlyList<int> Open, int FailedShards, bool Passed)
{
    /// <summary>Tasks that are done.</summary>
    public int Done => Group.Count - Open.Count;
}

/// <summary>How far a plan is, from the markers alone: nothing is locked and nothing is written.</summary>
internal static class PlanProgress
{
    /// <summary>The groups, in the order of the plan.</summary>
    public static IReadOnlyList<GroupProgress> Of(string project, RunPlan plan, StackmillOptions options)
    {
        var stages = PlannedRun.StagesOf(plan, options).ToDictionary(s => s.Id);
        return [.. plan.Groups.Select(g => Of(project, plan, g, stages[g.Stage]))];
    }

    private static GroupProgress Of(string project, RunPlan plan, PlanGroup group, PlanStage stage)
    {
        if (StageRecord.Read(project, plan, stage.Id) is { } record)
            return new GroupProgress(group, [], group.Kind == PlanGroup.TasksKind ? 0 : record.FailedShards, group.Kind != PlanGroup.FinishKind || record.Passed);
        var all = Enumerable.Range(0, group.Count);
        if (group.Kind != PlanGroup.TasksKind || PreparedStage.Read(project, plan, stage.Id) is not { } prepared)
            return new GroupProgress(group, [.. all], 0, true);
        var name = stage.Steps.First(s => stage.GroupOf(s.Name) == group.Group).Name;
        // A step that the options promise and the data does not need has nothing to do.
        var tasks = prepared.Steps.FirstOrDefault(s => s.Name == name)?.Tasks ?? [];
        var (folder, key) = (stage.Markers(project, name), KeyOf(project, stage));
        var markers = tasks.Select(t => Marker(Path.Combine(folder, t + ".json"), key)).ToList();
        var open = markers.Select((m, i) => (IsDone: m is not null, Slot: i % group.Count)).Where(t => !t.IsDone).Select(t => t.Slot).ToHashSet();
        return new GroupProgress(group, [.. all.Where(open.Contains)], markers.Count(m => m?.Error is not null), true);
    }

    private static string KeyOf(string project, PlanStage stage) =>
        stage.IsReport ? ReportBuild.KeyOf(Path.Combine(project, stage.Output)) : DatasetBuild.KeyOf(Path.Combine(project, stage.Output));

    private static ShardMarker? Marker(string path, string key)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<ShardMarker>(File.ReadAllBytes(path), ShardRunner.Json) is { } marker && marker.Key == key ? marker : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
