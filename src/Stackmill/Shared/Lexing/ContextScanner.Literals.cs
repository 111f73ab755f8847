namespace Stackmill.Shared.Lexing;

/// <summary>The literals that need more than an opening and a closing delimiter.</summary>
internal sealed partial class ContextScanner
{
    private const int LongestKeyword = 10;

    // ECMAScript reserved words after which an operand follows, and the contextual ones; Ruby's beside them.
    private static readonly HashSet<string> OperandFollows =
    [
        "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "instanceof", "do", "else", "yield", "await",
        "if", "unless", "when", "and", "or", "not", "while", "until", "then", "elsif", "default", "import", "export", "from", "as",
        "extends", "is", "get", "set", "static", "async", "keyof", "puts", "raise", "with", "module", "type",
    ];

    private static readonly HashSet<string> Control = ["if", "while", "for", "with"];

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> OperandFollowsLookup =
        OperandFollows.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> ControlLookup = Control.GetAlternateLookup<ReadOnlySpan<char>>();

    // What ends the delimiter of a C++ raw string: only a parenthesis makes it one.
    private static readonly System.Buffers.SearchValues<byte> NoRawDelimiter = System.Buffers.SearchValues.Create("( )\\\t\v\f\r\n"u8);

    private int RegexOrDivision(ReadOnlySpan<byte> text, int at, bool afterOperator = false)
    {
        if (at < _noRegexBefore || !(afterOperator || OperandExpected(text, at)))
            return at + 1;
        bool inClass = false;
        int i = at + 1;
        for (; i < text.Length && text[i] != '\n'; i++)
        {
            byte b = text[i];
            if (b == '\\')
                i++;
            else if (b == '[')
                inClass = true;
            else if (b == ']')
                inClass = false;
            else if (b == '/' && !inClass)
                return EndRegex(at, i);
        }
        // No regular expression ends on this line: every further slash on it is a division, without looking again.
        _noRegexBefore = i;
        return at + 1;
    }

    private bool OperandExpected(ReadOnlySpan<byte> text, int at)
    {
        int previous = Previous(text, at);
        if (previous < 0)
            return previous == NoToken;
        byte b = text[previous];
        if (IsWord(b))
        {
            if (EndsWithKeyword(text, previous + 1))
                return true;
            return _syntax.Has(SyntaxTraits.RubyLiterals) && previous < at - 1 && At(text, at + 1) is not ((byte)' ' or (byte)'=' or (byte)'\n');
        }
        return b switch
        {
            (byte)')' => _afterControlParen,
            (byte)']' or (byte)'<' => false,
            (byte)'}' => _afterBlock,
            (byte)'+' or (byte)'-' => previous == 0 || text[previous - 1] != b,
            _ => true,
        };
    }

    private bool FollowsControlWord(ReadOnlySpan<byte> text, int at)
    {
        int previous = Previous(text, at);
        return previous >= 0 && IsWord(text[previous]) && WordIn(text, previous + 1, ControlLookup);
    }

    private bool StartsBlock(ReadOnlySpan<byte> text, int at)
    {
        int previous = Previous(text, at);
        if (previous < 0)
            return previous == NoToken;
        byte b = text[previous];
        if (IsWord(b))
            return !EndsWithKeyword(text, previous + 1) || WordIn(text, previous + 1, "else") || WordIn(text, previous + 1, "do");
        return b is (byte)';' or (byte)'{' or (byte)'}' or (byte)')' || (b == '>' && previous > 0 && text[previous - 1] == '=');
    }

    /// <summary>Index of the last byte of code before <paramref name="at"/> that is no blank; comments are passed over.</summary>
    private int Previous(ReadOnlySpan<byte> text, int at)
    {
        for (int i = at - 1; i >= _codeStart; i--)
        {
            if (text[i] is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
                return i;
        }
        return _carry;
    }

    private static bool EndsWithKeyword(ReadOnlySpan<byte> text, int end) => WordIn(text, end, OperandFollowsLookup);

    private static bool WordIn(ReadOnlySpan<byte> text, int end, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> words)
    {
        Span<char> word = stackalloc char[LongestKeyword];
        int length = LastWord(text, end, word);
        return length > 0 && words.Contains(word[..length]);
    }

    private static bool WordIn(ReadOnlySpan<byte> text, int end, string expected)
    {
        Span<char> word = stackalloc char[LongestKeyword];
        return word[..LastWord(text, end, word)].SequenceEqual(expected);
    }

    private static int LastWord(ReadOnlySpan<byte> text, int end, Span<char> word)
    {
        int start = end;
        while (start > 0 && end - start <= LongestKeyword && IsWord(text[start - 1]))
            start--;
        int length = end - start;
        if (length > LongestKeyword || (start > 0 && text[start - 1] == '.'))
            return 0;
        for (int i = 0; i < length; i++)
            word[i] = (char)text[start + i];
        return length;
    }

    private static bool HasTemplatePrefix(ReadOnlySpan<byte> text, int at)
    {
        bool template = false;
        int start = at;
        while (start > 0 && at - start < 3 && (text[start - 1] | 0x20) is 'r' or 'b' or 'f' or 'u' or 't')
            template |= (text[--start] | 0x20) is 'f' or 't';
        return template && (start == 0 || !IsWord(text[start - 1]));
    }

    private static bool IsRustCharacter(ReadOnlySpan<byte> text, int at)
    {
        byte first = At(text, at + 1);
        if (first == '\\')
            return true;
        int length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        return At(text, at + 1 + length) == '\'';
    }

    private static bool IsCharacterPrefix(ReadOnlySpan<byte> text, int at)
    {
        int start = at;
        while (start > 0 && at - start < 3 && IsWord(text[start - 1]))
            start--;
        return text[start..at] is [(byte)'L'] or [(byte)'u'] or [(byte)'U'] or [(byte)'u', (byte)'8'];
    }

    // The standard allows 16 bytes of delimiter in R"delimiter( … )delimiter".
    private int CppRawString(ReadOnlySpan<byte> text, int quote)
    {
        int paren = text.Slice(quote + 1, Math.Min(17, text.Length - quote - 1)).IndexOfAny(NoRawDelimiter);
        if (paren < 0 || text[quote + 1 + paren] != '(')
            return quote + 1;
        Span<byte> close = stackalloc byte[paren + 2];
        close[0] = (byte)')';
        text.Slice(quote + 1, paren).CopyTo(close[1..]);
        close[^1] = (byte)'"';
        return Verbatim(text, quote + 2 + paren, close, paren + 2);
    }

    private bool TryRustRawString(ReadOnlySpan<byte> text, int quote, out int after)
    {
        after = quote;
        int start = quote;
        // The language allows 255 hashes.
        while (start > 0 && quote - start < 255 && text[start - 1] == '#')
            start--;
        if (start == 0 || text[start - 1] != 'r' || (start > 1 && IsWord(text[start - 2]) && text[start - 2] is not ((byte)'b' or (byte)'c')))
            return false;
        Span<byte> close = stackalloc byte[quote - start + 1];
        close.Fill((byte)'#');
        close[0] = (byte)'"';
        after = Verbatim(text, quote + 1, close, 1);
        return true;
    }

    private int Verbatim(ReadOnlySpan<byte> text, int start, ReadOnlySpan<byte> close, int head)
    {
        int end = text[start..].IndexOf(close);
        Degraded |= end < 0;
        int tail = end < 0 ? 0 : close.Length;
        end = end < 0 ? text.Length : start + end;
        Add(start, end, LexicalContext.String, close[^1], head, tail);
        if (_openHoles == 0)
            AddLiteral(text, start, end);
        return EndOperand(Math.Min(text.Length, end + close.Length));
    }

    private int SkipToPhp(ReadOnlySpan<byte> text, int at)
    {
        // Markup around the code is text like a comment: a placeholder harms nothing there.
        int open = text[at..].IndexOf("<?"u8);
        int end = open < 0 ? text.Length : at + open;
        Add(at, end, LexicalContext.Comment, Segment.Markup);
        _codeStart = Math.Min(text.Length, end + 2);
        _carry = NoToken;
        return _codeStart;
    }

    private bool RubyLiteral(ReadOnlySpan<byte> text, int at, out int after)
    {
        after = at;
        byte b = text[at];
        if (b == '=')
        {
            if ((at > 0 && text[at - 1] != '\n') || !text[at..].StartsWith("=begin"u8))
                return false;
            after = Comment(text, at, 6, After(text, at, "\n=end"u8), "=end"u8);
            return true;
        }
        if (b is (byte)'\'' or (byte)'"' && at > 0 && text[at - 1] == '?' && (at < 2 || !IsWord(text[at - 2])))
        {
            after = at + 1;
            return true;
        }
        if (b != '%')
            return false;
        int open = char.IsAsciiLetter((char)At(text, at + 1)) ? at + 2 : at + 1;
        byte close = At(text, open) switch
        {
            (byte)'(' => (byte)')',
            (byte)'[' => (byte)']',
            (byte)'{' => (byte)'}',
            (byte)'<' when open == at + 2 => (byte)'>',
            (byte)'|' or (byte)'!' => text[open],
            (byte)'/' when open == at + 2 => (byte)'/',
            _ => 0,
        };
        if (close == 0 || !OperandExpected(text, at))
            return false;
        after = Delimited(text, at, open, close);
        return true;
    }
}
