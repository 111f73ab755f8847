using System.Globalization;
using System.Numerics;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>The values that <c>${…}</c> in a <c>dvc.yaml</c> can name: those of <c>params.yaml</c> and of <c>vars</c>.</summary>
internal sealed class TemplateContext
{
    /// <summary>The file whose values are always there.</summary>
    public const string DefaultFile = "params.yaml";

    private readonly DataMap _values;

    // Files taken in, with the keys that were; null for all of a file.
    private readonly Dictionary<string, List<string>?> _files;

    private TemplateContext(DataMap values, Dictionary<string, List<string>?> files) => (_values, _files) = (values, files);

    /// <summary>The values of a file of stages.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="vars">Its <c>vars</c>.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="UsageException">A file is missing or a value is given twice.</exception>
    public static TemplateContext Of(string folder, object? vars, string name)
    {
        var context = new TemplateContext([], new(StringComparer.Ordinal));
        var standard = Path.Combine(folder, DefaultFile);
        if (File.Exists(standard))
            context.Load(standard, DefaultFile, []);
        context.Add(folder, vars, $"'{name}'");
        return context;
    }

    /// <summary>A copy with further <c>vars</c>.</summary>
    public TemplateContext With(string folder, object? vars, string place)
    {
        var copy = new TemplateContext(_values.Clone(), new(_files, StringComparer.Ordinal));
        copy.Add(folder, vars, place);
        return copy;
    }

    /// <summary>A copy in which a name stands for a value, whatever it stood for before.</summary>
    public TemplateContext With(string name, object? value)
    {
        var copy = new TemplateContext(_values.Clone(), _files);
        copy._values[name] = value;
        return copy;
    }

    /// <summary>The value of a name with dots and indexes.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public object? Select(string name, string place)
    {
        if (TrySelect(_values, name, out var value))
            return value;
        throw new UsageException($"{place} names '${{{name}}}', which neither {DefaultFile} nor vars gives. Add it there, or correct the name.");
    }

    /// <summary>Finds a value by a name with dots and indexes.</summary>
    public static bool TrySelect(DataMap values, string name, out object? value)
    {
        value = values;
        foreach (var part in name.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            switch (value)
            {
                case DataMap map when map.Has(part):
                    value = map.Get(part);
                    break;
                case List<object?> list when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count:
                    value = list[index];
                    break;
                default:
                    value = null;
                    return false;
            }
        }

        return true;
    }

    /// <summary>A value as it stands in the middle of a text: truth values in small letters, numbers as Python prints them.</summary>
    public static string Text(object? value) => value switch
    {
        null => "None",
        bool truth => truth ? "true" : "false",
        double number => PythonNumber.Repr(number),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        YamlDate date => date.Text,
        _ => (string)value,
    };

    private void Add(string folder, object? vars, string place)
    {
        if (vars is null)
            return;
        if (vars is not List<object?> items)
            throw new UsageException($"{place}: vars is no list; expected names of files, and mappings of values.");
        foreach (var item in items)
        {
            if (item is DataMap values)
            {
                Merge(_values, values.Clone(), "", place);
                continue;
            }

            if (item is not string text)
                throw new UsageException($"{place}: vars holds what is neither the name of a file nor a mapping of values.");
            var mark = text.LastIndexOf(':');
            var (path, keys) = mark < 0 ? (text, []) : (text[..mark], text[(mark + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList());
            Load(ProjectPath.Full(folder, path), path, keys);
        }
    }

    private void Load(string path, string name, List<string> keys)
    {
        if (_files.TryGetValue(path, out var before))
        {
            if (before is null && keys.Count == 0)
                return;
            if (before is null || keys.Count == 0 || keys.Exists(before.Contains))
                throw new UsageException($"vars takes '{name}' in a second time. Name each file, or each of its keys, once.");
        }

        if (!File.Exists(path))
            throw new UsageException($"vars names the file '{name}', which is not there ('{path}'). Make it, or take it out.");
        var values = DataFile.Read(File.ReadAllText(path), name);
        if (keys.Count > 0)
        {
            var some = new DataMap();
            foreach (var key in keys)
                some[key] = values.Has(key) ? values.Get(key) : throw new UsageException($"vars takes '{key}' from '{name}', which has no such key at its top.");
            values = some;
        }

        Merge(_values, values, "", $"'{name}'");
        _files[path] = keys.Count == 0 ? null : [.. before ?? [], .. keys];
    }

    private static void Merge(DataMap into, DataMap values, string prefix, string place)
    {
        foreach (var (key, value) in values)
        {
            if (!into.Has(key))
                into[key] = value;
            else if (into.Get(key) is DataMap inner && value is DataMap more)
                Merge(inner, more, $"{prefix}{key}.", place);
            else
                throw new UsageException($"{place} gives '{prefix}{key}' a second value. Give each name once in {DefaultFile} and vars.");
        }
    }
}
