using System.Buffers;

namespace Stackmill.Preprocess.Quality;

/// <summary>
/// Encoded data in a text, by the three patterns of StarCoder2 (arXiv 2402.19173, section 3): base64, hexadecimal bytes, and
/// escaped UTF-16 units. It finds what regular expressions would, by hand, in one pass for each pattern.
/// </summary>
/// <param name="Longest">Characters of the longest match of any pattern.</param>
/// <param name="Total">Characters of all matches; what two patterns match counts twice, as published.</param>
internal readonly record struct EncodedData(int Longest, long Total)
{
    // [a-zA-Z0-9+/\n=]{64,}
    private const int LeastBase64 = 64;

    // (?:\b(?:0x|\\x)?[0-9a-fA-F]{2}(?:,|\b\s*)){8,} and (?:\\u[0-9a-fA-F]{4}){8,}
    private const int LeastElements = 8;

    // Seven of two digits and a byte between them, and two digits.
    private const int ShortestHexadecimal = 23;

    private static readonly SearchValues<byte> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEFx\\, \t\n\v\f\r"u8);
    private static readonly SearchValues<byte> ElementStarts = SearchValues.Create("0123456789abcdefABCDEF\\"u8);
    private static readonly SearchValues<byte> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\n="u8);

    /// <summary>Looks for encoded data.</summary>
    public static EncodedData Of(ReadOnlySpan<byte> text)
    {
        var found = new Tally();
        FindBase64(text, ref found);
        FindHexadecimal(text, ref found);
        FindUnits(text, ref found);
        return new EncodedData(found.Longest, found.Total);
    }

    // A run of 64 holds a byte at every 64th place: the others need no look.
    private static void FindBase64(ReadOnlySpan<byte> text, ref Tally found)
    {
        var from = 0;
        for (var probe = LeastBase64 - 1; probe < text.Length; probe += LeastBase64)
        {
            if (probe < from || !Base64.Contains(text[probe]))
                continue;
            var run = RunAround(text, from, probe, Base64);
            from = run.End;
            if (run.End - run.Start >= LeastBase64)
                found.Add(run.End - run.Start);
        }
    }

    // A match has no other bytes than those that its elements may have, and is no shorter than eight of the shortest ones.
    private static void FindHexadecimal(ReadOnlySpan<byte> text, ref Tally found)
    {
        var from = 0;
        for (var probe = ShortestHexadecimal - 1; probe < text.Length; probe += ShortestHexadecimal)
        {
            if (probe < from || !Hexadecimal.Contains(text[probe]))
                continue;
            var run = RunAround(text, from, probe, Hexadecimal);
            from = run.End;
            if (run.End - run.Start >= ShortestHexadecimal)
                FindHexadecimal(text, run.Start, run.End, ref found);
        }
    }

    private static (int Start, int End) RunAround(ReadOnlySpan<byte> text, int from, int probe, SearchValues<byte> bytes)
    {
        var before = text[from..probe].LastIndexOfAnyExcept(bytes);
        var after = text[probe..].IndexOfAnyExcept(bytes);
        return (from + before + 1, after < 0 ? text.Length : probe + after);
    }

    // A chain of elements that is too short has no long one in it, so that the search goes on behind it.
    private static void FindHexadecimal(ReadOnlySpan<byte> text, int start, int limit, ref Tally found)
    {
        for (var at = start; at < limit;)
        {
            var next = text[at..limit].IndexOfAny(ElementStarts);
            if (next < 0)
                return;
            at += next;
            var (end, elements) = (at, 0);
            while (Element(text, end) is var after && after > 0)
                (end, elements) = (after, elements + 1);
            if (elements >= LeastElements)
                found.Add(end - at);
            at = Math.Max(end, at + 1);
        }
    }

    // The end of the element that begins at a place, or 0.
    private static int Element(ReadOnlySpan<byte> text, int at)
    {
        if (at >= text.Length || !(char.IsAsciiHexDigit((char)text[at]) || text[at] == '\\') || !IsBoundary(text, at))
            return 0;
        var digits = at;
        if (text[at..].StartsWith("0x"u8) || text[at..].StartsWith("\\x"u8))
            digits += 2;
        if (digits + 1 >= text.Length || !char.IsAsciiHexDigit((char)text[digits]) || !char.IsAsciiHexDigit((char)text[digits + 1]))
            return 0;
        var end = digits + 2;
        if (end < text.Length && text[end] == ',')
            return end + 1;
        if (!IsBoundary(text, end))
            return 0;
        while (end < text.Length && text[end] is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r'))
            end++;
        return end;
    }

    private static bool IsBoundary(ReadOnlySpan<byte> text, int at) =>
        (at > 0 && IsWord(text[at - 1])) != (at < text.Length && IsWord(text[at]));

    private static bool IsWord(byte b) => b >= 0x80 || b == '_' || char.IsAsciiLetterOrDigit((char)b);

    private static void FindUnits(ReadOnlySpan<byte> text, ref Tally found)
    {
        for (var at = 0; at < text.Length;)
        {
            var start = text[at..].IndexOf("\\u"u8);
            if (start < 0)
                return;
            start += at;
            var end = start;
            while (end + 6 <= text.Length && text[end] == '\\' && text[end + 1] == 'u' && !text.Slice(end + 2, 4).ContainsAnyExcept(HexDigits))
                end += 6;
            if (end - start >= 6 * LeastElements)
                found.Add(end - start);
            at = Math.Max(end, start + 2);
        }
    }

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private struct Tally
    {
        public int Longest;

        public long Total;

        public void Add(int length)
        {
            Longest = Math.Max(Longest, length);
            Total += length;
        }
    }
}
