using Apache.Arrow;
using ParquetSharp;
using Stackmill.Core.Model;

namespace Stackmill.Datasets.Parquet;

/// <summary>The column <c>filters</c>: list of struct of id, verdict, value, threshold; null where verdicts were not asked for.</summary>
internal sealed class FiltersColumn() : StructListColumn<FilterVerdict>(
    "filters", Text("id"), Text("verdict"), Plain("value", PhysicalType.Double), Plain("threshold", PhysicalType.Double))
{
    protected override IReadOnlyList<FilterVerdict>? List(CodeRecord record) => record.Filters;

    protected override void Set(CodeRecord record, FilterVerdict[] items) => record.Filters = items;

    protected override void Write(Fields fields)
    {
        fields.Add(f => f.Id);
        fields.Add(f => f.Decision);
        fields.Add(f => f.Value);
        fields.Add(f => f.Threshold);
    }

    protected override FilterVerdict Read(StructArray items, int at) => new(
        ArrowValues.String(items.Fields[0], at)!,
        ArrowValues.String(items.Fields[1], at)!,
        ArrowValues.Double(items.Fields[2], at) ?? 0,
        ArrowValues.Double(items.Fields[3], at) ?? 0);
}
