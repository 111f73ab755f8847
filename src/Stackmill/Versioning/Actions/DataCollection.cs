using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Remotes;

namespace Stackmill.Versioning.Actions;

/// <summary>Removes objects that nothing needs any more. Earlier runs are left alone.</summary>
internal static class DataCollection
{
    /// <summary>Removes, or tells what it would.</summary>
    /// <param name="session">The project.</param>
    /// <param name="allCommits">True to keep what any commit needs; else only the workspace counts.</param>
    /// <param name="cloud">True to remove at a remote as well.</param>
    /// <param name="remote">The remote, whose lists of folders are read also where nothing is removed there; null for the standard one.</param>
    /// <param name="dry">True to only tell.</param>
    /// <exception cref="StackmillException">What is needed can't be told; nothing was removed then.</exception>
    public static void Run(DataSession session, bool allCommits, bool cloud, string? remote, bool dry)
    {
        using var opened = cloud || remote is not null ? RemoteList.Open(session.Project, remote, session.Cancellation) : null;
        var collected = CollectedLists.Read(session.Project);
        var needed = new NeededObjects(session, opened, collected).Find(allCommits);
        var (gone, kept) = Sort(session.Cache.All(), needed);
        var bytes = gone.Sum(h => FileState.Of(session.Cache.PathOf(h)).Size);
        var (goneThere, keptThere) = Sort(cloud ? opened!.All() : [], needed);
        if (!dry)
        {
            collected.Write(CollectedLists.Cache, gone, kept);
            foreach (var hash in gone)
                File.Delete(session.Cache.PathOf(hash));
        }

        if (!dry && cloud)
        {
            collected.Write(opened!.Address, goneThere, keptThere);
            foreach (var hash in goneThere)
                opened.Remove(ObjectCache.KeyOf(hash));
        }

        var verb = dry ? "would be removed" : "removed";
        session.Output.WriteLine($"{gone.Count} objects ({bytes} bytes) {verb} from the cache, {kept.Count} kept");
        if (cloud)
            session.Output.WriteLine($"{goneThere.Count} objects {verb} at '{opened!.Name}', {keptThere.Count} kept");
    }

    // Lists first: a folder without its list is no folder, one without its files is a broken one.
    private static (List<string> Gone, List<string> Kept) Sort(IEnumerable<string> there, HashSet<string> needed)
    {
        var all = there.OrderBy(h => !Md5File.IsFolder(h)).ToLookup(needed.Contains);
        return ([.. all[false]], [.. all[true]]);
    }
}
