namespace Stackmill.Shared.Lexing;

/// <summary>
/// Tells code, comments and string contents apart for any bytes of any language in <see cref="SyntaxTable"/>.
/// It never fails, runs once over the text (every byte is looked at a bounded number of times), and where it is unsure it answers code.
/// One per worker: it keeps its stack between calls.
/// </summary>
internal sealed partial class ContextScanner
{
    private enum Bracket : byte
    {
        Paren,
        ControlParen,
        Block,
        Brace,
        HoleBrace,
        HoleParen,
    }

    private readonly record struct Frame(Bracket Bracket, StringForm? Form, byte[]? Close);

    private readonly List<Frame> _stack = [];
    private readonly List<(byte[] Label, bool Indented)> _heredocs = [];
    private bool _inDollarBody;
    private bool _noDollarQuotes;
    private int _noQuoterBefore;
    private int _preservedBefore;
    private List<Segment> _segments = [];
    private LanguageSyntax _syntax = null!;

    // Where the current stretch of code began, and the last byte of code before a comment that ended there.
    private int _codeStart;
    private int _carry;
    private bool _afterControlParen;
    private bool _afterBlock;
    private int _noRegexBefore;
    private int _openHoles;
    private int _literalStart;

    private const int NoToken = -1;
    private const int OperandToken = -2;

    /// <summary>How many decisions were taken so far, over all calls: the work that must stay linear.</summary>
    public long Steps { get; private set; }

    /// <summary>True when the last text ended inside a comment, a literal or a hole of one, or held a one-line literal without an end.</summary>
    public bool Degraded { get; private set; }

    /// <summary>
    /// The literals of the last text that hold a line end, in order: from after the opening delimiter to before the closing one, holes included.
    /// Nothing between may change without changing a value.
    /// </summary>
    public List<(int Start, int End)> Literals { get; } = [];

    /// <summary>Writes the comments and strings of <paramref name="text"/> to <paramref name="segments"/>, in order.</summary>
    public void Scan(ReadOnlySpan<byte> text, LanguageSyntax syntax, List<Segment> segments)
    {
        _segments = segments;
        _segments.Clear();
        _syntax = syntax;
        _stack.Clear();
        _heredocs.Clear();
        _codeStart = 0;
        _carry = NoToken;
        _noRegexBefore = 0;
        _openHoles = 0;
        _inDollarBody = _noDollarQuotes = false;
        _noQuoterBefore = _preservedBefore = 0;
        Degraded = IsTooDeep = false;
        _ignored = 0;
        Literals.Clear();
        _afterControlParen = _afterBlock = false;

        int at = text.StartsWith("#!"u8) ? Comment(text, 0, 2, LineEnd(text, 0)) : 0;
        if (syntax.Has(SyntaxTraits.Php))
            at = SkipToPhp(text, 0);
        while (at < text.Length)
        {
            int step = text[at..].IndexOfAny(syntax.Special);
            if (step < 0)
                break;
            Steps++;
            at = Next(text, at + step);
        }
        if (_openHoles > 0)
            EndLiteral(text, text.Length, closed: false);
        Degraded |= _heredocs.Count > 0;
    }

    private int Next(ReadOnlySpan<byte> text, int at)
    {
        ReadOnlySpan<byte> rest = text[at..];
        byte b = text[at];
        if (_syntax.Forms.CharacterPrefix.Length > 0 && CharacterLiteral(text, at, out int character))
            return character;
        bool inPythonHole = _syntax.Has(SyntaxTraits.PythonPrefixes) && _openHoles > 0;
        if (!inPythonHole && TryComment(text, at, out int after))
            return after;
        if (_syntax.Has(SyntaxTraits.Php) && rest.StartsWith("?>"u8))
            return SkipToPhp(text, at + 2);
        if (b == '\n')
            return _heredocs.Count > 0 ? HeredocBodies(text, at + 1) : at + 1;
        if (b == '\\' && _syntax.Has(SyntaxTraits.BareWords))
            return at + 2;
        if (b is (byte)'|' or (byte)'>' && _syntax.Has(SyntaxTraits.IndentedBlocks))
            return IndentedBlock(text, at);
        if (_syntax.Forms.Heredoc is { } heredoc && b == heredoc.Bytes[0] && rest.StartsWith(heredoc.Bytes))
            return HeredocStart(text, at, heredoc);
        if (b == '<' && _syntax.Forms.PreservedElements.Length > 0)
            PreservedElement(text, at);
        if (_syntax.Has(SyntaxTraits.RubyLiterals) && RubyLiteral(text, at, out after))
            return after;
        if (_syntax.Has(SyntaxTraits.PerlLiterals) && PerlLiteral(text, at, out after))
            return after;
        if (b == '~' && _syntax.Has(SyntaxTraits.Sigils))
            return Sigil(text, at);
        if (_syntax.TaggedStrings.Length > 0 && TaggedLiteral(text, at, out after))
            return after;
        foreach (StringForm form in _syntax.StringsAt(b))
        {
            if (rest.StartsWith(form.Open) && (form.Before == LetterBefore.Any || IsPrefixed(text, at, form.Before)))
                return Open(text, at, form);
        }
        if (b == '/' && _syntax.Has(SyntaxTraits.RegexLiterals))
            return RegexOrDivision(text, at);
        Bracketing(text, at, b, ref at);
        return at + 1;
    }

    private bool TryComment(ReadOnlySpan<byte> text, int at, out int after)
    {
        ReadOnlySpan<byte> rest = text[at..];
        foreach (TaggedForm tagged in _syntax.TaggedComments)
        {
            int head = tagged.Match(rest, out byte[] close);
            if (head == 0)
                continue;
            after = Comment(text, at, head, After(text, at + head, close), close);
            return true;
        }
        foreach (BlockComment comment in _syntax.BlockComments)
        {
            if (!rest.StartsWith(comment.Open))
                continue;
            after = Comment(text, at, comment.Open.Length, comment.Nests ? NestedEnd(text, at, comment) : After(text, at + comment.Open.Length, comment.Close), comment.Close);
            return true;
        }
        foreach (byte[] marker in _syntax.LineComments)
        {
            // #[ begins an attribute of PHP 8.
            if (_syntax.Has(SyntaxTraits.Php) && rest.StartsWith("#["u8))
                continue;
            if (!rest.StartsWith(marker) || (marker[0] == '#' && _syntax.Has(SyntaxTraits.HashAtWordStart) && !AtWordStart(text, at)))
                continue;
            if (_syntax.Has(SyntaxTraits.CommentsAtLineStart) && !AtLineStart(text, at))
                continue;
            // A link in JSX text is no comment.
            if (_syntax.Has(SyntaxTraits.ApostrophesInText) && (text[..at].EndsWith("http:"u8) || text[..at].EndsWith("https:"u8)))
                continue;
            int end = LineEnd(text, at);
            if (_syntax.Has(SyntaxTraits.Php) && text[at..end].IndexOf("?>"u8) is >= 0 and int close)
                end = at + close;
            after = Comment(text, at, marker.Length, end);
            return true;
        }
        after = at;
        return false;
    }

    private int Comment(ReadOnlySpan<byte> text, int start, int marker, int end, ReadOnlySpan<byte> close = default)
    {
        _carry = Previous(text, start);
        _codeStart = end;
        int content = start + marker;
        bool closed = !close.IsEmpty && end - content >= close.Length && text[..end].EndsWith(close);
        Degraded |= !close.IsEmpty && !closed;
        content = Math.Min(content, end);
        int tail = closed ? close.Length : 0;
        Add(content, end - tail, LexicalContext.Comment, 0, content - start, tail);
        return end;
    }

    private int NestedEnd(ReadOnlySpan<byte> text, int at, BlockComment comment)
    {
        int depth = 1;
        at += comment.Open.Length;
        while (depth > 0)
        {
            int step = text[at..].IndexOfAny(comment.Open[0], comment.Close[0]);
            if (step < 0)
            {
                Degraded = true;
                return text.Length;
            }
            at += step;
            Steps++;
            if (text[at..].StartsWith(comment.Open))
                (depth, at) = (depth + 1, at + comment.Open.Length);
            else if (text[at..].StartsWith(comment.Close))
                (depth, at) = (depth - 1, at + comment.Close.Length);
            else
                at++;
        }
        return at;
    }

    private int Open(ReadOnlySpan<byte> text, int at, StringForm form)
    {
        byte quote = form.Open[^1];
        if (_syntax.Has(SyntaxTraits.PythonPrefixes) && HasTemplatePrefix(text, at))
        {
            foreach (StringForm template in SyntaxTable.PythonTemplates)
            {
                if (template.Open.AsSpan().SequenceEqual(form.Open))
                    form = template;
            }
        }
        else if (quote == '\'' && _syntax.Has(SyntaxTraits.Lifetimes))
        {
            if (!IsRustCharacter(text, at))
                return at + 1;
        }
        else if (quote == '\'' && _syntax.Has(SyntaxTraits.QuotedCharacters) && form.Open.Length == 1)
            return QuotedCharacter(text, at, form);
        else if (_syntax.Has(SyntaxTraits.CppLiterals))
        {
            if (quote == '\'' && at > 0 && IsWord(text[at - 1]) && !IsCharacterPrefix(text, at))
                return at + 1;
            if (quote == '"' && at > 0 && text[at - 1] == 'R')
                return CppRawString(text, at);
        }
        else if (quote == '"' && _syntax.Has(SyntaxTraits.RustRawStrings) && TryRustRawString(text, at, out int after))
            return after;
        else if (quote != '`' && _syntax.Has(SyntaxTraits.ApostrophesInText) && at > 0 && IsWord(text[at - 1]) && !EndsWithKeyword(text, at))
            return at + 1;
        int quotes = _syntax.Has(SyntaxTraits.RawQuotes) && form.Close.Length == 3 ? text[(at + form.Open.Length)..].IndexOfAnyExcept(form.Close[0]) : 0;
        if (quotes <= 0)
            return Content(text, at + form.Open.Length, form, form.Close, form.Open.Length);
        byte[] close = new byte[3 + quotes];
        close.AsSpan().Fill(form.Close[0]);
        return Content(text, at + form.Open.Length + quotes, form, close, form.Open.Length + quotes);
    }

    /// <summary>Scans string content from <paramref name="at"/> to its end or its next hole; returns where code goes on.</summary>
    private int Content(ReadOnlySpan<byte> text, int at, StringForm form, byte[] close, int head)
    {
        int start = at;
        if (_openHoles == 0 && head > 0)
            _literalStart = at;
        while (true)
        {
            int step = text[at..].IndexOfAny(form.Stops);
            Steps++;
            if (step < 0)
            {
                if (form.MultiLine)
                {
                    Add(start, text.Length, LexicalContext.String, close[0], head);
                    EndLiteral(text, text.Length, closed: false);
                }
                Degraded = true;
                return text.Length;
            }
            at += step;
            byte b = text[at];
            if (b == '\\' && (form.Escapes || form.Holes == HoleStyle.BackslashParen))
            {
                if (form.Holes == HoleStyle.BackslashParen && At(text, at + 1) == '(')
                    return Hole(start, at, 2, Bracket.HoleParen, form, close, head);
                at += EscapeLength(text, at, form);
            }
            else if (text[at..].StartsWith(close))
            {
                if (form.Doubled && text[(at + close.Length)..].StartsWith(close))
                {
                    at += 2 * close.Length;
                    continue;
                }
                // A run of more quotes than the delimiter has belongs to the content, up to the last ones.
                while (close.Length == 3 && close[2] == close[0] && At(text, at + 3) == close[0])
                    at++;
                Add(start, at, LexicalContext.String, close[0], head, close.Length);
                // Where a line end closes, white space before it is content too.
                EndLiteral(text, close[0] == '\n' ? at + 1 : at, closed: true);
                return EndOperand(at + close.Length);
            }
            else if (b == '\n' && !form.MultiLine)
            {
                Degraded = true;
                _codeStart = at;
                _carry = OperandToken;
                return at;
            }
            else if (b == '`' && form.Holes == HoleStyle.Shell)
            {
                // Commands between backticks can't hold further ones: code up to the next.
                Add(start, at, LexicalContext.String, close[0], head);
                head = 0;
                start = at = After(text, at + 1, "`"u8);
            }
            else if (form.Holes == HoleStyle.Brace && b == '{' && At(text, at + 1) == '{')
                at += 2;
            else if (HoleLength(text, at, form.Holes, out Bracket bracket) is > 0 and int length)
                return Hole(start, at, length, bracket, form, close, head);
            else
                at++;
        }
    }

    private int Hole(int start, int at, int length, Bracket bracket, StringForm form, byte[] close, int head)
    {
        Add(start, at, LexicalContext.String, close[0], head);
        _stack.Add(new Frame(bracket, form, close));
        _openHoles++;
        _codeStart = at + length;
        _carry = NoToken;
        return at + length;
    }

    /// <summary>Length of a hole's opening at <paramref name="at"/>; 0 when there is none.</summary>
    private static int HoleLength(ReadOnlySpan<byte> text, int at, HoleStyle style, out Bracket bracket)
    {
        byte b = text[at];
        byte next = At(text, at + 1);
        bracket = Bracket.HoleBrace;
        switch (style)
        {
            case HoleStyle.Brace when b == '{':
                return 1;
            case HoleStyle.DoubleBrace when b == '{' && next == '{':
            case HoleStyle.DollarBrace or HoleStyle.Php or HoleStyle.Shell when b == '$' && next == '{':
            case HoleStyle.HashBrace when b == '#' && next == '{':
                return 2;
            case HoleStyle.Php when b == '{' && next == '$':
                return 1;
            case HoleStyle.Shell when b == '$' && next == '(':
                bracket = Bracket.HoleParen;
                return 2;
            default:
                return 0;
        }
    }

    private static int EscapeLength(ReadOnlySpan<byte> text, int at, StringForm form)
    {
        byte next = At(text, at + 1);
        if (form.Holes == HoleStyle.Brace)
        {
            if (next == '{')
                return 1;
            if (next == 'N' && At(text, at + 2) == '{')
                return 3;
        }
        int length = next == '\r' && At(text, at + 2) == '\n' ? 3 : 2;
        return Math.Min(length, text.Length - at);
    }

    private int Resume(ReadOnlySpan<byte> text, int at)
    {
        Frame hole = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        _openHoles--;
        // A nested hole inside a format goes back to that format, not to the string.
        if (hole.Form is null)
            return FormatSpec(text, at + 1);
        return Content(text, at + 1, hole.Form, hole.Close!, 0);
    }

    /// <summary>Passes over the format after a hole's colon: up to the brace that ends the hole, or into a nested hole.</summary>
    private int FormatSpec(ReadOnlySpan<byte> text, int at)
    {
        Steps++;
        int step = text[at..].IndexOfAny((byte)'{', (byte)'}', (byte)'\n');
        if (step < 0)
            return text.Length;
        at += step;
        if (text[at] == '\n')
            return at;
        if (text[at] == '}')
            return at;
        _stack.Add(new Frame(Bracket.HoleBrace, null, null));
        _openHoles++;
        return at + 1;
    }

    private int EndOperand(int at)
    {
        _codeStart = at;
        _carry = OperandToken;
        return at;
    }

    private void EndLiteral(ReadOnlySpan<byte> text, int end, bool closed)
    {
        Degraded |= !closed;
        if (_openHoles == 0 || !closed)
            AddLiteral(text, _literalStart, end);
    }

    private void AddLiteral(ReadOnlySpan<byte> text, int start, int end)
    {
        // Holes that never close leave literals within the outer one: they are part of it.
        if (end > start && (Literals.Count == 0 || start >= Literals[^1].End) && text[start..end].Contains((byte)'\n'))
            Literals.Add((start, end));
    }

    private void Add(int start, int end, LexicalContext context, byte quote, int head = 0, int tail = 0)
    {
        if (end > start || head + tail > 0)
            _segments.Add(new Segment(start, end, context, quote, head, tail));
    }

    private static byte At(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length ? text[at] : (byte)0;

    private static int LineEnd(ReadOnlySpan<byte> text, int at)
    {
        int length = text[at..].IndexOf((byte)'\n');
        return length < 0 ? text.Length : at + length;
    }

    private static int After(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> close)
    {
        int length = text[at..].IndexOf(close);
        return length < 0 ? text.Length : at + length + close.Length;
    }

    private static bool IsWord(byte b) => b >= 0x80 || char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'$';

    private static bool AtLineStart(ReadOnlySpan<byte> text, int at)
    {
        while (at > 0 && text[at - 1] is (byte)' ' or (byte)'\t')
            at--;
        return at == 0 || text[at - 1] == '\n';
    }

    private static bool AtWordStart(ReadOnlySpan<byte> text, int at) =>
        at == 0 || text[at - 1] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)';' or (byte)'(' or (byte)'&' or (byte)'|' or (byte)')';
}
