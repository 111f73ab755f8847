using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Stackmill.Tests.Support;

/// <summary>What lies in a folder: every path with a hash of its bytes, for comparisons of whole trees.</summary>
internal static class TreeState
{
    private static readonly HashSet<string> Times = new(StringComparer.Ordinal)
    {
        "start_time", "end_time", "processing_time", "input_dir", "output_dir", "duration_seconds", "output_time",
    };

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>
    /// Every file of a project or dataset and the SHA-256 of its bytes. Locks and logs are left out; of reports and of
    /// ingest_manifest.json, times and the two folders are.
    /// </summary>
    public static SortedDictionary<string, string> OfOutput(string folder, Func<string, bool>? which = null)
    {
        var state = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, full) in Files(folder))
        {
            if (which?.Invoke(path) == false || path.StartsWith("logs/", StringComparison.Ordinal) || Path.GetFileName(path) == ".stackmill.lock")
                continue;
            var bytes = File.ReadAllBytes(full);
            if (path.EndsWith(".json", StringComparison.Ordinal) && Path.GetFileName(path) != "_manifest.json")
                bytes = Encoding.UTF8.GetBytes(WithoutTimes(JsonNode.Parse(bytes)!).ToJsonString());
            state.Add(path, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }

        return state;
    }

    /// <summary>Every file with hash and time of last change: equal states mean that nothing was written.</summary>
    public static SortedDictionary<string, string> Exact(string folder, Func<string, bool>? which = null)
    {
        var state = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, full) in Files(folder))
        {
            if (which is null || which(path))
                state.Add(path, $"{File.GetLastWriteTimeUtc(full):O} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(full)))}");
        }

        return state;
    }

    /// <summary>Fails with the paths that differ.</summary>
    public static void AssertEqual(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual)
    {
        Assert.NotEmpty(expected);
        var differences = expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal)
            .Where(path => expected.GetValueOrDefault(path) != actual.GetValueOrDefault(path))
            .Select(path => !expected.ContainsKey(path) ? $"{path}: only in the second" : !actual.ContainsKey(path) ? $"{path}: only in the first" : $"{path}: differs")
            .ToList();
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static IEnumerable<(string Path, string Full)> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", Everything).Select(full => (Path.GetRelativePath(folder, full).Replace('\\', '/'), full));

    private static JsonNode WithoutTimes(JsonNode node)
    {
        if (node is JsonObject json)
        {
            foreach (var key in json.Select(pair => pair.Key).Where(Times.Contains).ToList())
                json.Remove(key);
            foreach (var (_, inner) in json.ToList())
            {
                if (inner is not null)
                    WithoutTimes(inner);
            }
        }
        else if (node is JsonArray array)
        {
            foreach (var inner in array)
            {
                if (inner is not null)
                    WithoutTimes(inner);
            }
        }

        return node;
    }
}
