namespace Stackmill.Preprocess.Quality;

/// <summary>
/// Definitions of <c>main</c> in C and C++: the word, parentheses without a closing one between them, an opening brace, and white
/// space anywhere between (as opc_data_filtering looks for them), outside of comments.
/// </summary>
internal static class MainFunctions
{
    /// <summary>Counts the definitions.</summary>
    public static int CountIn(ReadOnlySpan<byte> text, ReadOnlySpan<TextSpan> spans)
    {
        var (count, span, close, opens) = (0, 0, -1, false);
        for (var at = 0; at < text.Length;)
        {
            var found = text[at..].IndexOf("main"u8);
            if (found < 0)
                break;
            var start = at + found;
            at = start + 4;
            while (span < spans.Length && spans[span].End <= start)
                span++;
            if ((span < spans.Length && spans[span].IsComment && spans[span].Start <= start) || (start > 0 && IsWord(text[start - 1])))
                continue;
            var paren = SkipSpace(text, at);
            if (paren >= text.Length || text[paren] != '(')
                continue;
            // One closing parenthesis may follow many words: it is looked for once.
            if (close < paren)
            {
                var next = text[paren..].IndexOf((byte)')');
                if (next < 0)
                    break;
                close = paren + next;
                var brace = SkipSpace(text, close + 1);
                opens = brace < text.Length && text[brace] == '{';
            }

            count += opens ? 1 : 0;
        }

        return count;
    }

    private static int SkipSpace(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r'))
            at++;
        return at;
    }

    private static bool IsWord(byte b) => b >= 0x80 || b == '_' || char.IsAsciiLetterOrDigit((char)b);
}
