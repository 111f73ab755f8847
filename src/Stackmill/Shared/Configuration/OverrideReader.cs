namespace Stackmill.Shared.Configuration;

/// <summary>Turns <c>key=value</c> of the command line into the nodes that a file would give, so that both meet the same checks.</summary>
internal sealed class OverrideReader(OptionTree tree, object options, List<ConfigurationError> errors)
{
    internal const string Source = "--set";

    internal void Apply(Binding binding, string assignment)
    {
        var equals = assignment.IndexOf('=');
        if (equals > 0)
            Apply(binding, assignment[..equals].Trim(), assignment[(equals + 1)..].Trim());
        else
            // What was given may be a value, so it isn't shown.
            errors.Add(Error("", "an argument without '='", "key=value, such as similarity_threshold=0.9"));
    }

    internal void Apply(Binding binding, string dottedKey, string value)
    {
        var section = tree.Root;
        var keys = dottedKey.Split('.');
        for (var i = 0; i < keys.Length; i++)
        {
            switch (section.Find(keys[i]))
            {
                case OptionSection nested:
                    section = nested;
                    break;
                case OptionLeaf leaf:
                    ApplyTo(leaf, binding, string.Join('.', keys[(i + 1)..]), value);
                    return;
                default:
                    binding.ReportUnknown(section, keys[i], 0, 0);
                    return;
            }
        }
        errors.Add(Error(section.Path, "a section", $"a key in it: {Binding.Keys(section)}"));
    }

    private void ApplyTo(OptionLeaf leaf, Binding binding, string rest, string value)
    {
        if (rest.Length > 0 && leaf.Kind != OptionKind.TextMap)
            errors.Add(Error(OptionTree.Join(leaf.Path, Echo.Name(rest)), "a key below an option", $"the option '{leaf.Path}' itself"));
        else if (rest.Length > 0)
            binding.BindLeaf(leaf, Text(rest), Entry(leaf, rest, value));
        else if (Node(leaf, value) is { } node)
            binding.BindLeaf(leaf, Text(leaf.Key), node);
    }

    private SourceNode? Node(OptionLeaf leaf, string value)
    {
        if (leaf.IsNullable && value is "" or "null")
            return new SourceScalar(0, 0, value, IsPlain: leaf.IsNullable);
        var isList = leaf.Kind == OptionKind.TextList;
        if ((isList && value.StartsWith('[')) || (leaf.Kind == OptionKind.TextMap && value.StartsWith('{')))
        {
            var faults = new List<ConfigurationError>();
            var node = SourceReader.Read(value, Source, faults);
            // Lines and columns mean nothing on a command line.
            errors.AddRange(faults.Select(fault => Error(leaf.Path, fault.Found, Expectation.Of(leaf))));
            return faults.Count == 0 ? node : null;
        }
        if (!isList)
            return new SourceScalar(0, 0, value, IsPlain: leaf.Kind != OptionKind.Text);
        var list = new SourceList(0, 0);
        list.Items.AddRange(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Text));
        return list;
    }

    private SourceMap Entry(OptionLeaf leaf, string name, string value)
    {
        var map = new SourceMap(0, 0);
        foreach (var (known, text) in leaf.Get(options) as IReadOnlyDictionary<string, string> ?? new Dictionary<string, string>())
            if (known != name)
                map.Entries.Add((Text(known), Text(text)));
        map.Entries.Add((Text(name), Text(value)));
        return map;
    }

    private static SourceScalar Text(string text) => new(0, 0, text, IsPlain: false);

    private static ConfigurationError Error(string key, string found, string expected) => new(Source, 0, 0, key, found, expected);
}
