using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Datasets;

namespace Stackmill.Runs.Plans;

/// <summary>What became known of a stage when its output was prepared: the names of the tasks of each step, for whoever looks at how far it is.</summary>
/// <param name="Plan">Id of the plan.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Steps">Its steps.</param>
internal sealed record PreparedStage(string Plan, string Stage, IReadOnlyList<PreparedStep> Steps)
{
    /// <summary>Writes it.</summary>
    public void Write(string project) => AtomicFile.WriteAllBytes(PathIn(project, Stage), JsonSerializer.SerializeToUtf8Bytes(this, ShardRunner.Json));

    /// <summary>What was prepared.</summary>
    public static PreparedStage Of(string plan, string stage, IReadOnlyList<WorkStep> steps) =>
        new(plan, stage, [.. steps.Select(s => new PreparedStep(s.Name, [.. s.Tasks.Select(t => t.Name)]))]);

    /// <summary>What is known of a stage for a plan; <c>null</c> when it is not prepared.</summary>
    public static PreparedStage? Read(string project, RunPlan plan, string stage)
    {
        var path = PathIn(project, stage);
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<PreparedStage>(File.ReadAllBytes(path), ShardRunner.Json) is { } prepared && prepared.Plan == plan.Id && prepared.Stage == stage ? prepared : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string PathIn(string project, string stage) => Path.Combine(StageRecord.Folder(project), stage + ".steps.json");
}

/// <summary>A step of a stage that is prepared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tasks">Names of its tasks; the position is the number.</param>
internal sealed record PreparedStep(string Name, IReadOnlyList<string> Tasks);
