using Stackmill.Acquire.Contents;
using Stackmill.Acquire.Metadata;
using Stackmill.Catalog;
using Stackmill.Datasets;
using Stackmill.Deduplicate;
using Stackmill.Export;
using Stackmill.Organize;
using Stackmill.Preprocess;
using Stackmill.Statistics;
using Stackmill.Validate;

namespace Stackmill.Runs.Plans;

/// <summary>A stage as a plan sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Version of its code.</param>
/// <param name="Needs">Stages that come before it.</param>
/// <param name="Input">What it reads, below the project folder.</param>
/// <param name="Output">What it writes, below the project folder.</param>
/// <param name="Steps">Its steps, and whether each is one task; none for a stage that is one task as a whole.</param>
/// <param name="Rate">Bytes of content a second and core that are expected, half of what was measured.</param>
internal sealed record PlanStage(string Id, int Version, IReadOnlyList<string> Needs, string Input, string Output, IReadOnlyList<(string Name, bool IsOne)> Steps, long Rate)
{
    private static readonly (string, bool)[] Shards = [(WorkPart.Only, false)];

    /// <summary>True when it is one task as a whole: how it goes on depends on what it finds.</summary>
    public bool IsWhole => Steps.Count == 0;

    /// <summary>True for a stage that makes a report.</summary>
    public bool IsReport => Output.EndsWith(".json", StringComparison.Ordinal);

    /// <summary>The stages of a run, in order.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="acquires">True when contents are fetched first.</param>
    /// <param name="isOne">True when the input can be read by one process only.</param>
    public static IReadOnlyList<PlanStage> Of(StackmillOptions options, bool acquires, bool isOne) =>
    [
        .. acquires ? Acquired() : [],
        new(OrganizeStage.Id, OrganizeStage.Version, acquires ? [ContentStage.Id] : [], acquires ? Data(ProjectLayout.Contents) : PlanGroups.Source, Data(RunStages.Staged), [(WorkPart.Only, isOne)], 15_000_000),
        new(PreprocessStage.Id, PreprocessStage.Version, [OrganizeStage.Id], Data(RunStages.Staged), Data(RunStages.Processed), Shards, 10_000_000),
        new(DeduplicateStage.Id, DeduplicateRun.Version, [PreprocessStage.Id], Data(RunStages.Processed), Data(ProjectLayout.Corpus), DeduplicateRun.StepNames(options.Deduplicate), 15_000_000),
        new(ValidateStage.Id, ValidateStage.Version, [DeduplicateStage.Id], Data(ProjectLayout.Corpus), $"reports/{ValidateStage.ReportName}", Shards, 45_000_000),
        new(StatisticsStage.Id, StatisticsStage.Version, [DeduplicateStage.Id], Data(ProjectLayout.Corpus), $"reports/{StatisticsStage.ReportName}", Shards, 100_000_000),
        new(ExportStage.Id, ExportStage.Version, [DeduplicateStage.Id, ValidateStage.Id], Data(ProjectLayout.Corpus), Data(Pipeline.ReleaseName), Shards, 50_000_000),
    ];

    /// <summary>Name of the group of a step.</summary>
    public string GroupOf(string step) => Steps.Count <= 1 ? Id : $"{Id}.{step}";

    /// <summary>Where the markers of a step lie.</summary>
    public string Markers(string project, string step)
    {
        var output = Path.Combine(project, Output);
        if (IsReport)
            return Path.Combine(ReportBuild.WorkOf(output), "done");
        return step == Steps[^1].Name ? Path.Combine(output, "_work", "done") : Path.Combine(output, "_work", "search", "done", step);
    }

    private static PlanStage[] Acquired() =>
    [
        new(MetadataStage.Id, MetadataStage.Version, [], PlanGroups.Source, Data(ProjectLayout.Raw), [], 10_000_000),
        new(ContentStage.Id, ContentStage.Version, [MetadataStage.Id], Data(ProjectLayout.Raw), Data(ProjectLayout.Contents), [], 10_000_000),
    ];

    private static string Data(string name) => $"data/{name}";
}
