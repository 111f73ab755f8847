namespace Stackmill.Preprocess.Quality;

/// <summary>
/// What a reader of an HTML page would see: text outside of tags, comments, scripts and styles. Runs of white space count as one
/// character, since indentation is no text, and so does a character reference.
/// </summary>
internal static class VisibleText
{
    // No named reference of HTML is longer.
    private const int LongestReference = 33;

    private static readonly (string Open, string Close)[] Unseen = [("<script", "</script"), ("<style", "</style")];

    /// <summary>Code points of the visible text.</summary>
    public static int CharactersOf(ReadOnlySpan<byte> html)
    {
        var (count, space) = (0, true);
        for (var at = 0; at < html.Length;)
        {
            var b = html[at];
            if (b == '<' && at + 1 < html.Length && (char.IsAsciiLetter((char)html[at + 1]) || html[at + 1] is (byte)'/' or (byte)'!' or (byte)'?'))
            {
                at = SkipTag(html, at);
                continue;
            }

            if (b is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r'))
            {
                count += space ? 0 : 1;
                space = true;
            }
            else if ((b & 0xC0) != 0x80)
            {
                count++;
                space = false;
                if (b == '&')
                    at += Reference(html[at..]);
            }

            at++;
        }

        return count;
    }

    // Bytes of a character reference behind its first one; 0 for an ampersand that is none.
    private static int Reference(ReadOnlySpan<byte> text)
    {
        var end = text[..Math.Min(text.Length, LongestReference)].IndexOf((byte)';');
        if (end < 2)
            return 0;
        foreach (var b in text[1..end])
        {
            if (b != '#' && !char.IsAsciiLetterOrDigit((char)b))
                return 0;
        }

        return end;
    }

    private static int SkipTag(ReadOnlySpan<byte> html, int at)
    {
        var rest = html[at..];
        if (rest.StartsWith("<!--"u8))
            return After(html, at + 4, "-->"u8);
        var end = After(html, at, ">"u8);
        foreach (var (open, close) in Unseen)
        {
            if (Begins(rest, open) && rest.Length > open.Length && !char.IsAsciiLetterOrDigit((char)rest[open.Length]))
                return SkipElement(html, end, close);
        }

        return end;
    }

    private static int SkipElement(ReadOnlySpan<byte> html, int at, string close)
    {
        while (at < html.Length)
        {
            at = After(html, at, "<"u8);
            if (at >= html.Length || Begins(html[(at - 1)..], close))
                break;
        }

        return After(html, at, ">"u8);
    }

    private static int After(ReadOnlySpan<byte> html, int at, ReadOnlySpan<byte> what)
    {
        var found = at >= html.Length ? -1 : html[at..].IndexOf(what);
        return found < 0 ? html.Length : at + found + what.Length;
    }

    private static bool Begins(ReadOnlySpan<byte> text, string lower)
    {
        if (text.Length < lower.Length)
            return false;
        for (var i = 0; i < lower.Length; i++)
        {
            if (char.ToLowerInvariant((char)text[i]) != lower[i])
                return false;
        }

        return true;
    }
}
