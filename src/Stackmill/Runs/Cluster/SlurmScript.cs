using System.Globalization;
using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Runs.Plans;

namespace Stackmill.Runs.Cluster;

/// <summary>The batch script of one group: what Slurm runs for each of its tasks.</summary>
internal static class SlurmScript
{
    // Until a task is begun again: what killed it may need a moment to go away.
    private const int PauseSeconds = 5;

    private const int LeastMinutes = 30;

    // An estimate on an idle machine is not what a busy node does.
    private const int TimeFactor = 6;

    /// <summary>Where the scripts and the logs of a project's jobs lie.</summary>
    public static string Folder(string project) => Path.Combine(RunPlan.Folder(project), "slurm");

    /// <summary>Writes the script of a group and gives its path.</summary>
    public static string Write(string project, RunPlan plan, PlanGroup group, SlurmOptions options)
    {
        var path = Path.Combine(Folder(project), group.Group + ".sh");
        Directory.CreateDirectory(Path.Combine(Folder(project), "logs"));
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(Text(project, plan, group, options)), flush: false);
        return path;
    }

    /// <summary>Name of a group's job.</summary>
    public static string NameOf(RunPlan plan, PlanGroup group) => $"stackmill-{plan.Id[..8]}-{group.Group}";

    private static string Text(string project, RunPlan plan, PlanGroup group, SlurmOptions options)
    {
        var full = Path.GetFullPath(project);
        var lines = new List<string>
        {
            $"--job-name={NameOf(plan, group)}",
            // The log of the first try stays when the job is begun again.
            "--open-mode=append",
            options.Requeue ? "--requeue" : "--no-requeue",
            // A group whose need has failed would wait for ever.
            "--kill-on-invalid-dep=yes",
            $"--cpus-per-task={group.Resources.Cpus.ToString(CultureInfo.InvariantCulture)}",
            $"--mem={(options.Memory.Length > 0 ? options.Memory : MemoryOf(group))}",
        };
        if (TimeOf(group, options) is { Length: > 0 } time)
            lines.Add($"--time={time}");
        if (options.Partition.Length > 0)
            lines.Add($"--partition={options.Partition}");
        return $$"""
            #!/bin/bash
            # Group '{{group.Group}}' of plan {{plan.Id}}. Written by 'stackmill submit slurm'; the first argument is the number of the array's first task.
            {{string.Join('\n', lines.Select(l => $"#SBATCH {l}"))}}
            set -u
            index=$(( ${SLURM_ARRAY_TASK_ID:-0} + ${1:-0} ))
            # A shell hears of a signal only when what it waits for in the foreground has ended.
            child=
            trap '[ -z "$child" ] || kill -TERM "$child" 2> /dev/null' TERM INT
            for attempt in $(seq {{options.Attempts.ToString(CultureInfo.InvariantCulture)}}); do
              {{options.Command}} task {{group.Group}} --index "$index" --output {{Quote(full)}} --plan {{plan.Id}} --workers {{group.Resources.Cpus.ToString(CultureInfo.InvariantCulture)}} --quiet &
              child=$!
              wait "$child"
              code=$?
              # A trap ends the first wait; the program's own end is waited for again.
              while kill -0 "$child" 2> /dev/null; do wait "$child"; code=$?; done
              case $code in
                # Done, wrong usage or another plan, failed validation, stopped: another try changes nothing.
                0|2|4|130) exit "$code" ;;
              esac
              echo "attempt $attempt of task $index ended with exit code $code" >&2
              sleep {{PauseSeconds.ToString(CultureInfo.InvariantCulture)}}
            done
            exit "$code"

            """;
    }

    /// <summary>Arguments of sbatch that hold paths: in a script their blanks would part them. In a name of a log Slurm replaces what follows a per cent sign.</summary>
    public static IReadOnlyList<string> Places(string project, PlanGroup group, string workingFolder) =>
        [$"--output={Path.Combine(Path.GetFullPath(Folder(project)), "logs", group.Group).Replace("%", "%%", StringComparison.Ordinal)}-%j.out", $"--chdir={workingFolder}"];

    /// <summary>A text as one word of a shell.</summary>
    public static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static string MemoryOf(PlanGroup group) => $"{((group.Resources.MemoryBytes / 10 * 11) + (1 << 20) - 1) >> 20}M";

    private static string TimeOf(PlanGroup group, SlurmOptions options) =>
        options.Time.Length > 0 ? options.Time : group.Resources.Seconds is { } seconds ? Math.Max(LeastMinutes, seconds * TimeFactor / 60).ToString(CultureInfo.InvariantCulture) : "";
}
