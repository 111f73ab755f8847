using ParquetSharp;
using ParquetSharp.Schema;
using Stackmill.Core.Engine;
using Stackmill.Datasets.Parquet;
using Stackmill.Shared;

namespace Stackmill.Datasets;

/// <summary>The columns that a stage writes, with where each comes from: those that it names are worked out, all others are taken from the input as they are.</summary>
internal static class StageColumns
{
    /// <summary>Columns as those who follow data see them.</summary>
    /// <param name="columns">The columns that are written.</param>
    /// <param name="worked">Where a column comes from that is not the input's column of the same name.</param>
    public static IReadOnlyList<DataColumn> Of<T>(IReadOnlyList<ParquetColumn<T>> columns, Func<string, IReadOnlyList<ColumnSource>?>? worked = null) =>
        [.. columns.Select(c => new DataColumn(c.Name, TypeOf(c)) { From = worked?.Invoke(c.Name) ?? [new ColumnSource(c.Name)] })];

    /// <summary>Columns without where they come from.</summary>
    public static IReadOnlyList<DataColumn> Plain<T>(IReadOnlyList<ParquetColumn<T>> columns) => Of(columns, static _ => []);

    /// <summary>A dataset of records as an input.</summary>
    public static DataPlace Place(Dataset dataset) => new(dataset.Folder, FormatOf(dataset.Manifest), ColumnsOf(dataset.Manifest)) { Amount = AmountOf(dataset.Manifest) };

    /// <summary>A dataset of records as an input, by its folder and manifest.</summary>
    public static DataPlace Place(string folder, Manifest manifest) => Place(Dataset.Of(folder, manifest));

    /// <summary>How much a dataset holds.</summary>
    public static DataAmount AmountOf(Manifest manifest) =>
        new(manifest.RootHash, manifest.Shards.Sum(s => s.Rows), manifest.Shards.Sum(s => s.Bytes), manifest.Shards.Count);

    /// <summary>How much a report holds.</summary>
    public static DataAmount AmountOf(string report, string version) => new(version, null, new FileInfo(report) is { Exists: true } file ? file.Length : 0, 1);

    /// <summary>Tells what a stage reads and writes, unless it is only prepared.</summary>
    public static void Tell(RunContext context, string stage, WorkPart part, Func<StageData> data)
    {
        if (!part.IsPlan)
            context.Observer.DataKnown(stage, data());
    }

    private static IReadOnlyList<DataColumn> ColumnsOf(Manifest manifest) => manifest.Content switch
    {
        "bytes" => Plain(RecordColumns.Staged()),
        "text" => Plain(RecordColumns.Text()),
        _ => [],
    };

    // Datasets of records are Parquet; a release has its form before the colon.
    private static string FormatOf(Manifest manifest) => manifest.Content.Contains(':', StringComparison.Ordinal) ? manifest.Content.Split(':')[0] : "parquet";

    private static string TypeOf<T>(ParquetColumn<T> column)
    {
        using var node = column.CreateNode();
        return TypeOf(node);
    }

    private static string TypeOf(Node node)
    {
        if (node is not GroupNode group)
            return TypeOf((PrimitiveNode)node);
        using var logical = node.LogicalType;
        if (logical.Type == LogicalTypeEnum.List && group.FieldCount == 1 && group.Field(0) is GroupNode { FieldCount: 1 } repeated)
            return $"list<{TypeOf(repeated.Field(0))}>";
        return $"struct<{string.Join(", ", Enumerable.Range(0, group.FieldCount).Select(i => $"{group.Field(i).Name}: {TypeOf(group.Field(i))}"))}>";
    }

    private static string TypeOf(PrimitiveNode node)
    {
        using var logical = node.LogicalType;
        return logical.Type switch
        {
            LogicalTypeEnum.String => "string",
            LogicalTypeEnum.Timestamp => "timestamp",
            _ => node.PhysicalType switch
            {
                PhysicalType.ByteArray or PhysicalType.FixedLenByteArray => "binary",
                PhysicalType.Int32 => "int32",
                PhysicalType.Int64 => "int64",
                PhysicalType.Float => "float",
                PhysicalType.Boolean => "boolean",
                _ => "double",
            },
        };
    }
}
