using Stackmill.Core.Engine;
using Stackmill.Datasets;

namespace Stackmill.Runs.Plans;

/// <summary>Makes the groups of a plan from the stages and from what is known of their steps.</summary>
/// <param name="slots">Number of tasks that was asked for; 0 to choose it.</param>
/// <param name="memory">Limit of memory of a task.</param>
/// <param name="cpus">Threads of a task.</param>
internal sealed class PlanGroups(int slots, long memory, int cpus)
{
    /// <summary>What the input of a run is called.</summary>
    public const string Source = "input";

    // What schedulers take without being told (Slurm's MaxArraySize is 1001, Airflow's max_map_length 1024).
    private const int MostTasks = 1000;
    private const int UnknownTasks = 16;

    // Starting, reading manifests, ending.
    private const long LeastSeconds = 2;

    /// <summary>The groups of all stages.</summary>
    /// <param name="stages">The stages, in order.</param>
    /// <param name="known">Steps that are prepared already.</param>
    public IReadOnlyList<PlanGroup> Of(IReadOnlyList<PlanStage> stages, IReadOnlyDictionary<string, IReadOnlyList<WorkStep>> known)
    {
        var groups = new List<PlanGroup>();
        // The bytes of the first listing are the most that later stages can read; what one drops is not known before.
        var bytes = known.Values.FirstOrDefault(s => s.Count > 0)?[0].Tasks.Sum(t => t.Weight);
        var tasks = known.Values.FirstOrDefault(s => s.Count > 0)?[0].Tasks.Count;
        foreach (var stage in stages)
        {
            var needs = stage.Needs.Select(n => stages.First(s => s.Id == n)).Select(s => s.IsWhole ? s.Id : PlanGroup.FinishOf(s.Id)).ToList();
            if (stage.IsWhole)
            {
                groups.Add(Group(stage, stage.Id, PlanGroup.StageKind, needs, 1, null, bytes, null));
                continue;
            }

            known.TryGetValue(stage.Id, out var steps);
            foreach (var (name, isOne) in stage.Steps)
            {
                var step = steps?.FirstOrDefault(s => s.Name == name);
                var shards = step is not null ? step.Tasks.Count : steps is { Count: > 0 } ? 0 : isOne ? 1 : (int?)null;
                var count = isOne ? 1 : Math.Max(1, Math.Min(shards ?? int.MaxValue, slots > 0 ? slots : shards is not null ? MostTasks : Math.Min(tasks ?? UnknownTasks, MostTasks)));
                groups.Add(Group(stage, stage.GroupOf(name), PlanGroup.TasksKind, needs, count, shards, bytes, step?.Tasks));
                needs = [groups[^1].Group];
            }

            groups.Add(Group(stage, PlanGroup.FinishOf(stage.Id), PlanGroup.FinishKind, needs, 1, null, null, null));
        }

        return groups;
    }

    private PlanGroup Group(PlanStage stage, string name, string kind, IReadOnlyList<string> needs, int count, int? shards, long? bytes, IReadOnlyList<ShardTask>? known)
    {
        // Weights of steps that do no shards are no bytes.
        var exact = known is not null && known.All(t => t.Name.StartsWith("part-", StringComparison.Ordinal)) && known.Sum(t => t.Weight) >= known.Count;
        var shared = known?.ToLookup(t => t.Index % count);
        var tasks = Enumerable.Range(0, count).Select(i =>
        {
            var mine = shared?[i].ToList();
            var read = kind == PlanGroup.FinishKind ? null : exact ? mine!.Sum(t => t.Weight) : bytes is { } all ? (long?)((all + count - 1) / count) : null;
            return new PlanTask($"{name}/{i:D5}", i, read, SecondsFor(read, stage, kind), mine?.Select(t => t.Name).ToList());
        }).ToList();
        var seconds = tasks.Select(t => t.Seconds).Max();
        return new PlanGroup(
            name, stage.Id, kind, needs, count, [kind == PlanGroup.FinishKind ? stage.Output : stage.Input], [stage.Output],
            new PlanResources(memory, kind == PlanGroup.FinishKind ? 1 : cpus, seconds), tasks, shards, kind == PlanGroup.FinishKind ? null : bytes);
    }

    private static long? SecondsFor(long? bytes, PlanStage stage, string kind) =>
        kind == PlanGroup.FinishKind ? LeastSeconds : bytes is { } read ? LeastSeconds + (read / stage.Rate) : null;
}
