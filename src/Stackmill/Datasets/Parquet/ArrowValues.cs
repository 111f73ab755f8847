using Apache.Arrow;
using Apache.Arrow.Types;

namespace Stackmill.Datasets.Parquet;

/// <summary>Reads single values of Arrow arrays, bearing the types that published datasets use for the same column.</summary>
internal static class ArrowValues
{
    /// <summary>UTF-8 or raw bytes of a value; <paramref name="isNull"/> tells a null from an empty value.</summary>
    public static ReadOnlyMemory<byte> Bytes(IArrowArray array, int row, out bool isNull)
    {
        isNull = array.IsNull(row);
        if (isNull)
            return default;
        switch (array)
        {
            case BinaryArray a: // StringArray derives from it
                var start = a.ValueOffsets[row];
                return a.ValueBuffer.Memory[start..a.ValueOffsets[row + 1]];
            case LargeBinaryArray a: // LargeStringArray derives from it
                var from = checked((int)a.ValueOffsets[row]);
                return a.ValueBuffer.Memory[from..checked((int)a.ValueOffsets[row + 1])];
            case BinaryViewArray a: // StringViewArray derives from it
                return a.GetBytes(row, out isNull).ToArray();
            case DictionaryArray a:
                return Bytes(a.Dictionary, (int)Long(a.Indices, row)!.Value, out isNull);
            default:
                return System.Text.Encoding.UTF8.GetBytes(String(array, row) ?? "");
        }
    }

    /// <summary>A value as text; numbers in invariant form.</summary>
    public static string? String(IArrowArray array, int row) => array.IsNull(row) ? null : array switch
    {
        BinaryArray or LargeBinaryArray or BinaryViewArray or DictionaryArray => System.Text.Encoding.UTF8.GetString(Bytes(array, row, out _).Span),
        BooleanArray a => a.GetValue(row) == true ? "true" : "false",
        DoubleArray or FloatArray => Double(array, row)?.ToString("R"),
        _ => Long(array, row)?.ToString(),
    };

    /// <summary>A value as a whole number; floating-point numbers are truncated, text is parsed, anything else (or larger) is null.</summary>
    public static long? Long(IArrowArray array, int row) => array.IsNull(row) ? null : array switch
    {
        Int64Array a => a.GetValue(row),
        Int32Array a => a.GetValue(row),
        Int16Array a => a.GetValue(row),
        Int8Array a => a.GetValue(row),
        UInt64Array a => a.GetValue(row) is { } u and <= long.MaxValue ? (long)u : null,
        UInt32Array a => a.GetValue(row),
        UInt16Array a => a.GetValue(row),
        UInt8Array a => a.GetValue(row),
        DoubleArray or FloatArray => Double(array, row) is { } d && double.IsFinite(d) ? (long)d : null,
        BinaryArray or LargeBinaryArray or BinaryViewArray or DictionaryArray => long.TryParse(String(array, row), out var number) ? number : null,
        TimestampArray => TimestampMicros(array, row),
        _ => null,
    };

    /// <summary>A value as a number.</summary>
    public static double? Double(IArrowArray array, int row) => array.IsNull(row) ? null : array switch
    {
        DoubleArray a => a.GetValue(row),
        FloatArray a => a.GetValue(row),
        _ => Long(array, row),
    };

    /// <summary>A value as a truth value.</summary>
    public static bool? Bool(IArrowArray array, int row) =>
        array.IsNull(row) ? null : array is BooleanArray a ? a.GetValue(row) : Long(array, row) is { } n ? n != 0 : null;

    /// <summary>A timestamp of any unit, in microseconds since 1970 UTC.</summary>
    public static long? TimestampMicros(IArrowArray array, int row)
    {
        if (array.IsNull(row))
            return null;
        if (array is not TimestampArray a)
            return array is BinaryArray ? ParseTime(String(array, row)) : Long(array, row);
        var value = a.Values[row];
        return ((TimestampType)a.Data.DataType).Unit switch
        {
            TimeUnit.Second => value * 1_000_000,
            TimeUnit.Millisecond => value * 1_000,
            TimeUnit.Nanosecond => value / 1_000,
            _ => value,
        };
    }

    /// <summary>A list of texts; a single text counts as a list of one.</summary>
    public static IReadOnlyList<string>? Strings(IArrowArray array, int row)
    {
        if (array.IsNull(row))
            return null;
        return array switch
        {
            ListArray list => Items(list.Values, list.ValueOffsets[row], list.ValueOffsets[row + 1]),
            LargeListArray list => Items(list.Values, checked((int)list.ValueOffsets[row]), checked((int)list.ValueOffsets[row + 1])),
            _ => String(array, row) is { Length: > 0 } one ? [one] : [],
        };
    }

    private static List<string> Items(IArrowArray items, int start, int end)
    {
        var values = new List<string>(end - start);
        for (var i = start; i < end; i++)
        {
            if (String(items, i) is { } value)
                values.Add(value);
        }

        return values;
    }

    private static long? ParseTime(string? text) =>
        DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
            ? (time.UtcTicks - DateTime.UnixEpoch.Ticks) / 10
            : null;
}
