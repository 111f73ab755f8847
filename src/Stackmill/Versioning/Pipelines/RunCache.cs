using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>
/// Earlier runs of stages, in <c>runs/</c> of the cache: by a hash of command, dependencies, parameters and paths of outputs lies what
/// the outputs were. A stage that was run with the same before is not run again.
/// </summary>
internal sealed class RunCache(DvcProject project, ObjectCache cache)
{
    /// <summary>Folder of the runs, below the cache.</summary>
    public const string FolderName = "runs";

    private string Folder => Path.Combine(cache.Folder, FolderName);

    /// <summary>True for stages whose runs are kept.</summary>
    public bool Keeps(Stage stage) =>
        stage is { Name: not null, AlwaysChanged: false, IsCallback: false, Outputs.Count: > 0 } && stage.Dependencies.Count + stage.Parameters.Count > 0
        && stage.Outputs.TrueForAll(o => !o.Persists && ProjectPath.IsInside(o.FullPath, project.Root)) && stage.Dependencies.TrueForAll(d => d.Recorded is not null);

    /// <summary>Where the runs of an entry lie, and under which name this one.</summary>
    public static (string Key, string Value) NamesOf(DataMap entry)
    {
        var plain = (DataMap)WithoutSizes(entry)!;
        var value = Sha256(plain);
        plain["outs"] = ((List<object?>)(plain.Get("outs") ?? new List<object?>())).ConvertAll(item => ((DataMap)item!)["path"]);
        return (Sha256(plain), value);
    }

    /// <summary>Keeps a run.</summary>
    public void Save(Stage stage)
    {
        if (!Keeps(stage))
            return;
        var entry = LockFile.EntryOf(stage);
        var (key, value) = NamesOf(entry);
        var path = Path.Combine(Folder, key[..2], key, value);
        if (File.Exists(path))
            return;
        // Written under a name that DVC would not take for a run: it lists the folder.
        var temporary = cache.Temporary();
        File.WriteAllBytes(temporary, Encoding.UTF8.GetBytes(YamlWriter.Write(entry)));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ObjectCache.MoveInto(temporary, path);
    }

    /// <summary>The latest run whose outputs are all in the cache; null without one.</summary>
    public DataMap? Find(Stage stage)
    {
        if (!Keeps(stage))
            return null;
        var wanted = LockFile.EntryOf(Bare(stage));
        var key = NamesOf(wanted).Key;
        var folder = new DirectoryInfo(Path.Combine(Folder, key[..2], key));
        if (!folder.Exists)
            return null;
        foreach (var file in folder.EnumerateFiles().OrderByDescending(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            // The name of a run leaves sizes out, those of parameters too: the parameters themselves are compared.
            if (Read(file.FullName) is { } entry && NamesOf(entry).Value == file.Name && ValueEquality.Same(entry.Get("params"), wanted.Get("params")) && OutputsOf(entry, file.FullName).All(o => o.Value is { IsLegacy: false } recorded && cache.HasAll(recorded.Value.Md5)))
                return entry;
        }

        return null;
    }

    /// <summary>The outputs of an entry by their paths.</summary>
    public static IEnumerable<KeyValuePair<string, Recorded?>> OutputsOf(DataMap entry, string file) => KeyCheck.List(entry.Get("outs"), file).Cast<DataMap>()
        .Select(item => KeyValuePair.Create((string)item["path"]!, RecordedText.Read(item, file)));

    /// <summary>Runs that are kept, by path below the cache, with <c>/</c>.</summary>
    public IEnumerable<string> All() => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(f => ProjectPath.Relative(cache.Folder, f)).Where(IsRun).Order(StringComparer.Ordinal) : [];

    /// <summary>True for the path of a run.</summary>
    public static bool IsRun(string path) =>
        path.Split('/') is [FolderName, { Length: 2 } head, { Length: 64 } key, { Length: 64 } value] && key.StartsWith(head, StringComparison.Ordinal) && (key + value).All(char.IsAsciiHexDigitLower);

    /// <summary>Objects that a run needs.</summary>
    public IEnumerable<string> ObjectsOf(string run) =>
        Read(Path.Combine(cache.Folder, run)) is { } entry ? OutputsOf(entry, run).Where(o => o.Value is { IsLegacy: false }).Select(o => o.Value!.Value.Md5) : [];

    // Outputs count by their paths only, whatever was written down of them.
    private static Stage Bare(Stage stage)
    {
        var bare = new Stage { File = stage.File, Name = stage.Name, Address = stage.Address, Folder = stage.Folder, Command = stage.Command };
        bare.Dependencies.AddRange(stage.Dependencies);
        bare.Parameters.AddRange(stage.Parameters);
        bare.Outputs.AddRange(stage.Outputs.Select(o => o with { Recorded = new Recorded(new Hashed("", 0, null, false), false) }));
        return bare;
    }

    private static DataMap? Read(string path)
    {
        try
        {
            return YamlReader.Read(File.ReadAllText(path), path) is DataMap map && map.Get("outs") is List<object?> outs && outs.TrueForAll(o => o is DataMap entry && entry.Get("path") is string)
                && KeyCheck.List(map.Get("deps"), path).TrueForAll(d => d is DataMap) ? map : null;
        }
        catch (UsageException)
        {
            // A damaged run is none: the stage runs.
            return null;
        }
    }

    // Sizes do not count, at any depth: a parameter of that name neither, as with DVC.
    private static object? WithoutSizes(object? value)
    {
        switch (value)
        {
            case DataMap map:
                var plain = new DataMap();
                foreach (var (key, inner) in map.Where(e => e.Key is not ("size" or "nfiles")))
                    plain[key] = WithoutSizes(inner);
                return plain;
            case List<object?> list:
                return list.ConvertAll(WithoutSizes);
            default:
                return value;
        }
    }

    private static string Sha256(DataMap map) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PythonJson.Write(map))));
}
