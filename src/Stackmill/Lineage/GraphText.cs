using System.Globalization;
using System.Text;
using System.Text.Json;
using Stackmill.Core.Engine;

namespace Stackmill.Lineage;

/// <summary>Draws a graph. Names come from data: each form has its own way to write them so that they are nothing but names.</summary>
internal static class GraphText
{
    // Of a name in a drawing: Graphviz takes no text of any length, and nobody reads one.
    private const int MostRunes = 200;

    /// <summary>Names of the forms.</summary>
    public static readonly string[] Formats = ["text", "mermaid", "dot", "json"];

    /// <summary>The graph in a form.</summary>
    public static string Write(LineageGraph graph, string format) => format switch
    {
        "mermaid" => Mermaid(graph),
        "dot" => Dot(graph),
        "json" => Json(graph),
        _ => Plain(graph),
    };

    /// <summary>A text in quotes of Mermaid: what is no letter, digit or plain sign is written by its number.</summary>
    public static string MermaidText(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in Cut(text))
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '.' or '_' or '-' or '/' or ':' or ',')
                quoted.Append(rune.ToString());
            else
                quoted.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A text in quotes of DOT.</summary>
    public static string DotText(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in Cut(text))
        {
            if (rune.Value is '"' or '\\')
                quoted.Append('\\');
            quoted.Append(rune.ToString());
        }

        return quoted.Append('"').ToString();
    }

    private static string Plain(LineageGraph graph)
    {
        var names = Titles(graph);
        var text = new StringBuilder();
        foreach (var job in graph.Jobs)
        {
            var rows = job.Rows is { } count ? string.Create(CultureInfo.InvariantCulture, $", {count:N0} rows") : "";
            text.Append(CultureInfo.InvariantCulture, $"{Line(job.Name)}  {Line(job.LastEvent)} {Line(job.LastTime)}, {job.Runs} {(job.Runs == 1 ? "run" : "runs")}{rows}\n");
            foreach (var data in graph.ReadBy(job))
                text.Append(CultureInfo.InvariantCulture, $"  reads   {Line(data.Title)}\n");
            foreach (var data in graph.WrittenBy(job))
                text.Append(CultureInfo.InvariantCulture, $"  writes  {Line(data.Title)}\n");
        }

        foreach (var edge in graph.Columns)
            text.Append(CultureInfo.InvariantCulture, $"{Line(names[edge.To])}: {Line(edge.ToColumn)} <- {Line(names[edge.From])}: {Line(edge.FromColumn)} ({Line(edge.How)})\n");
        return text.ToString();
    }

    private static string Mermaid(LineageGraph graph)
    {
        var text = new StringBuilder("flowchart LR\n");
        foreach (var job in graph.Jobs)
            text.Append(CultureInfo.InvariantCulture, $"  {job.Id}({MermaidText(job.Name)})\n");
        foreach (var data in graph.Data)
            text.Append(CultureInfo.InvariantCulture, $"  {data.Id}[({MermaidText(data.Title)})]\n");
        foreach (var edge in graph.Edges)
            text.Append(CultureInfo.InvariantCulture, $"  {edge.From} --> {edge.To}\n");
        var (nodes, names) = (ColumnNodes(graph), Titles(graph));
        foreach (var ((data, column), id) in nodes)
            text.Append(CultureInfo.InvariantCulture, $"  {id}[{MermaidText($"{names[data]}: {column}")}]\n");
        foreach (var edge in graph.Columns)
            text.Append(CultureInfo.InvariantCulture, $"  {nodes[(edge.From, edge.FromColumn)]} -->|{MermaidText(edge.How)}| {nodes[(edge.To, edge.ToColumn)]}\n");
        return text.ToString();
    }

    private static string Dot(LineageGraph graph)
    {
        var text = new StringBuilder("digraph lineage {\n  rankdir=LR;\n");
        foreach (var job in graph.Jobs)
            text.Append(CultureInfo.InvariantCulture, $"  {job.Id} [shape=box, style=rounded, label={DotText(job.Name)}];\n");
        foreach (var data in graph.Data)
            text.Append(CultureInfo.InvariantCulture, $"  {data.Id} [shape=cylinder, label={DotText(data.Title)}];\n");
        foreach (var edge in graph.Edges)
            text.Append(CultureInfo.InvariantCulture, $"  {edge.From} -> {edge.To};\n");
        var nodes = ColumnNodes(graph);
        var columns = nodes.ToLookup(n => n.Key.Data, n => (n.Key.Column, Id: n.Value));
        foreach (var data in graph.Data.Where(d => columns.Contains(d.Id)))
        {
            text.Append(CultureInfo.InvariantCulture, $"  subgraph cluster_{data.Id} {{\n    label={DotText(data.Title)};\n");
            foreach (var (column, id) in columns[data.Id])
                text.Append(CultureInfo.InvariantCulture, $"    {id} [shape=plain, label={DotText(column)}];\n");
            text.Append("  }\n");
        }

        foreach (var edge in graph.Columns)
            text.Append(CultureInfo.InvariantCulture, $"  {nodes[(edge.From, edge.FromColumn)]} -> {nodes[(edge.To, edge.ToColumn)]} [tooltip={DotText(edge.How)}];\n");
        return text.Append("}\n").ToString();
    }

    private static string Json(LineageGraph graph) => JsonSerializer.Serialize(
        new { Jobs = graph.Jobs, Datasets = graph.Data, Edges = graph.Edges, Columns = graph.Columns, UnreadableLines = graph.Unreadable }, ShardRunner.Json) + "\n";

    private static Dictionary<(string Data, string Column), string> ColumnNodes(LineageGraph graph)
    {
        var nodes = new Dictionary<(string, string), string>();
        foreach (var edge in graph.Columns)
        {
            nodes.TryAdd((edge.From, edge.FromColumn), $"c{nodes.Count}");
            nodes.TryAdd((edge.To, edge.ToColumn), $"c{nodes.Count}");
        }

        return nodes;
    }

    private static Dictionary<string, string> Titles(LineageGraph graph) => graph.Data.ToDictionary(d => d.Id, d => d.Title);

    // Line ends too: a name must not begin a line of its own.
    private static string Line(string text) => string.Concat(Visible(text).Select(r => r.ToString()));

    private static List<Rune> Cut(string text)
    {
        var runes = Visible(text).Take(MostRunes + 1).ToList();
        return runes.Count <= MostRunes ? runes : [.. runes[..(MostRunes - 1)], new Rune('…')];
    }

    private static IEnumerable<Rune> Visible(string text) => text.EnumerateRunes().Select(r => Rune.IsControl(r) || r.Value is 0x2028 or 0x2029 ? Rune.ReplacementChar : r);
}
