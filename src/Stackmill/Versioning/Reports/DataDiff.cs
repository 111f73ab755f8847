using System.Text.Json.Nodes;

namespace Stackmill.Versioning.Reports;

/// <summary>Which data differs between two times.</summary>
/// <param name="Added">There only in the later.</param>
/// <param name="Deleted">There only in the earlier.</param>
/// <param name="Modified">In both with other bytes.</param>
/// <param name="Renamed">The same bytes under another path.</param>
/// <param name="NotInCache">Folders whose files nobody knows any more.</param>
internal sealed record DataDiff(
    IReadOnlyList<string> Added, IReadOnlyList<string> Deleted, IReadOnlyList<string> Modified, IReadOnlyList<(string Old, string New)> Renamed, IReadOnlyList<string> NotInCache)
{
    /// <summary>Compares two commits, or one with the workspace.</summary>
    public static DataDiff Of(DataSession session, string from, string? to)
    {
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        var old = DataState.WithFiles(session, DataState.At(session, from), isNow: false, unknown);
        var now = to is null ? DataState.WithFiles(session, DataState.Now(session), isNow: true, unknown) : DataState.WithFiles(session, DataState.At(session, to), isNow: false, unknown);
        var added = now.Keys.Except(old.Keys).Order(StringComparer.Ordinal).ToList();
        var deleted = old.Keys.Except(now.Keys).Order(StringComparer.Ordinal).ToList();
        var renamed = new List<(string, string)>();
        var byHash = added.GroupBy(a => now[a]).ToDictionary(g => g.Key, g => new Queue<string>(g), StringComparer.Ordinal);
        foreach (var gone in deleted.ToList())
        {
            if (!byHash.TryGetValue(old[gone], out var candidates) || !candidates.TryDequeue(out var same))
                continue;
            renamed.Add((gone, same));
            _ = deleted.Remove(gone);
            _ = added.Remove(same);
        }

        return new DataDiff(added, deleted, [.. now.Where(n => old.TryGetValue(n.Key, out var before) && before != n.Value).Select(n => n.Key).Order(StringComparer.Ordinal)], renamed, [.. unknown]);
    }

    /// <summary>The lines for people.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var (title, paths) in new[] { ("Added", Added), ("Deleted", Deleted), ("Renamed", [.. Renamed.Select(r => $"{r.Old} -> {r.New}")]), ("Modified", Modified), ("Not in cache", NotInCache) })
        {
            if (paths.Count > 0)
                yield return $"{title}:";
            foreach (var path in paths)
                yield return $"    {path}";
            if (paths.Count > 0)
                yield return "";
        }

        static bool IsFile(string path) => !path.EndsWith('/');
        yield return $"files summary: {Added.Count(IsFile)} added, {Deleted.Count(IsFile)} deleted, {Renamed.Count(r => IsFile(r.New))} renamed, {Modified.Count(IsFile)} modified, {NotInCache.Count} not in cache";
    }

    /// <summary>The object for programs.</summary>
    public JsonObject Json() => new()
    {
        ["added"] = Paths(Added),
        ["deleted"] = Paths(Deleted),
        ["modified"] = Paths(Modified),
        ["renamed"] = new JsonArray([.. Renamed.Select(r => new JsonObject { ["path"] = new JsonObject { ["old"] = r.Old, ["new"] = r.New } })]),
        ["not in cache"] = Paths(NotInCache),
    };

    private static JsonArray Paths(IReadOnlyList<string> paths) => new([.. paths.Select(p => new JsonObject { ["path"] = p })]);
}
