using System.IO.Enumeration;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Pipelines;

/// <summary>All stages of a project: those of every <c>dvc.yaml</c>, and every <c>.dvc</c> file.</summary>
internal sealed class ProjectIndex
{
    private readonly Dictionary<string, LockFile> _locks = new(StringComparer.Ordinal);
    private readonly List<Stage> _stages = [];
    private readonly List<string> _topMetrics = [];
    private readonly List<string> _lonelyLocks = [];

    private ProjectIndex(DvcProject project) => Project = project;

    /// <summary>The project.</summary>
    public DvcProject Project { get; }

    /// <summary>The stages, in the order of folders and files.</summary>
    public IReadOnlyList<Stage> Stages => _stages;

    /// <summary>Every output with its stage.</summary>
    public IEnumerable<(Stage Stage, Output Output)> Outputs => _stages.SelectMany(s => s.Outputs.Select(o => (s, o)));

    /// <summary>Files of metrics: outputs that are, and those that a file names at its top.</summary>
    public IEnumerable<string> MetricFiles => Outputs.Where(o => o.Output.IsMetric).Select(o => o.Output.FullPath).Concat(_topMetrics).Distinct(StringComparer.Ordinal);

    /// <summary>Full paths of locks without the file of stages that they belong to: what they name, nobody else may know of.</summary>
    public IReadOnlyList<string> LonelyLocks => _lonelyLocks;

    /// <summary>Reads all files of a project.</summary>
    /// <exception cref="UsageException">One is not as DVC expects it, or two outputs overlap.</exception>
    public static ProjectIndex Load(DvcProject project)
    {
        var index = new ProjectIndex(project);
        index.Walk(project.Root, []);
        index.RequireApart();
        return index;
    }

    /// <summary>The lock beside a file of stages.</summary>
    public LockFile LockOf(Stage stage) => _locks[stage.File];

    /// <summary>The stages that a target names: a stage, all stages of a file, a <c>.dvc</c> file, the group of a foreach, or the path of an output.</summary>
    /// <exception cref="UsageException">It names nothing.</exception>
    public IReadOnlyList<Stage> Find(string target)
    {
        var full = Project.Full(target);
        var found = _stages.Where(s => s.Address == target || s.Address.StartsWith(target + "@", StringComparison.Ordinal) || s.File == full
            || s.Outputs.Exists(o => o.FullPath == full) || (s.Name is null && s.File == full + DvcProject.DvcEnding)).ToList();
        if (found.Count > 0)
            return found;
        if (Outputs.FirstOrDefault(o => ProjectPath.IsInside(full, o.Output.FullPath)) is { Output: not null } inside)
            throw new UsageException($"'{target}' lies inside '{Project.Show(inside.Output.FullPath)}', which is kept as a whole. Name that, or use 'dvc' itself for parts of it.");
        var near = Shared.NearestName.Find(target, _stages.Select(s => s.Address)) is { } name ? $" Did you mean '{name}'?" : "";
        throw new UsageException($"'{target}' is neither a stage of this project, nor a '{DvcProject.StagesName}' or '{DvcProject.DvcEnding}' file, nor what one of them makes.{near}");
    }

    /// <summary>The stages that targets name, once each; all of them without a target.</summary>
    public IReadOnlyList<Stage> Find(IReadOnlyCollection<string> targets) => targets.Count == 0 ? _stages : [.. targets.SelectMany(Find).Distinct()];

    private void Walk(string folder, HashSet<string> outputs)
    {
        var inner = new List<string>();
        // A folder may hold a hundred thousand files that are none of these: they are passed over by name.
        foreach (var entry in FolderEntries.Of(folder, static (ref FileSystemEntry e) => e.FileName.SequenceEqual(DvcProject.StagesName) || e.FileName.SequenceEqual(DvcProject.LockName) || e.FileName.EndsWith(DvcProject.DvcEnding, StringComparison.Ordinal))
            .OrderBy(static name => name.TrimEnd(FolderEntries.FolderMark), StringComparer.Ordinal))
        {
            var name = entry;
            var isFolder = FolderEntries.IsFolder(ref name);
            var path = Path.Join(folder, name);
            if (!isFolder && !Project.Ignore.IsIgnored(path, false))
                Load(path, outputs);
            else if (isFolder && !IgnoreRules.IsVersionControl(name))
                inner.Add(path);
        }

        // What a stage makes holds no stages, and a folder with a project of its own is that one's.
        foreach (var path in inner.Where(p => !outputs.Contains(p) && !Project.Ignore.IsIgnored(p, true) && !Directory.Exists(Path.Combine(p, DvcProject.FolderName))))
            Walk(path, outputs);
    }

    private void Load(string path, HashSet<string> outputs)
    {
        if (Path.GetFileName(path) == DvcProject.LockName)
        {
            if (!File.Exists(Path.Combine(Path.GetDirectoryName(path)!, DvcProject.StagesName)))
                _lonelyLocks.Add(path);
            return;
        }

        var text = File.ReadAllText(path);
        var first = _stages.Count;
        if (Path.GetFileName(path) == DvcProject.StagesName)
        {
            var lockPath = Path.Combine(Path.GetDirectoryName(path)!, DvcProject.LockName);
            var lockFile = LockFile.Open(lockPath, Project.Show(lockPath));
            _locks.Add(path, lockFile);
            _stages.AddRange(PipelineFile.Read(Project, path, text, lockFile));
            _topMetrics.AddRange(PipelineFile.TopMetrics(path, text, Project.Show(path)));
        }
        else
        {
            _stages.Add(DvcFile.Read(Project, path, text));
        }

        outputs.UnionWith(_stages.Skip(first).SelectMany(s => s.Outputs).Select(o => o.FullPath));
    }

    private void RequireApart()
    {
        var owners = new Dictionary<string, Stage>(StringComparer.Ordinal);
        foreach (var (stage, output) in Outputs)
        {
            if (!owners.TryAdd(output.FullPath, stage))
                throw new UsageException($"'{Project.Show(output.FullPath)}' is made by '{owners[output.FullPath].Address}' and by '{stage.Address}'. One stage makes an output: take it out of the other. Nothing was changed.");
        }

        foreach (var (stage, output) in Outputs)
        {
            for (var above = Path.GetDirectoryName(output.FullPath); above is not null && above.Length > Project.Root.Length; above = Path.GetDirectoryName(above))
            {
                if (owners.TryGetValue(above, out var owner))
                    throw new UsageException($"'{Project.Show(output.FullPath)}' of '{stage.Address}' lies inside '{Project.Show(above)}' of '{owner.Address}': outputs that overlap can't be kept apart. Move one of them. Nothing was changed.");
            }
        }
    }
}
