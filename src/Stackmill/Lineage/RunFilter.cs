using System.Text.Json;
using Stackmill.Core.Faults;

namespace Stackmill.Lineage;

/// <summary>Events of one run, its stages, or the tasks of a plan, by an id or what it begins with.</summary>
internal sealed class RunFilter
{
    private const int MostTold = 4;

    private readonly string _id;

    private RunFilter(string id) => _id = id;

    /// <summary>The run that is meant, which takes a look at all events.</summary>
    /// <exception cref="UsageException">There is none, or more than one.</exception>
    public static RunFilter Of(LineageEvents events, string begin)
    {
        if (string.IsNullOrWhiteSpace(begin))
            throw new UsageException("--run: expected the id of a run, or what it begins with. 'stackmill runs list' shows the ids of runs.");
        var found = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        var more = false;
        foreach (var lineage in events.Read())
        {
            // An event of a stage has the id of its run too, and one of a task that of its plan: those are meant, when they begin so.
            if (Ids(lineage).FirstOrDefault(id => id?.StartsWith(begin, StringComparison.OrdinalIgnoreCase) == true) is not { } id)
                continue;
            if (Ids(lineage).Any(i => begin.Equals(i, StringComparison.OrdinalIgnoreCase)))
                return new RunFilter(begin);
            if (found.Count <= MostTold)
                found.Add(id);
            else
                more |= !found.Contains(id);
        }

        return found.Count switch
        {
            0 => throw new UsageException($"no event is of a run whose id begins with '{begin}'. 'stackmill runs list' shows the ids of runs."),
            1 => new RunFilter(found.Min!),
            _ => throw new UsageException($"several runs have ids that begin with '{begin}': {string.Join(", ", found.Take(MostTold))}{(more || found.Count > MostTold ? ", …" : "")}. Give more of the id."),
        };
    }

    /// <summary>True for an event of the run.</summary>
    public bool Holds(JsonElement lineage) => Ids(lineage).Any(id => _id.Equals(id, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string?> Ids(JsonElement lineage) =>
    [
        LineageEvents.Text(lineage, "run", "facets", "stackmill_run", "plan"), LineageEvents.Text(lineage, "run", "facets", "stackmill_run", "commandRunId"),
        LineageEvents.Text(lineage, "run", "facets", "parent", "run", "runId"), LineageEvents.Text(lineage, "run", "runId"),
    ];
}
