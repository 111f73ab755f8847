using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary><c>dvc.lock</c>: what each stage of the <c>dvc.yaml</c> beside it used and made when it last ran.</summary>
internal sealed class LockFile
{
    // The only form that DVC 3 knows.
    private const string Schema = "2.0";

    private readonly string _path;
    private string? _text;
    private DataMap _root;

    private LockFile(string path, string? text, DataMap root) => (_path, _text, _root) = (path, text, root);

    /// <summary>The lock of a file that may not be there.</summary>
    /// <exception cref="UsageException">It is damaged, or of another version.</exception>
    public static LockFile Open(string path, string name) => File.Exists(path) ? Read(path, File.ReadAllText(path), name) : new LockFile(path, null, []);

    /// <summary>Reads a lock.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="text">Its text.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="UsageException">It is damaged, or of another version.</exception>
    public static LockFile Read(string path, string text, string name)
    {
        var root = YamlReader.ReadMap(text, name);
        if (root.Get("schema") is not Schema)
        {
            var found = root.Get("schema") is string other ? $"is written in the schema '{(other.Length <= 20 ? other : other[..20])}', of another version of DVC" : "does not say its schema as text";
            throw new UsageException($"'{name}' {found}; expected schema: '{Schema}'. Use the version of DVC that wrote it, or restore it from version control. Nothing was changed.");
        }

        KeyCheck.Require(root, KeyCheck.Lock, $"'{name}'");
        foreach (var (stage, value) in KeyCheck.Map(root.Get("stages"), $"'{name}': stages"))
        {
            var place = $"'{name}': stage '{stage}'";
            var entry = KeyCheck.Map(value, place);
            KeyCheck.Require(entry, KeyCheck.LockStage, place);
            if (entry.Get("cmd") is not (string or List<object?>))
                throw new UsageException($"{place} has no cmd. Restore the file from version control.");
            foreach (var item in Entries(entry, "deps", place).Concat(Entries(entry, "outs", place)))
            {
                KeyCheck.Require(item, KeyCheck.LockEntry, place);
                _ = RecordedText.Read(item, name);
            }
        }

        return new LockFile(path, text, root);
    }

    /// <summary>True when a stage of that name ran and was written down.</summary>
    public bool Has(string stage) => KeyCheck.Map(_root.Get("stages"), _path).Has(stage);

    /// <summary>Tells a stage what was written down of it.</summary>
    public void Fill(Stage stage)
    {
        if (KeyCheck.Map(_root.Get("stages"), _path).Get(stage.Name!) is DataMap entry)
            Fill(stage, entry, _path);
    }

    /// <summary>Tells a stage what an entry says of it.</summary>
    public static void Fill(Stage stage, DataMap entry, string file)
    {
        stage.CommandChanged = !ValueEquality.Same(entry.Get("cmd"), stage.Command);
        var (deps, outs) = (ByPath(entry, "deps", file), ByPath(entry, "outs", file));
        foreach (var dependency in stage.Dependencies)
            dependency.Recorded = deps.GetValueOrDefault(dependency.Path);
        foreach (var output in stage.Outputs)
            output.Recorded = outs.GetValueOrDefault(output.Path);
        var parameters = KeyCheck.Map(entry.Get("params"), file);
        foreach (var parameter in stage.Parameters)
            parameter.Recorded = parameters.Get(parameter.Path) as DataMap;
    }

    /// <summary>The entry of a stage, from what is written down of it now.</summary>
    public static DataMap EntryOf(Stage stage)
    {
        var entry = new DataMap { { "cmd", stage.Command } };
        Put(entry, "deps", stage.Dependencies.Where(d => d.Recorded is not null).OrderBy(d => d.Path, CodePointOrder.Instance).Select(d => RecordedText.OfLock(d.Path, d.Recorded!.Value)));
        var parameters = new DataMap();
        foreach (var parameter in stage.Parameters.Where(p => p.Recorded is { Count: > 0 }))
        {
            var values = new DataMap();
            foreach (var key in parameter.Recorded!.Keys.Order(CodePointOrder.Instance))
                values.Add(key, parameter.Recorded[key]);
            parameters.Add(parameter.Path, values);
        }

        if (parameters.Count > 0)
            entry.Add("params", parameters);
        Put(entry, "outs", stage.Outputs.Where(o => o.Recorded is not null).OrderBy(o => o.Path, CodePointOrder.Instance).Select(o => RecordedText.OfLock(o.Path, o.Recorded!.Value)));
        return entry;
    }

    /// <summary>Writes down what a stage used and made; a lock that says so already is not touched.</summary>
    /// <returns>True when the file was written.</returns>
    public bool Update(string stage, DataMap entry)
    {
        // Another process may have written an entry of its own while the command of this one ran.
        var now = Open(_path, Path.GetFileName(_path));
        (_text, _root) = (now._text, now._root);
        var stages = KeyCheck.Map(_root.Get("stages"), _path);
        if (stages.Get(stage) is { } old && ValueEquality.Identical(old, entry))
            return false;
        var root = _root.Clone();
        if (root.Count == 0)
            root.Add("schema", Schema);
        if (root.Get("stages") is not DataMap all)
            root["stages"] = all = [];
        all[stage] = entry;
        var canonical = YamlWriter.Write(root);
        // A file that people have put remarks into, or that another program wrote, keeps them around the one entry.
        var text = _text is null || _text == YamlWriter.Write(_root) ? canonical : LockSplice.Try(_text, stage, entry, root) ?? canonical;
        AtomicFile.WriteAllBytes(_path, Encoding.UTF8.GetBytes(text));
        (_root, _text) = (root, text);
        return true;
    }

    private static void Put(DataMap entry, string key, IEnumerable<DataMap> items)
    {
        var list = items.ToList<object?>();
        if (list.Count > 0)
            entry.Add(key, list);
    }

    private static Dictionary<string, Recorded?> ByPath(DataMap entry, string key, string file)
    {
        var found = new Dictionary<string, Recorded?>(StringComparer.Ordinal);
        foreach (var item in Entries(entry, key, file))
            found[(string)item["path"]!] = RecordedText.Read(item, file);
        return found;
    }

    private static IEnumerable<DataMap> Entries(DataMap entry, string key, string place) => KeyCheck.List(entry.Get(key), $"{place}: {key}")
        .Select(item => item is DataMap map && map.Get("path") is string ? map : throw new UsageException($"{place}: an entry of {key} has no path. Restore the file from version control."));
}
