using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Pipelines;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Remotes;
using Stackmill.Versioning.Reports;

namespace Stackmill.Versioning.Actions;

/// <summary>
/// The objects that a collection must keep. An output's are known from its hash, a folder's files from its list alone: where one of
/// them can't be had, what is needed can't be told, and nothing may be removed.
/// </summary>
/// <param name="session">The project.</param>
/// <param name="remote">A remote to read lists from that the cache lacks; null for none.</param>
/// <param name="collected">Lists that nobody wanted to keep.</param>
internal sealed class NeededObjects(DataSession session, ObjectRemote? remote, CollectedLists collected)
{
    // As much of a commit's id as tells it from others.
    private const int ShortId = 12;

    private const string OrWorkspace = "What old commits need is left out with --workspace in the place of --all-commits.";

    private readonly HashSet<string> _needed = new(StringComparer.Ordinal);

    // Folders that were asked for, with whether their lists could be had.
    private readonly Dictionary<string, bool> _folders = new(StringComparer.Ordinal);

    /// <summary>Hashes of what the workspace needs, and any commit where that is asked for.</summary>
    /// <exception cref="StackmillException">It can't be told.</exception>
    public HashSet<string> Find(bool allCommits)
    {
        // Files that 'repro' refuses say nothing that could be relied on.
        _ = StageGraph.Of(session.Index);
        if (session.Index.LonelyLocks is [var alone, ..])
            throw CantTell($"'{session.Project.Show(alone)}' has no '{DvcProject.StagesName}' beside it, so that nothing says what it names is still wanted", $"Restore '{DvcProject.StagesName}' from version control, or remove the lock if its data may go");
        foreach (var (stage, output) in session.Index.Outputs.Where(o => o.Output.UsesCache))
            AddNow(stage, output);
        if (allCommits)
            AddCommits();
        return _needed;
    }

    private void AddNow(Stage stage, Output output)
    {
        var file = session.Project.Show(stage.Name is null ? stage.File : Path.Combine(Path.GetDirectoryName(stage.File)!, DvcProject.LockName));
        var what = $"'{session.Project.Show(output.FullPath)}'{(stage.Name is null ? "" : $" of the stage '{stage.Name}'")}";
        if (output.Recorded is not { } recorded)
        {
            // Nothing is there yet: of a stage that never ran, of data that was imported and not fetched.
            if (stage.Name is null ? stage.IsImport : !session.Index.LockOf(stage).Has(stage.Name))
                return;
            throw CantTell($"'{file}' has no hash of {what}", "Restore the file from version control, or write it anew with 'stackmill data repro' or 'stackmill data commit'");
        }

        if (recorded.IsDamaged)
            throw CantTell($"the hash of {what} in '{file}' is damaged; expected {Md5File.Expected}", "Restore the file from version control, or write it anew with 'stackmill data repro' or 'stackmill data commit'");
        if (TryAdd(recorded.Value.Md5))
            return;
        throw CantTell(
            $"the list of the files of {what}, the object {recorded.Value.Md5}, {Missing}",
            recorded.IsLegacy ? "DVC 2 wrote it down: run 'dvc cache migrate --dvc-files' with DVC 3"
            : stage.IsFromRepository ? "It comes from another repository: fetch it with 'dvc fetch'"
            : $"Fetch it with 'stackmill data fetch' from where it is{(remote is null ? ", name a remote that has it with --remote" : "")}, or make it with 'stackmill data commit' where the folder is whole");
    }

    private void AddCommits()
    {
        var seen = new HashSet<(string Path, string Text)>();
        foreach (var commit in session.Git.AllCommits())
        {
            foreach (var (path, text) in session.Git.Texts(commit, DataState.IsRecord).Where(t => seen.Add((t.Key, t.Value))))
            {
                foreach (var output in RecordsOf(commit, path, text))
                    AddThen(commit, path, output);
            }
        }
    }

    private IReadOnlyCollection<RecordedOutput> RecordsOf(string commit, string path, string text)
    {
        try
        {
            return DataState.Records(session, path, text, $"{commit[..ShortId]}:{path}");
        }
        catch (UsageException fault)
        {
            throw new UsageException($"what the commit {commit[..ShortId]} needs can't be told. {fault.Message} {OrWorkspace} Nothing was removed.", fault);
        }
    }

    private void AddThen(string commit, string path, RecordedOutput output)
    {
        var what = $"'{output.Path}' in '{commit[..ShortId]}:{path}'";
        if (output.Recorded is not { } recorded)
        {
            if (output.MayLackHash || !output.UsesCache)
                return;
            throw CantTell($"{what} has no hash", OrWorkspace);
        }

        if (recorded.IsDamaged)
        {
            if (!output.UsesCache)
                return;
            throw CantTell($"the hash of {what} is damaged; expected {Md5File.Expected}", OrWorkspace);
        }

        // Objects of DVC 2 lie elsewhere in the cache; what Git keeps is not lost with its list.
        if (!TryAdd(recorded.Value.Md5) && !recorded.IsLegacy && output.UsesCache && !IsCollected(recorded.Value.Md5) && !session.Git.Holds(commit, output.Path))
            throw CantTell($"the list of the files of {what}, the object {recorded.Value.Md5}, {Missing}", $"Fetch it where that commit is checked out, with 'stackmill data fetch'. {OrWorkspace}");
    }

    private string Missing => remote is null ? "is not in the cache" : $"is neither in the cache nor at '{remote.Name}'";

    private bool IsCollected(string hash) => collected.Has(hash, CollectedLists.Cache) && (remote is null || collected.Has(hash, remote.Address));

    // False when the hash is a folder's whose list can't be had.
    private bool TryAdd(string hash)
    {
        _ = _needed.Add(hash);
        if (!Md5File.IsFolder(hash))
            return true;
        if (_folders.TryGetValue(hash, out var known))
            return known;
        var folder = session.Cache.Folders(hash) ?? FromRemote(hash);
        _needed.UnionWith(folder?.Entries.Select(e => e.Md5) ?? []);
        return _folders[hash] = folder is not null;
    }

    private FolderObject? FromRemote(string hash)
    {
        if (remote is null)
            return null;
        var temporary = session.Cache.Temporary();
        try
        {
            if (!remote.Fetch(ObjectCache.KeyOf(hash), temporary))
                return null;
            var folder = FolderObject.Read(File.ReadAllBytes(temporary), $"{hash} at '{remote.Name}'");
            return folder.Hash == hash ? folder
                : throw CantTell($"the object {hash} at '{remote.Name}' ({remote.Address}) is damaged: its bytes have another hash", "Remove it there, and push it again from where it is whole");
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static RunFaultException CantTell(string found, string remedy) => new($"what is needed can't be told: {found}. {remedy.TrimEnd('.')}. Nothing was removed.");
}
