using System.Text;
using System.Text.RegularExpressions;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>A <c>.dvc</c> file: one file or folder that DVC keeps for Git.</summary>
internal static partial class DvcFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="project">The project.</param>
    /// <param name="path">Full path.</param>
    /// <param name="text">Its text.</param>
    /// <param name="called">How messages call it; null for its path.</param>
    /// <exception cref="UsageException">It is not as DVC expects it.</exception>
    public static Stage Read(DvcProject project, string path, string text, string? called = null)
    {
        var name = called ?? project.Show(path);
        var root = YamlReader.ReadMap(text, name);
        if (root.Has("cmd"))
            throw new UsageException($"'{name}' holds a stage with a command, as DVC 0 wrote them. Move it into '{DvcProject.StagesName}', or use 'dvc' itself.");
        KeyCheck.Require(root, KeyCheck.DvcFile, $"'{name}'");
        var wdir = root.Get("wdir") is string written ? ProjectPath.Full(Path.GetDirectoryName(path)!, written) : Path.GetDirectoryName(path)!;
        var dependencies = KeyCheck.List(root.Get("deps"), $"'{name}': deps");
        var stage = new Stage
        {
            File = path,
            Address = name,
            Folder = wdir,
            IsFrozen = KeyCheck.Flag(root, "frozen", false, $"'{name}'"),
            AlwaysChanged = KeyCheck.Flag(root, "always_changed", false, $"'{name}'"),
            IsImport = dependencies.Count > 0,
            IsFromRepository = dependencies.Exists(d => d is DataMap map && map.Has("repo")),
        };
        foreach (var dependency in dependencies)
            KeyCheck.Require(KeyCheck.Map(dependency, $"'{name}': a dependency"), KeyCheck.DvcDependency, $"'{name}': a dependency");
        foreach (var item in KeyCheck.List(root.Get("outs"), $"'{name}': outs"))
        {
            var entry = KeyCheck.Map(item, $"'{name}': an output");
            KeyCheck.Require(entry, KeyCheck.DvcOutput, $"'{name}': an output");
            if (entry.Get("path") is not string { Length: > 0 } output)
                throw new UsageException($"'{name}': an output has no path. Restore the file from version control.");
            var full = ProjectPath.Full(wdir, Stage.RequireLocal(output, name));
            OutputPath.Require(project, full, path, $"'{name}' keeps '{output}'");
            stage.Outputs.Add(new Output(output, full)
            {
                UsesCache = KeyCheck.Flag(entry, "cache", true, $"'{name}'"),
                Persists = KeyCheck.Flag(entry, "persist", false, $"'{name}'"),
                IsPushed = KeyCheck.Flag(entry, "push", true, $"'{name}'"),
                Remote = entry.Get("remote") as string,
                Recorded = RecordedText.Read(entry, name),
            });
        }

        if (stage.Outputs.Count != 1)
            throw new UsageException($"'{name}' has {stage.Outputs.Count} outputs; expected one. Restore the file from version control.");
        return stage;
    }

    /// <summary>Writes the file of one output; what else stands in a file that is there stays.</summary>
    /// <returns>True when the file was written.</returns>
    public static bool Write(string path, string output, Hashed hashed)
    {
        var fresh = RecordedText.OfDvcFile(output, hashed);
        if (!File.Exists(path))
        {
            AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(YamlWriter.Write(new DataMap { { "outs", new List<object?> { fresh } } })));
            return true;
        }

        var text = File.ReadAllText(path);
        var root = YamlReader.ReadMap(text, Path.GetFileName(path));
        var before = YamlWriter.Write(root);
        var entry = (DataMap)((List<object?>)root["outs"]!)[0]!;
        var old = entry.Clone();
        foreach (var key in (string[])["md5", "size", "nfiles", "isexec", "hash"])
        {
            if (fresh.Has(key))
                entry[key] = fresh[key];
            else
                _ = entry.Remove(key);
        }

        if (ValueEquality.Identical(old, entry))
            return false;
        var canonical = YamlWriter.Write(root);
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(text == before ? canonical : Patch(text, old, entry, root) ?? canonical));
        return true;
    }

    // Remarks stay where values alone change.
    private static string? Patch(string text, DataMap old, DataMap entry, DataMap root)
    {
        if (!old.Keys.SequenceEqual(entry.Keys))
            return null;
        var patched = Line().Replace(text, match => entry.Get(match.Groups["key"].Value) is { } value ? $"{match.Groups["head"].Value}{value}{match.Groups["rest"].Value}" : match.Value);
        return ValueEquality.Identical(YamlReader.Read(patched, "file"), root) ? patched : null;
    }

    [GeneratedRegex(@"^(?<head>[ -]*(?<key>md5|size|nfiles): +)[^\s#]+(?<rest>[^\n]*)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
