using System.Buffers;
using ParquetSharp;
using Encoding = System.Text.Encoding;

namespace Stackmill.Datasets.Parquet;

/// <summary>Reads one plain column of one row group, in the order of its rows. Not thread-safe.</summary>
internal abstract class LeafReader<T> : IDisposable
{
    /// <summary>Sets the values of the next rows: all of them, or as many as lie in one page where <paramref name="oneCall"/> is true.</summary>
    /// <returns>Rows that were set.</returns>
    public abstract int Read(ReadOnlySpan<T> rows, bool oneCall);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>The part of all types of values.</summary>
/// <typeparam name="T">Type of a row.</typeparam>
/// <typeparam name="TValue">Physical type of a value.</typeparam>
internal abstract class LeafReader<T, TValue>(ColumnReader reader, bool optional) : LeafReader<T>
    where TValue : unmanaged
{
    private readonly ColumnReader<TValue> _reader = (ColumnReader<TValue>)reader;
    private TValue[] _values = [];
    private short[] _definition = [];

    public override int Read(ReadOnlySpan<T> rows, bool oneCall)
    {
        Reserve(rows.Length);
        var done = 0;
        while (done < rows.Length)
        {
            var left = rows.Length - done;
            // The library reads within one page: values that are pointers hold until the next call.
            var read = optional
                ? (int)_reader.ReadBatch(left, _definition, default, _values, out _)
                : (int)_reader.ReadBatch(left, _values, out _);
            if (read == 0)
                throw new InvalidDataException($"A column ends {left} rows too early.");
            for (int i = 0, value = 0; i < read; i++)
            {
                if (optional && _definition[i] == 0)
                    SetNull(rows[done + i]);
                else
                    Set(rows[done + i], _values[value++]);
            }

            done += read;
            if (oneCall)
                break;
        }

        return done;
    }

    public override void Dispose()
    {
        _reader.Dispose();
        Return();
    }

    /// <summary>Sets a row's value.</summary>
    protected abstract void Set(T row, TValue value);

    /// <summary>A row has none.</summary>
    protected abstract void SetNull(T row);

    private void Reserve(int rows)
    {
        if (_values.Length >= rows)
            return;
        Return();
        _values = ArrayPool<TValue>.Shared.Rent(rows);
        _definition = optional ? ArrayPool<short>.Shared.Rent(rows) : [];
    }

    private void Return()
    {
        if (_values.Length > 0)
            ArrayPool<TValue>.Shared.Return(_values);
        if (_definition.Length > 0)
            ArrayPool<short>.Shared.Return(_definition);
        (_values, _definition) = ([], []);
    }
}

/// <summary>Numbers, times or truth values.</summary>
internal sealed class ValueLeaf<T, TValue>(ColumnReader reader, bool optional, Action<T, TValue?> set) : LeafReader<T, TValue>(reader, optional)
    where TValue : unmanaged
{
    protected override void Set(T row, TValue value) => set(row, value);

    protected override void SetNull(T row) => set(row, null);
}

/// <summary>Texts.</summary>
internal sealed class TextLeaf<T>(ColumnReader reader, bool optional, Action<T, string?> set) : LeafReader<T, ByteArray>(reader, optional)
{
    // Neighbours often have the same text: repository, language, licence.
    private byte[] _last = new byte[64];
    private int _lastLength;
    private string? _text;

    protected override void Set(T row, ByteArray value)
    {
        var bytes = NativeBytes.Span(value);
        if (_text is null || !bytes.SequenceEqual(_last.AsSpan(0, _lastLength)))
        {
            if (_last.Length < bytes.Length)
                _last = new byte[bytes.Length];
            bytes.CopyTo(_last);
            (_lastLength, _text) = (bytes.Length, Encoding.UTF8.GetString(bytes));
        }

        set(row, _text);
    }

    protected override void SetNull(T row) => set(row, null);
}

/// <summary>Contents, which stay where the library has them until the next page is read.</summary>
internal sealed class BytesLeaf<T>(ColumnReader reader, bool optional, Action<T, ReadOnlyMemory<byte>, bool> set) : LeafReader<T, ByteArray>(reader, optional)
{
    protected override void Set(T row, ByteArray value) => set(row, value.Length == 0 ? ReadOnlyMemory<byte>.Empty : new NativeBytes(value).Memory, false);

    protected override void SetNull(T row) => set(row, default, true);
}
