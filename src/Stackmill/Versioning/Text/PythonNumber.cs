using System.Globalization;
using System.Text;

namespace Stackmill.Versioning.Text;

/// <summary>Numbers as Python prints them, for texts whose hash must be the one of DVC.</summary>
internal static class PythonNumber
{
    // From 1e16 on, and below 1e-4, Python writes an exponent of at least two digits.
    private const int LongestPlain = 16;
    private const int SmallestPlain = -4;

    /// <summary>The shortest text that reads back to the same number, laid out as Python does: <c>0.001</c>, <c>1e-05</c>, <c>1e+22</c>, <c>1.0</c>.</summary>
    public static string Repr(double value)
    {
        if (double.IsNaN(value))
            return "nan";
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var sign = text.StartsWith('-') ? "-" : "";
        text = text[sign.Length..];
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = mark < 0 ? 0 : int.Parse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa : mantissa[..point];
        var digits = whole + (point < 0 ? "" : mantissa[(point + 1)..]);
        var power = whole.Length + exponent;
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits[leading..].TrimEnd('0');
        power -= leading;
        if (digits.Length == 0)
            return sign + "0.0";

        var result = new StringBuilder(sign);
        // The value is 0.DIGITS × 10^power.
        if (power > LongestPlain || power <= SmallestPlain)
        {
            result.Append(digits[0]);
            if (digits.Length > 1)
                result.Append('.').Append(digits, 1, digits.Length - 1);
            var shown = power - 1;
            return result.Append('e').Append(shown < 0 ? '-' : '+').Append(Math.Abs(shown).ToString("00", CultureInfo.InvariantCulture)).ToString();
        }

        if (power <= 0)
            return result.Append("0.").Append('0', -power).Append(digits).ToString();
        if (digits.Length <= power)
            return result.Append(digits).Append('0', power - digits.Length).Append(".0").ToString();
        return result.Append(digits, 0, power).Append('.').Append(digits, power, digits.Length - power).ToString();
    }
}
