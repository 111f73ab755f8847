using System.Text.Json.Nodes;

namespace Stackmill.Lineage;

/// <summary>Facets of OpenLineage events: each names who made it and the schema that it is of.</summary>
internal static class Facet
{
    /// <summary>The schema of events that this program writes.</summary>
    public const string Spec = "https://openlineage.io/spec/2-0-2/OpenLineage.json";

    /// <summary>Who made an event: this program, by its version. The project names no address of its own.</summary>
    public static string Producer { get; } = $"urn:stackmill:{typeof(Facet).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>A facet of the specification.</summary>
    /// <param name="name">Name of its schema.</param>
    /// <param name="version">Version of its schema, with dashes.</param>
    /// <param name="fields">What it says.</param>
    public static JsonObject Of(string name, string version, params (string Key, JsonNode? Value)[] fields) => Make($"https://openlineage.io/spec/facets/{version}/{name}.json#/$defs/{name}", fields);

    /// <summary>A facet of this program's own; the specification's schema of all facets of its kind holds for it.</summary>
    /// <param name="kind">The kind: <c>RunFacet</c>, <c>JobFacet</c> …</param>
    /// <param name="fields">What it says.</param>
    public static JsonObject Own(string kind, params (string Key, JsonNode? Value)[] fields) => Make($"{Spec}#/$defs/{kind}", fields);

    /// <summary>The facets of datasets and jobs in a run, without those that say nothing.</summary>
    public static JsonObject Group(params (string Key, JsonObject? Value)[] facets)
    {
        var group = new JsonObject();
        foreach (var (key, value) in facets)
        {
            if (value is not null)
                group[key] = value;
        }

        return group;
    }

    private static JsonObject Make(string schema, (string Key, JsonNode? Value)[] fields)
    {
        var facet = new JsonObject { ["_producer"] = Producer, ["_schemaURL"] = schema };
        foreach (var (key, value) in fields)
        {
            if (value is not null)
                facet[key] = value;
        }

        return facet;
    }
}
