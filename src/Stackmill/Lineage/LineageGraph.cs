using System.Text.Json;
using Stackmill.Core.Faults;

namespace Stackmill.Lineage;

/// <summary>A job of the graph, with what its last run came to.</summary>
/// <param name="Id">Its place in the graph.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
internal sealed record GraphJob(string Id, string Namespace, string Name)
{
    /// <summary>Runs that have begun.</summary>
    public int Runs { get; set; }

    /// <summary>Type of the last event.</summary>
    public string LastEvent { get; set; } = "";

    /// <summary>Time of the last event.</summary>
    public string LastTime { get; set; } = "";

    /// <summary>Rows that the last complete run wrote; <c>null</c> when that is not known.</summary>
    public long? Rows { get; set; }
}

/// <summary>A dataset of the graph.</summary>
/// <param name="Id">Its place in the graph.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
internal sealed record GraphData(string Id, string Namespace, string Name)
{
    /// <summary>How people call it.</summary>
    public string Title => Namespace == DatasetName.Files ? Name : Name == "/" ? Namespace : $"{Namespace}/{Name.TrimStart('/')}";
}

/// <summary>An edge of the graph.</summary>
/// <param name="From">Id of a dataset or job.</param>
/// <param name="To">Id of a job or dataset.</param>
internal sealed record GraphEdge(string From, string To);

/// <summary>An edge between columns.</summary>
/// <param name="From">Id of the dataset that is read.</param>
/// <param name="FromColumn">Its column.</param>
/// <param name="To">Id of the dataset that is written.</param>
/// <param name="ToColumn">Its column.</param>
/// <param name="How">IDENTITY, TRANSFORMATION ….</param>
internal sealed record ColumnEdge(string From, string FromColumn, string To, string ToColumn, string How);

/// <summary>What was made of what, put together from events. It is as large as there are jobs and datasets, however many events there are.</summary>
internal sealed class LineageGraph
{
    private readonly Dictionary<(string, string), GraphJob> _jobs = [];
    private readonly Dictionary<(string, string), GraphData> _data = [];
    private readonly HashSet<GraphEdge> _edges = [];
    private readonly HashSet<ColumnEdge> _columns = [];

    /// <summary>Jobs, as they were met.</summary>
    public IReadOnlyCollection<GraphJob> Jobs => _jobs.Values;

    /// <summary>Datasets, as they were met.</summary>
    public IReadOnlyCollection<GraphData> Data => _data.Values;

    /// <summary>Edges, as they were met.</summary>
    public IReadOnlyCollection<GraphEdge> Edges => _edges;

    /// <summary>Edges between columns, as they were met; none unless they were asked for.</summary>
    public IReadOnlyCollection<ColumnEdge> Columns => _columns;

    /// <summary>Lines that were no events.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Reads events.</summary>
    /// <param name="events">The events.</param>
    /// <param name="run">Id of a run, or what it begins with: only that run, its stages, and the tasks of a plan of that id; <c>null</c> for all.</param>
    /// <param name="columns">True for edges between columns too.</param>
    /// <exception cref="UsageException">No event is of the run.</exception>
    public static LineageGraph Read(LineageEvents events, string? run, bool columns)
    {
        var graph = new LineageGraph();
        foreach (var lineage in events.Read().Where(e => run is null || IsOf(e, run)))
            graph.Add(lineage, columns);
        graph.Unreadable = events.Unreadable;
        if (graph._jobs.Count == 0)
            throw new UsageException(run is null ? "the files hold no OpenLineage events." : $"no event is of a run whose id begins with '{run}'. 'stackmill runs list' shows the ids of runs.");
        return graph;
    }

    private static bool IsOf(JsonElement lineage, string run) => new[]
    {
        LineageEvents.Text(lineage, "run", "runId"), LineageEvents.Text(lineage, "run", "facets", "parent", "run", "runId"),
        LineageEvents.Text(lineage, "run", "facets", "stackmill_run", "commandRunId"), LineageEvents.Text(lineage, "run", "facets", "stackmill_run", "plan"),
    }.Any(id => id?.StartsWith(run, StringComparison.OrdinalIgnoreCase) == true);

    private void Add(JsonElement lineage, bool columns)
    {
        var job = Job(LineageEvents.Text(lineage, "job", "namespace") ?? "", LineageEvents.Text(lineage, "job", "name")!);
        var (type, time) = (LineageEvents.Text(lineage, "eventType") ?? "", LineageEvents.Text(lineage, "eventTime") ?? "");
        if (type == EventTypes.Start)
            job.Runs++;
        // Times of one form sort as texts.
        if (string.CompareOrdinal(time, job.LastTime) >= 0)
            (job.LastEvent, job.LastTime) = (type, time);
        foreach (var input in LineageEvents.Items(lineage, "inputs"))
        {
            if (DataOf(input) is { } read)
                _edges.Add(new GraphEdge(read.Id, job.Id));
        }

        foreach (var output in LineageEvents.Items(lineage, "outputs"))
        {
            if (DataOf(output) is not { } written)
                continue;
            _edges.Add(new GraphEdge(job.Id, written.Id));
            if (type == EventTypes.Complete && Rows(output) is { } rows)
                job.Rows = rows;
            if (columns)
                AddColumns(output, written);
        }
    }

    private void AddColumns(JsonElement output, GraphData written)
    {
        foreach (var column in LineageEvents.Members(output, "facets", "columnLineage", "fields"))
        {
            foreach (var field in LineageEvents.Items(column.Value, "inputFields"))
            {
                if (DataOf(field) is { } read && LineageEvents.Text(field, "field") is { } name)
                    _columns.Add(new ColumnEdge(read.Id, name, written.Id, column.Name, LineageEvents.Items(field, "transformations").Select(t => LineageEvents.Text(t, "subtype")).FirstOrDefault() ?? ""));
            }
        }
    }

    private static long? Rows(JsonElement output) =>
        LineageEvents.Members(output, "outputFacets", "outputStatistics").Where(m => m.Name == "rowCount" && m.Value.ValueKind == JsonValueKind.Number && m.Value.TryGetInt64(out _)).Select(m => (long?)m.Value.GetInt64()).FirstOrDefault();

    private GraphJob Job(string space, string name)
    {
        if (!_jobs.TryGetValue((space, name), out var job))
            _jobs.Add((space, name), job = new GraphJob($"j{_jobs.Count}", space, name));
        return job;
    }

    private GraphData? DataOf(JsonElement element)
    {
        if (LineageEvents.Text(element, "namespace") is not { } space || LineageEvents.Text(element, "name") is not { } name)
            return null;
        if (!_data.TryGetValue((space, name), out var data))
            _data.Add((space, name), data = new GraphData($"d{_data.Count}", space, name));
        return data;
    }
}
