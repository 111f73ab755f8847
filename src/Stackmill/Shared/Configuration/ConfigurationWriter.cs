using System.Text;

namespace Stackmill.Shared.Configuration;

/// <summary>
/// Writes what an options class declares for people: the commented file of <c>stackmill init</c> and the table of the docs.
/// The text depends on the declarations only, and the file binds back to the defaults.
/// </summary>
public static class ConfigurationWriter
{
    private const int LineLength = 100;

    /// <summary>The configuration file with every key, its summary and allowed values as comments, and its default.</summary>
    /// <param name="heading">Sentences for the top of the file; lines are wrapped.</param>
    public static string WriteYaml<T>(string heading = "") where T : class, new() => WriteYaml(new T(), heading);

    /// <summary>
    /// As <see cref="WriteYaml{T}(string)"/>, with the values of <paramref name="options"/> instead of the defaults.
    /// Credentials are left out: <c>null</c> stands in their place.
    /// </summary>
    public static string WriteYaml<T>(T options, string heading) where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(heading);
        var yaml = new StringBuilder();
        if (heading.Length > 0)
            Comment(yaml, "", heading);
        WriteSection(yaml, OptionTree.Of(typeof(T)).Root, options, "");
        return yaml.ToString();
    }

    /// <summary>A Markdown table of all keys: key, default, what it may hold, meaning.</summary>
    public static string WriteMarkdown<T>() where T : class, new()
    {
        var tree = OptionTree.Of(typeof(T));
        var defaults = tree.NewDefaults();
        var table = new StringBuilder("| key | default | may be | meaning |\n|---|---|---|---|\n");
        foreach (var leaf in tree.Leaves)
            table.Append($"| `{leaf.Path}` | `{Cell(YamlText.Of(leaf, leaf.Get(defaults)))}` | {Cell(Expectation.Of(leaf))} | {Cell(leaf.Summary)} |\n");
        return table.ToString();
    }

    private static void WriteSection(StringBuilder yaml, OptionSection section, object options, string indent)
    {
        foreach (var child in section.Children)
        {
            // Top-level keys stand apart; inside a section the comments separate enough.
            if (indent.Length == 0 && yaml.Length > 0)
                yaml.Append('\n');
            if (child is OptionSection nested)
            {
                Comment(yaml, indent, nested.Summary);
                yaml.Append($"{indent}{nested.Key}:\n");
                WriteSection(yaml, nested, options, indent + "  ");
            }
            else if (child is OptionLeaf leaf)
            {
                Comment(yaml, indent, $"{Sentence(leaf.Summary)} {Sentence(Capital(Expectation.Of(leaf)))}");
                yaml.Append($"{indent}{leaf.Key}: {YamlText.Of(leaf, leaf.Declaration.IsSecret ? null : leaf.Get(options))}\n");
            }
        }
    }

    private static void Comment(StringBuilder yaml, string indent, string text)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && indent.Length + 2 + line.Length + 1 + word.Length > LineLength)
            {
                yaml.Append($"{indent}# {line}\n");
                line.Clear();
            }
            line.Append(line.Length > 0 ? " " : "").Append(word);
        }
        if (line.Length > 0)
            yaml.Append($"{indent}# {line}\n");
    }

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Cell(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("|", "\\|", StringComparison.Ordinal);
}
