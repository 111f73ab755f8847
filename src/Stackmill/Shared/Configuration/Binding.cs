namespace Stackmill.Shared.Configuration;

/// <summary>One walk of configuration text along the option tree: finds each key's option, sets its value, reports the rest.</summary>
internal sealed class Binding(OptionTree tree, object options, string source, List<ConfigurationError> errors)
{
    // More names than this in one message hide the one that was meant.
    private const int ListedKeys = 12;

    private const int SuggestedKeys = 3;

    // A suggestion compares with every key; a file of nonsense (which is not a configuration at all) must not cost seconds.
    private const int ErrorsWithSuggestions = 200;

    private readonly ValueReader _values = new(source, errors);
    private readonly Dictionary<string, SourceNode> _places = new(StringComparer.Ordinal);

    internal void BindSection(OptionSection section, SourceNode node)
    {
        switch (node)
        {
            // All keys of a section commented out leave nothing: its defaults.
            case SourceFault or SourceScalar { IsNull: true }:
                return;
            case SourceMap map:
                _places[section.Path] = map;
                BindEntries(section, map);
                return;
            default:
                errors.Add(new ConfigurationError(source, node.Line, node.Column, section.Path,
                    node is SourceList list ? Echo.Value(list, hide: true) : "a single value", $"a section with {Keys(section)}"));
                return;
        }
    }

    /// <summary>Sets one option; the place is remembered for <see cref="Check"/>.</summary>
    internal void BindLeaf(OptionLeaf leaf, SourceNode key, SourceNode value)
    {
        _places[leaf.Path] = key;
        if (_values.TryRead(leaf, value, out var read))
            leaf.Set(options, read);
    }

    /// <summary>
    /// Asks the options whether their values agree. A value that already has an error is left alone, and so are those
    /// beside it in its section, which may have been compared with its default. The first level holds no values that
    /// are compared with one another: there, only the same key's error hides what is found.
    /// </summary>
    internal void Check(int rootLine, int rootColumn)
    {
        var faulty = errors.Select(error => error.Key).ToList();
        foreach (var (section, problem) in tree.Check(options))
        {
            var parent = problem.Key[..Math.Max(0, problem.Key.LastIndexOf('.'))];
            if (faulty.Any(key => key == problem.Key || (parent.Length > 0 && key.StartsWith(parent, StringComparison.Ordinal))))
                continue;
            var place = _places.GetValueOrDefault(problem.Key) ?? _places.GetValueOrDefault(section);
            errors.Add(new ConfigurationError(source, place?.Line ?? rootLine, place?.Column ?? rootColumn, problem.Key, problem.Found, problem.Expected));
        }
    }

    internal void ReportUnknown(OptionSection section, string key, int line, int column)
    {
        var path = OptionTree.Join(section.Path, Echo.Name(key));
        if (tree.Former.TryGetValue(path, out var instead))
        {
            errors.Add(new ConfigurationError(source, line, column, path, "a key of the former system", instead));
            return;
        }
        if (section.Path.Length == 0 && key.Contains('.') && tree.FindPath(key) is { } meant)
        {
            errors.Add(new ConfigurationError(source, line, column, path, "keys joined by dots",
                $"nested sections: {meant.Path.Replace(".", ": {", StringComparison.Ordinal)}: …{new string('}', meant.Path.Count(c => c == '.'))}"));
            return;
        }
        errors.Add(new ConfigurationError(source, line, column, path, "an unknown key", Keys(section), Suggest(section, key)));
    }

    internal static string Keys(OptionSection section)
    {
        var names = section.Children.Select(child => child.Key).ToList();
        var shown = string.Join(", ", names.Take(ListedKeys));
        return names.Count switch
        {
            1 => shown,
            <= ListedKeys => $"one of {shown}",
            _ => $"one of {shown} and {names.Count - ListedKeys} more",
        };
    }

    private void BindEntries(OptionSection section, SourceMap map)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Entries)
        {
            if (key is not SourceScalar name)
            {
                if (key is not SourceFault)
                    errors.Add(new ConfigurationError(source, key.Line, key.Column, section.Path, "a key that is not a single word", Keys(section)));
                continue;
            }
            if (!seen.TryAdd(name.Text, name.Line))
            {
                errors.Add(new ConfigurationError(source, name.Line, name.Column, OptionTree.Join(section.Path, Echo.Name(name.Text)),
                    $"the key again (first in line {seen[name.Text]})", "each key once in its section"));
                continue;
            }
            switch (section.Find(name.Text))
            {
                case OptionSection nested:
                    BindSection(nested, value);
                    break;
                case OptionLeaf leaf:
                    BindLeaf(leaf, name, value);
                    break;
                default:
                    ReportUnknown(section, name.Text, name.Line, name.Column);
                    break;
            }
        }
    }

    /// <summary>The same key elsewhere in the tree, and the nearest key beside it; else the nearest anywhere.</summary>
    private string? Suggest(OptionSection section, string key)
    {
        if (key.Length > NearestName.LongestName || errors.Count >= ErrorsWithSuggestions)
            return null;
        var found = new List<string>();
        var beside = NearestName.Find(key, section.Children.Select(child => child.Key));
        if (beside is not null)
            found.Add(OptionTree.Join(section.Path, beside));
        found.AddRange(Nodes(tree.Root).Where(node => node.Key == key).Select(node => node.Path));
        if (found.Count == 0 && NearestName.Find(key, Nodes(tree.Root).Select(node => node.Key)) is { } near)
            found.Add(Nodes(tree.Root).First(node => node.Key == near).Path);
        return found.Count == 0 ? null : string.Join(" or ", found.Distinct().Take(SuggestedKeys).Select(path => $"'{path}'"));
    }

    private static IEnumerable<OptionNode> Nodes(OptionSection section)
    {
        foreach (var child in section.Children)
        {
            yield return child;
            if (child is OptionSection nested)
                foreach (var node in Nodes(nested))
                    yield return node;
        }
    }
}
