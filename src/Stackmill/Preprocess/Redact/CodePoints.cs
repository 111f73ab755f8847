namespace Stackmill.Preprocess.Redact;

/// <summary>Turns byte offsets of UTF-8 text into offsets in Unicode code points.</summary>
internal static class CodePoints
{
    /// <summary>
    /// Rewrites each of <paramref name="offsets"/> (bytes, ascending) to the number of code points before it, in one pass.
    /// </summary>
    /// <exception cref="ArgumentException">The offsets don't ascend or reach over the end of the text.</exception>
    public static void FromBytes(ReadOnlySpan<byte> utf8, Span<int> offsets)
    {
        int at = 0;
        int points = 0;
        foreach (ref int offset in offsets)
        {
            if (offset < at || offset > utf8.Length)
                throw new ArgumentException("Offsets must ascend and lie within the text.", nameof(offsets));
            points += Count(utf8[at..offset]);
            at = offset;
            offset = points;
        }
    }

    /// <summary>The code points of valid UTF-8: every byte that does not continue another.</summary>
    public static int Count(ReadOnlySpan<byte> utf8)
    {
        int count = 0;
        foreach (byte b in utf8)
            count += (sbyte)b >= -64 ? 1 : 0;
        return count;
    }

    /// <summary>Start and length of each match in code points of the given text (<paramref name="inOutput"/> false) or of the new one.</summary>
    public static List<Stackmill.Core.Model.Redaction> Describe(ReadOnlySpan<byte> utf8, List<Match> matches, bool inOutput)
    {
        int[] offsets = new int[matches.Count * 2];
        for (int i = 0; i < matches.Count; i++)
        {
            Match match = matches[i];
            offsets[2 * i] = inOutput ? match.PlaceholderStart : match.Start;
            offsets[(2 * i) + 1] = offsets[2 * i] + (inOutput ? match.PlaceholderLength : match.Length);
        }
        FromBytes(utf8, offsets);
        var described = new List<Stackmill.Core.Model.Redaction>(matches.Count);
        for (int i = 0; i < matches.Count; i++)
        {
            described.Add(new(matches[i].Kind, matches[i].Rule, offsets[2 * i], offsets[(2 * i) + 1] - offsets[2 * i])
            {
                Confidence = matches[i].Confidence,
                IsReplaced = matches[i].Action != RedactionAction.Annotate,
                Hash = matches[i].Hash,
            });
        }
        return described;
    }
}
