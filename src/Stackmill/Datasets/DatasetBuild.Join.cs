using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Shared;

namespace Stackmill.Datasets;

/// <content>Several processes at one build.</content>
internal sealed partial class DatasetBuild
{
    /// <summary>
    /// Takes part in a build that another process has prepared; any number of processes may at the same time. Nothing is removed.
    /// </summary>
    /// <exception cref="UsageException">Nothing is prepared there, or another plan.</exception>
    /// <exception cref="RunFaultException">A process has the folder for itself.</exception>
    public static DatasetBuild Join(string folder, DatasetPlan plan, RunContext context)
    {
        var file = Path.Combine(folder, WorkFolder, "plan");
        if (!File.Exists(file))
        {
            throw new UsageException(Manifest.Read(folder) is { } manifest && manifest.Key == plan.Key
                ? $"the dataset '{folder}' is finished: there is no task to do."
                : $"no tasks are planned for '{folder}' (there is no '{file}'). Run the same command with --plan first.");
        }

        var planned = File.ReadAllText(file);
        if (planned != plan.Key)
            throw new UsageException($"the tasks of '{folder}' were planned for something else: its key is {planned[..Math.Min(12, planned.Length)]}…, that of this command {plan.Key[..12]}…. Input, configuration and version must be those of the plan; run the command with --plan again to begin anew.");
        return new DatasetBuild(folder, context, OutputLock.Join(folder)) { _preparedPlan = plan };
    }
}
