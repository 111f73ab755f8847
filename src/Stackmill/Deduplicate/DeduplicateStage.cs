using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Shared;

namespace Stackmill.Deduplicate;

/// <summary>
/// The third stage: removes files that hold problems of benchmarks, then exact and verified near-duplicates over all
/// languages, and says of each which file stays for it. A contaminated file goes before the decisions, so that no other goes for it.
/// Its steps, each of tasks that may be done by any number of processes: signatures a shard; order; buckets of bands; parts; decisions a part; and what stays, a shard.
/// </summary>
internal static class DeduplicateStage
{
    /// <summary>Id of the stage.</summary>
    public const string Id = "deduplicate";

    /// <summary>Name of the report.</summary>
    public const string ReportName = "deduplication_report.json";

    /// <summary>Runs the stage, or finds that its dataset is up to date.</summary>
    public static Manifest Run(Dataset input, string output, DeduplicateOptions options, RunContext context) => Do(input, output, options, context, WorkPart.Whole())!;

    /// <summary>Does a part of the stage; gives the manifest when the dataset is finished.</summary>
    public static Manifest? Do(Dataset input, string output, DeduplicateOptions options, RunContext context, WorkPart part) =>
        Do(new DeduplicateRun(input, output, options, context), output, context, part);

    /// <summary>As the other, of a run that is at hand.</summary>
    public static Manifest? Do(DeduplicateRun run, string output, RunContext context, WorkPart part)
    {
        StageColumns.Tell(context, Id, part, run.Lineage);
        using var build = DatasetBuild.Begin(output, context, part);
        run.Prepare(build);
        if (build.UpToDate is { } manifest)
            return manifest;
        var files = run.Files(build);
        foreach (var step in run.Steps(files))
        {
            if (!part.Through(step.Name, step.Tasks, run.Runner(step, files), tasks => run.Do(step, tasks, files)))
                return null;
        }

        return build.RunLast(run.KeepTasks, () => run.CreateKeepWorker(files), DeduplicateRun.Keep) is { } markers ? run.Publish(build, markers, files) : null;
    }

    /// <summary>Fails when the benchmarks can't be read, before any stage begins.</summary>
    /// <exception cref="UsageException">One of them can't.</exception>
    public static void Require(DeduplicateOptions options) => Decontaminator.Require(options.Decontamination);
}
