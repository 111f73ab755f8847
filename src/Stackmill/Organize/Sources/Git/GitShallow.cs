using System.Text;
using LibGit2Sharp;
using Stackmill.Core.Engine;

namespace Stackmill.Organize.Sources.Git;

/// <summary>
/// Makes a repository shallow at the commits that are read: <c>shallow</c> in its folder lists the commits that count as having no parents
/// (gitrepository-layout(5)). A client tells the server of them (gitprotocol-pack(5)), which then gives nothing that comes before. Declared
/// before a commit is fetched, that is the depth 1 which LibGit2Sharp 0.32 takes for clones of all branches only.
/// </summary>
internal sealed class GitShallow(Repository repository)
{
    private readonly string _file = Path.Combine(repository.Info.Path, "shallow");
    private readonly HashSet<string> _roots = [];

    /// <summary>False for a repository that is copied from this machine, where the library knows no shallow clones.</summary>
    public static bool IsPossible(GitSource source) => source.LocalFolder is null;

    /// <summary>Makes a commit one without parents, beside those that are so. The library forgets them at a fetch: it is done again after.</summary>
    public void Declare(string commit)
    {
        if (File.Exists(_file))
            _roots.UnionWith(File.ReadLines(_file).Where(l => l.Length > 0));
        _roots.Add(commit);
        AtomicFile.WriteAllBytes(_file, Encoding.ASCII.GetBytes(string.Concat(_roots.Order(StringComparer.Ordinal).Select(r => r + "\n"))));
    }
}
