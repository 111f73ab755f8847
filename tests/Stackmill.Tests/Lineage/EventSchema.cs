using System.Text.Json.Nodes;
using NJsonSchema;
using Stackmill.Lineage;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Lineage;

/// <summary>Holds events and statements against the schemas of Schemas/ORIGIN.md.</summary>
internal static class EventSchema
{
    // The version that each facet of the specification names.
    private static readonly Dictionary<string, string> Facets = new()
    {
        ["parent"] = "1-1-0/ParentRunFacet",
        ["nominalTime"] = "1-0-1/NominalTimeRunFacet",
        ["errorMessage"] = "1-0-1/ErrorMessageRunFacet",
        ["processing_engine"] = "1-1-1/ProcessingEngineRunFacet",
        ["jobType"] = "2-0-3/JobTypeJobFacet",
        ["documentation"] = "1-0-1/DocumentationJobFacet",
        ["schema"] = "1-1-1/SchemaDatasetFacet",
        ["dataSource"] = "1-0-1/DatasourceDatasetFacet",
        ["version"] = "1-0-1/DatasetVersionDatasetFacet",
        ["storage"] = "1-0-1/StorageDatasetFacet",
        ["columnLineage"] = "1-2-0/ColumnLineageDatasetFacet",
        ["outputStatistics"] = "1-0-2/OutputStatisticsOutputDatasetFacet",
        ["inputStatistics"] = "1-0-0/InputStatisticsInputDatasetFacet",
    };

    private static readonly Lazy<JsonSchema> Event = new(() => Load("openlineage-run-event-2-0-2.json"));
    private static readonly Lazy<JsonSchema> Statement = new(() => Load("in-toto-statement-v1.json"));

    /// <summary>What is wrong with an event.</summary>
    public static IReadOnlyList<string> Faults(string lineage)
    {
        var faults = Event.Value.Validate(lineage).Select(f => f.ToString()).ToList();
        var root = JsonNode.Parse(lineage)!;
        foreach (var (name, facet) in FacetsOf(root))
        {
            var expected = Facets.TryGetValue(name, out var known) ? $"https://openlineage.io/spec/facets/{known}.json#/$defs/{known.Split('/')[1]}" : "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunFacet";
            if ((string?)facet["_schemaURL"] != expected || (string?)facet["_producer"] != (string?)root["producer"])
                faults.Add($"the facet {name} names {facet["_schemaURL"]} and {facet["_producer"]}");
        }

        if (!Uri.TryCreate((string?)root["producer"], UriKind.Absolute, out _) || (string?)root["schemaURL"] != "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent")
            faults.Add($"producer {root["producer"]}, schema {root["schemaURL"]}");
        return faults;
    }

    /// <summary>What is wrong with a statement.</summary>
    public static IReadOnlyList<string> StatementFaults(string statement) => [.. Statement.Value.Validate(statement).Select(f => f.ToString())];

    /// <summary>All events of a project, each of which must be valid, in the order in which they were written.</summary>
    public static List<JsonNode> Read(string project)
    {
        var lines = Directory.EnumerateFiles(Path.Combine(project, "logs", EventFile.FolderName)).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Empty(Faults(line)));
        return [.. lines.Select(l => JsonNode.Parse(l)!)];
    }

    /// <summary>Fails unless each run begins once, first, and ends once, last, and its times do not go back. Gives the type of each run's end.</summary>
    public static Dictionary<string, string> Ends(IEnumerable<JsonNode> events)
    {
        var ends = new Dictionary<string, string>();
        foreach (var run in events.GroupBy(e => (string)e["run"]!["runId"]!))
        {
            var types = run.Select(e => (string)e["eventType"]!).ToList();
            Assert.Equal("START", types[0]);
            Assert.True(EventTypes.IsEnd(types[^1]), $"{run.Key} ends with {types[^1]}");
            Assert.All(types[1..^1], t => Assert.Equal("RUNNING", t));
            Assert.Equal(run.Select(e => (string)e["eventTime"]!).Order(StringComparer.Ordinal), run.Select(e => (string)e["eventTime"]!));
            Assert.Single(run.Select(e => (string)e["job"]!["name"]!).Distinct());
            ends.Add(run.Key, types[^1]);
        }

        return ends;
    }

    private static IEnumerable<(string Name, JsonNode Facet)> FacetsOf(JsonNode root)
    {
        var groups = new[] { root["run"]!["facets"], root["job"]!["facets"] }
            .Concat(root["inputs"]!.AsArray().SelectMany(i => new[] { i!["facets"], i["inputFacets"] })).Concat(root["outputs"]!.AsArray().SelectMany(o => new[] { o!["facets"], o["outputFacets"] }));
        return groups.OfType<JsonObject>().SelectMany(g => g.Select(f => (f.Key, f.Value!)));
    }

    private static JsonSchema Load(string name) =>
        JsonSchema.FromFileAsync(Path.Combine(Samples.RepositoryRoot, "tests/Stackmill.Tests/Lineage/Schemas", name)).GetAwaiter().GetResult();
}
