using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Versioning.Projects;

/// <summary>A path that another process works on.</summary>
internal sealed record BusyPath(string Path, int Pid, string Command, bool IsWritten);

/// <summary>
/// Keeps others off the paths of a stage while its command runs, as DVC does: <c>.dvc/tmp/rwlock</c> lists who reads and who
/// writes which path. Entries of processes that have ended do not count.
/// </summary>
internal sealed class PathLocks : IDisposable
{
    private readonly string _file;
    private readonly CancellationToken _cancellation;
    private readonly IReadOnlyList<string> _read;
    private readonly IReadOnlyList<string> _write;
    private readonly string _command;

    private PathLocks(string file, IReadOnlyList<string> read, IReadOnlyList<string> write, string command, CancellationToken cancellation) =>
        (_file, _read, _write, _command, _cancellation) = (file, read, write, command, cancellation);

    /// <summary>Takes locks on full paths.</summary>
    /// <exception cref="RunFaultException">Another process holds one that does not go with them.</exception>
    public static PathLocks Take(DvcProject project, IReadOnlyList<string> read, IReadOnlyList<string> write, string command, CancellationToken cancellation)
    {
        var locks = new PathLocks(FileOf(project), read, write, command, cancellation);
        locks.Change(state =>
        {
            RequireFree(Living(state), read, write);
            locks.Add(state);
        });
        return locks;
    }

    /// <inheritdoc/>
    public void Dispose() => Change(Remove);

    /// <summary>Paths that living processes other than this one work on. Who holds the project's lock sees all of them: none is added without it.</summary>
    public static IReadOnlyList<BusyPath> Busy(DvcProject project) => Living(Load(FileOf(project)));

    /// <summary>Fails when one of some paths is worked on in a way that does not go with what is wanted.</summary>
    /// <exception cref="RunFaultException">It is.</exception>
    public static void RequireFree(IReadOnlyList<BusyPath> busy, IEnumerable<string> read, IEnumerable<string> write)
    {
        if (busy.Count == 0)
            return;
        foreach (var (path, isWritten) in read.Select(p => (p, false)).Concat(write.Select(p => (p, true))))
        {
            if (busy.FirstOrDefault(b => (isWritten || b.IsWritten) && (ProjectPath.IsInside(path, b.Path) || ProjectPath.IsInside(b.Path, path))) is { } other)
                throw new RunFaultException($"'{path}' is busy: the process {other.Pid} ({other.Command}) works on it. Wait until it ends, and run the same command again.");
        }
    }

    private static string FileOf(DvcProject project) => Path.Combine(project.TemporaryFolder, "rwlock");

    private void Change(Action<JsonObject> change)
    {
        using var guard = ProjectLock.TakeFile(_file + ".lock", _cancellation.IsCancellationRequested ? CancellationToken.None : _cancellation)
            ?? throw new RunFaultException($"the lock file '{_file}.lock' is held by another process. Wait until it ends, and run the same command again.");
        var state = Load(_file);
        change(state);
        AtomicFile.WriteAllBytes(_file, Encoding.UTF8.GetBytes(state.ToJsonString()));
    }

    private static JsonObject Load(string file)
    {
        if (!File.Exists(file))
            return [];
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject ?? [];
        }
        catch (JsonException fault)
        {
            throw new RunFaultException($"'{file}' is damaged; expected the JSON of DVC's locks. When no DVC process is at work, remove it.", fault);
        }
    }

    private static List<BusyPath> Living(JsonObject state) =>
        [.. new[] { "write", "read" }.SelectMany(kind => Entries(state, kind).Select(e => new BusyPath(e.Path, e.Pid, e.Command, kind == "write"))).Where(b => b.Pid != Environment.ProcessId && IsAlive(b.Pid))];

    private static IEnumerable<(string Path, int Pid, string Command)> Entries(JsonObject state, string kind)
    {
        foreach (var (path, value) in state[kind] as JsonObject ?? [])
        {
            foreach (var holder in value is JsonArray list ? list : [value?.DeepClone()])
                yield return (path, (int?)holder?["pid"] ?? 0, (string?)holder?["cmd"] ?? "");
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private void Add(JsonObject state)
    {
        var me = new JsonObject { ["pid"] = Environment.ProcessId, ["cmd"] = _command };
        var (writes, reads) = (Section(state, "write"), Section(state, "read"));
        foreach (var path in _write)
            writes[path] = me.DeepClone();
        foreach (var path in _read)
        {
            if (reads[path] is JsonArray list)
                list.Add(me.DeepClone());
            else
                reads[path] = new JsonArray(me.DeepClone());
        }
    }

    private void Remove(JsonObject state)
    {
        var (writes, reads) = (Section(state, "write"), Section(state, "read"));
        foreach (var path in _write)
            _ = writes.Remove(path);
        foreach (var path in _read)
        {
            if (reads[path] is not JsonArray list)
                continue;
            foreach (var holder in list.Where(h => (int?)h?["pid"] == Environment.ProcessId).ToList())
                _ = list.Remove(holder);
            if (list.Count == 0)
                _ = reads.Remove(path);
        }

        foreach (var kind in new[] { "write", "read" }.Where(k => state[k] is JsonObject { Count: 0 }))
            _ = state.Remove(kind);
    }

    private static JsonObject Section(JsonObject state, string kind)
    {
        if (state[kind] is not JsonObject section)
            state[kind] = section = [];
        return section;
    }
}
