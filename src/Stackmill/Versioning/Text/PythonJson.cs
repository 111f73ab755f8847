using System.Globalization;
using System.Numerics;
using System.Text;

namespace Stackmill.Versioning.Text;

/// <summary>JSON as Python's <c>json.dumps(value, sort_keys=True)</c> writes it: its bytes are hashed.</summary>
internal static class PythonJson
{
    /// <summary>The text of a value on one line.</summary>
    public static string Write(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    /// <summary>Adds a text in quotes, ASCII only.</summary>
    public static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case >= ' ' and <= '~': text.Append(c); break;
                default: text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)); break;
            }
        }

        text.Append('"');
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case bool truth: text.Append(truth ? "true" : "false"); break;
            case BigInteger or long or int: text.Append(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
            case double number: text.Append(Number(number)); break;
            case string word: Quote(text, word); break;
            case DataMap map:
                WriteMap(text, map);
                break;
            case IEnumerable<object?> list:
                text.Append('[');
                var first = true;
                foreach (var item in list)
                {
                    text.Append(first ? "" : ", ");
                    first = false;
                    Write(text, item);
                }

                text.Append(']');
                break;
            default:
                throw new InvalidOperationException($"a {value.GetType().Name} has no JSON");
        }
    }

    private static void WriteMap(StringBuilder text, DataMap map)
    {
        text.Append('{');
        var first = true;
        foreach (var key in map.Keys.Order(CodePointOrder.Instance))
        {
            text.Append(first ? "" : ", ");
            first = false;
            Quote(text, key);
            text.Append(": ");
            Write(text, map[key]);
        }

        text.Append('}');
    }

    private static string Number(double number) => double.IsNaN(number) ? "NaN"
        : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity") : PythonNumber.Repr(number);
}
