using System.Text.Json.Nodes;
using Stackmill.Acquire.Contents;
using Stackmill.Catalog;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Deduplicate;
using Stackmill.Export;
using Stackmill.Organize;
using Stackmill.Shared;
using Stackmill.Validate;

namespace Stackmill.Runs;

/// <summary>What a run left behind.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Stages">Manifests of the stages up to the corpus, in order; metadata and contents are among them where they were needed.</param>
/// <param name="Validation">The validation report.</param>
/// <param name="Statistics">The statistics report.</param>
/// <param name="Export">The manifest of the release; <c>null</c> when validation stopped it.</param>
internal sealed record RunResult(
    ExitCode ExitCode, IReadOnlyList<Manifest> Stages, JsonObject Validation, JsonObject Statistics, Manifest? Export);

/// <summary>Runs all stages of a project folder, each only if its input, options or code changed.</summary>
internal static class Pipeline
{
    /// <summary>Name of the release's folder below <c>data/</c>.</summary>
    public const string ReleaseName = "release";

    /// <summary>All stages on an input that is named by its path or address.</summary>
    /// <exception cref="StackmillException">The run could not go on.</exception>
    public static RunResult Run(string input, string project, StackmillOptions options, RunContext context, bool retryFailed = false)
    {
        RequireApart(input, project);
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
        var run = new RunStages(project, options, context);
        var stages = new List<Manifest>();
        var input = source.Input;
        if (source.Metadata is { } rows)
        {
            stages.Add(run.Metadata(rows));
            stages.Add(run.Contents(retryFailed));
            input = OrganizeInput.OfDataset(run.Data(ProjectLayout.Contents), stages[^1]);
        }

        // A content that could not be had is missing as a shard is.
        var isComplete = stages.TrueForAll(s => s.Books.FailedTotal == 0);
        stages.Add(run.Organize(input!, WorkPart.Whole())!);
        stages.Add(run.Preprocess(stages[^1], WorkPart.Whole())!);
        stages.Add(run.Deduplicate(stages[^1], WorkPart.Whole())!);
        var validation = run.Validate(stages[^1], WorkPart.Whole())!;
        var statistics = run.Statistics(stages, WorkPart.Whole())!;
        if (stages[^1].Books.Kept == 0)
        {
            context.Observer.Warn("run", stages[0].Books.In > 0 ? "no file went through all stages: the corpus is empty. The table below and the ledgers say why."
                : source.Metadata is null ? $"the input '{source.Name}' holds no files: the corpus is empty. Check the path, and input.include_hidden."
                : $"'{source.Name}' holds no rows: the corpus is empty. Check its name, its revision and the languages.");
        }

        var passed = ValidateStage.Passed(validation);
        var export = passed ? run.Export(stages[^1], WorkPart.Whole()) : null;
        if (!passed)
            context.Observer.Note(ExportStage.Id, "validation failed: no release was made; the corpus and the reports are there to be looked at");
        isComplete &= stages.TrueForAll(s => s.FailedShards.Count == 0) && export is null or { FailedShards.Count: 0 };
        return new RunResult(!passed ? ExitCode.ValidationFailed : isComplete ? ExitCode.Done : ExitCode.ShardsFailed, stages, validation, statistics, export);
    }

    /// <summary>The manifests of the stages that led to a dataset of a project, as far as they lie beside it.</summary>
    public static IReadOnlyList<Manifest> History(Dataset dataset)
    {
        var stages = new List<Manifest>();
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataset.Folder)))!;
        var expected = dataset.Manifest;
        stages.Add(expected);
        foreach (var name in ProjectLayout.NewestFirst.Concat(ProjectLayout.AcquiredNewestFirst))
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
        RequireApart(input, project);
        DeduplicateStage.Require(options.Deduplicate);
        if (RunSource.IsRemote(input))
            RequireOwn(project, ProjectLayout.NewestFirst);
        else
            Require(OrganizeInput.Find(input, options.Input.Format), project, options);
    }

    /// <summary>Fails when a run would read what it writes, or write what it reads; both may be addresses of object storage.</summary>
    /// <exception cref="UsageException">It would.</exception>
    public static void RequireApart(string input, string project)
    {
        if ((RunSource.IsRemote(input) && !StoragePaths.IsAddress(input)) || File.Exists(project))
            return;
        if (Apart.IsInside(project, input))
            throw new UsageException($"the output '{project}' lies inside the input '{input}', which is never changed. Choose an --output outside of it.");
        foreach (var name in ProjectLayout.NewestFirst.Append(ReleaseName))
        {
            var folder = Apart.Join(project, $"data/{name}");
            if (Apart.IsInside(input, folder))
                throw new UsageException($"the input '{input}' lies inside '{folder}', which the run writes. Choose another --output.");
        }
    }

    /// <summary>Fails when a run on an opened input can't even start, before anything is written.</summary>
    /// <exception cref="UsageException">Input or output can't be used.</exception>
    public static void Require(RunSource source, string project, StackmillOptions options)
    {
        if (source.Metadata is not null)
        {
            Terms.Require(options.Contents);
            RequireOwn(project, ProjectLayout.NewestFirst.Concat(ProjectLayout.AcquiredNewestFirst));
        }
        else
        {
            Require(source.Input!, project, options);
        }
    }

    private static void Require(OrganizeInput input, string project, StackmillOptions options)
    {
        RequireOwn(project, ProjectLayout.NewestFirst);
        OrganizeStage.Require(input, ProjectLayout.Data(project, "staged"), options.Organize);
    }

    private static void RequireOwn(string project, IEnumerable<string> datasets)
    {
        if (File.Exists(project))
            throw new UsageException($"the output '{project}' is a file; expected a project folder (made when missing).");
        foreach (var name in datasets.Append(ReleaseName))
            DatasetBuild.RequireOwn(ProjectLayout.Data(project, name));
    }
}
