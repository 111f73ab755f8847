using System.Globalization;

namespace Stackmill.Shared;

/// <summary>The memory that this process can have.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Available">What is not used by others now; <c>null</c> when that is not known.</param>
/// <param name="IsControlGroup">True when a control group (a container, a job) limits it, not the machine.</param>
internal readonly record struct MachineMemory(long Total, long? Available, bool IsControlGroup)
{
    // Version 1 writes "no limit" as the largest number of whole pages.
    private const long Unlimited = 1L << 60;

    /// <summary>Looks at the machine and, on Linux, at the control groups of this process.</summary>
    /// <param name="root">Folder that <c>proc</c> and <c>sys</c> are in.</param>
    public static MachineMemory Read(string root)
    {
        var facts = Facts(Path.Combine(root, "proc/meminfo"));
        if (!facts.TryGetValue("MemTotal", out var total))
            return new MachineMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, null, false);
        var machine = new MachineMemory(total, facts.TryGetValue("MemAvailable", out var available) ? available : null, false);
        foreach (var (limit, used) in Groups(root))
        {
            if (limit < machine.Total)
                machine = new MachineMemory(limit, Math.Min(machine.Available ?? limit, Math.Max(0, limit - used)), true);
            else if (machine.Available is { } free && limit - used < free)
                machine = machine with { Available = Math.Max(0, limit - used) };
        }

        return machine;
    }

    // The limit of each group that this process is in, up to the outermost, and what is used of it.
    private static IEnumerable<(long Limit, long Used)> Groups(string root)
    {
        var list = Path.Combine(root, "proc/self/cgroup");
        if (!File.Exists(list))
            yield break;
        foreach (var line in File.ReadLines(list))
        {
            // Lines of proc/self/cgroup are ID:CONTROLLERS:PATH (cgroups(7)); version 2 has neither controllers nor another id than 0.
            if (line.Split(':', 3) is not [_, var controllers, var path])
                continue;
            var second = controllers.Length == 0;
            if (!second && !controllers.Split(',').Contains("memory"))
                continue;
            var mount = Path.Combine(root, "sys/fs/cgroup", second ? "" : "memory");
            var (limitFile, usedFile, cacheName) = second ? ("memory.max", "memory.current", "inactive_file") : ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
            for (var group = path.Trim('/'); ; group = Path.GetDirectoryName(group) ?? "")
            {
                var folder = Path.Combine(mount, group);
                if (Number(Path.Combine(folder, limitFile)) is { } limit and < Unlimited)
                {
                    // Files in memory that nobody uses are given up when memory is asked for.
                    var cache = Facts(Path.Combine(folder, "memory.stat")).GetValueOrDefault(cacheName);
                    yield return (limit, Math.Max(0, (Number(Path.Combine(folder, usedFile)) ?? 0) - cache));
                }

                if (group.Length == 0)
                    break;
            }
        }
    }

    private static long? Number(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Lines of a name and a number; those of proc/meminfo are in units of 1024 bytes, and say so.
    private static Dictionary<string, long> Facts(string file)
    {
        var facts = new Dictionary<string, long>(StringComparer.Ordinal);
        if (!File.Exists(file))
            return facts;
        foreach (var line in File.ReadLines(file))
        {
            var words = line.Split([' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                facts[words[0]] = words.Length > 2 && words[2] == "kB" ? number << 10 : number;
        }

        return facts;
    }
}
