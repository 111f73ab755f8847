using System.Text;
using LibGit2Sharp;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Versioning.Projects;

/// <summary>What DVC does with Git beside its own files: entries of <c>.gitignore</c>, whether a file is Git's, files of other commits.</summary>
internal sealed class GitFiles(DvcProject project) : IDisposable
{
    /// <summary>Name of the files that say what Git leaves alone.</summary>
    public const string IgnoreName = ".gitignore";

    private readonly Lazy<Repository?> _repository = new(() => project.GitRoot is null ? null : new Repository(project.GitRoot));

    /// <summary>Has Git ignore a path, by a line <c>/name</c> in its own folder, unless it does already.</summary>
    public void Ignore(string path)
    {
        if (_repository.Value is not { } repository || !ProjectPath.IsInside(path, project.GitRoot!))
            return;
        var relative = ProjectPath.Relative(project.GitRoot!, path);
        if (repository.Ignore.IsPathIgnored(relative) || repository.Ignore.IsPathIgnored(relative + "/"))
            return;
        var file = Path.Combine(Path.GetDirectoryName(path)!, IgnoreName);
        var text = File.Exists(file) ? File.ReadAllText(file) : "";
        if (text.Length > 0 && text[^1] != '\n')
            text += "\n";
        AtomicFile.WriteAllBytes(file, Encoding.UTF8.GetBytes($"{text}/{Escape(Path.GetFileName(path))}\n"));
    }

    /// <summary>True when Git keeps the path, or something below it.</summary>
    public bool IsTracked(string path)
    {
        if (_repository.Value is not { } repository || !ProjectPath.IsInside(path, project.GitRoot!))
            return false;
        var relative = ProjectPath.Relative(project.GitRoot!, path);
        return repository.Index[relative] is not null || repository.Index.Any(e => e.Path.StartsWith(relative + "/", StringComparison.Ordinal));
    }

    /// <summary>The text of files of a commit, by path relative to the project's root.</summary>
    /// <param name="revision">The commit, branch or tag.</param>
    /// <param name="wanted">Tells by its path which files are.</param>
    /// <exception cref="UsageException">There is no such commit, or no Git.</exception>
    public IReadOnlyDictionary<string, string> Texts(string revision, Predicate<string> wanted)
    {
        var commit = Commit(revision);
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var prefix = ProjectPath.Relative(project.GitRoot!, project.Root) is var inside && inside == "." ? "" : inside + "/";
        Walk(commit.Tree, "");
        return texts;

        void Walk(Tree tree, string above)
        {
            foreach (var entry in tree)
            {
                var path = above + entry.Name;
                if (entry.Target is Tree folder)
                    Walk(folder, path + "/");
                else if (entry.Target is Blob blob && path.StartsWith(prefix, StringComparison.Ordinal) && wanted(path[prefix.Length..]))
                    texts[path[prefix.Length..]] = blob.GetContentText(Encoding.UTF8);
            }
        }
    }

    /// <summary>True when a commit holds a file or folder.</summary>
    /// <param name="revision">The commit.</param>
    /// <param name="path">Path relative to the project's root.</param>
    /// <exception cref="UsageException">There is no such commit, or no Git.</exception>
    public bool Holds(string revision, string path) => Commit(revision).Tree[ProjectPath.Relative(project.GitRoot!, Path.Combine(project.Root, path))] is not null;

    /// <summary>Ids of all commits that a branch or tag leads to.</summary>
    public IEnumerable<string> AllCommits()
    {
        var repository = _repository.Value ?? throw NoGit();
        return repository.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = repository.Refs.ToList() }).Select(c => c.Sha);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_repository.IsValueCreated)
            _repository.Value?.Dispose();
    }

    private Commit Commit(string revision)
    {
        var repository = _repository.Value ?? throw NoGit();
        try
        {
            return repository.Lookup<Commit>(revision) ?? throw new UsageException($"there is no commit '{revision}' in the Git repository '{project.GitRoot}'. Name a commit, branch or tag.");
        }
        catch (Exception fault) when (fault is LibGit2SharpException or ArgumentException)
        {
            throw new UsageException($"'{revision}' names no commit of the Git repository '{project.GitRoot}'. Name a commit, branch or tag.", fault);
        }
    }

    private UsageException NoGit() => new($"the project '{project.Root}' lies in no Git repository, and other states of it are Git's. Run 'git init' and commit, or leave the option out.");

    // What a pattern would read otherwise, as DVC escapes it, and what it leaves out: backslashes, and the spaces at a pattern's end.
    private static string Escape(string name)
    {
        var text = string.Concat(name.TrimEnd(' ').Select(c => c is '[' or ']' or '!' or '*' or '#' or '?' or '\\' ? $"\\{c}" : c.ToString()));
        return text + string.Concat(Enumerable.Repeat("\\ ", name.Length - name.TrimEnd(' ').Length));
    }
}
