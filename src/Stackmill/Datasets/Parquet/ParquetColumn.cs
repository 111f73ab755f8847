using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Schema;
using Stackmill.Shared;
using Encoding = System.Text.Encoding;

namespace Stackmill.Datasets.Parquet;

/// <summary>One column of a table of <typeparamref name="T"/>: its schema node, and how it is written and read.</summary>
internal abstract class ParquetColumn<T>(string name)
{
    /// <summary>Name of the top-level column.</summary>
    public string Name { get; } = name;

    /// <summary>Other names under which sources publish the same thing, in order of preference.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The column's schema.</summary>
    public abstract Node CreateNode();

    /// <summary>Writes all its leaf columns of one row group.</summary>
    public abstract void Write(RowGroupWriter group, IReadOnlyList<T> rows, ColumnScratch scratch);

    /// <summary>Sets the value of each row of one batch.</summary>
    public abstract void Read(IArrowArray array, IReadOnlyList<T> rows);
}

/// <summary>A column of one value a row, which this program's own files are read from directly.</summary>
internal abstract class PlainColumn<T>(string name) : ParquetColumn<T>(name)
{
    /// <summary>Reads the column of a row group.</summary>
    /// <param name="reader">The library's reader, which the result disposes.</param>
    public abstract LeafReader<T> CreateReader(ColumnReader reader);
}

/// <summary>Buffers that the columns of one writer share.</summary>
internal sealed class ColumnScratch
{
    /// <summary>Definition levels.</summary>
    public short[] Definition = new short[1024];

    /// <summary>Repetition levels.</summary>
    public short[] Repetition = new short[1024];

    /// <summary>Values of a byte-array column.</summary>
    public ByteArray[] Bytes = new ByteArray[1024];

    /// <summary>UTF-8 of strings; pinned.</summary>
    public ByteArena Text { get; } = new();

    /// <summary>Makes room for one more level.</summary>
    public void Reserve(int count)
    {
        if (count <= Definition.Length)
            return;
        var size = Math.Max(count, Definition.Length * 2);
        System.Array.Resize(ref Definition, size);
        System.Array.Resize(ref Repetition, size);
        System.Array.Resize(ref Bytes, size);
    }

    /// <summary>Copies a string as UTF-8 and gives where it lies.</summary>
    public ByteArray Encode(string text)
    {
        var room = Text.Reserve(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, room.Span);
        return Pointer(room);
    }

    /// <summary>Where a pinned sequence lies.</summary>
    public static unsafe ByteArray Pointer(ReadOnlyMemory<byte> pinned)
    {
        if (pinned.IsEmpty)
            return new ByteArray(IntPtr.Zero, 0);
        fixed (byte* p = pinned.Span)
            return new ByteArray((IntPtr)p, pinned.Length);
    }
}

/// <summary>A text column; null where the getter gives null.</summary>
internal sealed class TextColumn<T>(string name, bool optional, Func<T, string?> get, Action<T, string?> set) : PlainColumn<T>(name)
{
    public override LeafReader<T> CreateReader(ColumnReader reader) => new TextLeaf<T>(reader, optional, set);

    public override Node CreateNode() =>
        new PrimitiveNode(Name, optional ? Repetition.Optional : Repetition.Required, LogicalType.String(), PhysicalType.ByteArray);

    public override void Write(RowGroupWriter group, IReadOnlyList<T> rows, ColumnScratch scratch)
    {
        scratch.Text.Reset();
        scratch.Reserve(rows.Count);
        var values = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            var value = get(rows[i]) ?? (optional ? null : "");
            scratch.Definition[i] = (short)(value is null ? 0 : 1);
            if (value is not null)
                scratch.Bytes[values++] = scratch.Encode(value);
        }

        using var writer = (ColumnWriter<ByteArray>)group.NextColumn();
        if (optional)
            writer.WriteBatch(rows.Count, scratch.Definition.AsSpan(0, rows.Count), default, scratch.Bytes.AsSpan(0, values));
        else
            writer.WriteBatch(scratch.Bytes.AsSpan(0, values));
    }

    public override void Read(IArrowArray array, IReadOnlyList<T> rows)
    {
        for (var i = 0; i < rows.Count; i++)
            set(rows[i], ArrowValues.String(array, i));
    }
}

/// <summary>The contents: bytes that are written from where they lie (they must be pinned) and read without a copy.</summary>
internal sealed class BytesColumn<T>(string name, bool text, Func<T, ReadOnlyMemory<byte>> get, Action<T, ReadOnlyMemory<byte>, bool> set) : PlainColumn<T>(name)
{
    public override LeafReader<T> CreateReader(ColumnReader reader) => new BytesLeaf<T>(reader, false, set);

    public override Node CreateNode() =>
        new PrimitiveNode(Name, Repetition.Required, text ? LogicalType.String() : LogicalType.None(), PhysicalType.ByteArray);

    public override void Write(RowGroupWriter group, IReadOnlyList<T> rows, ColumnScratch scratch)
    {
        scratch.Reserve(rows.Count);
        for (var i = 0; i < rows.Count; i++)
            scratch.Bytes[i] = ColumnScratch.Pointer(get(rows[i]));
        using var writer = (ColumnWriter<ByteArray>)group.NextColumn();
        writer.WriteBatch(scratch.Bytes.AsSpan(0, rows.Count));
    }

    public override void Read(IArrowArray array, IReadOnlyList<T> rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var bytes = ArrowValues.Bytes(array, i, out var isNull);
            set(rows[i], bytes, isNull);
        }
    }
}

/// <summary>A column of numbers, times or truth values; null where the getter gives null.</summary>
internal sealed class ValueColumn<T, TValue>(
    string name, bool optional, LogicalType logical, PhysicalType physical, Func<T, TValue?> get, Action<T, TValue?> set, Func<IArrowArray, int, TValue?> fromArrow) : PlainColumn<T>(name)
    where TValue : unmanaged
{
    private TValue[] _values = new TValue[1024];

    public override LeafReader<T> CreateReader(ColumnReader reader) => new ValueLeaf<T, TValue>(reader, optional, set);

    public override Node CreateNode() =>
        new PrimitiveNode(Name, optional ? Repetition.Optional : Repetition.Required, logical, physical);

    public override void Write(RowGroupWriter group, IReadOnlyList<T> rows, ColumnScratch scratch)
    {
        scratch.Reserve(rows.Count);
        if (_values.Length < rows.Count)
            _values = new TValue[Math.Max(rows.Count, _values.Length * 2)];
        var values = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            var value = get(rows[i]);
            if (value is null && !optional)
                value = default(TValue);
            scratch.Definition[i] = (short)(value is null ? 0 : 1);
            if (value is { } present)
                _values[values++] = present;
        }

        using var writer = (ColumnWriter<TValue>)group.NextColumn();
        if (optional)
            writer.WriteBatch(rows.Count, scratch.Definition.AsSpan(0, rows.Count), default, _values.AsSpan(0, values));
        else
            writer.WriteBatch(_values.AsSpan(0, values));
    }

    public override void Read(IArrowArray array, IReadOnlyList<T> rows)
    {
        for (var i = 0; i < rows.Count; i++)
            set(rows[i], fromArrow(array, i));
    }
}

/// <summary>Makes the common number columns.</summary>
internal static class ValueColumns
{
    public static ValueColumn<T, long> Long<T>(string name, bool optional, Func<T, long?> get, Action<T, long?> set, params string[] aliases) =>
        new(name, optional, LogicalType.None(), PhysicalType.Int64, get, set, ArrowValues.Long) { Aliases = aliases };

    public static ValueColumn<T, double> Double<T>(string name, bool optional, Func<T, double?> get, Action<T, double?> set) =>
        new(name, optional, LogicalType.None(), PhysicalType.Double, get, set, ArrowValues.Double);

    public static ValueColumn<T, bool> Bool<T>(string name, Func<T, bool?> get, Action<T, bool?> set) =>
        new(name, true, LogicalType.None(), PhysicalType.Boolean, get, set, ArrowValues.Bool);

    public static ValueColumn<T, long> Time<T>(string name, Func<T, long?> get, Action<T, long?> set) =>
        new(name, true, LogicalType.Timestamp(true, ParquetSharp.TimeUnit.Micros), PhysicalType.Int64, get, set, ArrowValues.TimestampMicros);
}
