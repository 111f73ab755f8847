using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Deduplicate.Search;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;

namespace Stackmill.Deduplicate;

/// <summary>
/// The third stage: removes files that hold problems of benchmarks, then exact and verified near-duplicates over all
/// languages, and says of each which file stays for it. A contaminated file goes before the decisions, so that no other goes for it.
/// Its steps, each of tasks that may be done by any number of processes: signatures a shard; order; buckets a band; parts; decisions a part; and what stays, a shard.
/// </summary>
internal static class DeduplicateStage
{
    /// <summary>Id of the stage.</summary>
    public const string Id = "deduplicate";

    /// <summary>Name of the report.</summary>
    public const string ReportName = "deduplication_report.json";

    private const int Version = 3;

    /// <summary>Runs the stage, or finds that its dataset is up to date.</summary>
    public static Manifest Run(Dataset input, string output, DeduplicateOptions options, RunContext context)
    {
        input.RequireText(Id);
        var decontaminator = Decontaminator.Open(options.Decontamination, context.MemoryBytes);
        using var build = DatasetBuild.Begin(output, context);
        var report = Path.Combine(ProjectLayout.ReportsFor(output), ReportName);
        var contamination = Path.Combine(ProjectLayout.ReportsFor(output), DecontaminationReport.FileName);
        // Where the benchmarks lie is no part of the dataset: what they hold is an input.
        var configuration = ResolvedConfiguration.Of(options, key => key != "decontamination.benchmarks").Json;
        var plan = new DatasetPlan(Id, Version, "text", configuration, [new ManifestInput(input.Manifest.Stage, input.Manifest.RootHash), .. decontaminator?.Inputs ?? []]);
        // A benchmark that can't be read must not cost the dataset that is there.
        build.Prepare(plan, () => _ = decontaminator?.Index, decontaminator is null ? [report] : [report, contamination]);
        if (build.UpToDate is { } manifest)
            return manifest;
        if (decontaminator is not null)
            context.Observer.Note(Id, decontaminator.Index.Summary);
        var parameters = LshParameters.For(options.SimilarityThreshold, maxMiss: options.Dedup.MaxMiss);
        var files = new SearchFiles(build.ScratchFolder("search"), [.. input.Manifest.Shards.Select(s => s.Rows)], parameters);
        Search(input, files, options, plan.Key, decontaminator, context with { MemoryBytes = context.MemoryBytes - (decontaminator?.Index.Ngrams * ContaminationIndexBuilder.BytesPerNgram ?? 0) });
        var markers = build.Run(input.Tasks, () => new KeepWorker(input, files, options.Enabled, decontaminator));
        return build.Publish(markers, input.Tasks, beforePublish: _ =>
        {
            new DeduplicationReport(files, options.Enabled, context.MemoryBytes / 4).Write(report);
            // A report of an earlier run with benchmarks would pass for one of this run.
            if (decontaminator is null)
                File.Delete(contamination);
            else
                new DecontaminationReport(decontaminator, files.Documents, [.. Enumerable.Range(0, files.Rows.Count).SelectMany(s => SignatureWorker.ReadHits(files, s))]).Write(contamination);
        });
    }

    /// <summary>Fails when the benchmarks can't be read, before any stage begins.</summary>
    /// <exception cref="UsageException">One of them can't.</exception>
    public static void Require(DeduplicateOptions options) => Decontaminator.Require(options.Decontamination);

    private static void Search(Dataset input, SearchFiles files, DeduplicateOptions options, string key, Decontaminator? decontaminator, RunContext context)
    {
        if (options.Enabled)
            Forecast(input, files, context);
        SearchSteps.Run(SearchFiles.Signatures, input.Tasks, () => new SignatureWorker(input, options, files.Parameters, decontaminator), files, key, context);
        foreach (var step in options.Enabled ? SearchSteps.Of(files, options.Dedup.Prefer) : [])
            SearchSteps.Run(step, files, key, context);
    }

    private static void Forecast(Dataset input, SearchFiles files, RunContext context)
    {
        if (files.Documents >= SearchFiles.NoRank)
            throw new RunFaultException($"the dataset has {files.Documents} files; at most {SearchFiles.NoRank - 1} can be deduplicated together. Deduplicate parts of it apart.");
        var forecast = SearchForecast.Of(files.Documents, input.Manifest.Shards.Sum(s => s.ContentBytes), input.Manifest.Shards.Sum(s => s.Bytes), files.Parameters.Bands);
        forecast.Require(files.Folder, Directory.EnumerateFiles(files.Folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length));
        context.Observer.Note(Id, forecast.Describe(context.Workers, context.MemoryBytes));
    }
}
