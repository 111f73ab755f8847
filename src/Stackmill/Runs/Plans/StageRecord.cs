using System.Text.Json;
using Stackmill.Core.Engine;

namespace Stackmill.Runs.Plans;

/// <summary>The marker of a stage that is finished for a plan, written last.</summary>
/// <param name="Plan">Id of the plan.</param>
/// <param name="Stage">The stage.</param>
/// <param name="RootHash">Root hash of its dataset; the key of a report.</param>
/// <param name="FailedShards">Shards that could not be read.</param>
/// <param name="Passed">False for a validation that found errors.</param>
internal sealed record StageRecord(string Plan, string Stage, string RootHash, int FailedShards, bool Passed)
{
    /// <summary>The folder of the records in a project.</summary>
    public static string Folder(string project) => Path.Combine(RunPlan.Folder(project), "stages");

    /// <summary>Where the record of a stage lies in a project.</summary>
    public static string PathIn(string project, string stage) => Path.Combine(Folder(project), stage + ".json");

    /// <summary>Writes it.</summary>
    public void Write(string project) => AtomicFile.WriteAllBytes(PathIn(project, Stage), JsonSerializer.SerializeToUtf8Bytes(this, ShardRunner.Json));

    /// <summary>The record of a stage for a plan; <c>null</c> when the stage is not finished for it, or the record is damaged: the stage is then ended again, which finds all done.</summary>
    public static StageRecord? Read(string project, RunPlan plan, string stage)
    {
        var path = PathIn(project, stage);
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<StageRecord>(File.ReadAllBytes(path), ShardRunner.Json) is { } record && record.Plan == plan.Id && record.Stage == stage ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
