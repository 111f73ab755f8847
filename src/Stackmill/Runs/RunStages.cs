using System.Text.Json.Nodes;
using Stackmill.Acquire.Metadata;
using Stackmill.Catalog;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Deduplicate;
using Stackmill.Export;
using Stackmill.Organize;
using Stackmill.Preprocess;
using Stackmill.Runs.Provenance;
using Stackmill.Shared;
using Stackmill.Statistics;
using Stackmill.Validate;

namespace Stackmill.Runs;

/// <summary>The stages on one project folder: what each reads and where it writes. Each does all of its work, or a part that it shares with other processes.</summary>
internal sealed class RunStages(string project, StackmillOptions options, RunContext context)
{
    /// <summary>Name of the staged dataset, below <c>data/</c>.</summary>
    public const string Staged = "staged";

    /// <summary>Name of the processed dataset, below <c>data/</c>.</summary>
    public const string Processed = "processed";

    private string Reports => ProjectLayout.Reports(project);

    /// <summary>The folder of a dataset.</summary>
    public string Data(string name) => ProjectLayout.Data(project, name);

    /// <summary>Filters rows that describe files.</summary>
    public Manifest Metadata(MetadataSource rows) => MetadataStage.Run(rows, Data(ProjectLayout.Raw), options.MetadataStage, context);

    /// <summary>Fetches the contents that the rows name.</summary>
    public Manifest Contents(bool retryFailed) =>
        Acquisition.Contents(Acquisition.Rows(Data(ProjectLayout.Raw)), Data(ProjectLayout.Contents), retryFailed, options, context);

    /// <summary>Sorts files by language.</summary>
    public Manifest? Organize(OrganizeInput input, WorkPart part) => OrganizeStage.Do(input, Data(Staged), options.Organize, context, part);

    /// <summary>Makes texts of them.</summary>
    public Manifest? Preprocess(Manifest staged, WorkPart part) => PreprocessStage.Do(Dataset.Of(Data(Staged), staged), Data(Processed), options.Preprocess, context, part);

    /// <summary>Removes duplicates.</summary>
    public Manifest? Deduplicate(Manifest processed, WorkPart part) =>
        DeduplicateStage.Do(Dataset.Of(Data(Processed), processed), Data(ProjectLayout.Corpus), options.Deduplicate, context, part);

    /// <summary>Checks the corpus.</summary>
    public JsonObject? Validate(Manifest corpus, WorkPart part) => ValidateStage.Do(Corpus(corpus), Path.Combine(Reports, ValidateStage.ReportName), options.Validate, context, part);

    /// <summary>Describes the corpus and what led to it.</summary>
    public JsonObject? Statistics(IReadOnlyList<Manifest> stages, WorkPart part) =>
        StatisticsStage.Do(Corpus(stages[^1]), stages, Path.Combine(Reports, StatisticsStage.ReportName), context, part);

    /// <summary>Makes the release.</summary>
    public Manifest? Export(Manifest corpus, WorkPart part) => Export(Corpus(corpus), Data(Pipeline.ReleaseName), options, context, part);

    /// <summary>Makes a release anywhere, with its provenance where that is asked for.</summary>
    public static Manifest? Export(Dataset corpus, string release, StackmillOptions options, RunContext context, WorkPart part)
    {
        var started = context.Clock.GetUtcNow();
        var manifest = ExportStage.Do(corpus, release, options.Export, context, part);
        if (manifest is null)
            return null;
        if (options.Lineage.Provenance && manifest.FailedShards.Count == 0)
            ReleaseProvenance.Write(release, manifest, corpus, started, context);
        else
            ReleaseProvenance.RemoveOutdated(release);
        return manifest;
    }

    /// <summary>The manifest of a dataset that is finished.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public Manifest Finished(string name) =>
        Manifest.Read(Data(name)) ?? throw new UsageException($"the dataset '{Data(name)}' is not finished: it has no {Manifest.FileName}. Its stage comes first.");

    private Dataset Corpus(Manifest corpus) => Dataset.Of(Data(ProjectLayout.Corpus), corpus);
}
