using LibGit2Sharp;
using Stackmill.Core.Faults;
using Stackmill.Organize.Licenses;
using Stackmill.Shared.Licenses;

namespace Stackmill.Organize.Sources.Git;

/// <summary>What the licence files of a repository's folders say. Files are known by their ids, so that a history's are read once.</summary>
internal sealed class TreeScopes(Repository repository, LicenseReader reader)
{
    private const int MostKept = 20_000;

    private readonly Dictionary<(ObjectId Id, string Name), IReadOnlyList<string>> _known = [];

    /// <summary>What holds in a folder.</summary>
    /// <param name="above">What holds in the folder that it lies in.</param>
    /// <param name="entries">What lies in it.</param>
    public LicenseScope Below(LicenseScope above, List<GitTreeEntry> entries)
    {
        var evidence = new LicenseEvidence();
        foreach (var entry in entries)
        {
            if (entry.Mode == Mode.Directory && entry.Name == LicenseFiles.ReuseFolder)
                AddTexts(entry.Id, evidence);
            else if (IsFile(entry) && LicenseFiles.OfName(entry.Name) is not LicenseFileKind.None and var kind)
                evidence.Add(kind, Ids(entry, kind));
        }

        return above.Below(evidence);
    }

    private static bool IsFile(in GitTreeEntry entry) => entry.Mode is Mode.NonExecutableFile or Mode.NonExecutableGroupWritableFile or Mode.ExecutableFile;

    private void AddTexts(ObjectId id, LicenseEvidence evidence)
    {
        try
        {
            foreach (var entry in GitTree.Read(repository, id) ?? [])
            {
                if (IsFile(entry) && LicenseFiles.Of($"{LicenseFiles.ReuseFolder}/{entry.Name}", out _) is not LicenseFileKind.None and var kind)
                    evidence.Add(kind, Ids(entry, kind));
            }
        }
        catch (LibGit2SharpException)
        {
            // The damaged folder is met again as an entry and counted there; what it would have said is not known.
            evidence.Add(LicenseFileKind.License, [LicenseRefs.Unknown]);
        }
    }

    private IReadOnlyList<string> Ids(in GitTreeEntry entry, LicenseFileKind kind)
    {
        if (_known.TryGetValue((entry.Id, entry.Name), out var known))
            return known;
        if (_known.Count >= MostKept)
            _known.Clear();
        IReadOnlyList<string> ids;
        try
        {
            var length = repository.ObjectDatabase.RetrieveObjectMetadata(entry.Id).Size;
            ids = reader.Ids(kind, entry.Name, GitBlob.Read(repository, entry.Id, Math.Min(length, LicenseFiles.MostBytes)));
        }
        catch (Exception fault) when (fault is RecordFaultException or LibGit2SharpException)
        {
            ids = [LicenseRefs.Unknown];
        }

        _known.Add((entry.Id, entry.Name), ids);
        return ids;
    }
}
