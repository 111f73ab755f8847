using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Schema;
using Stackmill.Core.Model;

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

/// <summary>The column <c>redactions</c>: list of struct of kind, rule, start, length, confidence, replaced, hash. Datasets of former versions have the first four.</summary>
internal sealed class RedactionsColumn() : ParquetColumn<CodeRecord>("redactions")
{
    private int[] _numbers = new int[256];

    public override Node CreateNode() => ListNodes.List(Name, new GroupNode("element", Repetition.Required,
    [
        new PrimitiveNode("kind", Repetition.Required, LogicalType.String(), PhysicalType.ByteArray),
        new PrimitiveNode("rule", Repetition.Required, LogicalType.String(), PhysicalType.ByteArray),
        new PrimitiveNode("start", Repetition.Required, LogicalType.None(), PhysicalType.Int32),
        new PrimitiveNode("length", Repetition.Required, LogicalType.None(), PhysicalType.Int32),
        new PrimitiveNode("confidence", Repetition.Required, LogicalType.None(), PhysicalType.Double),
        new PrimitiveNode("replaced", Repetition.Required, LogicalType.None(), PhysicalType.Boolean),
        new PrimitiveNode("hash", Repetition.Optional, LogicalType.String(), PhysicalType.ByteArray),
    ]));

    public override void Write(RowGroupWriter group, IReadOnlyList<CodeRecord> rows, ColumnScratch scratch)
    {
        var levels = ListNodes.Levels(rows, row => row.Redactions?.Count, scratch);
        WriteText(group, rows, scratch, levels, r => r.Kind);
        WriteText(group, rows, scratch, levels, r => r.Rule);
        WriteNumber(group, rows, scratch, levels, r => r.Start);
        WriteNumber(group, rows, scratch, levels, r => r.Length);
        WriteValues(group, rows, scratch, levels, r => r.Confidence);
        WriteValues(group, rows, scratch, levels, r => r.IsReplaced);
        WriteHash(group, rows, scratch, levels);
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
            var redactions = new Redaction[end - start];
            for (var k = start; k < end; k++)
            {
                redactions[k - start] = new Redaction(
                    ArrowValues.String(items.Fields[0], k)!,
                    ArrowValues.String(items.Fields[1], k)!,
                    (int)ArrowValues.Long(items.Fields[2], k)!,
                    (int)ArrowValues.Long(items.Fields[3], k)!)
                {
                    Confidence = items.Fields.Count > 4 ? ((DoubleArray)items.Fields[4]).GetValue(k) ?? 1 : 1,
                    IsReplaced = items.Fields.Count <= 5 || ((BooleanArray)items.Fields[5]).GetValue(k) != false,
                    Hash = items.Fields.Count > 6 ? ArrowValues.String(items.Fields[6], k) : null,
                };
            }

            rows[i].Redactions = redactions;
        }
    }

    private static void WriteText(RowGroupWriter group, IReadOnlyList<CodeRecord> rows, ColumnScratch scratch, int levels, Func<Redaction, string> get)
    {
        scratch.Text.Reset();
        var values = 0;
        foreach (var row in rows)
        {
            foreach (var redaction in row.Redactions ?? [])
                scratch.Bytes[values++] = scratch.Encode(get(redaction));
        }

        using var writer = (ColumnWriter<ByteArray>)group.NextColumn();
        writer.WriteBatch(levels, scratch.Definition.AsSpan(0, levels), scratch.Repetition.AsSpan(0, levels), scratch.Bytes.AsSpan(0, values));
    }

    private void WriteNumber(RowGroupWriter group, IReadOnlyList<CodeRecord> rows, ColumnScratch scratch, int levels, Func<Redaction, int> get)
    {
        if (_numbers.Length < levels)
            _numbers = new int[levels];
        var values = 0;
        foreach (var row in rows)
        {
            foreach (var redaction in row.Redactions ?? [])
                _numbers[values++] = get(redaction);
        }

        using var writer = (ColumnWriter<int>)group.NextColumn();
        writer.WriteBatch(levels, scratch.Definition.AsSpan(0, levels), scratch.Repetition.AsSpan(0, levels), _numbers.AsSpan(0, values));
    }

    private static void WriteValues<T>(RowGroupWriter group, IReadOnlyList<CodeRecord> rows, ColumnScratch scratch, int levels, Func<Redaction, T> get) where T : unmanaged
    {
        var values = new T[rows.Sum(r => r.Redactions?.Count ?? 0)];
        var next = 0;
        foreach (var row in rows)
        {
            foreach (var redaction in row.Redactions ?? [])
                values[next++] = get(redaction);
        }

        using var writer = (ColumnWriter<T>)group.NextColumn();
        writer.WriteBatch(levels, scratch.Definition.AsSpan(0, levels), scratch.Repetition.AsSpan(0, levels), values);
    }

    // The last column: it raises the levels of those that are there.
    private static void WriteHash(RowGroupWriter group, IReadOnlyList<CodeRecord> rows, ColumnScratch scratch, int levels)
    {
        scratch.Text.Reset();
        var (values, level) = (0, 0);
        foreach (var row in rows)
        {
            foreach (var redaction in row.Redactions ?? [])
            {
                if (redaction.Hash is not null)
                {
                    scratch.Bytes[values++] = scratch.Encode(redaction.Hash);
                    scratch.Definition[level] = 3;
                }

                level++;
            }

            level += row.Redactions is { Count: > 0 } ? 0 : 1;
        }

        using var writer = (ColumnWriter<ByteArray>)group.NextColumn();
        writer.WriteBatch(levels, scratch.Definition.AsSpan(0, levels), scratch.Repetition.AsSpan(0, levels), scratch.Bytes.AsSpan(0, values));
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
