using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Pipelines;

/// <summary>What is asked of a reproduction.</summary>
internal sealed record ReproductionOptions
{
    /// <summary>Run stages that did not change too.</summary>
    public bool Force { get; init; }

    /// <summary>Only the targets, not what they need.</summary>
    public bool Single { get; init; }

    /// <summary>The targets and what needs them.</summary>
    public bool Downstream { get; init; }

    /// <summary>Only tell what would run.</summary>
    public bool Dry { get; init; }

    /// <summary>False to leave earlier runs alone.</summary>
    public bool UseRuns { get; init; } = true;

    /// <summary>False to leave the cache alone.</summary>
    public bool Commit { get; init; } = true;

    /// <summary>Go on with stages that do not need the one that failed.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Take data that is not there for unchanged.</summary>
    public bool AllowMissing { get; init; }
}

/// <summary>Runs the stages whose inputs, parameters or commands changed, each after those that it needs.</summary>
internal sealed class Reproduction(DataSession session, ReproductionOptions options)
{
    private readonly StageRecorder _recorder = new(session);

    /// <summary>Runs what must run.</summary>
    /// <returns>Names of the stages that were run, or would be.</returns>
    /// <exception cref="StackmillException">A stage failed, or the project is not in order.</exception>
    public IReadOnlyList<string> Run(IReadOnlyCollection<string> targets)
    {
        var graph = StageGraph.Of(session.Index);
        var wanted = targets.Count == 0 ? [.. session.Index.Stages.Where(s => s.File == Path.Combine(session.Project.Current, DvcProject.StagesName))] : session.Index.Find(targets);
        if (wanted.Count == 0)
            throw new UsageException($"there is no '{DvcProject.StagesName}' with stages in '{session.Project.Current}'. Go to its folder, or name a stage or file.");
        var (ran, failed, skipped) = (new List<string>(), new List<string>(), new HashSet<Stage>());
        foreach (var stage in options.Single ? wanted : graph.Order(wanted, options.Downstream))
        {
            session.Cancellation.ThrowIfCancellationRequested();
            if (skipped.Contains(stage))
                continue;
            try
            {
                // What would be made anew first makes what needs it run as well, as far as a look alone can tell.
                if (Reproduce(stage, options.Dry && graph.Needs(stage).Any(n => ran.Contains(n.Address))))
                    ran.Add(stage.Address);
            }
            catch (StackmillException fault) when (options.KeepGoing)
            {
                session.Output.WriteLine($"error: {fault.Message}");
                failed.Add(stage.Address);
                var dependents = graph.Order([stage], downstream: true).Where(s => s != stage).ToList();
                skipped.UnionWith(dependents);
                if (dependents.Count > 0)
                    session.Output.WriteLine($"not run, for they need it: '{string.Join("', '", dependents.Select(d => d.Address))}'");
            }
        }

        if (failed.Count > 0)
            throw new RunFaultException($"{failed.Count} stage{(failed.Count > 1 ? "s" : "")} failed: '{string.Join("', '", failed)}'. The others are done; what they print tells more.");
        return ran;
    }

    private bool Reproduce(Stage stage, bool isStale)
    {
        if (stage.IsImport || (stage.IsFrozen && stage.Name is null))
            return false;
        var status = session.StatusOf(stage);
        if (!options.Force && !isStale && !IsChanged(status))
        {
            session.Output.WriteLine($"stage '{stage.Address}' did not change");
            return false;
        }

        if (options.Dry)
        {
            session.Output.WriteLine($"stage '{stage.Address}' would be run");
            return true;
        }

        if (stage.Name is null || stage.IsFrozen)
        {
            session.Output.WriteLine($"'{stage.Address}' has no command to run: what is there is written down");
            if (!stage.IsFrozen)
                RecordAll(stage);
            else
                _recorder.RecordOutputs(stage, options.Commit);
            return true;
        }

        foreach (var output in stage.Outputs)
            session.Workspace.RequireReal(output.FullPath);
        // A stage that always runs is not asked whether it ran before.
        if (!options.Force && !status.AlwaysChanged && _recorder.TryRestore(stage, status, options.UseRuns))
        {
            RecordAll(stage);
            return true;
        }

        RunCommand(stage);
        RecordAll(stage);
        return true;
    }

    private bool IsChanged(StageStatus status)
    {
        if (status.IsClean || !options.AllowMissing)
            return !status.IsClean;
        return status.CommandChanged || status.AlwaysChanged || status.Stage.Outputs.Exists(o => o.Recorded is null)
            || status.Dependencies.Any(d => d.State != StageStatus.Deleted) || status.Outputs.Any(o => o.State is not (StageStatus.Deleted or StageStatus.NotInCache));
    }

    private void RunCommand(Stage stage)
    {
        // Missing inputs are told before outputs are removed.
        _recorder.RecordDependencies(stage);
        var before = stage.Dependencies.ConvertAll(d => d.Recorded!.Value.Md5);
        var reads = stage.Dependencies.Select(d => d.FullPath).Concat(stage.Parameters.Select(p => p.FullPath)).ToList();
        var writes = stage.Outputs.ConvertAll(o => o.FullPath);
        using (PathLocks.Take(session.Project, reads, writes, "stackmill data repro", session.Cancellation))
        {
            foreach (var output in stage.Outputs)
            {
                if (output.Persists)
                    session.Workspace.Unprotect(output.FullPath);
                else
                    session.Workspace.Remove(output.FullPath);
            }

            session.Output.WriteLine($"running stage '{stage.Address}':");
            session.Lock.Release();
            try
            {
                ShellCommand.Run(stage, session.Project, session.Output, session.Cancellation);
            }
            finally
            {
                session.Lock.Retake();
            }
        }

        session.Forget();
        _recorder.RecordDependencies(stage);
        foreach (var (dependency, md5) in stage.Dependencies.Zip(before).Where(p => p.First.Recorded!.Value.Md5 != p.Second))
            session.Output.WriteLine($"warning: '{session.Project.Show(dependency.FullPath)}' changed while '{stage.Address}' ran; what it is now was written down");
    }

    private void RecordAll(Stage stage)
    {
        _recorder.RecordDependencies(stage);
        _recorder.RecordOutputs(stage, options.Commit);
    }
}
