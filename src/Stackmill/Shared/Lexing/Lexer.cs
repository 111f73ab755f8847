using Stackmill.Shared.Lexing.Structure;

namespace Stackmill.Shared.Lexing;

/// <summary>What a stretch of a file is.</summary>
internal enum SpanKind : byte
{
    /// <summary>Neither comment nor string; all of a file whose language has no syntax here.</summary>
    Code,

    /// <summary>A comment with its markers.</summary>
    Comment,

    /// <summary>A string literal or a part of one between holes, with its delimiters.</summary>
    String,

    /// <summary>White space outside comments and strings that holds a line end, or lies between two stretches or at the edge of the file.</summary>
    Whitespace,
}

/// <summary>One stretch of a file, in bytes: from <paramref name="Start"/> to before <paramref name="End"/>.</summary>
internal readonly record struct LexicalSpan(int Start, int End, SpanKind Kind);

/// <summary>
/// Splits any bytes into spans that cover them exactly and in order. It never fails: a literal of one line without an end is code, a comment or
/// longer literal without an end reaches to the end of the file, and <see cref="Degraded"/> says so. One per worker: its lists are reused.
/// </summary>
internal sealed class Lexer
{
    private readonly ContextScanner _scanner = new();
    private readonly List<Segment> _segments = [];
    private readonly List<LexicalSpan> _spans = [];
    private readonly StructureScanner _structure = new();
    private bool _isTooDeep;
    private bool _hasSyntax;

    /// <summary>True when the last text did not lex cleanly.</summary>
    public bool Degraded { get; private set; }

    /// <summary>Work done so far, for the linearity tests.</summary>
    public long Steps => _scanner.Steps + _structure.Steps;

    /// <summary>The spans of a text; valid until the next call.</summary>
    public List<LexicalSpan> Lex(ReadOnlySpan<byte> text, string language)
    {
        Load(text, language);
        _spans.Clear();
        var at = 0;
        foreach (var segment in _segments)
        {
            var start = segment.Start - segment.Head;
            if (start > at)
                AddCode(text, at, start);
            at = segment.End + segment.Tail;
            var kind = segment.Context != LexicalContext.Comment ? SpanKind.String : segment.Quote == Segment.Markup ? SpanKind.Code : SpanKind.Comment;
            _spans.Add(new LexicalSpan(start, at, kind));
        }

        if (at < text.Length)
            AddCode(text, at, text.Length);
        return _spans;
    }

    /// <summary>Comments, literals and the like of the text that was loaded last; all else is code.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>
    /// The literals of the text that was loaded last that hold a line end, from opening to closing delimiter with all their holes; for here-documents,
    /// their lines.
    /// </summary>
    public IReadOnlyList<(int Start, int End)> LongLiterals => _hasSyntax ? _scanner.Literals : [];

    /// <summary>Lines of code, comment and blanks of a text.</summary>
    public LineCounts Count(ReadOnlySpan<byte> text, string language)
    {
        Load(text, language);
        return CountLoaded(text, language);
    }

    /// <summary>Lines of code, comment and blanks of the text that was loaded last.</summary>
    public LineCounts CountLoaded(ReadOnlySpan<byte> text, string language) => LineCounts.Of(text, _segments, language == "Python");

    /// <summary>Functions, types, imports and complexity of the text that was loaded last; null when its language has no rules for them, or it nests beyond all measure.</summary>
    public CodeStructure? MeasureStructure(ReadOnlySpan<byte> text, string language) => _isTooDeep ? null : _structure.Measure(text, _segments, language);

    /// <summary>Splits a text into segments.</summary>
    public void Load(ReadOnlySpan<byte> text, string language)
    {
        Degraded = _isTooDeep = _hasSyntax = false;
        if (SyntaxTable.Find(language) is not { } syntax)
        {
            _segments.Clear();
            return;
        }

        _hasSyntax = true;
        _scanner.Scan(text, syntax, _segments);
        (Degraded, _isTooDeep) = (_scanner.Degraded, _scanner.IsTooDeep);
    }

    private void AddCode(ReadOnlySpan<byte> text, int start, int end)
    {
        var at = start;
        while (at < end)
        {
            var blank = at;
            while (blank < end && IsWhite(text[blank]))
                blank++;
            if (blank > at)
                _spans.Add(new LexicalSpan(at, blank, SpanKind.Whitespace));
            if (blank == end)
                return;

            // Code goes on to the last thing before its line's end, or before the next stretch.
            var length = text[blank..end].IndexOf((byte)'\n');
            at = length < 0 ? end : blank + length;
            while (IsWhite(text[at - 1]))
                at--;
            _spans.Add(new LexicalSpan(blank, at, SpanKind.Code));
        }
    }

    private static bool IsWhite(byte b) => b is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r');
}
