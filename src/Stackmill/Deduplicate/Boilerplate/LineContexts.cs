using System.Buffers;
using Stackmill.Shared.Lexing;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>What a line holds.</summary>
internal enum LineKind : byte
{
    /// <summary>White space only.</summary>
    Blank,

    /// <summary>Comment, and nothing else but white space.</summary>
    Comment,

    /// <summary>Anything else.</summary>
    Code,
}

/// <summary>
/// What the lexer says of the lines of one text: what each holds, and what is open where it starts. One per worker: not thread-safe.
/// </summary>
internal sealed class LineContexts
{
    /// <summary>Nothing is open where a line starts.</summary>
    public const int Nothing = -1;

    /// <summary>A string, or markup around code, is open where a line starts: no cut may begin or end there.</summary>
    public const int Literal = -2;

    private static readonly SearchValues<byte> White = SearchValues.Create(" \t\r\f\v\n"u8);

    private LineKind[] _kinds = [];
    private int[] _open = [];

    /// <summary>What a line holds.</summary>
    public LineKind Kind(int line) => _kinds[line];

    /// <summary>
    /// What is open where a line starts, or at the end of the text: the number of the comment, <see cref="Nothing"/> or <see cref="Literal"/>.
    /// </summary>
    public int Open(int line) => _open[line];

    /// <summary>Reads what the lexer has loaded: a text whose lines start at <paramref name="starts"/> (the last is the text's end).</summary>
    public void Read(ReadOnlySpan<byte> text, ReadOnlySpan<int> starts, Lexer lexer)
    {
        var (segments, literals) = (lexer.Segments, lexer.LongLiterals);
        if (_open.Length < starts.Length)
            (_kinds, _open) = (new LineKind[starts.Length], new int[starts.Length]);
        var (next, literal) = (0, 0);
        for (var line = 0; line < starts.Length; line++)
        {
            var start = starts[line];
            while (next < segments.Count && End(segments[next]) <= start)
                next++;
            while (literal < literals.Count && literals[literal].End <= start)
                literal++;
            var isInside = literal < literals.Count && literals[literal].Start < start;
            _open[line] = isInside ? Literal : OpenAt(segments, next, start);
            if (line + 1 < starts.Length)
                _kinds[line] = KindOf(text, start, starts[line + 1], segments, next);
        }
    }

    private static int OpenAt(IReadOnlyList<Segment> segments, int next, int at)
    {
        if (next < segments.Count && segments[next] is var segment && segment.Start - segment.Head < at)
            return IsComment(segment) ? next : Literal;
        // The lines of a here-document are segments of their own, without the line ends between them.
        var inDocument = (next < segments.Count && IsDocumentLine(segments[next]) && segments[next].Start - at is >= 0 and <= 1)
            || (next > 0 && IsDocumentLine(segments[next - 1]) && at - End(segments[next - 1]) is >= 0 and <= 1);
        return inDocument ? Literal : Nothing;
    }

    private static LineKind KindOf(ReadOnlySpan<byte> text, int start, int end, IReadOnlyList<Segment> segments, int next)
    {
        var kind = LineKind.Blank;
        while (start < end)
        {
            var stop = end;
            var comment = false;
            if (next < segments.Count && segments[next] is var segment && segment.Start - segment.Head < end)
            {
                var inside = segment.Start - segment.Head <= start;
                stop = Math.Min(end, inside ? End(segment) : segment.Start - segment.Head);
                comment = inside && IsComment(segment);
                next += inside ? 1 : 0;
            }

            if (stop > start && text[start..stop].ContainsAnyExcept(White))
            {
                if (!comment)
                    return LineKind.Code;
                kind = LineKind.Comment;
            }

            start = Math.Max(start, stop);
        }

        return kind;
    }

    private static int End(in Segment segment) => segment.End + segment.Tail;

    private static bool IsComment(in Segment segment) => segment.Context == LexicalContext.Comment && segment.Quote != Segment.Markup;

    private static bool IsDocumentLine(in Segment segment) => segment.Context != LexicalContext.Comment && segment.Quote == 0;
}
