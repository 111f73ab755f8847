using System.Text.Json.Nodes;
using Stackmill.Core.Engine;

namespace Stackmill.Lineage;

/// <summary>The datasets of an event, with their facets.</summary>
/// <param name="standing">Folders that stand for addresses.</param>
/// <param name="columns">True to tell where columns come from.</param>
internal sealed class DataFacets(IReadOnlyDictionary<string, string> standing, bool columns)
{
    private const string Identity = "IDENTITY";

    /// <summary>What a stage reads. The first is what it goes through, so that its number of rows is known at the end even where it was not before.</summary>
    public JsonArray Inputs(StageData data, long? rowsIn) =>
        [.. data.Reads.Select((place, i) => (JsonNode)Input(place, i == 0 ? rowsIn : null))];

    /// <summary>What a stage writes.</summary>
    /// <param name="data">What the stage said.</param>
    /// <param name="version">Version of the result; <c>null</c> while there is none.</param>
    /// <param name="written">What was written; <c>null</c> for nothing (yet).</param>
    public JsonArray Outputs(StageData data, string? version, DataAmount? written)
    {
        var place = data.Writes;
        var name = DatasetName.Of(place.Location, standing);
        var output = new JsonObject { ["namespace"] = name.Namespace, ["name"] = name.Name, ["facets"] = Facets(place, name, version, ColumnLineage(data)) };
        if (written is not null)
            output["outputFacets"] = Facet.Group(("outputStatistics", Facet.Of("OutputStatisticsOutputDatasetFacet", "1-0-2", ("rowCount", written.Rows), ("size", written.Bytes), ("fileCount", written.Files))));
        return [output];
    }

    private JsonObject Input(DataPlace place, long? rowsIn)
    {
        var name = DatasetName.Of(place.Location, standing);
        var input = new JsonObject { ["namespace"] = name.Namespace, ["name"] = name.Name, ["facets"] = Facets(place, name, place.Amount?.Version, null) };
        var (rows, bytes, files) = (place.Amount?.Rows ?? rowsIn, place.Amount is { Bytes: > 0 } amount ? amount.Bytes : (long?)null, place.Amount is { Files: > 0 } some ? some.Files : (int?)null);
        if (rows is not null || bytes is not null || files is not null)
            input["inputFacets"] = Facet.Group(("inputStatistics", Facet.Of("InputStatisticsInputDatasetFacet", "1-0-0", ("rowCount", rows), ("size", bytes), ("fileCount", files))));
        return input;
    }

    private static JsonObject Facets(DataPlace place, DatasetName name, string? version, JsonObject? columnLineage) => Facet.Group(
        ("dataSource", Facet.Of("DatasourceDatasetFacet", "1-0-1", ("name", name.Namespace), ("uri", name.Uri))),
        ("storage", place.Format.Length == 0 ? null : Facet.Of("StorageDatasetFacet", "1-0-1", ("storageLayer", name.Layer), ("fileFormat", place.Format))),
        ("version", string.IsNullOrEmpty(version) ? null : Facet.Of("DatasetVersionDatasetFacet", "1-0-1", ("datasetVersion", version))),
        ("schema", place.Columns.Count == 0 ? null : Facet.Of("SchemaDatasetFacet", "1-1-1", ("fields", new JsonArray([.. place.Columns.Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type })])))),
        ("columnLineage", columnLineage));

    // Of the first input: the others are asked, and nothing of them is written.
    private JsonObject? ColumnLineage(StageData data)
    {
        var come = data.Writes.Columns.Where(c => c.From.Count > 0).ToList();
        if (!columns || come.Count == 0)
            return null;
        var from = DatasetName.Of(data.Reads[0].Location, standing);
        var fields = new JsonObject();
        foreach (var column in come)
            fields[column.Name] = new JsonObject { ["inputFields"] = new JsonArray([.. column.From.Select(s => Field(from, s.Column, "DIRECT", s.How is null ? Identity : "TRANSFORMATION", s.How, s.Masks))]) };
        return Facet.Of(
            "ColumnLineageDatasetFacet", "1-2-0", ("fields", fields),
            ("dataset", data.Decides.Count == 0 ? null : new JsonArray([.. data.Decides.Select(c => Field(from, c, "INDIRECT", "FILTER", null, masks: false))])));
    }

    private static JsonObject Field(DatasetName from, string column, string type, string subtype, string? how, bool masks)
    {
        var transformation = new JsonObject { ["type"] = type, ["subtype"] = subtype };
        if (how is not null)
            transformation["description"] = how;
        transformation["masking"] = masks;
        return new JsonObject { ["namespace"] = from.Namespace, ["name"] = from.Name, ["field"] = column, ["transformations"] = new JsonArray(transformation) };
    }
}
