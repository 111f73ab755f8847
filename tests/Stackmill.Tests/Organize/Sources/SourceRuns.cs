using Stackmill.Datasets;
using Stackmill.Datasets.Storage;
using Stackmill.Organize;
using Stackmill.Organize.Sources.Archives;
using Stackmill.Organize.Sources.Git;
using Stackmill.Shared.Filters;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources;

/// <summary>Runs the plan and worker of one form of input as the stage does.</summary>
internal static class SourceRuns
{
    /// <summary>Options that keep files of any size, in small shards.</summary>
    public static OrganizeOptions Options(Action<OrganizeOptions>? change = null)
    {
        var options = new OrganizeOptions { ShardSize = 2000 };
        options.Filters.FileSize.MinBytes = 1;
        change?.Invoke(options);
        return options;
    }

    /// <summary>Reads archives, or a folder of them.</summary>
    public static Dataset Archives(string input, string output, OrganizeOptions? options = null, int workers = 2)
    {
        var given = options ?? Options();
        IEnumerable<SourceFile> files = File.Exists(input)
            ? [new LocalFile(input, Path.GetFileName(input))]
            : Directory.EnumerateFiles(input, "*", SearchOption.AllDirectories).Select(f => new LocalFile(f, Path.GetRelativePath(input, f)));
        var plan = ArchivePlan.Make(files);
        var filters = FileFilters.Create(given);
        var context = TestRun.Context(workers);
        using var build = DatasetBuild.Begin(output, context);
        build.Prepare(new DatasetPlan(OrganizeStage.Id, 1, "bytes", "{}", [new ManifestInput("input", plan.Fingerprint)]));
        var scratch = build.ScratchFolder("archives");
        return Dataset.Of(output, build.Publish(build.Run(plan.Tasks, () => new ArchiveWorker(plan, filters, given, scratch)), plan.Tasks));
    }

    /// <summary>Reads repositories.</summary>
    public static Dataset Git(string input, string output, OrganizeOptions? options = null, int workers = 2)
    {
        var given = options ?? Options();
        var filters = FileFilters.Create(given);
        var context = TestRun.Context(workers);
        using var build = DatasetBuild.Begin(output, context);
        using var plan = GitPlan.Make(GitInput.Find(input, isAsked: true)!, given, filters, given.Input.Git.Clones, build.ScratchFile("listing"), context);
        build.Prepare(new DatasetPlan(OrganizeStage.Id, 1, "bytes", "{}", [new ManifestInput("input", plan.Fingerprint)]));
        return Dataset.Of(output, build.Publish(build.Run(plan.Tasks, () => new GitWorker(plan, filters, given)), plan.Tasks));
    }

    /// <summary>Paths of the records, in ordinal order.</summary>
    public static List<string> Paths(this Dataset dataset) => [.. TestDatasets.ReadAll(dataset).Select(r => r.Path).Order(StringComparer.Ordinal)];

    /// <summary>Paths and reasons of the ledger, in ordinal order.</summary>
    public static List<string> Fates(this Dataset dataset) => [.. dataset.ReadLedger().Select(r => $"{r.Path}: {r.Reason}").Order(StringComparer.Ordinal)];
}
