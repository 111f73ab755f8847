using Stackmill.Core.Faults;
using Stackmill.Shared;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>Refuses keys that a file of DVC can't have: a misspelt one would do nothing, without a word.</summary>
internal static class KeyCheck
{
    /// <summary>Keys at the top of <c>dvc.yaml</c>.</summary>
    public static readonly string[] Top = ["stages", "vars", "params", "metrics", "plots", "artifacts", "datasets"];

    /// <summary>Keys of a stage.</summary>
    public static readonly string[] Stage = ["cmd", "wdir", "deps", "params", "outs", "metrics", "plots", "vars", "frozen", "always_changed", "desc", "meta", "matrix"];

    /// <summary>Keys of a stage that goes through a list.</summary>
    public static readonly string[] Foreach = ["foreach", "do"];

    /// <summary>Keys of an output.</summary>
    public static readonly string[] Output = ["cache", "persist", "desc", "type", "labels", "meta", "remote", "push"];

    /// <summary>Further keys of an output that is a plot.</summary>
    public static readonly string[] Plot = ["template", "x", "y", "x_label", "y_label", "title", "header"];

    /// <summary>Keys at the top of a <c>.dvc</c> file.</summary>
    public static readonly string[] DvcFile = ["md5", "wdir", "deps", "outs", "frozen", "desc", "meta", "always_changed"];

    /// <summary>Keys of an output of a <c>.dvc</c> file.</summary>
    public static readonly string[] DvcOutput = [.. RecordedText.Keys, .. Output, "metric", "plot", "etag", "checksum", "version_id", "files", "cloud"];

    /// <summary>Keys of a dependency of a <c>.dvc</c> file.</summary>
    public static readonly string[] DvcDependency = [.. RecordedText.Keys, "repo", "etag", "checksum", "version_id", "files", "cloud", "fs_config", "db", "dataset"];

    /// <summary>Keys at the top of <c>dvc.lock</c>.</summary>
    public static readonly string[] Lock = ["schema", "stages", "datasets"];

    /// <summary>Keys of a stage of <c>dvc.lock</c>.</summary>
    public static readonly string[] LockStage = ["cmd", "deps", "params", "outs"];

    /// <summary>Keys of an entry of <c>dvc.lock</c>.</summary>
    public static readonly string[] LockEntry = [.. RecordedText.Keys, "etag", "checksum", "version_id", "files", "cloud", "repo", "dataset"];

    /// <summary>Fails for the first key that is not known.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public static void Require(DataMap map, string[] known, string place)
    {
        foreach (var key in map.Keys.Where(k => !known.Contains(k)))
        {
            var near = NearestName.Find(key, known) is { } name ? $" Did you mean '{name}'?" : "";
            throw new UsageException($"{place} has the key '{(key.Length <= 60 ? key : key[..60])}', which DVC does not know; expected {string.Join(", ", known)}.{near}");
        }
    }

    /// <summary>The mapping that a value is; an empty one for nothing.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public static DataMap Map(object? value, string place) => value switch
    {
        null => [],
        DataMap map => map,
        _ => throw new UsageException($"{place} is no mapping; expected 'key: value' lines."),
    };

    /// <summary>The list that a value is; an empty one for nothing.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public static List<object?> List(object? value, string place) => value switch
    {
        null => [],
        List<object?> list => list,
        _ => throw new UsageException($"{place} is no list; expected lines that begin with '- '."),
    };

    /// <summary>The truth value of a key.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    public static bool Flag(DataMap map, string key, bool standard, string place) => map.Get(key) switch
    {
        null => standard,
        bool flag => flag,
        _ => throw new UsageException($"{place}: '{key}' is neither true nor false."),
    };
}
