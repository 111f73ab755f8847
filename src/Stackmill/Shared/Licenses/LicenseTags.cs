using System.Buffers;
using System.Text;

namespace Stackmill.Shared.Licenses;

/// <summary>
/// Reads tags: <c>SPDX-License-Identifier: EXPRESSION</c>, and in comments <c>License: NAME</c>, <c>@license NAME</c> and
/// <c>__license__ = "NAME"</c>. A tag stands first on its line; one in the midst of code or prose is about something else.
/// </summary>
internal static class LicenseTags
{
    private const int MostBytes = 300;

    private static readonly uint License = LicenseWords.HashOf("license");

    private static readonly SearchValues<byte> CommentSigns = SearchValues.Create("*/#;%!"u8);

    private static ReadOnlySpan<byte> Spdx => "SPDX-License-Identifier:"u8;

    /// <summary>Adds the tags in a part of a text.</summary>
    public static void Find(ReadOnlySpan<byte> text, int from, int to, LicenseWords words, List<LicenseMatch> found)
    {
        for (var at = from; at < to;)
        {
            var next = text[at..to].IndexOf(Spdx);
            if (next < 0)
                break;
            at += next;
            if (LinePrefix(text, at) is var prefix && !HasWord(prefix))
                Add(text, at, at + Spdx.Length, to, found);
            at += Spdx.Length;
        }

        for (var i = 0; i < words.Count; i++)
        {
            if (words.Hashes[i] == License && (words.Marks[i] & WordMarks.LineStart) != 0)
                Plain(text, words.Starts[i], words.Ends[i], to, found);
        }
    }

    private static void Plain(ReadOnlySpan<byte> text, int start, int end, int to, List<LicenseMatch> found)
    {
        var prefix = LinePrefix(text, start);
        var isAt = prefix.EndsWith("@"u8);
        var isDunder = prefix.EndsWith("__"u8);
        if (!isAt && !isDunder && !IsComment(prefix))
            return;
        var at = isDunder && text[end..].StartsWith("__"u8) ? end + 2 : end;
        var value = text[at..Math.Min(to, at + MostBytes)];
        var signs = value.IndexOfAnyExcept(" \t:="u8);
        if (signs < 0 || (!isAt && !value[..signs].ContainsAny((byte)':', (byte)'=')) || (signs == 0))
            return;
        Add(text, start, at + signs, to, found);
    }

    private static void Add(ReadOnlySpan<byte> text, int start, int valueStart, int to, List<LicenseMatch> found)
    {
        var value = text[valueStart..Math.Min(to, valueStart + MostBytes)];
        var end = value.IndexOfAny("\r\n\"'`"u8);
        // A quote may open the value.
        if (end >= 0 && value[end] is not ((byte)'\r' or (byte)'\n') && value[..end].Trim((byte)' ').IsEmpty)
        {
            valueStart += end + 1;
            value = text[valueStart..Math.Min(to, valueStart + MostBytes)];
            end = value.IndexOfAny("\r\n\"'`"u8);
        }

        value = end < 0 ? value : value[..end];
        foreach (var close in (ReadOnlySpan<string>)["*/", "-->", "*)", "-}", "#}", "\\n", "|#", "]]", "%>"])
        {
            var at = value.IndexOf(Encoding.ASCII.GetBytes(close));
            value = at < 0 ? value : value[..at];
        }

        var length = value.TrimEnd(" \t.,;"u8).Length;
        var isSpdx = text[start..].StartsWith(Spdx);
        var ids = SpdxExpression.Ids(Encoding.Latin1.GetString(value[..length]), strict: !isSpdx);
        var last = valueStart + length;
        if (ids is null && !isSpdx)
            ids = LicenseStatements.NamesAt(text, valueStart, valueStart + length, out last);
        // A tag that is no expression says that there are terms, and not which.
        if (ids is null && isSpdx && length > 0)
            ids = [LicenseRefs.Unknown];
        foreach (var id in ids ?? [])
            found.Add(new LicenseMatch(id, 1, start, last - start));
    }

    private static ReadOnlySpan<byte> LinePrefix(ReadOnlySpan<byte> text, int at)
    {
        var before = text[Math.Max(0, at - 100)..at];
        var line = before.LastIndexOf((byte)'\n');
        var escaped = before.LastIndexOf("\\n"u8);
        return escaped > line ? before[(escaped + 2)..] : before[(line + 1)..];
    }

    // Before a tag: comment marks, and the words that comments begin with in some languages.
    private static bool HasWord(ReadOnlySpan<byte> prefix)
    {
        prefix = prefix.Trim(" \t"u8);
        if (prefix.StartsWith("dnl"u8) || prefix.StartsWith("rem"u8) || prefix.StartsWith("REM"u8))
            prefix = prefix[3..];
        if (prefix.Length == 1 && prefix[0] is (byte)'C' or (byte)'c')
            return false;
        foreach (var b in prefix)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b >= 0x80)
                return true;
        }

        return false;
    }

    private static bool IsComment(ReadOnlySpan<byte> prefix)
    {
        prefix = prefix.Trim(" \t"u8);
        return prefix.StartsWith("--"u8) || prefix.StartsWith("dnl"u8) || prefix.ContainsAny(CommentSigns);
    }
}
