using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Organize.Licenses;
using Stackmill.Organize.Sources;
using Stackmill.Organize.Sources.Archives;
using Stackmill.Organize.Sources.Git;
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

    /// <summary>Version of the stage's code.</summary>
    public const int Version = 3;

    // Where clones lie and how long a server is waited for changes no record.
    private static bool IsPartOfKey(string key) => key is not ("input.git.clones" or "input.git.timeout_seconds");

    /// <summary>Runs the stage on a path of this machine or an address of a Git repository.</summary>
    /// <param name="input">Folder of source files, file of records, archive, repository, or a folder or list of those.</param>
    /// <param name="output">Folder of the staged dataset.</param>
    /// <param name="options">What is kept, and how the input is read.</param>
    /// <param name="context">The run.</param>
    public static Manifest Run(string input, string output, OrganizeOptions options, RunContext context) =>
        Run(Require(input, output, options), output, options, context);

    /// <summary>Runs the stage, or finds that its dataset is up to date.</summary>
    /// <param name="input">What is read.</param>
    /// <param name="output">Folder of the staged dataset.</param>
    /// <param name="options">What is kept, and how the input is read.</param>
    /// <param name="context">The run.</param>
    public static Manifest Run(OrganizeInput input, string output, OrganizeOptions options, RunContext context) => Do(input, output, options, context, WorkPart.Whole())!;

    /// <summary>Does a part of the stage; gives the manifest when the dataset is finished.</summary>
    public static Manifest? Do(OrganizeInput input, string output, OrganizeOptions options, RunContext context, WorkPart part)
    {
        StageColumns.Tell(context, Id, part, () => OrganizeLineage.Of(input, output));
        var lists = RepositoryLists.Load(options.Filters);
        var filters = FileFilters.Create(options, lists);
        var start = context.Clock.GetUtcNow();
        using var build = DatasetBuild.Begin(output, context, part);
        context.Observer.Note(Id, input.Description);
        Warn(input, context);
        if (input.Git is { } git)
        {
            var clones = options.Input.Git.Clones.Length > 0 ? options.Input.Git.Clones : Path.Combine(ProjectLayout.CacheFor(output), "clones");
            using var plan = GitPlan.Make(git, options, filters, clones, build.ScratchFile("listing"), context);
            return Finish(plan.Fingerprint, plan.Tasks, () => new GitWorker(plan, filters, options));
        }

        if (input.Archives is { } archives)
        {
            var plan = ArchivePlan.Make(archives);
            return Finish(plan.Fingerprint, plan.Tasks, () => new ArchiveWorker(plan, filters, options, build.OwnFolder("archives")));
        }

        var kind = input.Kind!;
        if (kind.Form == InputForm.Folder)
        {
            var folder = kind.Path;
            var scanner = new FolderScanner(folder, options.Input.IncludeHidden, options.Input.RespectGitignore);
            var scopes = options.Licenses.Detect == LicenseOptions.Never ? null : new FolderScopes(options.Input.RepoDepth);
            using var plan = FolderPlan.Make(scanner, filters, options.ShardSize, build.ScratchFile("listing"), context.Cancellation, scopes);
            return Finish(plan.Fingerprint, plan.Tasks, () => new FolderWorker(folder, plan, filters, options));
        }

        var names = RecordNames.Of(options.Input, declaredIds: lists.OptedOut.Count > 0);
        var pieces = RecordPlan.Make(kind, options.ShardSize, context.Cancellation);
        RecordScopes? licenses = null;
        return Finish(
            pieces.Fingerprint, pieces.Tasks, () => new RecordWorker(kind.Form, pieces, names, filters, lists, options, licenses),
            () => licenses = RecordScopes.Gather(kind.Form, pieces, names, options, build.OwnFolder("licenses"), context));

        Manifest? Finish(string fingerprint, IReadOnlyList<Core.Engine.ShardTask> tasks, Func<Core.Engine.IShardWorker> createWorker, Action? beforeTasks = null)
        {
            var inputs = new List<ManifestInput> { input.State ?? new("input", fingerprint) };
            if (lists.Fingerprint.Length > 0)
                inputs.Add(new ManifestInput("lists", lists.Fingerprint));
            build.Prepare(new DatasetPlan(Id, Version, "bytes", ResolvedConfiguration.Of(options, IsPartOfKey).Json, inputs));
            if (build.UpToDate is { } manifest)
                return manifest;
            if (!part.IsPlan && !part.IsEnd)
                beforeTasks?.Invoke();
            return build.RunLast(tasks, createWorker) is not { } markers ? null : build.Publish(markers, tasks, beforePublish:
                made => IngestManifest.Write(output, made, input.Name, start, context.Clock.GetUtcNow()));
        }
    }

    /// <summary>Finds out what the input is, and fails when the stage can't even start, before anything is written.</summary>
    /// <exception cref="UsageException">Input or output can't be used.</exception>
    public static OrganizeInput Require(string input, string output, OrganizeOptions options)
    {
        var found = OrganizeInput.Find(input, options.Input.Format);
        Require(found, output, options);
        return found;
    }

    /// <summary>Fails when the stage can't even start, before anything is written.</summary>
    /// <exception cref="UsageException">Input or output can't be used.</exception>
    public static void Require(OrganizeInput input, string output, OrganizeOptions options)
    {
        RecordNames.Of(options.Input, declaredIds: false);
        foreach (var place in input.LocalPlaces)
            RequireApart(place, output);
        DatasetBuild.RequireOwn(output);
    }

    private static void Warn(OrganizeInput input, RunContext context)
    {
        if (input.Kind?.OthersBeside > 0 || (input.Archives is not null && input.LeftBeside > 0))
            context.Observer.Warn(Id, $"'{input.Name}' holds {input.Kind?.OthersBeside ?? input.LeftBeside} other files, which are not read.");
        if (input.Kind?.Form == InputForm.Folder && input.LeftBeside > 0)
            context.Observer.Warn(Id, $"'{input.Name}' holds archives beside other files: they are left out as files of no language. If the archives are meant, use --input-format archive.");
        if (input.Kind?.RecordFilesBeside > 0)
            context.Observer.Warn(Id, $"'{input.Name}' holds files of records (.jsonl, .parquet, .arrow) beside others: all are read as source files. If the records are meant, use --input-format jsonl, parquet or arrow.");
        if (input.Kind?.Form == InputForm.Folder && GitInput.IsRepository(input.Kind.Path))
            context.Observer.Note(Id, "it is a Git repository's work tree, read as it lies there; --input-format git reads what is committed");
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
