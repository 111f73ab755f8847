using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Stackmill.Versioning.Text;

/// <summary>
/// What a plain word of YAML stands for, by the rules of YAML 1.2 as the library behind DVC has them: <c>yes</c>, <c>off</c> and
/// <c>1:30</c> are text, <c>014</c> is fourteen, <c>1_000</c> a thousand.
/// </summary>
internal static partial class YamlScalar
{
    /// <summary>The value of a plain word.</summary>
    public static object? Resolve(string text)
    {
        if (text is "" or "~" or "null" or "Null" or "NULL")
            return null;
        if (text is "true" or "True" or "TRUE")
            return true;
        if (text is "false" or "False" or "FALSE")
            return false;
        if (!MayBeNumber(text[0]))
            return text;
        // Floats are asked first, as there: '1_0.5' and '1e3' are floats, '10' is none.
        if (Float().IsMatch(text) && TryFloat(text, out var real))
            return real;
        if (Integer().IsMatch(text) && TryInteger(text, out var number))
            return number;
        return Timestamp().IsMatch(text) ? new YamlDate(text) : text;
    }

    /// <summary>True when a text reads back as itself without quotes, its characters apart.</summary>
    public static bool IsText(string text)
    {
        if (text is "" or "=" or "<<" or "!" or "&" or "*")
            return false;
        // Even what no reader of numbers takes ('__', '._') is taken for a number by the writer.
        return Resolve(text) is string && !(MayBeNumber(text[0]) && (Integer().IsMatch(text) || Float().IsMatch(text)));
    }

    private static bool MayBeNumber(char first) => char.IsAsciiDigit(first) || first is '-' or '+' or '.';

    private static bool TryFloat(string text, out double number)
    {
        var clean = text.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        switch (clean.TrimStart('+', '-'))
        {
            case ".inf":
                number = clean[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
                return true;
            case ".nan":
                number = double.NaN;
                return true;
            default:
                return double.TryParse(clean, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        }
    }

    private static bool TryInteger(string text, out BigInteger number)
    {
        var clean = text.Replace("_", "", StringComparison.Ordinal);
        var isNegative = clean.StartsWith('-');
        var digits = clean.TrimStart('+', '-');
        bool read;
        if (digits.StartsWith("0b", StringComparison.Ordinal))
            read = TryDigits(digits.AsSpan(2), 2, out number);
        else if (digits.StartsWith("0x", StringComparison.Ordinal))
            read = TryDigits(digits.AsSpan(2), 16, out number);
        else if (digits.StartsWith("0o", StringComparison.Ordinal))
            read = TryDigits(digits.AsSpan(2), 8, out number);
        else
            read = BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        if (isNegative)
            number = -number;
        return read;
    }

    private static bool TryDigits(ReadOnlySpan<char> digits, int radix, out BigInteger number)
    {
        number = BigInteger.Zero;
        foreach (var c in digits)
        {
            var value = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (value >= radix)
                return false;
            number = (number * radix) + value;
        }

        return digits.Length > 0;
    }

    [GeneratedRegex(@"^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z")]
    private static partial Regex Float();

    [GeneratedRegex(@"^(?:[-+]?0b[0-1_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+)\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)\z")]
    private static partial Regex Timestamp();
}
