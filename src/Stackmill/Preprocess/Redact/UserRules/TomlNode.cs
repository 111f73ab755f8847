using Stackmill.Core.Faults;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Stackmill.Preprocess.Redact.UserRules;

/// <summary>A value of a TOML document, and the line on which it begins (from 1). Tables are dictionaries, arrays are lists, the rest is text, numbers and truth.</summary>
internal sealed record TomlNode(object Value, int Line)
{
    /// <summary>The values of a table; <c>null</c> when it is none.</summary>
    public Dictionary<string, TomlNode>? Table => Value as Dictionary<string, TomlNode>;

    /// <summary>The values of an array; <c>null</c> when it is none.</summary>
    public List<TomlNode>? Items => Value as List<TomlNode>;

    /// <summary>Reads a document.</summary>
    /// <param name="text">The document.</param>
    /// <param name="source">Its name for messages.</param>
    /// <exception cref="UsageException">It is no TOML; the message names the line.</exception>
    public static TomlNode Read(string text, string source)
    {
        var document = SyntaxParser.Parse(text, source, true);
        if (document.HasErrors)
        {
            var first = document.Diagnostics.First(d => d.Kind == DiagnosticMessageKind.Error);
            throw new UsageException($"{source}:{first.Span.Start.Line + 1}: {first.Message} Expected TOML with rules in the form of gitleaks.");
        }

        var root = new TomlNode(new Dictionary<string, TomlNode>(StringComparer.Ordinal), 1);
        foreach (var pair in document.KeyValues)
            Add(root, pair);
        foreach (var table in document.Tables)
        {
            var line = table.Span.Start.Line + 1;
            var names = Names(table.Name!);
            var parent = Descend(root, names[..^1], line, source);
            var made = new TomlNode(new Dictionary<string, TomlNode>(StringComparer.Ordinal), line);
            if (table is TableArraySyntax)
            {
                if (!parent.Table!.TryGetValue(names[^1], out var list))
                    parent.Table[names[^1]] = list = new TomlNode(new List<TomlNode>(), line);
                (list.Items ?? throw Twice(source, line, names[^1])).Add(made);
            }
            else if (!parent.Table!.TryAdd(names[^1], made))
            {
                made = parent.Table[names[^1]].Table is null ? throw Twice(source, line, names[^1]) : parent.Table[names[^1]];
            }

            foreach (var pair in table.Items)
                Add(made, pair);
        }

        return root;
    }

    // A table inside an array belongs to its last one.
    private static TomlNode Descend(TomlNode from, IEnumerable<string> names, int line, string source)
    {
        foreach (var name in names)
        {
            if (!from.Table!.TryGetValue(name, out var next))
                from.Table[name] = next = new TomlNode(new Dictionary<string, TomlNode>(StringComparer.Ordinal), line);
            from = next.Items is [.., var last] ? last : next;
            if (from.Table is null)
                throw Twice(source, line, name);
        }

        return from;
    }

    private static UsageException Twice(string source, int line, string name) => new($"{source}:{line}: '{name}' is a value or another kind of table before.");

    private static void Add(TomlNode table, KeyValueSyntax pair)
    {
        var names = Names(pair.Key!);
        var line = pair.Span.Start.Line + 1;
        var target = Descend(table, names[..^1], line, "");
        target.Table![names[^1]] = Of(pair.Value!, line);
    }

    private static TomlNode Of(SyntaxNode value, int line)
    {
        switch (value)
        {
            case StringValueSyntax text:
                return new TomlNode(text.Value ?? "", line);
            case IntegerValueSyntax number:
                return new TomlNode((double)number.Value, line);
            case FloatValueSyntax number:
                return new TomlNode(number.Value, line);
            case BooleanValueSyntax truth:
                return new TomlNode(truth.Value, line);
            case ArraySyntax array:
                return new TomlNode(array.Items.Select(i => Of(i.Value!, i.Value!.Span.Start.Line + 1)).ToList(), line);
            case InlineTableSyntax inline:
                var table = new TomlNode(new Dictionary<string, TomlNode>(StringComparer.Ordinal), line);
                foreach (var item in inline.Items)
                    Add(table, item.KeyValue!);
                return table;
            default:
                return new TomlNode(value.ToString() ?? "", line);
        }
    }

    private static List<string> Names(KeySyntax key) => [Name(key.Key!), .. key.DotKeys.Select(d => Name(d.Key!))];

    private static string Name(BareKeyOrStringValueSyntax key) => key switch
    {
        StringValueSyntax text => text.Value ?? "",
        BareKeySyntax bare => bare.Key?.Text ?? "",
        _ => key.ToString()!.Trim(),
    };
}
