using Stackmill.Core.Faults;
using Stackmill.Versioning.Pipelines;

namespace Stackmill.Versioning.Actions;

/// <summary>Writes down what is in the workspace as what the stages made.</summary>
internal static class DataCommit
{
    /// <summary>Commits the stages that targets name.</summary>
    /// <param name="session">The project.</param>
    /// <param name="targets">Targets; none for all.</param>
    /// <param name="force">True to commit stages whose inputs or commands changed since they ran.</param>
    /// <exception cref="StackmillException">One can't be.</exception>
    public static void Run(DataSession session, IReadOnlyCollection<string> targets, bool force)
    {
        _ = StageGraph.Of(session.Index);
        var recorder = new StageRecorder(session);
        var stages = session.Index.Find(targets).Where(s => !s.IsImport).Select(session.StatusOf).Where(s => !s.IsClean).ToList();
        var stale = stages.Where(s => s.Dependencies.Count > 0 || s.CommandChanged).Select(s => s.Stage.Address).ToList();
        if (stale.Count > 0 && !force)
            throw new RunFaultException($"inputs or commands of '{string.Join("', '", stale)}' changed since they ran: what is there may not be what they make. Run 'stackmill data repro', or use --force when it is. Nothing was changed.");
        foreach (var status in stages)
        {
            session.Cancellation.ThrowIfCancellationRequested();
            if (status.Stage.Name is not null)
                recorder.RecordDependencies(status.Stage);
            recorder.RecordOutputs(status.Stage, commit: true);
            session.Output.WriteLine($"committed '{status.Stage.Address}'");
        }

        if (stages.Count == 0)
            session.Output.WriteLine("nothing to commit: all is as it was written down");
    }
}
