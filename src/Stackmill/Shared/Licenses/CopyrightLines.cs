using System.Buffers;

namespace Stackmill.Shared.Licenses;

/// <summary>Finds copyright lines: they hold names and years, stand in the midst of licences, and say nothing of which licence it is.</summary>
internal static class CopyrightLines
{
    private const int LongestLine = 300;

    private static readonly uint Copyright = LicenseWords.HashOf("copyright");
    private static readonly uint Portions = LicenseWords.HashOf("portions");
    private static readonly uint[] AllRightsReserved = [LicenseWords.HashOf("all"), LicenseWords.HashOf("rights"), LicenseWords.HashOf("reserved")];

    // A line may go on with the licence itself.
    private static readonly HashSet<uint> Ends = [.. new[]
    {
        "licensed", "released", "distributed", "permission", "redistribution", "use", "this", "dual", "available", "unless", "subject", "see", "under", "provided",
    }.Select(LicenseWords.HashOf)];

    private static readonly SearchValues<byte> Year = SearchValues.Create("12<[{"u8);

    /// <summary>Marks the words of copyright lines, and "all rights reserved".</summary>
    public static void Mark(LicenseWords words, ReadOnlySpan<byte> text)
    {
        var hashes = words.Hashes;
        var starts = words.Starts;
        var marks = words.Marks;
        for (var i = 0; i < hashes.Length; i++)
        {
            if (hashes[i] == AllRightsReserved[0] && hashes[i..].StartsWith(AllRightsReserved))
            {
                for (var j = 0; j < AllRightsReserved.Length; j++)
                    marks[i + j] |= WordMarks.Copyright;
                i += AllRightsReserved.Length - 1;
                continue;
            }

            if ((marks[i] & (WordMarks.LineStart | WordMarks.SentenceStart)) == 0 || !Begins(hashes, starts, i, text))
                continue;
            var end = i;
            do
            {
                marks[end] |= WordMarks.Copyright;
                end++;
            }
            while (end < hashes.Length && (marks[end] & WordMarks.LineStart) == 0 && starts[end] - starts[i] < LongestLine && !Ends.Contains(hashes[end]));
            i = end - 1;
        }
    }

    private static bool Begins(ReadOnlySpan<uint> hashes, ReadOnlySpan<int> starts, int i, ReadOnlySpan<byte> text)
    {
        var word = hashes[i] == Portions && i + 1 < hashes.Length ? i + 1 : i;
        if (hashes[word] == Copyright)
        {
            var rest = Line(text, starts[word] + "copyright".Length);
            return HasSign(rest) || HasYear(rest);
        }

        // "(c) 2020 Name" and "© 2020 Name": the sign itself is no word.
        var before = text[Math.Max(0, starts[i] - 6)..starts[i]].TrimEnd((byte)' ');
        return HasSign(before) && HasYear(Line(text, starts[i]));
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text, int start)
    {
        var rest = text[start..Math.Min(text.Length, start + LongestLine)];
        var end = rest.IndexOf((byte)'\n');
        return end < 0 ? rest : rest[..end];
    }

    private static bool HasSign(ReadOnlySpan<byte> line) =>
        line.IndexOf("(c)"u8) >= 0 || line.IndexOf("(C)"u8) >= 0 || line.IndexOf("\u00a9"u8) >= 0 || line.IndexOf("&copy;"u8) >= 0;

    // 1970 to 2099, or a place for the year to be filled in, before any other word.
    private static bool HasYear(ReadOnlySpan<byte> line)
    {
        var at = line.IndexOfAny(Year);
        if (at < 0 || at > 40)
            return false;
        line = line[at..];
        return line[0] is (byte)'<' or (byte)'[' or (byte)'{'
            || (line.Length >= 4 && (line.StartsWith("19"u8) || line.StartsWith("20"u8)) && char.IsAsciiDigit((char)line[2]) && char.IsAsciiDigit((char)line[3]));
    }
}
