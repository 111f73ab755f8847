using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using Stackmill.Core.Faults;

namespace Stackmill.Lineage;

/// <summary>A job of the graph, with what its last run came to.</summary>
/// <param name="Id">Its place in the graph.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
internal sealed record GraphJob(string Id, string Namespace, string Name)
{
    /// <summary>Runs that events tell of.</summary>
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

/// <summary>What was made of what, put together from events. It is as large as there are jobs, datasets and runs, however many events there are.</summary>
internal sealed class LineageGraph
{
    private readonly Dictionary<(string, string), GraphJob> _jobs = [];
    private readonly Dictionary<(string, string), GraphData> _data = [];
    private readonly HashSet<GraphEdge> _edges = [];
    private readonly HashSet<ColumnEdge> _columns = [];
    private readonly HashSet<(string Job, ulong Run)> _runs = [];
    private readonly Dictionary<string, List<GraphData>> _read = [];
    private readonly Dictionary<string, List<GraphData>> _written = [];

    /// <summary>Jobs, as they were met.</summary>
    public IReadOnlyCollection<GraphJob> Jobs => _jobs.Values;

    /// <summary>Datasets, as they were met.</summary>
    public IReadOnlyCollection<GraphData> Data => _data.Values;

    /// <summary>Edges, as they were met.</summary>
    public IReadOnlyCollection<GraphEdge> Edges => _edges;

    /// <summary>What a job reads, as it was met.</summary>
    public IReadOnlyList<GraphData> ReadBy(GraphJob job) => _read.GetValueOrDefault(job.Id) ?? [];

    /// <summary>What a job writes, as it was met.</summary>
    public IReadOnlyList<GraphData> WrittenBy(GraphJob job) => _written.GetValueOrDefault(job.Id) ?? [];

    /// <summary>Edges between columns, as they were met; none unless they were asked for.</summary>
    public IReadOnlyCollection<ColumnEdge> Columns => _columns;

    /// <summary>Lines that were no events.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Reads events.</summary>
    /// <param name="events">The events.</param>
    /// <param name="run">Id of a run, or what it begins with: only that run, its stages, and the tasks of a plan of that id; <c>null</c> for all.</param>
    /// <param name="columns">True for edges between columns too.</param>
    /// <exception cref="UsageException">No event is of the run, or several runs have such an id.</exception>
    public static LineageGraph Read(LineageEvents events, string? run, bool columns)
    {
        var wanted = run is null ? null : RunFilter.Of(events, run);
        var graph = new LineageGraph();
        foreach (var lineage in events.Read().Where(e => wanted?.Holds(e) != false))
            graph.Add(lineage, columns);
        graph.Unreadable = events.Unreadable;
        return graph._jobs.Count > 0 ? graph
            : throw new UsageException($"'{events.Place}' holds no OpenLineage events{(events.Unreadable > 0 ? $": {events.Unreadable:N0} lines are none" : "")}. They are written by runs with lineage.enabled set to true.");
    }

    private void Add(JsonElement lineage, bool columns)
    {
        var job = Job(LineageEvents.Text(lineage, "job", "namespace") ?? "", LineageEvents.Text(lineage, "job", "name")!);
        var (type, time) = (LineageEvents.Text(lineage, "eventType") ?? "", LineageEvents.Text(lineage, "eventTime") ?? "");
        // The START of a run may lie in a file that is not at hand.
        if (_runs.Add((job.Id, XxHash3.HashToUInt64(MemoryMarshal.AsBytes(LineageEvents.Text(lineage, "run", "runId").AsSpan())))))
            job.Runs++;
        // Times of one form sort as texts.
        if (string.CompareOrdinal(time, job.LastTime) >= 0)
            (job.LastEvent, job.LastTime) = (type, time);
        foreach (var input in LineageEvents.Items(lineage, "inputs"))
        {
            if (DataOf(input) is { } read && _edges.Add(new GraphEdge(read.Id, job.Id)))
                ListOf(_read, job).Add(read);
        }

        foreach (var output in LineageEvents.Items(lineage, "outputs"))
        {
            if (DataOf(output) is not { } written)
                continue;
            if (_edges.Add(new GraphEdge(job.Id, written.Id)))
                ListOf(_written, job).Add(written);
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

    private static List<GraphData> ListOf(Dictionary<string, List<GraphData>> lists, GraphJob job) =>
        CollectionsMarshal.GetValueRefOrAddDefault(lists, job.Id, out _) ??= [];

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
