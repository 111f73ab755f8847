namespace Stackmill.Shared.Lexing;

/// <summary>Literals whose end depends on their beginning, and those of one sign.</summary>
internal sealed partial class ContextScanner
{
    // How far into its first line a quasi-quote is told from a list comprehension.
    private const int QuoterReach = 160;

    private bool TaggedLiteral(ReadOnlySpan<byte> text, int at, out int after)
    {
        after = at;
        foreach (TaggedForm form in _syntax.TaggedStrings)
        {
            if (text[at] != form.FirstByte || form.Match(text[at..], out byte[] close) is not (> 0 and int head))
                continue;
            if (form.Kind == TagKind.Quoter && !IsQuasiQuote(text, at, head))
                continue;
            if (form.Kind == TagKind.Name)
                return DollarQuote(text, at, head, close, out after);
            after = Verbatim(text, at + head, close, head);
            return true;
        }

        return false;
    }

    /// <summary>
    /// Text between dollars. After AS and DO it is the body of a function, mostly in SQL too: its comments and strings are told apart, and it is kept as a whole.
    /// </summary>
    private bool DollarQuote(ReadOnlySpan<byte> text, int at, int head, byte[] close, out int after)
    {
        after = at + head;
        if (_noDollarQuotes || (at > 0 && IsWord(text[at - 1])))
            return true;
        int length = text[after..].IndexOf(close);
        // MySQL's client takes any sign as the end of statements: DELIMITER $$.
        if (length < 0 || (head == 2 && IsDelimiterCommand(text, at)))
        {
            // Within a body an end may be missing because the body's own was met first.
            Degraded |= length < 0 && !_inDollarBody;
            _noDollarQuotes = !_inDollarBody;
            if (_inDollarBody)
                after = text.Length;
            return true;
        }

        int start = after;
        int end = start + length;
        if (_inDollarBody || !FollowsBodyWord(text, at))
        {
            after = Verbatim(text, start, close, head);
            return true;
        }

        (bool degraded, int literals) = (Degraded, Literals.Count);
        _inDollarBody = true;
        ReadOnlySpan<byte> body = text[..end];
        EndOperand(start);
        for (int i = start; i < end;)
        {
            int step = body[i..].IndexOfAny(_syntax.Special);
            if (step < 0)
                break;
            Steps++;
            i = Next(body, i + step);
        }

        _inDollarBody = false;
        // Where the body ends is certain, whatever its own language leaves open.
        Degraded = degraded;
        Literals.RemoveRange(literals, Literals.Count - literals);
        AddLiteral(text, start, end);
        after = EndOperand(end + close.Length);
        return true;
    }

    private static bool IsDelimiterCommand(ReadOnlySpan<byte> text, int at)
    {
        ReadOnlySpan<byte> word = text[Math.Max(0, at - 32)..at].TrimEnd(" \t"u8);
        return word.Length >= 9 && System.Text.Ascii.EqualsIgnoreCase(word[^9..], "delimiter"u8);
    }

    private bool FollowsBodyWord(ReadOnlySpan<byte> text, int at)
    {
        int end = Previous(text, at) + 1;
        if (EndsWithWord(text, end, "as"u8) || EndsWithWord(text, end, "do"u8))
            return true;
        // DO LANGUAGE name $$ … $$.
        int name = end;
        while (name > 0 && end - name < LongestKeyword && IsWord(text[name - 1]))
            name--;
        return name < end && EndsWithWord(text, Previous(text, name) + 1, "language"u8);
    }

    private static bool EndsWithWord(ReadOnlySpan<byte> text, int end, ReadOnlySpan<byte> word)
    {
        int start = end - word.Length;
        return start >= 0 && System.Text.Ascii.EqualsIgnoreCase(text[start..end], word) && (start == 0 || !IsWord(text[start - 1]));
    }

    /// <summary><c>[x|x &lt;- xs]</c> is a list: without an end of a quotation behind it, or with an arrow on its line, the bracket is none's.</summary>
    private bool IsQuasiQuote(ReadOnlySpan<byte> text, int at, int head)
    {
        if (at < _noQuoterBefore)
            return false;
        ReadOnlySpan<byte> rest = text[(at + head)..];
        ReadOnlySpan<byte> line = rest[..Math.Min(rest.Length, QuoterReach)];
        int lineEnd = line.IndexOf((byte)'\n');
        if (lineEnd >= 0)
            line = line[..lineEnd];
        int close = line.IndexOf("|]"u8);
        if (line.IndexOf("<-"u8) is >= 0 and int arrow && (close < 0 || arrow < close))
            return false;
        if (close >= 0 || rest.IndexOf("|]"u8) >= 0)
            return true;
        _noQuoterBefore = text.Length;
        return false;
    }

    private bool CharacterLiteral(ReadOnlySpan<byte> text, int at, out int after)
    {
        string prefix = _syntax.Forms.CharacterPrefix;
        after = at + prefix.Length;
        if (text[at] != prefix[0] || (prefix.Length > 1 && At(text, at + 1) != prefix[1]) || (at > 0 && IsWord(text[at - 1])))
            return false;
        if (At(text, after) == '\\' && prefix[^1] != '\\')
            after++;
        // A blank or a line end is left to be seen.
        if (At(text, after) > ' ')
            after++;
        after = Math.Min(after, text.Length);
        return true;
    }

    private int QuotedCharacter(ReadOnlySpan<byte> text, int at, StringForm form)
    {
        if (at > 0 && (IsWord(text[at - 1]) || text[at - 1] == '\''))
            return at + 1;
        byte first = At(text, at + 1);
        if (first == '\\' && form.Escapes)
            return Content(text, at + 1, form, form.Close, 1);
        int length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (At(text, at + 1 + length) != '\'' || first == '\n')
            return at + 1;
        Add(at + 1, at + 1 + length, LexicalContext.String, (byte)'\'', 1, 1);
        return EndOperand(at + 2 + length);
    }

    private static bool IsPrefixed(ReadOnlySpan<byte> text, int at, LetterBefore before) => before == LetterBefore.Name
        ? at > 0 && IsWord(text[at - 1])
        : at > 0 && text[at - 1] == 'r' && (at == 1 || !IsWord(text[at - 2]));

    /// <summary>Passes into a sigil of Elixir; small letters allow holes.</summary>
    private int Sigil(ReadOnlySpan<byte> text, int at)
    {
        int open = at + 1;
        bool verbatim = char.IsAsciiLetterUpper((char)At(text, open));
        if (!verbatim && !char.IsAsciiLetterLower((char)At(text, open)))
            return at + 1;
        open++;
        // Names of more than one letter are in capitals.
        while (verbatim && open - at < 32 && char.IsAsciiLetterOrDigit((char)At(text, open)))
            open++;
        foreach (StringForm form in verbatim ? SyntaxTable.VerbatimSigils : SyntaxTable.Sigils)
        {
            if (text[open..].StartsWith(form.Open))
                return Content(text, open + form.Open.Length, form, form.Close, open + form.Open.Length - at);
        }

        return at + 1;
    }

    /// <summary>
    /// Notes what lies in an element that keeps its white space, and the template literals of a script, as a literal; what it consists of is told as elsewhere.
    /// </summary>
    private void PreservedElement(ReadOnlySpan<byte> text, int at)
    {
        if (at < _preservedBefore)
            return;
        foreach (string name in _syntax.Forms.PreservedElements)
        {
            int start = at + 1 + name.Length;
            if (start >= text.Length || !System.Text.Ascii.EqualsIgnoreCase(text[(at + 1)..start], name) || text[start] is not ((byte)'>' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                continue;
            int end = ElementEnd(text, start, name);
            _preservedBefore = end;
            bool script = name == "script";
            Degraded |= end == text.Length && !script;
            // Only template literals of a script hold line ends.
            if (!script || text[start..end].Contains((byte)'`'))
                AddLiteral(text, start, end);
            return;
        }
    }

    private static int ElementEnd(ReadOnlySpan<byte> text, int at, string name)
    {
        while (text[at..].IndexOf("</"u8) is >= 0 and int step)
        {
            at += step + 2;
            if (at + name.Length <= text.Length && System.Text.Ascii.EqualsIgnoreCase(text.Slice(at, name.Length), name) && !IsWord(At(text, at + name.Length)))
                return at - 2;
        }

        return text.Length;
    }
}
