using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Pipelines;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Reports;

/// <summary>Metrics as they are now or were in a commit, and how they differ.</summary>
internal static class MetricsReport
{
    /// <summary>What the metric files of the workspace hold, by path from the current folder. Files that are not there are left out.</summary>
    /// <exception cref="UsageException">One can't be read, or a path names none.</exception>
    public static SortedDictionary<string, object?> Now(DataSession session, IReadOnlyCollection<string> paths)
    {
        var found = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var file in Wanted(session, paths).Where(File.Exists))
            found[session.Project.Show(file)] = DataFile.Value(File.ReadAllText(file), session.Project.Show(file));
        return found;
    }

    /// <summary>What they held in a commit: from Git, or from the cache by the hash that the commit wrote down.</summary>
    /// <exception cref="UsageException">There is no such commit.</exception>
    public static SortedDictionary<string, object?> At(DataSession session, string revision, IReadOnlyCollection<string> paths)
    {
        var wanted = Wanted(session, paths).ToDictionary(session.Project.FromRoot, StringComparer.Ordinal);
        var texts = session.Git.Texts(revision, path => wanted.ContainsKey(path) || DataState.IsRecord(path));
        var hashes = texts.Where(t => DataState.IsRecord(t.Key)).SelectMany(t => DataState.Records(session, t.Key, t.Value, $"{revision}:{t.Key}"))
            .Where(r => r.Recorded is { IsLegacy: false }).DistinctBy(r => r.Path).ToDictionary(r => r.Path, r => r.Recorded!.Value.Md5, StringComparer.Ordinal);
        var found = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (path, full) in wanted)
        {
            var shown = session.Project.Show(full);
            if (texts.TryGetValue(path, out var text))
                found[shown] = DataFile.Value(text, $"{revision}:{path}");
            else if (hashes.TryGetValue(path, out var hash) && session.Cache.Has(hash))
                found[shown] = DataFile.Value(File.ReadAllText(session.Cache.PathOf(hash)), $"{revision}:{path}");
        }

        return found;
    }

    /// <summary>As DVC shows metrics to programs.</summary>
    public static JsonObject Json(SortedDictionary<string, object?> metrics)
    {
        var files = new JsonObject();
        foreach (var (path, value) in metrics)
            files[path] = new JsonObject { ["data"] = Node(value) };
        return new JsonObject { [""] = new JsonObject { ["data"] = files } };
    }

    /// <summary>A table for people: one line a value.</summary>
    public static IEnumerable<string> Lines(SortedDictionary<string, object?> metrics) =>
        Table(["Path", "Metric", "Value"], [.. metrics.SelectMany(m => Leaves(m.Value).Select(l => new[] { m.Key, l.Key, Shown(l.Value) }))]);

    /// <summary>Values that differ between two times, or all of them.</summary>
    public static SortedDictionary<string, SortedDictionary<string, (object? Old, object? New)>> Compare(SortedDictionary<string, object?> old, SortedDictionary<string, object?> now, bool all)
    {
        var found = new SortedDictionary<string, SortedDictionary<string, (object?, object?)>>(StringComparer.Ordinal);
        foreach (var path in old.Keys.Union(now.Keys))
        {
            var (before, after) = (Leaves(old.GetValueOrDefault(path)).ToDictionary(StringComparer.Ordinal), Leaves(now.GetValueOrDefault(path)).ToDictionary(StringComparer.Ordinal));
            var values = new SortedDictionary<string, (object?, object?)>(StringComparer.Ordinal);
            foreach (var name in before.Keys.Union(after.Keys).Where(n => all || !before.ContainsKey(n) || !after.ContainsKey(n) || !ValueEquality.Same(before[n], after[n])))
                values[name] = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
            if (values.Count > 0)
                found[path] = values;
        }

        return found;
    }

    /// <summary>As DVC shows differences to programs.</summary>
    public static JsonObject Json(SortedDictionary<string, SortedDictionary<string, (object? Old, object? New)>> differences)
    {
        var files = new JsonObject();
        foreach (var (path, values) in differences)
        {
            var file = new JsonObject();
            foreach (var (name, (old, now)) in values)
            {
                var entry = new JsonObject { ["old"] = Node(old), ["new"] = Node(now) };
                if (Change(old, now) is { } change)
                    entry["diff"] = Node(change);
                file[name] = entry;
            }

            files[path] = file;
        }

        return files;
    }

    /// <summary>A table of differences for people.</summary>
    public static IEnumerable<string> Lines(SortedDictionary<string, SortedDictionary<string, (object? Old, object? New)>> differences, string from, string to) =>
        Table(["Path", "Metric", from, to, "Change"], [.. differences.SelectMany(d => d.Value.Select(v => new[] { d.Key, v.Key, Shown(v.Value.Old), Shown(v.Value.New), Shown(Change(v.Value.Old, v.Value.New)) }))]);

    private static IEnumerable<string> Wanted(DataSession session, IReadOnlyCollection<string> paths) => paths.Count == 0 ? session.Index.MetricFiles
        : paths.Select(p => File.Exists(session.Project.Full(p)) || session.Index.MetricFiles.Contains(session.Project.Full(p)) ? session.Project.Full(p) : throw new UsageException($"'{p}' is neither a file nor a metric of this project."));

    private static IEnumerable<KeyValuePair<string, object?>> Leaves(object? value, string prefix = "")
    {
        if (value is not DataMap map)
            return value is null or List<object?> ? [] : [KeyValuePair.Create(prefix, (object?)value)];
        return map.SelectMany(e => e.Value is DataMap ? Leaves(e.Value, Join(prefix, e.Key)) : e.Value is List<object?> ? [] : [KeyValuePair.Create(Join(prefix, e.Key), e.Value)]);
    }

    private static string Join(string prefix, string key) => prefix.Length == 0 ? key : $"{prefix}.{key}";

    private static object? Change(object? old, object? now) => (old, now) switch
    {
        (BigInteger a, BigInteger b) => b - a,
        (double or BigInteger, double or BigInteger) => Number(now) - Number(old),
        _ => null,
    };

    private static double Number(object? value) => value is BigInteger whole ? (double)whole : (double)value!;

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        DataMap map => new JsonObject(map.Select(e => KeyValuePair.Create(e.Key, Node(e.Value)))),
        List<object?> list => new JsonArray([.. list.Select(Node)]),
        bool truth => truth,
        BigInteger number => JsonNode.Parse(number.ToString()),
        double number => double.IsFinite(number) ? number : null,
        YamlDate date => date.Text,
        _ => (string)value,
    };

    private static string Shown(object? value) => value is null ? "-" : TemplateContext.Text(value);

    private static IEnumerable<string> Table(string[] head, List<string[]> rows)
    {
        if (rows.Count == 0)
            yield break;
        var widths = head.Select((h, i) => Math.Max(h.Length, rows.Max(r => r[i].Length))).ToArray();
        foreach (var row in rows.Prepend(head))
        {
            var line = new StringBuilder();
            for (var i = 0; i < row.Length; i++)
                line.Append(row[i].PadRight(widths[i] + 2));
            yield return line.ToString().TrimEnd();
        }
    }
}
