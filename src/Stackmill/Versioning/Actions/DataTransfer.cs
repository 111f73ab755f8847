using Stackmill.Core.Faults;
using Stackmill.Versioning.Remotes;

namespace Stackmill.Versioning.Actions;

/// <summary>Sends what outputs hold to their remotes, and fetches it.</summary>
internal static class DataTransfer
{
    /// <summary>Sends.</summary>
    /// <exception cref="StackmillException">Something could not be sent.</exception>
    public static void Push(DataSession session, IReadOnlyCollection<string> targets, string? remote, bool runs)
    {
        var result = Each(session, targets, remote, runs, isPush: true, (transfer, hashes) =>
        {
            if (runs)
                session.Output.WriteLine($"{transfer.PushRuns(session.Runs)} earlier runs pushed");
            return transfer.Push(hashes);
        });
        session.Output.WriteLine(result.Moved == 0 && result.Faults.Count == 0 ? "everything is at the remote already" : $"{result.Moved} objects pushed, {result.There} were there already");
        result.Require("pushed");
    }

    /// <summary>Fetches into the cache.</summary>
    /// <exception cref="StackmillException">Something could not be fetched.</exception>
    public static TransferResult Fetch(DataSession session, IReadOnlyCollection<string> targets, string? remote, bool runs)
    {
        var result = Each(session, targets, remote, runs, isPush: false, (transfer, hashes) =>
        {
            if (runs)
                session.Output.WriteLine($"{transfer.FetchRuns()} earlier runs fetched");
            return transfer.Fetch(hashes);
        });
        session.Output.WriteLine(result.Moved == 0 && result.Faults.Count == 0 ? "everything is in the cache already" : $"{result.Moved} objects fetched, {result.There} were there already");
        return result;
    }

    private static TransferResult Each(
        DataSession session, IReadOnlyCollection<string> targets, string? remote, bool runs, bool isPush, Func<ObjectTransfer, IReadOnlyList<string>, TransferResult> move)
    {
        var all = DataCheckout.Outputs(session, targets).Where(o => o.Output.UsesCache && o.Output.Recorded is not null && (o.Output.IsPushed || !isPush)).ToList();
        foreach (var (_, output) in all.Where(o => !isPush && o.Stage.IsFromRepository && !session.Cache.HasAll(o.Output.Recorded!.Value.Md5)))
            session.Output.WriteLine($"'{session.Project.Show(output.FullPath)}' comes from another repository: 'dvc pull' fetches it");
        var outputs = all.Where(o => !o.Stage.IsFromRepository).Select(o => o.Output).ToList();
        if (outputs.FirstOrDefault(o => o.Recorded!.IsLegacy) is { } legacy)
            throw new RunFaultException($"'{session.Project.Show(legacy.FullPath)}' was written down by DVC 2, or its hash is damaged. Run 'dvc cache migrate --dvc-files' with DVC 3, or 'stackmill data commit'. Nothing was moved.");
        // An output may have a remote of its own.
        var groups = outputs.GroupBy(o => remote ?? o.Remote ?? "", o => o.Recorded!.Value.Md5).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        if (groups.Count == 0 || runs)
            _ = groups.TryAdd(remote ?? "", []);
        var total = new TransferResult(0, 0, []);
        foreach (var (name, hashes) in groups)
        {
            using var opened = RemoteList.Open(session.Project, name.Length == 0 ? null : name, session.Cancellation);
            if (runs && isPush)
                hashes.AddRange(session.Runs.All().SelectMany(session.Runs.ObjectsOf).Where(session.Cache.HasAll));
            total = total.With(move(new ObjectTransfer(session.Cache, opened, session.Cancellation), hashes));
        }

        return total;
    }
}
