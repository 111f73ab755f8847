using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Versioning.Projects;

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
        var locks = new PathLocks(Path.Combine(project.TemporaryFolder, "rwlock"), read, write, command, cancellation);
        locks.Change(state =>
        {
            locks.Require(state);
            locks.Add(state);
        });
        return locks;
    }

    /// <inheritdoc/>
    public void Dispose() => Change(Remove);

    private void Change(Action<JsonObject> change)
    {
        using var guard = ProjectLock.TakeFile(_file + ".lock", _cancellation.IsCancellationRequested ? CancellationToken.None : _cancellation)
            ?? throw new RunFaultException($"the lock file '{_file}.lock' is held by another process. Wait until it ends, and run the same command again.");
        var state = Load();
        change(state);
        AtomicFile.WriteAllBytes(_file, Encoding.UTF8.GetBytes(state.ToJsonString()));
    }

    private JsonObject Load()
    {
        if (!File.Exists(_file))
            return [];
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(_file)) as JsonObject ?? [];
        }
        catch (JsonException fault)
        {
            throw new RunFaultException($"'{_file}' is damaged; expected the JSON of DVC's locks. When no DVC process is at work, remove it.", fault);
        }
    }

    private void Require(JsonObject state)
    {
        foreach (var mine in _write)
        {
            foreach (var (path, pid, command) in Entries(state, "write").Concat(Entries(state, "read")))
                Refuse(mine, path, pid, command);
        }

        foreach (var mine in _read)
        {
            foreach (var (path, pid, command) in Entries(state, "write"))
                Refuse(mine, path, pid, command);
        }
    }

    private static void Refuse(string mine, string path, int pid, string command)
    {
        if (pid == Environment.ProcessId || !IsAlive(pid) || !(ProjectPath.IsInside(mine, path) || ProjectPath.IsInside(path, mine)))
            return;
        throw new RunFaultException($"'{mine}' is busy: the process {pid} ({command}) works on it. Wait until it ends, and run the same command again.");
    }

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
