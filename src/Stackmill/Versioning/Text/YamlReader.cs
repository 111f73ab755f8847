using Stackmill.Core.Faults;
using Stackmill.Shared.Configuration;

namespace Stackmill.Versioning.Text;

/// <summary>Reads YAML by the rules that DVC reads it by, JSON included, for JSON is YAML.</summary>
internal static class YamlReader
{
    // YAML's own key for mappings that are taken in.
    private const string MergeKey = "<<";

    // How lines begin that Git puts around the sides of a conflict.
    private const string OursMark = "<<<<<<< ";
    private const string TheirsMark = ">>>>>>> ";

    /// <summary>The value of a file's only document; an empty mapping for an empty file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="UsageException">It is no YAML, repeats a key, or holds a merge that was not ended.</exception>
    public static object? Read(string text, string name)
    {
        RequireMerged(text, name);
        var errors = new List<ConfigurationError>();
        var root = SourceReader.Read(text.TrimStart('\uFEFF'), name, errors);
        var value = root is null ? new DataMap() : Convert(root, name, errors);
        if (errors.Count > 0)
            throw new UsageException($"'{name}' can't be read:\n{string.Join('\n', errors.Take(20).Select(e => $"  {e}"))}");
        return value ?? new DataMap();
    }

    /// <summary>As <see cref="Read"/>, where only a mapping will do.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static DataMap ReadMap(string text, string name) =>
        Read(text, name) as DataMap ?? throw new UsageException($"'{name}' holds no mapping at its top; expected 'key: value' lines.");

    // Git puts both sides of a conflict into the file: whichever a reader took, the other would be lost.
    private static void RequireMerged(string text, string name)
    {
        var at = text.StartsWith(OursMark, StringComparison.Ordinal) ? 0 : text.IndexOf('\n' + OursMark, StringComparison.Ordinal) + 1;
        if ((at > 0 || text.StartsWith(OursMark, StringComparison.Ordinal)) && text.IndexOf('\n' + TheirsMark, at, StringComparison.Ordinal) >= 0)
            throw new UsageException($"'{name}' holds conflict markers of Git in line {text.AsSpan(0, at).Count('\n') + 1}. Resolve them: keep one side, or run 'git checkout --ours' or '--theirs' on it and then 'stackmill data repro'. Nothing was changed.");
    }

    private static object? Convert(SourceNode node, string name, List<ConfigurationError> errors) => node switch
    {
        SourceScalar scalar => scalar.IsPlain ? YamlScalar.Resolve(scalar.Text) : scalar.Text,
        SourceList list => list.Items.Select(item => Convert(item, name, errors)).ToList(),
        SourceMap map => Map(map, name, errors),
        _ => null,
    };

    private static DataMap Map(SourceMap source, string name, List<ConfigurationError> errors)
    {
        var map = new DataMap();
        var taken = new List<DataMap>();
        foreach (var (keyNode, valueNode) in source.Entries)
        {
            if (keyNode is not SourceScalar key)
            {
                errors.Add(new ConfigurationError(name, keyNode.Line, keyNode.Column, "", "a key that is a list or mapping", "a word"));
                continue;
            }

            var value = Convert(valueNode, name, errors);
            if (key is { IsPlain: true, Text: MergeKey })
            {
                taken.AddRange(value is List<object?> list ? list.OfType<DataMap>() : value is DataMap one ? [one] : []);
                continue;
            }

            if (map.Has(key.Text))
            {
                errors.Add(new ConfigurationError(name, key.Line, key.Column, Shown(key.Text), "the key a second time", "each key once"));
                continue;
            }

            map.Add(key.Text, value);
            if (key.IsPlain && YamlScalar.Resolve(key.Text) is not string)
                map.MarkNotText(key.Text);
        }

        foreach (var (key, value) in taken.SelectMany(m => m).Where(e => !map.Has(e.Key)))
            map[key] = value;
        return map;
    }

    private static string Shown(string key) => key.Length <= 60 ? key : key[..60] + "…";
}
