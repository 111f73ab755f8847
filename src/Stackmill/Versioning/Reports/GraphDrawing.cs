using Stackmill.Versioning.Pipelines;

namespace Stackmill.Versioning.Reports;

/// <summary>The graph of stages as text, for Graphviz or for Mermaid.</summary>
internal static class GraphDrawing
{
    /// <summary>One line a stage, each after those that it needs.</summary>
    public static IEnumerable<string> Text(StageGraph graph, IReadOnlyList<Stage> stages) =>
        stages.Select(s => graph.Needs(s).Where(stages.Contains).Select(n => n.Address).ToList() is { Count: > 0 } needs ? $"{s.Address} <- {string.Join(", ", needs)}" : s.Address);

    /// <summary>In the language of Graphviz.</summary>
    public static IEnumerable<string> Dot(StageGraph graph, IReadOnlyList<Stage> stages) =>
    [
        "strict digraph  {",
        .. stages.Select(s => $"\"{s.Address}\";"),
        .. stages.SelectMany(s => graph.Needs(s).Where(stages.Contains).Select(n => $"\"{n.Address}\" -> \"{s.Address}\";")),
        "}",
    ];

    /// <summary>In the language of Mermaid.</summary>
    public static IEnumerable<string> Mermaid(StageGraph graph, IReadOnlyList<Stage> stages)
    {
        var names = stages.Select((s, i) => (s, $"node{i + 1}")).ToDictionary(p => p.s, p => p.Item2);
        return
        [
            "flowchart TD",
            .. stages.Select(s => $"\t{names[s]}[\"{s.Address}\"]"),
            .. stages.SelectMany(s => graph.Needs(s).Where(stages.Contains).Select(n => $"\t{names[n]}-->{names[s]}")),
        ];
    }
}
