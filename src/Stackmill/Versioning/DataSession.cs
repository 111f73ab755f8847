using System.Collections.Concurrent;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Pipelines;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning;

/// <summary>A project that is worked on: its lock is held, its files are read.</summary>
internal sealed class DataSession : IDisposable
{
    private readonly Lazy<ProjectIndex> _index;
    private IReadOnlyList<BusyPath> _busy;

    private DataSession(DvcProject project, ProjectLock taken, int workers, TimeProvider clock, TextWriter output, CancellationToken cancellation)
    {
        (Project, Lock, Workers, Output, Cancellation) = (project, taken, workers, output, cancellation);
        Memory = new HashMemory(project.OwnFolder, clock);
        Hasher = new ContentHasher(Memory, project.Ignore, workers, cancellation);
        Cache = new ObjectCache(project);
        Links = FileLinks.Of(project.Config.Get("cache", "type"));
        Workspace = new Workspace(project, Cache, Hasher, Links, workers, cancellation);
        Git = new GitFiles(project);
        Runs = new RunCache(project, Cache);
        Parameters = new ParameterValues(project);
        _busy = PathLocks.Busy(project);
        _index = new(() => ProjectIndex.Load(project));
    }

    /// <summary>The project.</summary>
    public DvcProject Project { get; }

    /// <summary>Its lock.</summary>
    public ProjectLock Lock { get; }

    /// <summary>Threads.</summary>
    public int Workers { get; }

    /// <summary>Hears in lines what is done.</summary>
    public TextWriter Output { get; }

    /// <summary>Set when the work must stop.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Hashes known from before.</summary>
    public HashMemory Memory { get; }

    /// <summary>Hashes files and folders.</summary>
    public ContentHasher Hasher { get; }

    /// <summary>The cache.</summary>
    public ObjectCache Cache { get; }

    /// <summary>How files are made from the cache.</summary>
    public FileLinks Links { get; }

    /// <summary>The files themselves.</summary>
    public Workspace Workspace { get; }

    /// <summary>What is done with Git.</summary>
    public GitFiles Git { get; }

    /// <summary>Earlier runs.</summary>
    public RunCache Runs { get; }

    /// <summary>Values of parameters; read anew after a command ran.</summary>
    public ParameterValues Parameters { get; private set; }

    /// <summary>All stages.</summary>
    public ProjectIndex Index => _index.Value;

    /// <summary>Takes the lock of the project that a folder lies in.</summary>
    /// <exception cref="UsageException">It lies in none.</exception>
    /// <exception cref="RunFaultException">Another process holds the lock.</exception>
    public static DataSession Open(string folder, int workers, TextWriter output, CancellationToken cancellation, TimeProvider? clock = null)
    {
        var project = DvcProject.Find(folder);
        var taken = ProjectLock.Take(project, cancellation);
        try
        {
            return new DataSession(project, taken, workers, clock ?? TimeProvider.System, output, cancellation);
        }
        catch (StackmillException)
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Compares a stage with what is there.</summary>
    public StageStatus StatusOf(Stage stage)
    {
        RequireFree(read: stage.Dependencies.Select(d => d.FullPath).Concat(stage.Outputs.Select(o => o.FullPath)), write: []);
        // Each folder takes its time to be listed: several are at once.
        var paths = stage.Outputs.Select(o => o.FullPath).Concat(stage.IsFrozen ? [] : stage.Dependencies.Select(d => d.FullPath)).ToList();
        var recorded = stage.Outputs.Where(o => o is { UsesCache: true, Recorded.IsLegacy: false }).Select(o => o.Recorded!.Value.Md5).Distinct().ToList();
        var kept = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        new ParallelWork(Workers, Cancellation).Each(paths.Count + recorded.Count, i =>
        {
            if (i < paths.Count)
                _ = Hasher.Hash(paths[i]);
            else
                kept[recorded[i - paths.Count]] = Cache.HasAll(recorded[i - paths.Count]);
        });
        return StageStatus.Of(stage, Project, Hasher, kept, Parameters);
    }

    /// <summary>Forgets what a command may have changed.</summary>
    public void Forget()
    {
        Hasher.Forget();
        Parameters = new ParameterValues(Project);
        // The lock was free while the command ran.
        _busy = PathLocks.Busy(Project);
    }

    /// <summary>Fails when another process works on some paths in a way that does not go with what is wanted.</summary>
    /// <exception cref="RunFaultException">It does.</exception>
    public void RequireFree(IEnumerable<string> read, IEnumerable<string> write) => PathLocks.RequireFree(_busy, read, write);

    /// <inheritdoc/>
    public void Dispose()
    {
        Memory.Save();
        Git.Dispose();
        Lock.Dispose();
    }
}
