using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Organize.Sources;
using Stackmill.Organize.Sources.Records;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;
using Stackmill.Shared.Filters;

namespace Stackmill.Organize;

/// <summary>
/// The first stage: brings any input into the staged dataset, by language, with every entry accounted for.
/// Contents stay the original bytes; what they mean is decided by the next stage.
/// </summary>
internal static class OrganizeStage
{
    /// <summary>Id of the stage.</summary>
    public const string Id = "organize";

    private const int Version = 1;

    /// <summary>Runs the stage, or finds that its dataset is up to date.</summary>
    /// <param name="input">Folder of source files, a file of records (JSON lines, Parquet, CSV, Arrow), or a folder of those.</param>
    /// <param name="output">Folder of the staged dataset.</param>
    /// <param name="options">What is kept, and how the input is read.</param>
    /// <param name="context">The run.</param>
    public static Manifest Run(string input, string output, OrganizeOptions options, RunContext context)
    {
        var kind = Require(input, output, options);
        var lists = RepositoryLists.Load(options.Filters);
        var filters = FileFilters.Create(options, lists);
        var start = context.Clock.GetUtcNow();
        using var build = DatasetBuild.Begin(output, context);
        context.Observer.Note(Id, kind.Form switch
        {
            InputForm.Folder => $"reading '{input}' as a folder of source files",
            InputForm.JsonLines => $"reading '{input}' as JSON lines ({kind.Files.Count} files)",
            _ => $"reading '{input}' as {kind.Title} ({kind.Files.Count} files)",
        });
        if (kind.OthersBeside > 0)
            context.Observer.Warn(Id, $"'{input}' holds {kind.OthersBeside} other files, which are not read.");
        if (kind.RecordFilesBeside > 0)
            context.Observer.Warn(Id, $"'{input}' holds files of records (.jsonl, .parquet, .arrow) beside others: all are read as source files. If the records are meant, use --input-format jsonl, parquet or arrow.");
        if (kind.Form == InputForm.Folder)
        {
            var scanner = new FolderScanner(input, options.Input.IncludeHidden, options.Input.RespectGitignore);
            using var plan = FolderPlan.Make(scanner, filters, options.ShardSize, build.ScratchFile("listing"), context.Cancellation);
            return Finish(plan.Fingerprint, plan.Tasks, () => new FolderWorker(input, plan, filters, lists, options.Input.RepoDepth));
        }

        var names = RecordNames.Of(options.Input, declaredIds: lists.OptedOut.Count > 0);
        var pieces = RecordPlan.Make(kind, options.ShardSize, context.Cancellation);
        return Finish(pieces.Fingerprint, pieces.Tasks, () => new RecordWorker(kind.Form, pieces, names, filters, lists, options));

        Manifest Finish(string fingerprint, IReadOnlyList<Core.Engine.ShardTask> tasks, Func<Core.Engine.IShardWorker> createWorker)
        {
            var inputs = new List<ManifestInput> { new("input", fingerprint) };
            if (lists.Fingerprint.Length > 0)
                inputs.Add(new ManifestInput("lists", lists.Fingerprint));
            build.Prepare(new DatasetPlan(Id, Version, "bytes", ResolvedConfiguration.Of(options).Json, inputs));
            if (build.UpToDate is { } manifest)
                return manifest;
            return build.Publish(build.Run(tasks, createWorker), tasks, beforePublish:
                made => IngestManifest.Write(output, made, input, start, context.Clock.GetUtcNow()));
        }
    }

    /// <summary>Finds out what the input is, and fails when the stage can't even start, before anything is written.</summary>
    public static InputKind Require(string input, string output, OrganizeOptions options)
    {
        var kind = InputKind.Find(input, options.Input.Format);
        RecordNames.Of(options.Input, declaredIds: false);
        RequireApart(input, output);
        DatasetBuild.RequireOwn(output);
        return kind;
    }

    // A folder that is read and written at once would feed on itself, and inputs are never changed.
    private static void RequireApart(string input, string output)
    {
        var (from, to) = (RealPath.OfFolder(input), RealPath.OfFolder(output));
        if (to.StartsWith(from, StringComparison.Ordinal))
            throw new UsageException($"the output '{output}' lies inside the input '{input}', which is never changed. Choose an --output outside of it.");
        if (from.StartsWith(to, StringComparison.Ordinal))
            throw new UsageException($"the input '{input}' lies inside the output '{output}', which is written anew. Choose another --output.");
    }
}
