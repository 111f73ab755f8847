using System.Buffers;
using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Schema;
using Stackmill.Core.Model;

namespace Stackmill.Datasets.Parquet;

/// <summary>A column of lists of structs, in the three-level form of the Parquet format; the list itself may be null.</summary>
/// <typeparam name="TItem">What a list holds.</typeparam>
/// <param name="name">Name of the column.</param>
/// <param name="fields">Fields of the struct, in their order.</param>
internal abstract class StructListColumn<TItem>(string name, params Node[] fields) : ParquetColumn<CodeRecord>(name)
{
    public override Node CreateNode() => ListNodes.List(Name, new GroupNode("element", Repetition.Required, fields));

    public override void Write(RowGroupWriter group, IReadOnlyList<CodeRecord> rows, ColumnScratch scratch) =>
        Write(new Fields(group, rows, scratch, List, ListNodes.Levels(rows, row => List(row)?.Count, scratch)));

    public override void Read(IArrowArray array, IReadOnlyList<CodeRecord> rows)
    {
        if (array is not ListArray { Values: StructArray items } list)
            return;
        for (var i = 0; i < rows.Count; i++)
        {
            if (list.IsNull(i))
                continue;
            var (start, end) = (list.ValueOffsets[i], list.ValueOffsets[i + 1]);
            var read = new TItem[end - start];
            for (var k = start; k < end; k++)
                read[k - start] = Read(items, k);
            Set(rows[i], read);
        }
    }

    /// <summary>A field of text.</summary>
    protected static Node Text(string name, Repetition repetition = Repetition.Required) => new PrimitiveNode(name, repetition, LogicalType.String(), PhysicalType.ByteArray);

    /// <summary>A field of plain values.</summary>
    protected static Node Plain(string name, PhysicalType type) => new PrimitiveNode(name, Repetition.Required, LogicalType.None(), type);

    /// <summary>The list of a record.</summary>
    protected abstract IReadOnlyList<TItem>? List(CodeRecord record);

    /// <summary>Gives a record its list.</summary>
    protected abstract void Set(CodeRecord record, TItem[] items);

    /// <summary>Writes the fields, in their order.</summary>
    protected abstract void Write(Fields fields);

    /// <summary>Reads one struct.</summary>
    protected abstract TItem Read(StructArray items, int at);

    /// <summary>Writes the fields of all lists of some rows, one after the other.</summary>
    protected sealed class Fields(RowGroupWriter group, IReadOnlyList<CodeRecord> rows, ColumnScratch scratch, Func<CodeRecord, IReadOnlyList<TItem>?> list, int levels)
    {
        /// <summary>Writes a field of plain values.</summary>
        public void Add<TValue>(Func<TItem, TValue> get) where TValue : unmanaged
        {
            var values = ArrayPool<TValue>.Shared.Rent(levels);
            var next = 0;
            foreach (var row in rows)
            {
                foreach (var item in list(row) ?? [])
                    values[next++] = get(item);
            }

            Write(values.AsSpan(0, next));
            ArrayPool<TValue>.Shared.Return(values);
        }

        /// <summary>Writes a field of text.</summary>
        public void Add(Func<TItem, string> get)
        {
            scratch.Text.Reset();
            var next = 0;
            foreach (var row in rows)
            {
                foreach (var item in list(row) ?? [])
                    scratch.Bytes[next++] = scratch.Encode(get(item));
            }

            Write(scratch.Bytes.AsSpan(0, next));
        }

        /// <summary>Writes a field of text that may be null: the last one, since it raises the levels of those that are there.</summary>
        public void AddOptional(Func<TItem, string?> get)
        {
            scratch.Text.Reset();
            var (next, level) = (0, 0);
            foreach (var row in rows)
            {
                var items = list(row) ?? [];
                foreach (var item in items)
                {
                    if (get(item) is { } text)
                    {
                        scratch.Bytes[next++] = scratch.Encode(text);
                        scratch.Definition[level] = 3;
                    }

                    level++;
                }

                level += items.Count > 0 ? 0 : 1;
            }

            Write(scratch.Bytes.AsSpan(0, next));
        }

        private void Write<TValue>(ReadOnlySpan<TValue> values) where TValue : unmanaged
        {
            using var writer = (ColumnWriter<TValue>)group.NextColumn();
            writer.WriteBatch(levels, scratch.Definition.AsSpan(0, levels), scratch.Repetition.AsSpan(0, levels), values);
        }
    }
}
