using System.Text.Json.Nodes;
using Stackmill.Acquire.Contents;
using Stackmill.Acquire.Metadata;
using Stackmill.Catalog;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Deduplicate;
using Stackmill.Export;
using Stackmill.Organize;
using Stackmill.Preprocess;
using Stackmill.Shared;
using Stackmill.Statistics;
using Stackmill.Validate;

namespace Stackmill.Runs;

/// <summary>What a run left behind.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Stages">Manifests of the stages, in order.</param>
/// <param name="Validation">The validation report.</param>
/// <param name="Statistics">The statistics report.</param>
/// <param name="Export">The manifest of the release; <c>null</c> when validation stopped it.</param>
internal sealed record RunResult(
    ExitCode ExitCode, IReadOnlyList<Manifest> Stages, JsonObject Validation, JsonObject Statistics, Manifest? Export)
{
    /// <summary>Manifests of the stages that fetched the input (metadata, contents); empty when it was there.</summary>
    public IReadOnlyList<Manifest> Acquired { get; init; } = [];
}

/// <summary>Runs all stages of a project folder, each only if its input, options or code changed.</summary>
internal static class Pipeline
{
    /// <summary>Name of the release's folder below <c>data/</c>.</summary>
    public const string ReleaseName = "release";

    /// <summary>Folder of the filtered rows below <c>data/</c>.</summary>
    public const string RawName = "raw";

    /// <summary>Folder of the fetched contents below <c>data/</c>.</summary>
    public const string ContentsName = "contents";

    /// <summary>All stages on an input that is named by its path or address.</summary>
    /// <exception cref="StackmillException">The run could not go on.</exception>
    public static RunResult Run(string input, string project, StackmillOptions options, RunContext context, bool retryFailed = false)
    {
        using var source = RunSource.Open(input, options, context);
        Require(source, project, options);
        return Run(source, project, options, context, retryFailed);
    }

    /// <summary>Metadata and contents where the input needs them; then organize, preprocess, deduplicate, validate, statistics, export.</summary>
    /// <exception cref="StackmillException">The run could not go on.</exception>
    private static RunResult Run(RunSource source, string project, StackmillOptions options, RunContext context, bool retryFailed)
    {
        using var taken = OutputLock.Take(project);
        AtomicFile.RemoveLeftovers(ProjectLayout.Reports(project), SearchOption.TopDirectoryOnly);
        string Data(string name) => ProjectLayout.Data(project, name);

        var (input, acquired) = (source.Input, new List<Manifest>());
        if (source.Metadata is { } rows)
        {
            acquired.Add(MetadataStage.Run(rows, Data(RawName), options.MetadataStage, context));
            acquired.Add(Acquisition.Contents(Acquisition.Rows(Data(RawName)), Data(ContentsName), retryFailed, options, context));
            input = OrganizeInput.OfFiles(Data(ContentsName), Acquisition.Shards(Data(ContentsName), acquired[^1]), "parquet");
        }

        var staged = OrganizeStage.Run(input!, Data("staged"), options.Organize, context);
        var processed = PreprocessStage.Run(Dataset.Of(Data("staged"), staged), Data("processed"), options.Preprocess, context);
        var corpus = DeduplicateStage.Run(Dataset.Of(Data("processed"), processed), Data("corpus"), options.Deduplicate, context);
        var dataset = Dataset.Of(Data("corpus"), corpus);
        IReadOnlyList<Manifest> stages = [staged, processed, corpus];
        var reports = ProjectLayout.Reports(project);
        var validation = ValidateStage.Run(dataset, Path.Combine(reports, ValidateStage.ReportName), options.Validate, context);
        var statistics = StatisticsStage.Run(dataset, stages, Path.Combine(reports, StatisticsStage.ReportName), context);
        if (corpus.Books.Kept == 0)
        {
            context.Observer.Warn("run", staged.Books.In == 0
                ? $"the input '{source.Name}' holds no files: the corpus is empty. Check the path, and input.include_hidden."
                : "no file went through all stages: the corpus is empty. The table below and the ledgers say why.");
        }

        // A content that could not be had is missing as a shard is.
        var failedShards = stages.Concat(acquired).Sum(s => s.FailedShards.Count) + acquired.Count(s => s.Books.FailedTotal > 0);
        var passed = ValidateStage.Passed(validation);
        var export = passed ? ExportStage.Run(dataset, Data(ReleaseName), options.Export, context) : null;
        if (!passed)
            context.Observer.Note(ExportStage.Id, "validation failed: no release was made; the corpus and the reports are there to be looked at");
        failedShards += export?.FailedShards.Count ?? 0;
        return new RunResult(
            !passed ? ExitCode.ValidationFailed : failedShards > 0 ? ExitCode.ShardsFailed : ExitCode.Done, stages, validation, statistics, export)
        {
            Acquired = acquired,
        };
    }

    /// <summary>The manifests of the stages that led to a dataset of a project, as far as they lie beside it.</summary>
    public static IReadOnlyList<Manifest> History(Dataset dataset)
    {
        var stages = new List<Manifest>();
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataset.Folder)))!;
        var expected = dataset.Manifest;
        stages.Add(expected);
        foreach (var name in ProjectLayout.NewestFirst)
        {
            // Only those that really are its ancestors: the one that has the root hash that it was made from.
            var manifest = Manifest.Read(Path.Combine(parent, name));
            if (manifest is null || !expected.Inputs.Any(i => i.Hash == manifest.RootHash && i.Name == manifest.Stage))
                continue;
            stages.Insert(0, manifest);
            expected = manifest;
        }

        return stages;
    }

    /// <summary>Fails when a run on a path of this machine can't even start, before anything is written.</summary>
    /// <exception cref="UsageException">Input or output can't be used.</exception>
    public static void Require(string input, string project, StackmillOptions options)
    {
        if (RunSource.IsRemote(input))
            RequireOwn(project);
        else
            Require(OrganizeInput.Find(input, options.Input.Format), project, options);
    }

    private static void Require(RunSource source, string project, StackmillOptions options)
    {
        if (source.Metadata is not null)
        {
            Terms.Require(options.Contents);
            RequireOwn(project);
        }
        else
        {
            Require(source.Input!, project, options);
        }
    }

    private static void Require(OrganizeInput input, string project, StackmillOptions options)
    {
        if (input.LocalPath is { } local && !File.Exists(project) && RealPath.OfFolder(project).StartsWith(RealPath.OfFolder(local), StringComparison.Ordinal))
            throw new UsageException($"the output '{project}' lies inside the input '{local}', which is never changed. Choose an --output outside of it.");
        RequireOwn(project);
        OrganizeStage.Require(input, ProjectLayout.Data(project, "staged"), options.Organize);
        foreach (var name in input.LocalPath is null ? [] : ProjectLayout.NewestFirst.Append(ReleaseName))
        {
            var folder = ProjectLayout.Data(project, name);
            if (RealPath.OfFolder(input.LocalPath!).StartsWith(RealPath.OfFolder(folder), StringComparison.Ordinal))
                throw new UsageException($"the input '{input.LocalPath}' lies inside '{folder}', which the run writes. Choose another --output.");
        }
    }

    private static void RequireOwn(string project)
    {
        if (File.Exists(project))
            throw new UsageException($"the output '{project}' is a file; expected a project folder (made when missing).");
        foreach (var name in ProjectLayout.NewestFirst.Append(ReleaseName))
            DatasetBuild.RequireOwn(ProjectLayout.Data(project, name));
    }
}
