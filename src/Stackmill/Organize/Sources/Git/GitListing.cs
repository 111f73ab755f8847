using LibGit2Sharp;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Licenses;

namespace Stackmill.Organize.Sources.Git;

/// <summary>One entry of a repository.</summary>
/// <param name="Path">Path from the repository's top; a folder that is not entered ends with <c>/</c>.</param>
/// <param name="Id">Id of the blob.</param>
/// <param name="Length">Bytes of the blob.</param>
/// <param name="Commit">The commit that it was met in.</param>
/// <param name="Attributes">What <c>.gitattributes</c> files of that commit say.</param>
/// <param name="Verdict">Why it is left out whatever the filters say.</param>
/// <param name="Fault">Why it can't be read.</param>
/// <param name="Licenses">What the licence files of that commit say of it; <c>null</c> when they are not asked for.</param>
internal readonly record struct GitEntry(
    string Path, ObjectId Id, long Length, Commit Commit, LinguistAttributes Attributes, Verdict Verdict = default, RecordFaultException? Fault = null, LicenseScope? Licenses = null)
{
    /// <summary>True when <c>linguist-language</c> names the language.</summary>
    public bool IsLanguageGiven => Attributes.Language is not null;

    /// <summary>The language by <c>linguist-language</c>, else what the name tells.</summary>
    public NameGuess Guess => Attributes.Language is { } named
        ? new NameGuess((LanguageTable.Find(named) ?? LanguageTable.Find(named.Replace('-', ' ')))?.Name, null)
        : NameGuess.Of(Path);
}

/// <summary>
/// Lists what a commit's tree holds, or a history's, from the object database alone. Folders are entered in the stored order of the
/// tree. Of a history, commits come from the newest to the oldest (children before parents, then by commit time), and each content is
/// given once: at the first path at which <paramref name="isKept"/> takes it, and once where it is left out before that. A tree that was met
/// before at the same path is not entered again.
/// </summary>
/// <param name="repository">The repository, of this thread only.</param>
/// <param name="includeHidden">Give files and enter folders whose name begins with a dot.</param>
/// <param name="isKept">What the filters say of an entry; asked for histories only.</param>
/// <param name="scopes">Knows the licences of folders; <c>null</c> when they are not asked for.</param>
internal sealed class GitListing(Repository repository, bool includeHidden, Func<GitEntry, bool> isKept, TreeScopes? scopes = null)
{
    // PATH_MAX of Linux: no system can check out more, and folders in folders would take memory without end.
    private const int MostPath = 4096;

    // A handful of trees, each of which names the next several times, stands for billions of files. Folders of true repositories hardly
    // repeat: the kernel of Linux has 5,000 of them.
    private const int MostRepeats = 100;
    private const int FreeFolders = 5_000;

    private readonly Dictionary<(ObjectId, string), GitAttributes> _attributes = [];
    private readonly ObjectKeys _distinct = new();
    private int _entered;

    private bool Repeats => _entered > FreeFolders && _entered > MostRepeats * (long)_distinct.Count;

    /// <summary>Entries of one commit.</summary>
    public IEnumerable<GitEntry> OfCommit(Commit commit) => Walk(commit, null, null);

    /// <summary>Entries of all commits that can be reached from one.</summary>
    /// <exception cref="LibGit2SharpException">The history is broken.</exception>
    public IEnumerable<GitEntry> OfHistory(Commit tip)
    {
        var (trees, kept, left) = (new ObjectKeys(), new ObjectKeys(), new ObjectKeys());
        var filter = new CommitFilter { IncludeReachableFrom = tip, SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Time };
        foreach (var commit in repository.Commits.QueryBy(filter))
        {
            foreach (var entry in Walk(commit, trees, kept))
            {
                if (entry.Fault is null && entry.Verdict.IsKept && isKept(entry) ? kept.Add(entry.Id) : left.Add(entry.Id))
                    yield return entry;
            }

            if (!Repeats)
                continue;
            if (left.Add(commit.Tree.Id))
                yield return Repeated(commit, "/");
            yield break;
        }
    }

    private IEnumerable<GitEntry> Walk(Commit commit, ObjectKeys? seen, ObjectKeys? kept)
    {
        var open = new Stack<Level>();
        if (Enter(commit.Tree.Id, "", null, LicenseScope.None, seen, out var level) is { } broken)
        {
            // Of one commit, nothing else is left.
            if (seen is null)
                throw new ShardFaultException($"none of its files can be read: {broken.Message}.", broken);
            yield return new GitEntry("/", commit.Tree.Id, 0, commit, default, Fault: broken);
        }

        if (level is not null)
            open.Push(level);
        while (open.Count > 0)
        {
            var current = open.Peek();
            if (current.Next == current.Entries.Count)
            {
                open.Pop();
                continue;
            }

            var item = current.Entries[current.Next++];
            // Most of a history's entries are contents that were met before: nothing else is asked of them.
            if (kept?.Contains(item.Id) == true)
                continue;
            var path = current.Folder + item.Name;
            var isFolder = item.Mode == Mode.Directory;
            var (verdict, fault) = Judge(item, isFolder, path);
            if (Repeats)
            {
                yield return Repeated(commit, current.Folder);
                yield break;
            }

            if (verdict.IsKept && fault is null && isFolder)
            {
                fault = Enter(item.Id, path + "/", current.Attributes, current.Licenses, seen, out var inner);
                if (inner is not null)
                    open.Push(inner);
                if (fault is not null)
                    yield return new GitEntry(path + "/", item.Id, 0, commit, default, Fault: fault);
                continue;
            }

            var length = 0L;
            if (verdict.IsKept && fault is null)
                fault = Measure(item.Id, out length);
            var attributes = verdict.IsKept && fault is null ? current.Attributes?.Of(path) ?? default : default;
            yield return new GitEntry(isFolder ? path + "/" : path, item.Id, length, commit, attributes, verdict, fault, current.Licenses);
        }
    }

    private GitEntry Repeated(Commit commit, string folder) => new(folder, commit.Tree.Id, 0, commit, default,
        Fault: new RecordFaultException("repeated_folders", $"its {_distinct.Count} different folders repeat more than {MostRepeats} times; the rest of it is not read"));

    private (Verdict Verdict, RecordFaultException? Fault) Judge(in GitTreeEntry item, bool isFolder, string path)
    {
        if (path.Length > MostPath)
            return (Verdict.Keep, new RecordFaultException("unreadable", $"its path is longer than {MostPath} characters"));
        if (!item.IsUtf8)
            return (Verdict.Keep, new RecordFaultException("unreadable", "its name is no valid UTF-8"));
        // Git makes no such names; a forged tree can have them.
        if (item.Name is "" or "." or ".." || item.Name.Contains('/'))
            return (Verdict.Drop("unsafe_path"), null);
        var verdict = item.Mode switch
        {
            Mode.GitLink => Verdict.Drop("submodule"),
            Mode.SymbolicLink => Verdict.Drop("symbolic_link"),
            _ when isFolder && EntryNames.IsVersionControl(item.Name) => Verdict.Drop("version_control"),
            _ when !includeHidden && item.Name[0] == '.' => Verdict.Drop("hidden"),
            Mode.Directory or Mode.NonExecutableFile or Mode.NonExecutableGroupWritableFile or Mode.ExecutableFile => Verdict.Keep,
            _ => Verdict.Drop("special_file"),
        };
        return (verdict, null);
    }

    private RecordFaultException? Enter(ObjectId id, string folder, GitAttributes? attributes, LicenseScope? licenses, ObjectKeys? seen, out Level? level)
    {
        level = null;
        if (seen is not null && !seen.Add(id, folder))
            return null;
        _entered++;
        _distinct.Add(id);
        try
        {
            if (GitTree.Read(repository, id) is not { } entries)
                return new RecordFaultException("unreadable", $"the tree {id.Sha} is missing");
            level = new Level(entries, folder, Attributes(entries, folder, attributes), scopes?.Below(licenses!, entries));
            return null;
        }
        catch (LibGit2SharpException fault)
        {
            return new RecordFaultException("unreadable", $"the tree {id.Sha} can't be read: {fault.Message}", fault);
        }
    }

    private RecordFaultException? Measure(ObjectId id, out long length)
    {
        length = 0;
        try
        {
            var metadata = repository.ObjectDatabase.RetrieveObjectMetadata(id);
            length = metadata.Size;
            return metadata.Type == ObjectType.Blob ? null : new RecordFaultException("unreadable", $"the object {id.Sha} is no blob");
        }
        catch (LibGit2SharpException fault)
        {
            return new RecordFaultException("unreadable", $"the blob {id.Sha} can't be read: {fault.Message}", fault);
        }
    }

    private GitAttributes? Attributes(List<GitTreeEntry> entries, string folder, GitAttributes? parent)
    {
        var file = entries.Find(e => e.Name == ".gitattributes" && e.Mode is Mode.NonExecutableFile or Mode.ExecutableFile);
        if (file.Id is null || Measure(file.Id, out var length) is not null || length > GitAttributes.MostBytes)
            return parent;
        // Commits of a history share most of their files; the ones below others depend on those.
        var isTop = folder.Length == 0 && parent is null;
        if (isTop && _attributes.TryGetValue((file.Id, folder), out var known))
            return known;
        try
        {
            var read = GitAttributes.Parse(GitBlob.Read(repository, file.Id, length), folder, parent);
            if (isTop)
                _attributes[(file.Id, folder)] = read;
            return read;
        }
        catch (RecordFaultException)
        {
            // The files beside it are whole: they are read without what a damaged file would have said of them.
            return parent;
        }
    }

    private sealed class Level(List<GitTreeEntry> entries, string folder, GitAttributes? attributes, LicenseScope? licenses)
    {
        public List<GitTreeEntry> Entries { get; } = entries;

        public string Folder { get; } = folder;

        public GitAttributes? Attributes { get; } = attributes;

        public LicenseScope? Licenses { get; } = licenses;

        public int Next { get; set; }
    }
}
