using System.Text.Json.Nodes;
using Stackmill.Acquire.Contents;
using Stackmill.Acquire.Metadata;
using Stackmill.Catalog;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Deduplicate;
using Stackmill.Export;
using Stackmill.Organize;
using Stackmill.Preprocess;
using Stackmill.Shared;
using Stackmill.Statistics;
using Stackmill.Validate;

namespace Stackmill.Runs.Plans;

/// <summary>What is left of a stage that is finished.</summary>
/// <param name="RootHash">Root hash of its dataset; the key of a report.</param>
/// <param name="FailedShards">Shards that could not be read.</param>
/// <param name="Passed">False for a validation that found errors.</param>
internal sealed record StageOutcome(string RootHash, int FailedShards = 0, bool Passed = true);

/// <summary>Does parts of any stage of a run by its id. The input is opened when a stage asks for it.</summary>
/// <param name="project">The project folder.</param>
/// <param name="source">The input.</param>
/// <param name="acquires">True when contents are fetched first.</param>
/// <param name="options">The configuration.</param>
/// <param name="context">The run.</param>
internal sealed class PlannedStages(string project, string source, bool acquires, StackmillOptions options, RunContext context) : IDisposable
{
    private readonly RunStages _stages = new(project, options, context);
    private RunSource? _opened;

    /// <summary>An input that is open already.</summary>
    public RunSource Opened
    {
        get => _opened ??= RunSource.Open(source, options, context);
        init => _opened = value;
    }

    /// <summary>Does a part of a stage; <c>null</c> when it is not finished by it.</summary>
    /// <exception cref="StackmillException">It can't be done now.</exception>
    public StageOutcome? Do(string stage, WorkPart part) => stage switch
    {
        MetadataStage.Id => Of(_stages.Metadata(Opened.Metadata ?? throw Changed())),
        ContentStage.Id => Of(_stages.Contents(retryFailed: false)),
        OrganizeStage.Id => Of(_stages.Organize(Input(), part)),
        PreprocessStage.Id => Of(_stages.Preprocess(_stages.Finished(RunStages.Staged), part)),
        DeduplicateStage.Id => Of(_stages.Deduplicate(_stages.Finished(RunStages.Processed), part)),
        ValidateStage.Id => Of(_stages.Validate(_stages.Finished(ProjectLayout.Corpus), part)),
        StatisticsStage.Id => Of(_stages.Statistics(History(), part)),
        ExportStage.Id => Of(_stages.Export(_stages.Finished(ProjectLayout.Corpus), part)),
        _ => throw new ArgumentException($"there is no stage '{stage}'", nameof(stage)),
    };

    /// <inheritdoc/>
    public void Dispose() => _opened?.Dispose();

    private OrganizeInput Input()
    {
        if (acquires)
            return OrganizeInput.OfDataset(_stages.Data(ProjectLayout.Contents), _stages.Finished(ProjectLayout.Contents));
        var input = Opened.Input ?? throw Changed();
        OrganizeStage.Require(input, _stages.Data(RunStages.Staged), options.Organize);
        return input;
    }

    private List<Manifest> History()
    {
        string[] names = acquires ? [ProjectLayout.Raw, ProjectLayout.Contents] : [];
        return [.. names.Concat([RunStages.Staged, RunStages.Processed, ProjectLayout.Corpus]).Select(_stages.Finished)];
    }

    private UsageException Changed() => new($"the input '{source}' was planned as {(acquires ? "rows that describe files" : "files that hold their contents")}, and is another thing now. Run 'stackmill plan' again.");

    private static StageOutcome? Of(Manifest? manifest) => manifest is null ? null : new(manifest.RootHash, manifest.FailedShards.Count);

    private static StageOutcome? Of(JsonObject? report) => report is null ? null : new((string)report["key"]!, 0, report["status"] is null || ValidateStage.Passed(report));
}
