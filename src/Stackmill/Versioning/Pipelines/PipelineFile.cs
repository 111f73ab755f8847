using System.Buffers;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>Reads the stages of a <c>dvc.yaml</c>.</summary>
internal static class PipelineFile
{
    // Characters that a stage's name can't have, '@' and '-' apart, which foreach and matrix add.
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("\\/@:;,!?\"'`$#&*()[]{}<>|%^~=+");

    /// <summary>Reads a file, and what <c>dvc.lock</c> beside it wrote down.</summary>
    /// <param name="project">The project.</param>
    /// <param name="path">Full path.</param>
    /// <param name="text">Its text.</param>
    /// <param name="lockFile">The lock beside it; null without one.</param>
    /// <exception cref="UsageException">It is not as DVC expects it.</exception>
    public static List<Stage> Read(DvcProject project, string path, string text, LockFile? lockFile)
    {
        var name = project.Show(path);
        var root = YamlReader.ReadMap(text, name);
        KeyCheck.Require(root, KeyCheck.Top, $"'{name}'");
        var folder = Path.GetDirectoryName(path)!;
        var definitions = KeyCheck.Map(root.Get("stages"), $"'{name}': stages");
        var context = definitions.Count == 0 ? null : TemplateContext.Of(folder, root.Get("vars"), name);
        var interpolation = new Interpolation(project.Config);
        var stages = new List<Stage>();
        foreach (var (key, value) in definitions)
        {
            if (key.Length == 0 || key.AsSpan().ContainsAny(NotInNames))
                throw new UsageException($"'{name}': a stage can't be named '{key}': names of stages have letters, digits, '-', '_' and '.'.");
            var definition = KeyCheck.Map(value, $"'{name}': stage '{key}'");
            if (definition.Has("foreach") || definition.Has("do"))
                KeyCheck.Require(definition, KeyCheck.Foreach, $"'{name}': stage '{key}'");
            foreach (var expanded in StageExpansion.Of(key, definition, context!, interpolation, name))
                stages.Add(Build(project, path, name, expanded, interpolation, lockFile));
        }

        if (stages.GroupBy(s => s.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UsageException($"'{name}' has two stages that are named '{twice.Key}'. Give each its own name, and each item of foreach its own value.");
        // Metrics that are named at the top are files, not outputs: nothing is made of them here.
        foreach (var list in (string[])["metrics", "params"])
            _ = KeyCheck.List(root.Get(list), $"'{name}': {list}");
        return stages;
    }

    /// <summary>Files of metrics that are named at the top of a file, as full paths.</summary>
    public static IEnumerable<string> TopMetrics(string path, string text, string name) =>
        KeyCheck.List(YamlReader.ReadMap(text, name).Get("metrics"), $"'{name}': metrics").OfType<string>().Select(p => ProjectPath.Full(Path.GetDirectoryName(path)!, p));

    private static Stage Build(DvcProject project, string path, string name, ExpandedStage expanded, Interpolation interpolation, LockFile? lockFile)
    {
        var place = $"'{name}': stage '{expanded.Name}'";
        KeyCheck.Require(expanded.Definition, KeyCheck.Stage, place);
        var folder = Path.GetDirectoryName(path)!;
        var written = interpolation.Resolve(expanded.Definition.Get("wdir"), expanded.Context, place);
        var wdir = written is null ? folder : ProjectPath.Full(folder, written as string ?? throw new UsageException($"{place}: wdir is no text."));
        if (!ProjectPath.IsInside(wdir, project.Root))
            throw new UsageException($"{place} runs in '{written}', outside of the project. Name a folder inside.");
        var context = expanded.Definition.Has("vars") ? expanded.Context.With(wdir, expanded.Definition.Get("vars"), place) : expanded.Context;

        var definition = new DataMap();
        foreach (var (key, value) in expanded.Definition.Where(e => e.Key is not ("vars" or "desc" or "meta" or "cmd")))
            definition[key] = interpolation.Resolve(value, context, place);
        var command = interpolation.ResolveCommand(expanded.Definition.Get("cmd"), context, place);
        if (command is not string { Length: > 0 } && !(command is List<object?> { Count: > 0 } lines && lines.TrueForAll(l => l is string)))
            throw new UsageException($"{place} has no cmd; expected a command, or a list of commands.");
        var stage = new Stage
        {
            File = path,
            Name = expanded.Name,
            Address = path == Path.Combine(project.Current, DvcProject.StagesName) ? expanded.Name : $"{name}:{expanded.Name}",
            Folder = wdir,
            Command = command,
            IsFrozen = KeyCheck.Flag(definition, "frozen", false, place),
            AlwaysChanged = KeyCheck.Flag(definition, "always_changed", false, place),
        };
        foreach (var dependency in KeyCheck.List(definition.Get("deps"), $"{place}: deps"))
        {
            var written2 = Stage.RequireLocal(dependency as string ?? throw new UsageException($"{place}: deps holds what is no path."), name);
            stage.Dependencies.Add(new Dependency(written2, ProjectPath.Full(wdir, written2)));
        }

        Parameters(stage, KeyCheck.List(definition.Get("params"), $"{place}: params"), place);
        foreach (var kind in (string[])["outs", "metrics", "plots"])
        {
            foreach (var output in KeyCheck.List(definition.Get(kind), $"{place}: {kind}"))
                stage.Outputs.AddRange(Outputs(stage, kind, output, $"{place}: {kind}", name));
        }

        foreach (var output in stage.Outputs)
            OutputPath.Require(project, output.FullPath, path, $"{place} makes '{output.Path}'");
        if (stage.Outputs.Select(o => o.FullPath).Concat(stage.Dependencies.Select(d => d.FullPath)).GroupBy(p => p, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UsageException($"{place} names '{project.Show(twice.Key)}' twice. A path is a dependency or an output, once.");
        lockFile?.Fill(stage);
        return stage;
    }

    private static void Parameters(Stage stage, List<object?> items, string place)
    {
        var byFile = new OrderedDictionary<string, List<string>>(StringComparer.Ordinal);
        var whole = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item is string key)
            {
                Add(TemplateContext.DefaultFile, [key]);
                continue;
            }

            foreach (var (file, keys) in KeyCheck.Map(item, $"{place}: an entry of params"))
            {
                if (keys is null)
                    _ = whole.Add(file);
                Add(file, keys is null ? [] : KeyCheck.List(keys, $"{place}: params of '{file}'").Select(k => k as string ?? throw new UsageException($"{place}: params of '{file}' holds what is no name.")));
            }
        }

        // The usual file first, the others by name.
        foreach (var (file, keys) in byFile.OrderBy(f => f.Key != TemplateContext.DefaultFile).ThenBy(f => f.Key, CodePointOrder.Instance))
            stage.Parameters.Add(new ParameterDependency(file, ProjectPath.Full(stage.Folder, file), whole.Contains(file) ? [] : [.. keys.Distinct()]));

        void Add(string file, IEnumerable<string> keys)
        {
            if (!byFile.TryGetValue(file, out var list))
                byFile.Add(file, list = []);
            list.AddRange(keys);
        }
    }

    private static IEnumerable<Output> Outputs(Stage stage, string kind, object? written, string place, string name)
    {
        if (written is string path)
            return [new Output(Stage.RequireLocal(path, name), ProjectPath.Full(stage.Folder, path)) { IsMetric = kind == "metrics" }];
        return KeyCheck.Map(written, $"{place}: an entry").Select(entry =>
        {
            // Of a plot that is drawn in several ways, each way has its keys and none of the output's.
            var ways = kind == "plots" && entry.Value is List<object?> list ? list : [entry.Value];
            foreach (var way in ways.Skip(1))
                KeyCheck.Require(KeyCheck.Map(way, $"{place}: '{entry.Key}'"), KeyCheck.Plot, $"{place}: '{entry.Key}'");
            var flags = KeyCheck.Map(ways.FirstOrDefault(), $"{place}: '{entry.Key}'");
            KeyCheck.Require(flags, kind == "plots" ? [.. KeyCheck.Output, .. KeyCheck.Plot] : KeyCheck.Output, $"{place}: '{entry.Key}'");
            return new Output(Stage.RequireLocal(entry.Key, name), ProjectPath.Full(stage.Folder, entry.Key))
            {
                UsesCache = KeyCheck.Flag(flags, "cache", true, place),
                Persists = KeyCheck.Flag(flags, "persist", false, place),
                IsPushed = KeyCheck.Flag(flags, "push", true, place),
                Remote = flags.Get("remote") as string,
                IsMetric = kind == "metrics",
            };
        });
    }
}
