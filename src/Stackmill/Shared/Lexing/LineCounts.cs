using System.Buffers;

namespace Stackmill.Shared.Lexing;

/// <summary>
/// How many lines of a text hold code, comment only, or nothing, as <c>cloc</c> counts: a line of white space only is blank wherever it lies; a line
/// with anything but white space outside comments is code; the rest is comment. Triple-quoted strings of Python are comments.
/// </summary>
/// <param name="Code">Lines with code.</param>
/// <param name="Comment">Lines with comment and no code.</param>
/// <param name="Blank">Lines of white space only.</param>
internal readonly record struct LineCounts(int Code, int Comment, int Blank)
{
    private static readonly SearchValues<byte> White = SearchValues.Create(" \t\r\f\v\n"u8);

    /// <summary>Counts over the comments and strings that <see cref="ContextScanner"/> found; none means that all of it is code.</summary>
    internal static LineCounts Of(ReadOnlySpan<byte> text, List<Segment> segments, bool docstrings)
    {
        var count = new Counter();
        var at = 0;
        foreach (var segment in segments)
        {
            var start = Math.Max(at, segment.Start - segment.Head);
            var end = segment.End + segment.Tail;
            var comment = segment.Context == LexicalContext.Comment ? segment.Quote != Segment.Markup
                : docstrings && (segment.Head == 3 || segment.Tail == 3);
            if (!comment)
                continue;
            count.Add(text, at, start, isCode: true);
            count.Add(text, start, end, isCode: false);
            at = end;
        }

        count.Add(text, at, text.Length, isCode: true);
        return count.Finish(text);
    }

    private struct Counter
    {
        private int code, comment, blank;
        private bool hasCode, hasComment;

        internal void Add(ReadOnlySpan<byte> text, int start, int end, bool isCode)
        {
            while (start < end)
            {
                var rest = text[start..end];
                var length = rest.IndexOf((byte)'\n');
                var line = length < 0 ? rest : rest[..length];
                if (!(isCode ? hasCode : hasComment) && line.ContainsAnyExcept(White))
                    (hasCode, hasComment) = (hasCode | isCode, hasComment | !isCode);
                if (length < 0)
                    return;
                EndLine();
                start += length + 1;
            }
        }

        internal LineCounts Finish(ReadOnlySpan<byte> text)
        {
            if (text.Length > 0 && text[^1] != '\n')
                EndLine();
            return new LineCounts(code, comment, blank);
        }

        private void EndLine()
        {
            if (hasCode)
                code++;
            else if (hasComment)
                comment++;
            else
                blank++;
            hasCode = hasComment = false;
        }
    }
}
