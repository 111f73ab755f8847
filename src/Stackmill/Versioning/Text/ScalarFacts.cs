namespace Stackmill.Versioning.Text;

/// <summary>What the characters of a text allow as a scalar of YAML outside of flow collections.</summary>
/// <param name="AllowsPlain">It may stand without quotes.</param>
/// <param name="AllowsSingle">It may stand in single quotes.</param>
/// <param name="HasBreaks">It holds line ends.</param>
internal readonly record struct ScalarFacts(bool AllowsPlain, bool AllowsSingle, bool HasBreaks)
{
    /// <summary>True for the characters that YAML takes for line ends inside of scalars.</summary>
    public static bool IsBreak(int c) => c is '\n' or 0x85 or 0x2028 or 0x2029;

    /// <summary>Looks at the code points of a text.</summary>
    public static ScalarFacts Of(ReadOnlySpan<int> points)
    {
        if (points.IsEmpty)
            return new ScalarFacts(true, true, false);
        var (indicators, special, breaks, breakBlank, blankBreak) = (StartsDocument(points), false, false, false, false);
        var (wasBlank, wasBreak, afterWhite) = (false, false, true);
        for (var i = 0; i < points.Length; i++)
        {
            var c = points[i];
            var beforeWhite = i + 1 >= points.Length || IsWhite(points[i + 1]);
            if (i == 0)
                indicators |= IsLeading(c) || (c is '?' or ':' or '-' && beforeWhite);
            else
                indicators |= (c == ':' && beforeWhite) || (c == '#' && afterWhite);
            breaks |= IsBreak(c);
            special |= !IsPrintable(c);
            breakBlank |= c == ' ' && wasBreak;
            blankBreak |= IsBreak(c) && wasBlank;
            (wasBlank, wasBreak, afterWhite) = (c == ' ', IsBreak(c), IsWhite(c));
        }

        var edges = points[0] == ' ' || points[^1] == ' ' || IsBreak(points[0]) || IsBreak(points[^1]);
        var single = !special && !breakBlank && !blankBreak;
        return new ScalarFacts(single && !edges && !breaks && !indicators, single, breaks);
    }

    private static bool StartsDocument(ReadOnlySpan<int> points) => points.Length >= 3 && points[0] is '-' or '.' && points[1] == points[0] && points[2] == points[0];

    private static bool IsLeading(int c) => c is '#' or ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`';

    private static bool IsWhite(int c) => c is 0 or ' ' or '\t' or '\r' || IsBreak(c);

    private static bool IsPrintable(int c) =>
        c is '\n' or 0x85 or (>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD and not 0xFEFF) or >= 0x10000;
}
