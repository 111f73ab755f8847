using System.Globalization;
using System.Text;

namespace Stackmill.Versioning.Text;

/// <summary>
/// Texts as scalars of YAML: plain where that reads back as the same text, else in single quotes, else in double ones; broken at
/// blanks after column 80. Columns count code points.
/// </summary>
/// <param name="text">Where it is written.</param>
internal sealed class YamlScalarWriter(StringBuilder text)
{
    private const int Width = 80;
    private const int NoCharacter = -1;

    /// <summary>Column of the next character.</summary>
    public int Column { get; private set; }

    /// <summary>Adds text that holds no line end.</summary>
    public void Raw(string part)
    {
        text.Append(part);
        Column += part.Length;
    }

    /// <summary>Begins a line.</summary>
    public void Line(int indent)
    {
        text.Append('\n').Append(' ', indent);
        Column = indent;
    }

    /// <summary>Adds a text in the style that it needs.</summary>
    /// <param name="value">The text.</param>
    /// <param name="isKey">True for a key, which stays on its line.</param>
    /// <param name="indent">Indent of the lines that follow the first.</param>
    public void Text(string value, bool isKey, int indent)
    {
        var points = value.EnumerateRunes().Select(r => r.Value).ToArray();
        var facts = ScalarFacts.Of(points);
        if (!(isKey && (points.Length == 0 || facts.HasBreaks)) && facts.AllowsPlain && YamlScalar.IsText(value))
            Plain(points, !isKey, indent);
        else if (value.AsSpan().IndexOfAny('\'', '\n') < 0 && facts.AllowsSingle && !(isKey && facts.HasBreaks))
            Single(points, !isKey, indent);
        else
            Double(points, !isKey, indent);
    }

    private void Put(ReadOnlySpan<int> points)
    {
        foreach (var point in points)
            text.Append(new Rune(point).ToString());
        Column += points.Length;
    }

    private void Plain(int[] points, bool mayBreak, int indent)
    {
        var start = 0;
        for (var end = 0; end <= points.Length; end++)
        {
            var isBlank = end < points.Length && points[end] == ' ';
            if (start < end && points[start] == ' ' && !isBlank)
            {
                if (start + 1 == end && Column > Width && mayBreak)
                    Line(indent);
                else
                    Put(points.AsSpan(start, end - start));
                start = end;
            }
            else if ((isBlank || end == points.Length) && start < end && points[start] != ' ')
            {
                Put(points.AsSpan(start, end - start));
                start = end;
            }
        }
    }

    private void Single(int[] points, bool mayBreak, int indent)
    {
        Raw("'");
        var start = 0;
        var (inBlanks, inBreaks) = (false, false);
        for (var end = 0; end <= points.Length; end++)
        {
            var c = end < points.Length ? points[end] : NoCharacter;
            if (inBlanks)
            {
                if (c != ' ')
                {
                    if (start + 1 == end && Column > Width && mayBreak && start != 0 && end != points.Length)
                        Line(indent);
                    else
                        Put(points.AsSpan(start, end - start));
                    start = end;
                }
            }
            else if (inBreaks)
            {
                if (!ScalarFacts.IsBreak(c))
                {
                    Put(points.AsSpan(start, end - start));
                    text.Append(' ', indent);
                    Column = indent;
                    start = end;
                }
            }
            else if (c is NoCharacter or ' ' or '\'' || ScalarFacts.IsBreak(c))
            {
                Put(points.AsSpan(start, end - start));
                start = end;
            }

            if (c == '\'')
            {
                Raw("''");
                start = end + 1;
            }

            (inBlanks, inBreaks) = (c == ' ', ScalarFacts.IsBreak(c));
        }

        Raw("'");
    }

    private void Double(int[] points, bool mayBreak, int indent)
    {
        Raw("\"");
        var start = 0;
        for (var end = 0; end <= points.Length; end++)
        {
            var c = end < points.Length ? points[end] : NoCharacter;
            if (c == NoCharacter || NeedsEscape(c))
            {
                if (start < end)
                {
                    Put(points.AsSpan(start, end - start));
                    start = end;
                }

                if (c != NoCharacter)
                {
                    Raw(Escape(c));
                    start = end + 1;
                }
            }

            if (end > 0 && end < points.Length - 1 && (c == ' ' || start >= end) && Column + (end - start) > Width && mayBreak)
            {
                if (start < end)
                {
                    Put(points.AsSpan(start, end - start));
                    start = end;
                }

                Raw("\\");
                Line(indent);
                if (points[start] == ' ')
                    Raw("\\");
            }
        }

        Raw("\"");
    }

    private static bool NeedsEscape(int c) =>
        c is '"' or '\\' or 0x85 or 0x2028 or 0x2029 or 0xFEFF || !(c is (>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD));

    private static string Escape(int c) => c switch
    {
        0 => "\\0",
        7 => "\\a",
        8 => "\\b",
        9 => "\\t",
        10 => "\\n",
        11 => "\\v",
        12 => "\\f",
        13 => "\\r",
        27 => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        0x85 => "\\N",
        0x2028 => "\\L",
        0x2029 => "\\P",
        <= 0xFF => $"\\x{c.ToString("X2", CultureInfo.InvariantCulture)}",
        <= 0xFFFF => $"\\u{c.ToString("X4", CultureInfo.InvariantCulture)}",
        _ => $"\\U{c.ToString("X8", CultureInfo.InvariantCulture)}",
    };
}
