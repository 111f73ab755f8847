using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Actions;

/// <summary>
/// Lists of folders that a collection removed itself, and from where: what they name was not to be kept, so that a later collection by all
/// commits need not refuse for want of them.
/// </summary>
internal sealed class CollectedLists
{
    /// <summary>The cache, as a place; a remote's is its address.</summary>
    public const string Cache = "cache";

    private readonly string _path;
    private readonly HashSet<(string Hash, string Place)> _lists;

    private CollectedLists(string path, IEnumerable<(string, string)> lists) => (_path, _lists) = (path, [.. lists]);

    /// <summary>Reads what is known in a project.</summary>
    public static CollectedLists Read(DvcProject project)
    {
        var path = Path.Combine(project.OwnFolder, "collected-lists");
        return new CollectedLists(path, File.Exists(path) ? File.ReadLines(path).Select(l => l.Split('\t', 2)).Where(p => p.Length == 2).Select(p => (p[0], p[1])) : []);
    }

    /// <summary>True for a list that was removed from a place, and did not come back as far as collections saw.</summary>
    public bool Has(string hash, string place) => _lists.Contains((hash, place));

    /// <summary>Writes down what is about to be removed from a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="gone">Objects that will be removed.</param>
    /// <param name="kept">Objects that are there and stay.</param>
    public void Write(string place, IEnumerable<string> gone, IEnumerable<string> kept)
    {
        _lists.UnionWith(gone.Where(Md5File.IsFolder).Select(h => (h, place)));
        _lists.ExceptWith(kept.Where(Md5File.IsFolder).Select(h => (h, place)));
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        AtomicFile.WriteAllBytes(_path, Encoding.UTF8.GetBytes(string.Concat(_lists.Select(l => $"{l.Hash}\t{l.Place}\n").Order(StringComparer.Ordinal))));
    }
}
