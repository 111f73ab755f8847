namespace Stackmill.Shared.Lexing;

/// <summary>
/// The contexts of one file, asked lazily: scanning happens at the first question, and not at all for text.
/// One per worker.
/// </summary>
internal sealed class ContextMap
{
    private readonly ContextScanner _scanner = new();
    private readonly List<Segment> _segments = [];

    /// <summary>The syntax of the current file; null when all of it is text.</summary>
    public LanguageSyntax? Syntax { get; private set; }

    /// <summary>Work done so far, for the linearity tests.</summary>
    public long Steps => _scanner.Steps;

    /// <summary>Scans <paramref name="text"/> when its language has a syntax.</summary>
    public void Load(ReadOnlySpan<byte> text, string language)
    {
        Syntax = SyntaxTable.Find(language) is { } syntax && !syntax.Has(SyntaxTraits.AllText) ? syntax : null;
        _segments.Clear();
        if (Syntax is not null)
            _scanner.Scan(text, Syntax, _segments);
    }

    /// <summary>
    /// The context of the whole of [<paramref name="start"/>, <paramref name="end"/>); code when it reaches over more than one, but for lines of one here-document.
    /// Text is a comment from first to last byte.
    /// </summary>
    public LexicalContext Of(int start, int end)
    {
        if (Syntax is null)
            return LexicalContext.Comment;
        int low = 0;
        int high = _segments.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_segments[middle].End <= start)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == _segments.Count || _segments[low].Start > start)
            return LexicalContext.Code;
        return end <= _segments[low].End || IsHeredoc(low, end) ? _segments[low].Context : LexicalContext.Code;
    }

    // The lines of a here-document are segments of their own, with a line end between them, or two at an empty line.
    private bool IsHeredoc(int at, int end)
    {
        while (_segments[at].End < end)
        {
            if (_segments[at] is not { Context: LexicalContext.String, Quote: 0 } || ++at == _segments.Count
                || _segments[at] is not { Context: LexicalContext.String, Quote: 0 } || _segments[at].Start - _segments[at - 1].End is < 1 or > 2)
                return false;
        }
        return true;
    }
}
