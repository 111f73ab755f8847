using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
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
        var part = WorkPart.Plan();
        var finished = DeduplicateStage.Do(run, output, context, part);
        var steps = new JsonArray();
        var before = "";
        foreach (var (name, tasks) in part.Steps.Select(s => (s.Name, s.Tasks.Select(t => t.Name))).Append((PublishStep, [PublishStep])))
        {
            steps.Add(new JsonObject { ["step"] = name, ["needs"] = before.Length == 0 ? new JsonArray() : new JsonArray(before), ["tasks"] = new JsonArray([.. tasks.Select(t => (JsonNode)$"{name}/{t}")]) });
            before = name;
        }

        return new JsonObject
        {
            ["stage"] = DeduplicateStage.Id,
            ["key"] = run.Plan.Key,
            ["up_to_date"] = finished is not null,
            ["forecast"] = new JsonObject { ["scratch_bytes"] = run.Forecast.Disk, ["output_bytes"] = run.Forecast.Output, ["worker_seconds"] = Math.Ceiling(run.Forecast.Seconds) },
            ["steps"] = finished is null ? steps : [],
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
        var part = id.Split('/')[0] == PublishStep ? WorkPart.End() : WorkPart.Named(id);
        var manifest = DeduplicateStage.Do(input, output, options, context, part);
        return part.Done.FirstOrDefault(m => m.Error is not null) is { } failed ? throw new RunFaultException(failed.Error!) : manifest;
    }
}
