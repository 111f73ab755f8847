using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Pipelines;

/// <summary>Writes down what stages use and make, takes outputs into the cache, and makes outputs from it.</summary>
internal sealed class StageRecorder(DataSession session)
{
    /// <summary>Writes down what the dependencies of a stage are now.</summary>
    /// <exception cref="StackmillException">One is not there.</exception>
    public void RecordDependencies(Stage stage)
    {
        foreach (var dependency in stage.Dependencies)
        {
            var hashed = session.Hasher.Hash(dependency.FullPath)
                ?? throw new RunFaultException($"the stage '{stage.Address}' needs '{session.Project.Show(dependency.FullPath)}', which is not there. Make it, fetch it with 'stackmill data pull', or take it out of deps.");
            dependency.Recorded = new Recorded(hashed, false);
        }

        session.Parameters.Record(stage);
    }

    /// <summary>Takes the outputs of a stage in and writes its entry.</summary>
    /// <param name="stage">The stage; its dependencies are written down already.</param>
    /// <param name="commit">False to leave the cache as it is.</param>
    /// <exception cref="StackmillException">An output is not there, or is Git's.</exception>
    public void RecordOutputs(Stage stage, bool commit)
    {
        session.RequireFree(read: [], write: stage.Outputs.Select(o => o.FullPath));
        foreach (var output in stage.Outputs.Where(o => FileState.Of(o.FullPath).Kind == EntryKind.None))
            throw stage.Name is null ? new RunFaultException($"'{session.Project.Show(output.FullPath)}' of '{stage.Address}' is not there. Bring it back with 'stackmill data checkout' or 'stackmill data pull'.") : new RunFaultException($"the stage '{stage.Address}' did not make '{session.Project.Show(output.FullPath)}'. Check its command, or take it out of its outputs.");
        foreach (var output in stage.Outputs)
            session.Workspace.RequireReal(output.FullPath);
        foreach (var output in stage.Outputs)
        {
            if (output.UsesCache)
                Ignore(output.FullPath);
            var hashed = commit && output.UsesCache ? session.Workspace.Commit(output.FullPath) : session.Hasher.Hash(output.FullPath)!;
            output.Recorded = new Recorded(hashed, false);
        }

        if (stage.Name is null)
        {
            var output = stage.Outputs[0];
            _ = DvcFile.Write(stage.File, output.Path, output.Recorded!.Value);
            return;
        }

        if (commit && session.Runs.Keeps(stage))
        {
            // Outputs that Git keeps go into the cache too, so that an earlier run can bring them back.
            foreach (var output in stage.Outputs.Where(o => !o.UsesCache))
                _ = session.Workspace.Commit(output.FullPath, useLinks: false);
            session.Runs.Save(stage);
        }

        stage.CommandChanged = false;
        if (session.Index.LockOf(stage).Update(stage.Name, LockFile.EntryOf(stage)))
            session.Output.WriteLine($"updated '{session.Project.Show(Path.Combine(Path.GetDirectoryName(stage.File)!, DvcProject.LockName))}'");
    }

    /// <summary>Makes the outputs of a stage from the cache, when they are all there: those written down, or those of an earlier run with the same inputs.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="status">What differs.</param>
    /// <param name="useRuns">True to look at earlier runs.</param>
    /// <returns>True when they are there now.</returns>
    public bool TryRestore(Stage stage, StageStatus status, bool useRuns)
    {
        var outputs = status is { CommandChanged: false, Dependencies.Count: 0 } && stage.Outputs.TrueForAll(o => o.Recorded is { IsLegacy: false } r && session.Cache.HasAll(r.Value.Md5))
            ? stage.Outputs.ToDictionary(o => o.Path, o => o.Recorded, StringComparer.Ordinal) : null;
        if (outputs is null)
        {
            if (!useRuns)
                return false;
            RecordDependencies(stage);
            if (session.Runs.Find(stage) is not { } entry)
                return false;
            outputs = RunCache.OutputsOf(entry, RunCache.FolderName).ToDictionary(StringComparer.Ordinal);
        }

        if (!stage.Outputs.TrueForAll(o => outputs.GetValueOrDefault(o.Path) is not null))
            return false;
        session.Output.WriteLine($"stage '{stage.Address}' was run with the same before: its outputs come from the cache");
        foreach (var output in stage.Outputs)
        {
            var place = output.UsesCache ? session.Workspace : new Workspace(session.Project, session.Cache, session.Hasher, FileLinks.Copies, session.Workers, session.Cancellation);
            _ = place.Checkout(output.FullPath, outputs[output.Path]!.Value, force: true);
        }

        return true;
    }

    /// <summary>Has Git leave an output alone.</summary>
    /// <exception cref="UsageException">Git keeps it already.</exception>
    public void Ignore(string path)
    {
        if (session.Git.IsTracked(path))
            throw new UsageException($"'{session.Project.Show(path)}' is kept by Git. Give it to one only: 'git rm -r --cached' takes it out of Git, and 'cache: false' out of the cache.");
        session.Git.Ignore(path);
    }
}
