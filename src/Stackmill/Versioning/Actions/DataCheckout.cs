using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Pipelines;

namespace Stackmill.Versioning.Actions;

/// <summary>Makes files of the workspace what locks and <c>.dvc</c> files say.</summary>
internal static class DataCheckout
{
    /// <summary>Outputs that targets name: those of stages, or one by its path.</summary>
    public static List<(Stage Stage, Output Output)> Outputs(DataSession session, IReadOnlyCollection<string> targets)
    {
        if (targets.Count == 0)
            return [.. session.Index.Outputs];
        var found = new List<(Stage, Output)>();
        foreach (var target in targets)
        {
            var full = session.Project.Full(target);
            var exact = session.Index.Outputs.Where(o => o.Output.FullPath == full).ToList();
            found.AddRange(exact.Count > 0 ? exact : session.Index.Find(target).SelectMany(s => s.Outputs.Select(o => (s, o))));
        }

        return [.. found.Distinct()];
    }

    /// <summary>Checks outputs out. One that can't be does not keep the others.</summary>
    /// <param name="session">The project.</param>
    /// <param name="targets">Targets; none for all.</param>
    /// <param name="force">True to replace and remove what the cache does not have.</param>
    /// <param name="relink">True to make files anew as <c>cache.type</c> says.</param>
    /// <exception cref="RunFaultException">Some can't be.</exception>
    public static void Run(DataSession session, IReadOnlyCollection<string> targets, bool force, bool relink)
    {
        var (faults, changes) = (new List<string>(), 0);
        foreach (var (stage, output) in Outputs(session, targets).Where(o => o.Output.UsesCache))
        {
            session.Cancellation.ThrowIfCancellationRequested();
            var shown = session.Project.Show(output.FullPath);
            if (output.Recorded is not { } recorded)
            {
                session.Output.WriteLine($"'{shown}' was never made by '{stage.Address}': there is nothing to check out");
                continue;
            }

            try
            {
                if (recorded.IsLegacy)
                    throw new RunFaultException($"'{shown}' was written down by DVC 2, or its hash is damaged. Run 'dvc cache migrate --dvc-files' with DVC 3, or 'stackmill data commit'.");
                session.RequireFree(read: [], write: [output.FullPath]);
                var change = session.Workspace.Checkout(output.FullPath, recorded.Value, force, relink);
                changes += change == Change.None ? 0 : 1;
                if (change != Change.None)
                    session.Output.WriteLine($"{(change == Change.Added ? 'A' : 'M')}       {shown}{(recorded.Value.Files is null ? "" : "/")}");
            }
            catch (RunFaultException fault)
            {
                faults.Add(fault.Message);
            }
        }

        if (faults.Count > 0)
            throw new RunFaultException($"{faults.Count} output{(faults.Count > 1 ? "s were" : " was")} not checked out:\n{string.Join('\n', faults.Select(f => $"  {f}"))}");
        if (changes == 0)
            session.Output.WriteLine("everything is checked out already");
    }
}
