using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Schema;
using Stackmill.Core.Model;

namespace Stackmill.Datasets.Parquet;

/// <summary>The column <c>filters</c>: list of struct of id, verdict, value, threshold; null where verdicts were not asked for.</summary>
internal sealed class FiltersColumn() : ParquetColumn<CodeRecord>("filters")
{
    private double[] _numbers = new double[256];

    public override Node CreateNode() => ListNodes.List(Name, new GroupNode("element", Repetition.Required,
    [
        new PrimitiveNode("id", Repetition.Required, LogicalType.String(), PhysicalType.ByteArray),
        new PrimitiveNode("verdict", Repetition.Required, LogicalType.String(), PhysicalType.ByteArray),
        new PrimitiveNode("value", Repetition.Required, LogicalType.None(), PhysicalType.Double),
        new PrimitiveNode("threshold", Repetition.Required, LogicalType.None(), PhysicalType.Double),
    ]));

    public override void Write(RowGroupWriter group, IReadOnlyList<CodeRecord> rows, ColumnScratch scratch)
    {
        var levels = ListNodes.Levels(rows, row => row.Filters?.Count, scratch);
        WriteText(group, rows, scratch, levels, f => f.Id);
        WriteText(group, rows, scratch, levels, f => f.Decision);
        WriteNumber(group, rows, scratch, levels, f => f.Value);
        WriteNumber(group, rows, scratch, levels, f => f.Threshold);
    }

    public override void Read(IArrowArray array, IReadOnlyList<CodeRecord> rows)
    {
        if (array is not ListArray { Values: StructArray items } list)
            return;
        for (var i = 0; i < rows.Count; i++)
        {
            if (list.IsNull(i))
                continue;
            var (start, end) = (list.ValueOffsets[i], list.ValueOffsets[i + 1]);
            var verdicts = new FilterVerdict[end - start];
            for (var k = start; k < end; k++)
            {
                verdicts[k - start] = new FilterVerdict(
                    ArrowValues.String(items.Fields[0], k)!,
                    ArrowValues.String(items.Fields[1], k)!,
                    ArrowValues.Double(items.Fields[2], k) ?? 0,
                    ArrowValues.Double(items.Fields[3], k) ?? 0);
            }

            rows[i].Filters = verdicts;
        }
    }

    private static void WriteText(RowGroupWriter group, IReadOnlyList<CodeRecord> rows, ColumnScratch scratch, int levels, Func<FilterVerdict, string> get)
    {
        scratch.Text.Reset();
        var values = 0;
        foreach (var row in rows)
        {
            foreach (var verdict in row.Filters ?? [])
                scratch.Bytes[values++] = scratch.Encode(get(verdict));
        }

        using var writer = (ColumnWriter<ByteArray>)group.NextColumn();
        writer.WriteBatch(levels, scratch.Definition.AsSpan(0, levels), scratch.Repetition.AsSpan(0, levels), scratch.Bytes.AsSpan(0, values));
    }

    private void WriteNumber(RowGroupWriter group, IReadOnlyList<CodeRecord> rows, ColumnScratch scratch, int levels, Func<FilterVerdict, double> get)
    {
        if (_numbers.Length < levels)
            _numbers = new double[levels];
        var values = 0;
        foreach (var row in rows)
        {
            foreach (var verdict in row.Filters ?? [])
                _numbers[values++] = get(verdict);
        }

        using var writer = (ColumnWriter<double>)group.NextColumn();
        writer.WriteBatch(levels, scratch.Definition.AsSpan(0, levels), scratch.Repetition.AsSpan(0, levels), _numbers.AsSpan(0, values));
    }
}
