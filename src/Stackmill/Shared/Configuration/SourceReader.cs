using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Stackmill.Shared.Configuration;

/// <summary>
/// Reads YAML into <see cref="SourceNode"/>s. Unlike YamlDotNet's own tree it keeps repeated keys (to report each of them) and
/// what stood before a syntax error (so that its mistakes are reported too), and never walks an alias twice.
/// </summary>
internal sealed class SourceReader
{
    // The options are at most a handful of levels deep; the limit only keeps hostile nesting off the stack.
    private const int DeepestNesting = 32;

    private const string CoreTags = "tag:yaml.org,2002:";

    private readonly string _source;
    private readonly List<ConfigurationError> _errors;
    private readonly Parser _parser;
    private readonly Dictionary<string, SourceNode> _anchors = new(StringComparer.Ordinal);

    private SourceReader(string text, string source, List<ConfigurationError> errors)
    {
        _source = source;
        _errors = errors;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The root of the only document, or <c>null</c> when the text holds none. Errors are added to <paramref name="errors"/>.</summary>
    internal static SourceNode? Read(string text, string source, List<ConfigurationError> errors)
    {
        if (!TextIsYaml(text, source, errors))
            return null;
        var reader = new SourceReader(text, source, errors);
        var holder = new SourceList(1, 1);
        try
        {
            reader.ReadStream(holder);
        }
        catch (YamlException fault)
        {
            errors.Add(TabError(text, source, fault) ?? new ConfigurationError(source, (int)fault.Start.Line, (int)fault.Start.Column, "",
                $"broken YAML ({Lower(fault.Message)})", "'key: value' lines, indented with spaces"));
        }
        return holder.Items.Count > 0 ? holder.Items[0] : null;
    }

    // The parser takes NUL for the end of the text, so what follows would be lost without a word.
    private static bool TextIsYaml(string text, string source, List<ConfigurationError> errors)
    {
        var line = 1;
        var lineStart = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n')
                (line, lineStart) = (line + 1, i + 1);
            else if ((c < ' ' && c is not '\t' and not '\r') || c == '\x7f')
            {
                errors.Add(new ConfigurationError(source, line, i - lineStart + 1, "",
                    $"the control character U+{(int)c:X4}", "YAML text (write control characters as \"\\x..\" in double quotes)"));
                return false;
            }
        }
        return true;
    }

    // For a tab the parser names the place where the mapping began, which says nothing about the line to correct.
    private static ConfigurationError? TabError(string text, string source, YamlException fault)
    {
        if (!fault.Message.Contains("tab", StringComparison.Ordinal))
            return null;
        var line = 0;
        foreach (var candidate in text.AsSpan().EnumerateLines())
        {
            var indent = candidate.Length - candidate.TrimStart(' ').Length;
            if (++line >= fault.Start.Line && indent < candidate.Length && candidate[indent] == '\t')
                return new ConfigurationError(source, line, indent + 1, "", "a tab as indentation", "spaces: YAML allows no tabs there");
        }
        return null;
    }

    private static string Lower(string message) =>
        message.Length == 0 ? "" : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');

    private void ReadStream(SourceList holder)
    {
        Next<StreamStart>();
        while (Advance() && _parser.Current is DocumentStart start)
        {
            if (holder.Items.Count > 0)
            {
                _errors.Add(Error(start.Start, "a second document", "one document: remove the '---' line"));
                return;
            }
            Advance();
            ReadNode(holder.Items.Add, 0);
            Next<DocumentEnd>();
        }
    }

    // On some broken texts (an unclosed '[' before a key, a directive without a document) the parser fails with these instead of its own.
    private bool Advance()
    {
        var place = _parser.Current?.End ?? Mark.Empty;
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            throw new YamlException(place, place, "what follows can't be read; a bracket or quote may be open", fault);
        }
    }

    private void Next<TEvent>() where TEvent : ParsingEvent
    {
        if (!Advance() || _parser.Current is not TEvent)
            throw new SemanticErrorException($"expected {typeof(TEvent).Name}");
    }

    /// <summary>Reads the node at the current event and hands it on before it is filled, so that a later fault loses nothing.</summary>
    private void ReadNode(Action<SourceNode> attach, int depth)
    {
        var current = _parser.Current!;
        if (depth > DeepestNesting)
            throw new SemanticErrorException(current.Start, current.End, $"more than {DeepestNesting} levels of nesting");
        switch (current)
        {
            case AnchorAlias alias:
                attach(Resolve(alias));
                break;
            case Scalar scalar:
                var leaf = Leaf(scalar);
                Remember(scalar, leaf);
                attach(leaf);
                break;
            case SequenceStart start:
                var list = new SourceList(Line(start), Column(start));
                Remember(start, list);
                CheckTag(start, "seq");
                attach(list);
                while (Advance() && _parser.Current is not SequenceEnd)
                    ReadNode(list.Items.Add, depth + 1);
                break;
            case MappingStart start:
                var map = new SourceMap(Line(start), Column(start));
                Remember(start, map);
                CheckTag(start, "map");
                attach(map);
                while (Advance() && _parser.Current is not MappingEnd)
                    ReadEntry(map, depth);
                break;
            default:
                throw new SemanticErrorException(current.Start, current.End, $"unexpected {current.GetType().Name}");
        }
    }

    private void ReadEntry(SourceMap map, int depth)
    {
        SourceNode? key = null;
        ReadNode(node => key = node, depth + 1);
        Advance();
        ReadNode(value => map.Entries.Add((key!, value)), depth + 1);
    }

    private SourceNode Resolve(AnchorAlias alias)
    {
        if (_anchors.TryGetValue(alias.Value.Value, out var node))
            return node;
        _errors.Add(Error(alias.Start, "an alias of an anchor that is not defined above", "a defined anchor, or the value itself"));
        return new SourceFault(Line(alias), Column(alias));
    }

    private SourceNode Leaf(Scalar scalar)
    {
        var isPlain = scalar.Style == ScalarStyle.Plain;
        if (scalar.Tag.IsEmpty)
            return new SourceScalar(Line(scalar), Column(scalar), scalar.Value, isPlain);
        if (scalar.Tag.IsNonSpecific || scalar.Tag.Value == CoreTags + "str")
            return new SourceScalar(Line(scalar), Column(scalar), scalar.Value, IsPlain: false);
        if (scalar.Tag.Value is CoreTags + "bool" or CoreTags + "int" or CoreTags + "float" or CoreTags + "null")
            return new SourceScalar(Line(scalar), Column(scalar), scalar.Value, IsPlain: true);
        _errors.Add(TagError(scalar));
        return new SourceFault(Line(scalar), Column(scalar));
    }

    private void CheckTag(NodeEvent node, string name)
    {
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific && node.Tag.Value != CoreTags + name)
            _errors.Add(TagError(node));
    }

    private ConfigurationError TagError(NodeEvent node) => Error(node.Start, "a YAML tag ('!…')", "a value without a tag");

    private void Remember(NodeEvent source, SourceNode node)
    {
        if (!source.Anchor.IsEmpty)
            _anchors[source.Anchor.Value] = node;
    }

    private ConfigurationError Error(Mark place, string found, string expected) =>
        new(_source, (int)place.Line, (int)place.Column, "", found, expected);

    private static int Line(ParsingEvent source) => (int)source.Start.Line;

    private static int Column(ParsingEvent source) => (int)source.Start.Column;
}
