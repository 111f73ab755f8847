using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>The values of parameters as they are now.</summary>
internal sealed class ParameterValues(DvcProject project)
{
    private readonly Dictionary<string, DataMap?> _files = new(StringComparer.Ordinal);

    /// <summary>The values that a stage depends on; null when the file is not there. Names that it lacks are left out.</summary>
    /// <exception cref="UsageException">The file can't be read.</exception>
    public DataMap? Read(ParameterDependency parameter)
    {
        if (!_files.TryGetValue(parameter.FullPath, out var all))
        {
            all = File.Exists(parameter.FullPath) ? DataFile.Read(File.ReadAllText(parameter.FullPath), project.Show(parameter.FullPath)) : null;
            _files.Add(parameter.FullPath, all);
        }

        if (all is null || parameter.Keys.Count == 0)
            return all;
        var values = new DataMap();
        foreach (var key in parameter.Keys)
        {
            if (all.Has(key))
                values[key] = all.Get(key);
            else if (TemplateContext.TrySelect(all, key, out var value))
                values[key] = value;
        }

        return values;
    }

    /// <summary>Writes down in a stage what its parameters are now.</summary>
    /// <exception cref="UsageException">One is not there, or can't be kept.</exception>
    public void Record(Stage stage)
    {
        foreach (var parameter in stage.Parameters)
        {
            var values = Read(parameter) ?? throw new UsageException($"the stage '{stage.Address}' depends on parameters in '{project.Show(parameter.FullPath)}', which is not there. Make it, or take the parameters out.");
            var missing = parameter.Keys.Where(k => !values.Has(k)).ToList();
            if (missing.Count > 0)
                throw new UsageException($"the stage '{stage.Address}' depends on '{string.Join("', '", missing)}' in '{project.Show(parameter.FullPath)}', which has no such key. Add it there, or take it out of the stage.");
            if (HasDate(values))
                throw new UsageException($"a parameter of the stage '{stage.Address}' in '{project.Show(parameter.FullPath)}' is a date, which DVC can't keep. Write it in quotes.");
            parameter.Recorded = values;
        }
    }

    /// <summary>Names that differ from what was written down, each with <c>modified</c>, <c>new</c> or <c>deleted</c>.</summary>
    public static IEnumerable<(string Name, string State)> Changes(ParameterDependency parameter, DataMap actual)
    {
        var recorded = parameter.Recorded ?? [];
        var names = parameter.Keys.Count > 0 ? parameter.Keys : actual.Keys.Concat(recorded.Keys).Distinct(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!actual.Has(name))
                yield return (name, "deleted");
            else if (!recorded.Has(name))
                yield return (name, "new");
            else if (!ValueEquality.Same(actual.Get(name), recorded.Get(name)))
                yield return (name, "modified");
        }
    }

    private static bool HasDate(object? value) => value switch
    {
        YamlDate => true,
        DataMap map => map.Values.Any(HasDate),
        List<object?> list => list.Exists(HasDate),
        _ => false,
    };
}
