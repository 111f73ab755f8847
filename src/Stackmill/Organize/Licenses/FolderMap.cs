using System.IO.Hashing;
using System.Runtime.InteropServices;
using Stackmill.Shared.Licenses;

namespace Stackmill.Organize.Licenses;

/// <summary>What licence files say of folders, where they are not met in the order of a tree: archives and records. Folders are known by a hash of repository and path.</summary>
internal sealed class FolderMap
{
    private const int MostScopes = 4096;

    private readonly Dictionary<UInt128, LicenseEvidence> _evidence = [];

    /// <summary>Adds what one file says.</summary>
    /// <param name="folder">Key of the folder that it speaks of, from <see cref="Key"/>.</param>
    /// <param name="kind">What the file is.</param>
    /// <param name="ids">The ids that it names.</param>
    public void Add(UInt128 folder, LicenseFileKind kind, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0)
            return;
        ref var evidence = ref CollectionsMarshal.GetValueRefOrAddDefault(_evidence, folder, out _);
        (evidence ??= new LicenseEvidence()).Add(kind, ids);
    }

    /// <summary>Key of a folder of a repository.</summary>
    public static UInt128 Key(string repository, ReadOnlySpan<char> folder) =>
        XxHash128.HashToUInt128(MemoryMarshal.AsBytes($"{repository}\0{folder}".AsSpan()));

    /// <summary>What holds for a file.</summary>
    /// <param name="repository">Its repository.</param>
    /// <param name="path">Its path in it.</param>
    /// <param name="cache">Folders that were asked for before, of the thread that asks.</param>
    public IReadOnlyList<string> Of(string repository, string path, Dictionary<string, IReadOnlyList<string>> cache)
    {
        var slash = path.LastIndexOf('/');
        var place = $"{repository}\0{(slash < 0 ? "" : path[..slash])}";
        if (cache.TryGetValue(place, out var known))
            return known;
        if (cache.Count >= MostScopes)
            cache.Clear();
        var scope = LicenseScope.None.Below(_evidence.GetValueOrDefault(Key(repository, "")));
        for (var at = path.IndexOf('/'); at >= 0; at = path.IndexOf('/', at + 1))
            scope = scope.Below(_evidence.GetValueOrDefault(Key(repository, path.AsSpan(0, at))));
        cache.Add(place, scope.Ids);
        return scope.Ids;
    }
}
