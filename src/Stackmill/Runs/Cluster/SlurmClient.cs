using System.ComponentModel;
using System.Diagnostics;
using Stackmill.Core.Faults;

namespace Stackmill.Runs.Cluster;

/// <summary>A task of an array, or a job, as the queue shows it.</summary>
/// <param name="Job">Id of the job or of the array.</param>
/// <param name="Task">Number in the array; <c>null</c> for a job that is no array.</param>
/// <param name="State">Slurm's word, e.g. PENDING.</param>
/// <param name="Reason">Why it waits.</param>
internal sealed record SlurmTask(string Job, int? Task, string State, string Reason);

/// <summary>Slurm's own programs.</summary>
internal sealed class SlurmClient(CancellationToken cancellation)
{
    private const int Attempts = 4;
    private const string MissingSlurm = "Install Slurm's clients here, or run this on a login node of the cluster.";

    /// <summary>Submits a job and gives its id.</summary>
    /// <exception cref="RunFaultException">Slurm refuses it.</exception>
    public string Submit(IEnumerable<string> arguments)
    {
        var (code, output, error) = Run("sbatch", arguments);
        if (code != 0)
            throw new RunFaultException($"sbatch refused a job: {error.Trim()} What was submitted before stays; run the same command again when it is put right.");
        // With several clusters the id is followed by the cluster's name.
        return output.Trim().Split(';')[0];
    }

    /// <summary>What of these jobs waits or runs. Jobs that the controller has forgotten are not among them.</summary>
    /// <exception cref="RunFaultException">The controller does not answer.</exception>
    public IReadOnlyList<SlurmTask> Queue(IReadOnlyCollection<string> jobs)
    {
        if (jobs.Count == 0)
            return [];
        // Of the whole user: asked for by number, one that is forgotten makes the question an error.
        for (var attempt = 1; ; attempt++)
        {
            var (code, output, error) = Run("squeue", ["--noheader", "--array", "--me", "--states=all", "--format=%F|%K|%T|%r"]);
            if (code == 0)
                return [.. Parse(output).Where(t => jobs.Contains(t.Job))];
            if (attempt == Attempts)
                throw new RunFaultException($"squeue does not answer: {error.Trim()} Check that the controller of the cluster runs.");
            // A controller that has much to do, or is begun again, does not answer for a moment.
            if (cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(attempt)))
                cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>How tasks of these jobs have ended, where the cluster keeps accounts; none where it does not.</summary>
    public IReadOnlyList<SlurmTask> Ended(IReadOnlyCollection<string> jobs)
    {
        if (jobs.Count == 0)
            return [];
        var (code, output, _) = Run("sacct", ["--noheader", "--parsable2", "--allocations", "--array", $"--jobs={string.Join(',', jobs)}", "--format=JobID,State"]);
        if (code != 0)
            return [];
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('|')).Where(f => f.Length == 2).Select(f => (Id: f[0].Split('_'), State: f[1].Split(' ')[0]))
            .Select(f => new SlurmTask(f.Id[0], f.Id.Length > 1 && int.TryParse(f.Id[1], out var task) ? task : null, f.State, ""))];
    }

    /// <summary>Takes jobs out of the queue.</summary>
    public void Cancel(IEnumerable<string> jobs)
    {
        var all = jobs.ToList();
        if (all.Count > 0)
            Run("scancel", all);
    }

    private static IEnumerable<SlurmTask> Parse(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim().Split('|')).Where(f => f.Length == 4)
            .Select(f => new SlurmTask(f[0], int.TryParse(f[1], out var task) ? task : null, f[2], f[3]));

    private (int Code, string Output, string Error) Run(string program, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardInput.Close();
            using var stop = cancellation.Register(() => process.Kill(entireProcessTree: true));
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception fault)
        {
            throw new UsageException($"there is no program '{program}' on the PATH. {MissingSlurm}", fault);
        }
    }
}
