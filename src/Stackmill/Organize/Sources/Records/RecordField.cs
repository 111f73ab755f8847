using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Stackmill.Core.Model;
using Stackmill.Datasets.Parquet;

namespace Stackmill.Organize.Sources.Records;

/// <summary>One thing that a source may tell of a file, and how it is taken from each form. Nulls and values of a wrong type set nothing.</summary>
internal abstract class RecordField(string name)
{
    /// <summary>Name of the stored column.</summary>
    public string Name { get; } = name;

    /// <summary>True when values of this type can be taken.</summary>
    public virtual bool Fits(IArrowType type) => type is not NestedType;

    /// <summary>Takes the value of a row; false when there is none.</summary>
    public abstract bool Set(CodeRecord record, IArrowArray array, int row);

    /// <summary>Takes the value that the reader stands at; false when it is none. An array is read to its end.</summary>
    public abstract bool Set(CodeRecord record, ref Utf8JsonReader json);

    /// <summary>Takes a value from its text; false when it is none.</summary>
    public abstract bool Set(CodeRecord record, string text);
}

/// <summary>A text.</summary>
internal sealed class TextField(string name, Action<CodeRecord, string> set) : RecordField(name)
{
    public override bool Set(CodeRecord record, IArrowArray array, int row) => ArrowValues.String(array, row) is { } value && Set(record, value);

    public override bool Set(CodeRecord record, ref Utf8JsonReader json) => json.TokenType == JsonTokenType.String && Set(record, json.GetString()!);

    public override bool Set(CodeRecord record, string text)
    {
        set(record, text);
        return true;
    }
}

/// <summary>A list of texts; one text alone is a list of one.</summary>
internal sealed class TextListField(string name, Action<CodeRecord, IReadOnlyList<string>> set) : RecordField(name)
{
    public override bool Fits(IArrowType type) => type is not StructType;

    public override bool Set(CodeRecord record, IArrowArray array, int row) => ArrowValues.Strings(array, row) is { } values && Set(record, values);

    public override bool Set(CodeRecord record, ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
            return Set(record, json.GetString() is { Length: > 0 } one ? [one] : []);
        if (json.TokenType != JsonTokenType.StartArray)
            return false;
        var values = new List<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.String)
                values.Add(json.GetString()!);
            else
                json.Skip();
        }

        return Set(record, values);
    }

    public override bool Set(CodeRecord record, string text) => Set(record, text.StartsWith('[') && text.EndsWith(']') ? Items(text[1..^1]) : [text]);

    private bool Set(CodeRecord record, IReadOnlyList<string> values)
    {
        set(record, values);
        return true;
    }

    // Lists in CSV are what JSON or Python write for them: the texts between quotes, or between commas where there are none.
    private static List<string> Items(string text)
    {
        var values = new List<string>();
        var at = text.AsSpan().IndexOfAny('"', '\'');
        if (at < 0)
            return [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        while (at >= 0)
        {
            var end = text.IndexOf(text[at], at + 1);
            if (end < 0)
                break;
            values.Add(text[(at + 1)..end]);
            var next = text.AsSpan(end + 1).IndexOfAny('"', '\'');
            at = next < 0 ? -1 : end + 1 + next;
        }

        return values;
    }
}

/// <summary>A whole number; others are truncated.</summary>
internal sealed class NumberField(string name, Action<CodeRecord, long> set) : RecordField(name)
{
    public override bool Set(CodeRecord record, IArrowArray array, int row) => Set(record, ArrowValues.Long(array, row));

    public override bool Set(CodeRecord record, ref Utf8JsonReader json) => Set(record, Of(ref json));

    public override bool Set(CodeRecord record, string text) => Set(record, Of(text));

    /// <summary>The number that the reader stands at.</summary>
    public static long? Of(ref Utf8JsonReader json) =>
        json.TokenType != JsonTokenType.Number ? null
        : json.TryGetInt64(out var whole) ? whole
        : json.TryGetDouble(out var real) && Math.Abs(real) < long.MaxValue ? (long)real : null;

    /// <summary>The number that a text holds.</summary>
    public static long? Of(string text)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        if (long.TryParse(text, culture, out var whole))
            return whole;
        return double.TryParse(text, culture, out var real) && Math.Abs(real) < long.MaxValue ? (long)real : null;
    }

    private bool Set(CodeRecord record, long? value)
    {
        if (value is { } number)
            set(record, number);
        return value is not null;
    }
}

/// <summary>True or false.</summary>
internal sealed class TruthField(string name, Action<CodeRecord, bool> set) : RecordField(name)
{
    public override bool Set(CodeRecord record, IArrowArray array, int row) => Set(record, ArrowValues.Bool(array, row));

    public override bool Set(CodeRecord record, ref Utf8JsonReader json) =>
        Set(record, json.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null });

    public override bool Set(CodeRecord record, string text) => Set(record, text switch
    {
        "1" => true,
        "0" => false,
        _ => bool.TryParse(text, out var truth) ? truth : null,
    });

    private bool Set(CodeRecord record, bool? value)
    {
        if (value is { } truth)
            set(record, truth);
        return value is not null;
    }
}

/// <summary>
/// A moment, in microseconds since 1970 UTC. Text is read as ISO 8601, Arrow's timestamps by their unit. Whole numbers are
/// microseconds, or with <paramref name="guess"/> of the unit that their size tells: below 10^11 seconds (the year 5138),
/// below 10^14 milliseconds, below 10^17 microseconds, else nanoseconds.
/// </summary>
internal sealed class TimeField(string name, bool guess) : RecordField(name)
{
    public override bool Set(CodeRecord record, IArrowArray array, int row) => array switch
    {
        TimestampArray => Set(record, ArrowValues.TimestampMicros(array, row)),
        BinaryArray or LargeBinaryArray or BinaryViewArray or DictionaryArray => ArrowValues.String(array, row) is { } text && Set(record, text),
        _ => Set(record, Unit(ArrowValues.Long(array, row))),
    };

    public override bool Set(CodeRecord record, ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String ? Set(record, json.GetString()!) : Set(record, Unit(NumberField.Of(ref json)));

    public override bool Set(CodeRecord record, string text)
    {
        if (NumberField.Of(text) is { } number)
            return Set(record, Unit(number));
        return DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
            && Set(record, (time.UtcTicks - DateTime.UnixEpoch.Ticks) / 10);
    }

    private static bool Set(CodeRecord record, long? value)
    {
        record.CommitterDateMicros = value ?? record.CommitterDateMicros;
        return value is not null;
    }

    private long? Unit(long? value) => !guess ? value : value switch
    {
        > -100_000_000_000 and < 100_000_000_000 => value * 1_000_000,
        > -100_000_000_000_000 and < 100_000_000_000_000 => value * 1_000,
        > -100_000_000_000_000_000 and < 100_000_000_000_000_000 => value,
        _ => value / 1_000,
    };
}
