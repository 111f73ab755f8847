using System.Globalization;
using System.Numerics;
using System.Text;

namespace Stackmill.Versioning.Text;

/// <summary>
/// YAML as DVC writes it, byte for byte: block style, two blanks a level, lists not indented below their key, null as nothing,
/// floats as Python prints them.
/// </summary>
internal sealed class YamlWriter
{
    // A key of so many characters, or with line ends, is written with '? ' before it.
    private const int LongestKey = 128;

    private readonly StringBuilder _text = new();
    private readonly YamlScalarWriter _scalars;

    private YamlWriter() => _scalars = new YamlScalarWriter(_text);

    /// <summary>The text of a mapping, with a line end at its end.</summary>
    public static string Write(DataMap map)
    {
        var writer = new YamlWriter();
        if (map.Count == 0)
            return "{}\n";
        writer.Map(map, 0, isOnLine: true);
        return writer._text.Append('\n').ToString();
    }

    private void Map(DataMap map, int indent, bool isOnLine)
    {
        foreach (var (key, value) in map)
        {
            if (!isOnLine)
                _scalars.Line(indent);
            isOnLine = false;
            var isSimple = key.EnumerateRunes().Count() < LongestKey && !key.EnumerateRunes().Any(r => ScalarFacts.IsBreak(r.Value));
            if (!isSimple)
                _scalars.Raw("? ");
            if (map.IsNotText(key))
                _scalars.Raw(key);
            else
                _scalars.Text(key, isSimple, indent + 2);
            if (!isSimple)
                _scalars.Line(indent);
            _scalars.Raw(":");
            if (isSimple || value is not (DataMap { Count: > 0 } or List<object?> { Count: > 0 }))
            {
                Value(value, indent);
                continue;
            }

            // After '? ' what belongs to the key begins on the line of its colon.
            _scalars.Raw(" ");
            if (value is DataMap inner)
                Map(inner, indent + 2, isOnLine: true);
            else
                List((List<object?>)value, indent + 2, isOnLine: true);
        }
    }

    // The value of a key whose mapping has this indent.
    private void Value(object? value, int indent)
    {
        switch (value)
        {
            case DataMap { Count: > 0 } map:
                Map(map, indent + 2, isOnLine: false);
                break;
            case List<object?> { Count: > 0 } list:
                List(list, indent, isOnLine: false);
                break;
            case not null:
                _scalars.Raw(" ");
                Scalar(value, indent + 2);
                break;
        }
    }

    private void List(List<object?> list, int indent, bool isOnLine)
    {
        foreach (var item in list)
        {
            if (!isOnLine)
                _scalars.Line(indent);
            isOnLine = false;
            // The blank is there also where nothing follows.
            _scalars.Raw("- ");
            switch (item)
            {
                case null: break;
                case DataMap { Count: > 0 } map: Map(map, indent + 2, isOnLine: true); break;
                case List<object?> { Count: > 0 } inner: List(inner, indent + 2, isOnLine: true); break;
                default: Scalar(item, indent + 2); break;
            }
        }
    }

    private void Scalar(object value, int indent)
    {
        switch (value)
        {
            case string text: _scalars.Text(text, isKey: false, indent); break;
            case bool truth: _scalars.Raw(truth ? "true" : "false"); break;
            case double number: _scalars.Raw(double.IsNaN(number) ? ".nan" : double.IsInfinity(number) ? (number > 0 ? ".inf" : "-.inf") : PythonNumber.Repr(number)); break;
            case BigInteger or long or int: _scalars.Raw(Convert.ToString(value, CultureInfo.InvariantCulture)!); break;
            case DataMap: _scalars.Raw("{}"); break;
            case List<object?>: _scalars.Raw("[]"); break;
            default: throw new InvalidOperationException($"a {value.GetType().Name} has no YAML");
        }
    }
}
