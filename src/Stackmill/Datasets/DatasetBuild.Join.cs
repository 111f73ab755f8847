using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets;

/// <content>Several processes at one build: one prepares it, any number do tasks, one ends it.</content>
internal sealed partial class DatasetBuild
{
    /// <summary>True when this process prepares the build, and no other is at work on it.</summary>
    public bool IsBegun => !_isShared && !_part.IsEnd;

    /// <summary>As <see cref="ScratchFolder"/>, for what this process alone needs.</summary>
    public string OwnFolder(string name)
    {
        _own.Add(ScratchFile(name));
        return Directory.CreateDirectory(_own[^1]).FullName;
    }

    /// <summary>Shows the tasks of the last step to the part of the work that this process does; gives their markers when it has to end the stage.</summary>
    public IReadOnlyList<ShardMarker>? RunLast(IReadOnlyList<ShardTask> tasks, Func<IShardWorker> createWorker, string step = WorkPart.Only) =>
        _part.Last(step, tasks, Runner(), some => Run(some, createWorker));

    /// <summary>Fails when a folder can't be a dataset's output because it holds something else.</summary>
    public static void RequireOwn(string folder)
    {
        if (File.Exists(folder))
            throw new UsageException($"the output '{folder}' is a file; expected a folder (made when missing).");
        if (!Directory.Exists(folder) || File.Exists(Path.Combine(folder, Manifest.FileName)) || Directory.Exists(Path.Combine(folder, WorkFolder)))
            return;
        var foreign = Directory.EnumerateFileSystemEntries(folder).FirstOrDefault(e => Path.GetFileName(e) != OutputLock.FileName);
        if (foreign is not null)
        {
            throw new UsageException(
                $"the output folder '{folder}' holds '{Path.GetFileName(foreign)}' and is not a Stackmill dataset; nothing was written. Choose an empty or new folder.");
        }
    }

    /// <summary>The key of what is made or was made in a folder; empty when nothing is.</summary>
    public static string KeyOf(string folder) =>
        Manifest.Read(folder)?.Key ?? (File.Exists(Path.Combine(folder, WorkFolder, PlanName)) ? File.ReadAllText(Path.Combine(folder, WorkFolder, PlanName)) : "");

    /// <summary>Fails when no process has prepared the folder.</summary>
    /// <exception cref="UsageException">None has.</exception>
    private static void RequirePrepared(string folder, WorkPart part)
    {
        if (!File.Exists(Path.Combine(folder, WorkFolder, PlanName)) && !File.Exists(Path.Combine(folder, Manifest.FileName)))
            throw new UsageException($"no tasks are planned for '{folder}' (there is no '{Path.Combine(folder, WorkFolder, PlanName)}'). Run {part.Again} first.");
    }

    /// <summary>
    /// What a process that is not alone does in the place of preparing. True when that is all there is to prepare; else the folder is held by this process alone now.
    /// </summary>
    /// <exception cref="UsageException">The folder is prepared for another plan.</exception>
    private bool Share(DatasetPlan plan, string[] reports)
    {
        // What is prepared already is left alone: others may be at work on it.
        if (_part.IsPlan && !_context.Force && Manifest.Read(_folder) is null && Planned() == plan.Key)
            return true;
        if (!_part.IsPlan && IsFinished(plan, reports))
            return true;
        if (_part.IsTasks)
        {
            RequirePlan(plan);
            return true;
        }

        _lock!.Dispose();
        _lock = null;
        _lock = OutputLock.Await(_folder, shared: false, _context.Cancellation);
        _isShared = false;
        if (_part.IsPlan)
        {
            RemoveScratch();
            return false;
        }

        // Another may have ended the stage meanwhile.
        if (IsFinished(plan, reports))
            return true;
        RequirePlan(plan);
        AtomicFile.RemoveLeftovers(_folder, SearchOption.AllDirectories);
        return true;
    }

    private bool IsFinished(DatasetPlan plan, string[] reports)
    {
        if (Manifest.Read(_folder) is not { } manifest || manifest.Key != plan.Key || !reports.All(File.Exists))
            return false;
        // Failed shards are tried again by a run, or by tasks of a new plan: their markers stay.
        UpToDate = manifest;
        return true;
    }

    // Who comes after the end has made it for a listing that nobody needs any more.
    private void RemoveEmptyWork()
    {
        try
        {
            if (Directory.Exists(Work) && !Directory.EnumerateFileSystemEntries(Work).Any())
                Directory.Delete(Work);
        }
        catch (IOException)
        {
            // Another that came late is at it; the last of them removes it.
        }
    }

    private string Planned() => File.Exists(PlanFile) ? File.ReadAllText(PlanFile) : "";

    private void RequirePlan(DatasetPlan plan)
    {
        var planned = Planned() is { Length: > 0 } key ? key : Manifest.Read(_folder)?.Key ?? "";
        if (planned != plan.Key)
            throw new UsageException($"the tasks of '{_folder}' were planned for something else: its key is {planned[..Math.Min(12, planned.Length)]}…, that of this command {plan.Key[..12]}…. Its input, configuration or version has changed since; run {_part.Again} again to begin anew.");
    }

    private void RemoveScratch()
    {
        if (!Directory.Exists(Work))
            return;
        foreach (var leftover in Directory.EnumerateFiles(Work, "*" + ScratchSuffix).ToList())
            File.Delete(leftover);
        foreach (var leftover in Directory.EnumerateDirectories(Work, "*" + ScratchSuffix).ToList())
            Directory.Delete(leftover, recursive: true);
    }
}
