namespace Stackmill.Shared.Lexing;

/// <summary>Literals between delimiters that the program chooses, and what Perl has beside them.</summary>
internal sealed partial class ContextScanner
{
    // Redaction takes it as code; what counts words and braces must not look into it.
    private int EndRegex(int open, int close)
    {
        Add(open + 1, close, LexicalContext.Code, (byte)'/', 1, 1);
        return EndOperand(close + 1);
    }

    private int Delimited(ReadOnlySpan<byte> text, int at, int open, byte close)
    {
        int depth = 1;
        int i = open + 1;
        for (; i < text.Length && depth > 0; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == close)
                depth--;
            else if (text[i] == text[open])
                depth++;
        }
        Degraded |= depth > 0;
        int end = Math.Min(i, text.Length);
        int content = depth > 0 ? end : end - 1;
        Add(open + 1, content, LexicalContext.String, close, open + 1 - at, end - content);
        if (_openHoles == 0)
            AddLiteral(text, open + 1, content);
        return EndOperand(end);
    }

    private bool PerlLiteral(ReadOnlySpan<byte> text, int at, out int after)
    {
        after = at + 1;
        ReadOnlySpan<byte> rest = text[at..];
        bool lineStart = at == 0 || text[at - 1] == '\n';
        if (text[at] == '=')
        {
            if (!lineStart || !char.IsAsciiLetterLower((char)At(text, at + 1)))
                return true;
            int cut = After(text, at, "\n=cut"u8);
            after = Comment(text, at, 1, LineEnd(text, cut));
            return true;
        }
        if (text[at] == '_')
        {
            if (lineStart && (rest.StartsWith("__END__"u8) || rest.StartsWith("__DATA__"u8)))
                after = Comment(text, at, 7, text.Length);
            return true;
        }
        if (text[at] is (byte)'{' or (byte)'(' or (byte)'[' or (byte)'/' or (byte)'!' or (byte)'|')
        {
            after = PerlMatch(text, at);
            return true;
        }
        if (text[at] != 'q')
            return false;
        if (at > 0 && (IsWord(text[at - 1]) || text[at - 1] is (byte)'%' or (byte)'@' or (byte)'&' or (byte)'>' or (byte)'{'))
            return true;
        int open = at + 1;
        if (At(text, open) is (byte)'q' or (byte)'w' or (byte)'r' or (byte)'x')
            open++;
        byte close = PerlClose(At(text, open));
        if (close != 0)
            after = Delimited(text, at, open, close);
        return true;
    }

    private static byte PerlClose(byte open) => open switch
    {
        (byte)'(' => (byte)')',
        (byte)'[' => (byte)']',
        (byte)'{' => (byte)'}',
        (byte)'<' => (byte)'>',
        (byte)'|' or (byte)'!' or (byte)'/' or (byte)'~' => open,
        _ => 0,
    };

    /// <summary>Passes over what <c>m</c>, <c>s</c>, <c>tr</c> or <c>y</c> before the delimiter at <paramref name="at"/> takes, or a bare match.</summary>
    private int PerlMatch(ReadOnlySpan<byte> text, int at)
    {
        int word = at > 1 && text[(at - 2)..at].SequenceEqual("tr"u8) ? at - 2 : at - 1;
        bool operates = at > 0 && (word == at - 2 || text[word] is (byte)'m' or (byte)'s' or (byte)'y')
            && (word == 0 || (!IsWord(text[word - 1]) && text[word - 1] is not ((byte)'%' or (byte)'@' or (byte)'&' or (byte)'>' or (byte)'-' or (byte)':' or (byte)'\'')));
        if (!operates)
        {
            if (text[at] != '/')
                return at + 1;
            int previous = Previous(text, at);
            bool afterSplit = previous >= 4 && text[previous] is (byte)'t' or (byte)'p' && (WordIn(text, previous + 1, "split") || WordIn(text, previous + 1, "grep"));
            // The second slash of // would be taken for the start of an operand.
            return At(text, at + 1) == '/' ? at + 2 : RegexOrDivision(text, at, afterSplit);
        }

        byte close = PerlClose(text[at]);
        int end = Delimited(text, word, at, close);
        if (text[word] == 'm' || end >= text.Length)
            return end;
        if (close == text[at])
            return Delimited(text, end, end - 1, close);
        int second = end;
        while (second < text.Length && text[second] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            second++;
        close = PerlClose(At(text, second));
        if (close == 0)
            return end;
        return Delimited(text, second, second, close);
    }
}
