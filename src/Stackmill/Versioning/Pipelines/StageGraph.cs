using Stackmill.Core.Faults;

namespace Stackmill.Versioning.Pipelines;

/// <summary>Which stage needs which: one that reads what another makes, or a folder around it, or a file inside it.</summary>
internal sealed class StageGraph
{
    private readonly Dictionary<Stage, List<Stage>> _needs = [];
    private readonly IReadOnlyList<Stage> _stages;

    private StageGraph(IReadOnlyList<Stage> stages) => _stages = stages;

    /// <summary>The stages in the order of their files.</summary>
    public IReadOnlyList<Stage> Stages => _stages;

    /// <summary>Builds the graph of a project.</summary>
    /// <exception cref="UsageException">Stages need one another in a circle.</exception>
    public static StageGraph Of(ProjectIndex index)
    {
        var graph = new StageGraph(index.Stages);
        var makers = index.Outputs.ToDictionary(o => o.Output.FullPath, o => o.Stage, StringComparer.Ordinal);
        var sorted = makers.Keys.Order(StringComparer.Ordinal).ToArray();
        foreach (var stage in index.Stages)
        {
            var needs = new List<Stage>();
            foreach (var path in stage.Dependencies.Select(d => d.FullPath).Concat(stage.Parameters.Select(p => p.FullPath)))
            {
                for (var at = path; at is not null && at.Length >= index.Project.Root.Length; at = Path.GetDirectoryName(at))
                {
                    if (makers.TryGetValue(at, out var maker))
                        needs.Add(maker);
                }

                var below = path + Path.DirectorySeparatorChar;
                var first = Array.BinarySearch(sorted, below, StringComparer.Ordinal);
                for (var i = first < 0 ? ~first : first; i < sorted.Length && sorted[i].StartsWith(below, StringComparison.Ordinal); i++)
                    needs.Add(makers[sorted[i]]);
            }

            if (needs.Contains(stage))
                throw new UsageException($"the stage '{stage.Address}' needs what it makes itself. Take it out of its deps, or out of its outs. Nothing was changed.");
            graph._needs.Add(stage, [.. needs.Distinct()]);
        }

        graph.RequireNoCircle();
        return graph;
    }

    /// <summary>The stages that a stage needs directly.</summary>
    public IReadOnlyList<Stage> Needs(Stage stage) => _needs[stage];

    /// <summary>The stages that need a stage directly.</summary>
    public IEnumerable<Stage> NeededBy(Stage stage) => _stages.Where(s => _needs[s].Contains(stage));

    /// <summary>Stages in an order in which each comes after what it needs: level by level, inside a level as their files have them.</summary>
    /// <param name="targets">Stages to end with.</param>
    /// <param name="downstream">True for the targets and what needs them, instead of what they need.</param>
    public IReadOnlyList<Stage> Order(IReadOnlyCollection<Stage> targets, bool downstream)
    {
        var wanted = new HashSet<Stage>();
        var open = new Stack<Stage>(targets);
        while (open.TryPop(out var stage))
        {
            if (!wanted.Add(stage))
                continue;
            // A frozen stage stands for itself: what it would need is not looked at.
            foreach (var next in downstream ? NeededBy(stage).Where(s => !s.IsFrozen) : stage.IsFrozen ? [] : _needs[stage])
                open.Push(next);
        }

        var left = _stages.Where(wanted.Contains).ToList();
        var ordered = new List<Stage>(left.Count);
        var done = new HashSet<Stage>();
        while (left.Count > 0)
        {
            var level = left.Where(s => s.IsFrozen || !_needs[s].Exists(n => wanted.Contains(n) && !done.Contains(n))).ToList();
            ordered.AddRange(level);
            done.UnionWith(level);
            _ = left.RemoveAll(done.Contains);
        }

        return ordered;
    }

    private void RequireNoCircle()
    {
        var done = new HashSet<Stage>();
        var path = new List<Stage>();
        foreach (var stage in _stages)
            Visit(stage, done, path);
    }

    private void Visit(Stage stage, HashSet<Stage> done, List<Stage> path)
    {
        if (done.Contains(stage))
            return;
        var start = path.IndexOf(stage);
        if (start >= 0)
            throw new UsageException($"stages need one another in a circle: {string.Join(" ← ", path.Skip(start).Append(stage).Select(s => $"'{s.Address}'"))}. Take one of these dependencies out. Nothing was changed.");
        path.Add(stage);
        foreach (var need in _needs[stage])
            Visit(need, done, path);
        path.RemoveAt(path.Count - 1);
        _ = done.Add(stage);
    }
}
