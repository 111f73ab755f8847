using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Schema;

namespace Stackmill.Datasets.Parquet;

/// <summary>A column of lists of texts, in the three-level form of the Parquet format; the list itself may be null.</summary>
internal sealed class TextListColumn<T>(string name, Func<T, IReadOnlyList<string>?> get, Action<T, IReadOnlyList<string>?> set) : ParquetColumn<T>(name)
{
    public override Node CreateNode() => ListNodes.List(
        Name, new PrimitiveNode("element", Repetition.Required, LogicalType.String(), PhysicalType.ByteArray));

    public override void Write(RowGroupWriter group, IReadOnlyList<T> rows, ColumnScratch scratch)
    {
        scratch.Text.Reset();
        var levels = ListNodes.Levels(rows, row => get(row)?.Count, scratch);
        var values = 0;
        foreach (var row in rows)
        {
            foreach (var value in get(row) ?? [])
                scratch.Bytes[values++] = scratch.Encode(value);
        }

        using var writer = (ColumnWriter<ByteArray>)group.NextColumn();
        writer.WriteBatch(levels, scratch.Definition.AsSpan(0, levels), scratch.Repetition.AsSpan(0, levels), scratch.Bytes.AsSpan(0, values));
    }

    public override void Read(IArrowArray array, IReadOnlyList<T> rows)
    {
        for (var i = 0; i < rows.Count; i++)
            set(rows[i], ArrowValues.Strings(array, i));
    }
}

/// <summary>Schema and levels of lists: definition 0 null, 1 empty, 2 present; repetition 1 from the second element on.</summary>
internal static class ListNodes
{
    public static GroupNode List(string name, Node element) =>
        new(name, Repetition.Optional, [new GroupNode("list", Repetition.Repeated, [element])], LogicalType.List());

    public static int Levels<T>(IReadOnlyList<T> rows, Func<T, int?> count, ColumnScratch scratch)
    {
        var levels = 0;
        foreach (var row in rows)
        {
            var items = count(row);
            scratch.Reserve(levels + Math.Max(1, items ?? 0));
            if (items is null or 0)
            {
                scratch.Repetition[levels] = 0;
                scratch.Definition[levels++] = (short)(items is null ? 0 : 1);
            }

            for (var i = 0; i < items; i++)
            {
                scratch.Repetition[levels] = (short)(i == 0 ? 0 : 1);
                scratch.Definition[levels++] = 2;
            }
        }

        return levels;
    }
}
