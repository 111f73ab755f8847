using System.Globalization;
using System.Text.RegularExpressions;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Search;
using Stackmill.Organize;

namespace Stackmill.Runs.Plans;

/// <summary>
/// A project that workers share: a folder that all see, used as it is, or an address of object storage, of which each worker keeps a mirror of its own. A worker fetches
/// what its task needs and sends what it has made: data first, then markers.
/// </summary>
internal sealed partial class SharedProject : IDisposable
{
    // The steps of deduplication that read the dataset itself; the others read what those have left.
    private static readonly string[] PerShard = [SearchFiles.Signatures, "windows", DeduplicateRun.Keep];

    private readonly ObjectMirror? _mirror;
    private readonly ObjectStore? _store;
    private readonly IRunObserver _observer;
    private readonly CancellationToken _cancellation;

    private SharedProject(string folder, ObjectStore? store, ObjectMirror? mirror, IRunObserver observer, CancellationToken cancellation) =>
        (Folder, _store, _mirror, _observer, _cancellation) = (folder, store, mirror, observer, cancellation);

    /// <summary>The folder to work in.</summary>
    public string Folder { get; }

    /// <summary>Opens a project.</summary>
    /// <exception cref="UsageException">It can't be an address, or there are no credentials.</exception>
    /// <exception cref="RunFaultException">Another process works on the same mirror.</exception>
    public static SharedProject Open(string project, StorageOptions options, IRunObserver observer, CancellationToken cancellation)
    {
        if (!StoragePaths.IsAddress(project) || !S3Location.TryParse(project, out var location))
            return new SharedProject(project, null, null, observer, cancellation);
        var store = ObjectStore.OpenAsync(options, Environment.GetEnvironmentVariable, cancellation).GetAwaiter().GetResult();
        ObjectMirror? mirror = null;
        try
        {
            mirror = ObjectMirror.Open(store, location, StoragePaths.WorkFolder(options, Environment.GetEnvironmentVariable));
            observer.StandsFor(mirror.Folder, project);
            return new SharedProject(mirror.Folder, store, mirror, observer, cancellation);
        }
        finally
        {
            if (mirror is null)
                store.Dispose();
        }
    }

    /// <summary>Fetches everything, for who plans.</summary>
    public void FetchAll() => Fetch(_ => true);

    /// <summary>Fetches the plan, with the markers when all is looked at.</summary>
    public void FetchPlan(bool markers = false) => Fetch(p => IsPlan(p) || ObjectMirror.IsManifest(p) || (markers && (p.Contains("/done/", StringComparison.Ordinal) || p.EndsWith("/plan", StringComparison.Ordinal))));

    /// <summary>Fetches what a task reads.</summary>
    /// <param name="stages">The stages of the plan.</param>
    /// <param name="group">The group.</param>
    /// <param name="task">Number of the task; <c>null</c> for all.</param>
    public void FetchFor(IReadOnlyList<PlanStage> stages, PlanGroup group, int? task)
    {
        if (_mirror is null)
            return;
        var stage = stages.First(s => s.Id == group.Stage);
        // Who ends a stage prepares those behind it, and looks at what is there of them.
        var outputs = stages.Where(s => s.Id == stage.Id || (group.Kind != PlanGroup.TasksKind && s.Needs.Contains(stage.Id))).Select(s => s.Output).ToList();
        var mine = group.Kind == PlanGroup.TasksKind && group.Count > 1 ? task : null;
        var isOneStep = stage.Steps.Count <= 1 || group.Group == stage.GroupOf(stage.Steps[0].Name);
        var inputs = Inputs(stage, group, mine);
        Fetch(dropOthers: true, path => IsPlan(path) || ObjectMirror.IsManifest(path) || path.StartsWith("reports/", StringComparison.Ordinal)
            || outputs.Any(o => path.StartsWith(o + "/", StringComparison.Ordinal) && ((path.Contains("/_work/", StringComparison.Ordinal) && !isOneStep) || IsMine(path, group, mine)))
            || inputs(path));
    }

    /// <summary>Sends what is new here.</summary>
    public void Send()
    {
        if (_mirror is null)
            return;
        using var publication = new ObjectPublication(_mirror, _observer);
        Run(() => publication.SendPartAsync(_cancellation));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mirror?.Dispose();
        _store?.Dispose();
    }

    private static bool IsPlan(string path) => path.StartsWith("plan/", StringComparison.Ordinal);

    private static bool IsMine(string path, PlanGroup group, int? task) =>
        task is not { } slot || !Part().IsMatch(path) || int.Parse(Part().Match(path).Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) % group.Count == slot;

    // Of a dataset that tasks divide by its shards, those of the task.
    private Predicate<string> Inputs(PlanStage stage, PlanGroup group, int? task)
    {
        if (stage.Input == PlanGroups.Source || group.Kind == PlanGroup.FinishKind)
            return path => group.Kind == PlanGroup.FinishKind && path.StartsWith($"{stage.Input}/_ledger/", StringComparison.Ordinal);
        if (group.Kind == PlanGroup.StageKind)
            return path => path.StartsWith(stage.Input + "/", StringComparison.Ordinal);
        var manifest = Manifest.Read(Path.Combine(Folder, stage.Input));
        if (manifest is null || stage.Id == OrganizeStage.Id)
            return path => path.StartsWith(stage.Input + "/", StringComparison.Ordinal);
        if (stage.Steps.Count > 1 && !PerShard.Any(step => group.Group == stage.GroupOf(step)))
            return static _ => false;
        var shards = manifest.Shards.Select((s, i) => (s.Path, i)).Where(s => task is not { } slot || s.i % group.Count == slot).Select(s => $"{stage.Input}/{s.Path}").ToHashSet(StringComparer.Ordinal);
        return shards.Contains;
    }

    private void Fetch(Predicate<string> isWanted) => Fetch(dropOthers: false, isWanted);

    private void Fetch(bool dropOthers, Predicate<string> isWanted)
    {
        if (_mirror is { } mirror)
            Run(() => mirror.PullAsync(isWanted, dropOthers, _observer, _cancellation));
    }

    private void Run(Func<Task> act)
    {
        try
        {
            act().GetAwaiter().GetResult();
        }
        catch (Amazon.Runtime.AmazonServiceException fault)
        {
            throw _store!.Explain(fault, "use", _mirror!.Location.ToString());
        }
    }

    [GeneratedRegex(@"/part-([0-9]{5,8})[^/]*$")]
    private static partial Regex Part();
}
