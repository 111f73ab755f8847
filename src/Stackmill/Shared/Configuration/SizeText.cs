using System.Globalization;

namespace Stackmill.Shared.Configuration;

/// <summary>
/// Sizes in bytes as people write them. <c>KB MB GB TB</c> are powers of 1000 and <c>KiB MiB GiB TiB</c> powers of 1024
/// (IEC 80000-13), in any case, with an optional space before the unit; a number without unit is bytes.
/// </summary>
public static class SizeText
{
    /// <summary>What a size looks like, for error messages.</summary>
    public const string Examples = "512, 10MB, 10MiB or 1.5GiB";

    // More digits than any long has, with room for a fraction and a unit; keeps the cost of a bad value constant.
    private const int LongestText = 40;

    private static readonly (string Suffix, long Bytes)[] Units =
    [
        ("TiB", 1L << 40), ("TB", 1_000_000_000_000),
        ("GiB", 1L << 30), ("GB", 1_000_000_000),
        ("MiB", 1L << 20), ("MB", 1_000_000),
        ("KiB", 1L << 10), ("KB", 1_000),
        ("B", 1),
    ];

    /// <summary>Reads a size. A fraction needs a unit and is cut to whole bytes.</summary>
    /// <exception cref="FormatException">The text is not a size, or is more than 2^63 − 1 bytes.</exception>
    public static long Parse(string text) =>
        TryParse(text, out var bytes) ? bytes : throw new FormatException($"not a size in bytes; expected one such as {Examples}");

    /// <summary>Reads a size, as <see cref="Parse"/>; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        text = text.Trim(' ');
        if (text.Length is 0 or > LongestText)
            return false;
        var unit = 0L;
        foreach (var (suffix, size) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                unit = size;
                text = text[..^suffix.Length].TrimEnd(' ');
                break;
            }
        }
        if (unit <= 1)
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes);
        // A digit on both sides of the point: '.5MB' and '5.MB' are more often a slip than meant.
        if (text.IsEmpty || !char.IsAsciiDigit(text[0]) || !char.IsAsciiDigit(text[^1])
            || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue / (decimal)unit)
            return false;
        bytes = (long)(number * unit);
        return true;
    }

    /// <summary>
    /// The shortest exact text of a size, which <see cref="Parse"/> reads back to the same number: the largest unit that
    /// divides it, else plain digits.
    /// </summary>
    /// <param name="bytes">At least 0.</param>
    public static string Format(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (bytes > 0)
            foreach (var (suffix, size) in Units)
                if (size > 1 && bytes % size == 0)
                    return $"{bytes / size}{suffix}";
        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A rounded text for tables and progress: <c>999 B</c>, <c>1.5 kB</c>, <c>12.3 MB</c> (powers of 1000).</summary>
    /// <param name="bytes">At least 0.</param>
    public static string FormatRounded(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (bytes < 1000)
            return $"{bytes} B";
        string[] units = ["kB", "MB", "GB", "TB", "PB", "EB"];
        var value = bytes / 1000.0;
        var unit = 0;
        // 999.95 would be shown as 1000.0.
        while (value >= 999.95 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {units[unit]}");
    }
}
