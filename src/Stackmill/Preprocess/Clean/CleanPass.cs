using System.Buffers;

namespace Stackmill.Preprocess.Clean;

/// <summary>
/// One pass over one text that needs cleaning. Copies what lies between line ends and unwanted bytes; a line's
/// trailing white space is cut from the output when its end is met. The output is never longer than the input.
/// </summary>
internal ref struct CleanPass(ReadOnlySpan<byte> input, Span<byte> output, bool trim, int maxBlankLines, OffsetMap? map, ReadOnlySpan<(int Start, int End)> literals = default)
{
    private readonly ReadOnlySpan<byte> input = input;
    private readonly Span<byte> output = output;
    private int position;
    private int written;
    private int lineStart;
    private int blankLines;
    private bool continued;
    private CleanChange change;
    private readonly ReadOnlySpan<(int Start, int End)> literals = literals;
    private int literal;

    /// <summary>Length of the cleaned text.</summary>
    internal readonly int Written => written;

    internal CleanChange Run(bool malformed, SearchValues<byte> stops)
    {
        if (malformed)
            SkipByteOrderMarksAtStart();
        while (position < input.Length)
        {
            var rest = input[position..];
            var length = rest.IndexOfAny(stops);
            Copy(length < 0 ? rest.Length : length);
            if (length < 0)
                break;
            if (input[position] == '\n')
                EndLine(inputLength: 1, malformed);
            else if (input[position] == '\r')
                EndLineAtReturn();
            else
                ReplaceControls();
        }

        if (input.Length == 0 || !InLiteral(input.Length - 1))
            TrimLine(written);
        map?.Add(written, input.Length);
        return change;
    }

    private void Copy(int length)
    {
        if (length == 0)
            return;
        map?.Add(written, position);
        input.Slice(position, length).CopyTo(output[written..]);
        written += length;
        position += length;
    }

    /// <summary>CR CR LF is one line end: CR LF that was written once more in text mode.</summary>
    private void EndLineAtReturn()
    {
        change |= CleanChange.LineEnds;
        var rest = input[position..];
        var length = rest.StartsWith("\r\n"u8) ? 2 : rest.StartsWith("\r\r\n"u8) ? 3 : 1;
        EndLine(length, malformed: true);
    }

    private void EndLine(int inputLength, bool malformed)
    {
        if (InLiteral(position))
        {
            (blankLines, continued) = (0, false);
            WriteLineEnd(inputLength);
            return;
        }

        // With line ends kept, a CR belongs to its line's end, also one that trimming has just brought there.
        var untrimmed = written;
        if (!malformed && trim && ContentBefore(written) is var content && content > lineStart && output[content - 1] == '\r')
            TrimLine(written);
        var inputOfReturn = position - 1 - (untrimmed - written);
        var keepsReturn = !malformed && written > lineStart && output[written - 1] == '\r';
        var end = keepsReturn ? written - 1 : written;
        var contentEnd = TrimLine(end);
        if (IsBlank(contentEnd))
            blankLines++;
        else
            blankLines = 0;

        // The blank line after a continued one ends it (a macro, a command): it stays whatever the limit.
        if (blankLines > maxBlankLines && !continued)
        {
            change |= CleanChange.BlankLines;
            written = lineStart;
            position += inputLength;
            if (malformed)
                SkipByteOrderMarksAtStart();
            return;
        }

        continued = contentEnd > lineStart && output[contentEnd - 1] == '\\';
        if (keepsReturn)
        {
            output[written - 1] = (byte)'\r';
            map?.Add(written - 1, inputOfReturn);
        }

        WriteLineEnd(inputLength);
    }

    private void WriteLineEnd(int inputLength)
    {
        map?.Add(written, position);
        output[written++] = (byte)'\n';
        position += inputLength;
        lineStart = written;
    }

    /// <summary>True if the byte at <paramref name="at"/> of the input is content of a literal; asked in rising order.</summary>
    private bool InLiteral(int at)
    {
        while (literal < literals.Length && literals[literal].End <= at)
            literal++;
        return literal < literals.Length && literals[literal].Start <= at;
    }

    /// <summary>
    /// Cuts the white space before <paramref name="end"/> from the output, with a CR that follows it kept. After a
    /// backslash it stays: without it, the backslash would continue the line. Returns where the line's content ends.
    /// </summary>
    private int TrimLine(int end)
    {
        if (!trim)
            return end;
        var content = ContentBefore(end);
        if (content == end || (content > lineStart && output[content - 1] == '\\'))
            return end;
        change |= CleanChange.TrailingWhitespace;
        written -= end - content;
        return content;
    }

    private readonly int ContentBefore(int end)
    {
        while (end > lineStart && output[end - 1] is (byte)' ' or (byte)'\t')
            end--;
        return end;
    }

    private readonly bool IsBlank(int contentEnd) => output[lineStart..contentEnd].IndexOfAnyExcept((byte)' ', (byte)'\t') < 0;

    /// <summary>
    /// Removes a run of control characters, or makes a space of it where its absence would make other code of what
    /// is around it.
    /// </summary>
    private void ReplaceControls()
    {
        change |= CleanChange.ControlCharacters;
        var start = position;
        var isSpace = false;
        while (position < input.Length && input[position] is not (byte)'\r' && CleanScan.Unwanted.Contains(input[position]))
            isSpace |= input[position++] == '\v';
        if (isSpace || NeedsSpace(position < input.Length ? input[position] : (byte)'\n'))
        {
            map?.Add(written, start);
            output[written++] = (byte)' ';
        }

        SkipByteOrderMarksAtStart();
    }

    private readonly bool NeedsSpace(byte next)
    {
        if (written == lineStart)
            return false;
        var before = output[written - 1];
        return before switch
        {
            // An escaped control character: alone, the backslash would escape what follows.
            (byte)'\\' => true,
            // '\x01' is a character, '' is none; a regular expression /\x01/ would become a comment.
            (byte)'\'' or (byte)'"' or (byte)'`' or (byte)'/' when before == next => true,
            // In a regular expression a quantifier needs something before it, and slash star opens a comment.
            (byte)'/' or (byte)'(' or (byte)'|' or (byte)'^' or (byte)':' => next is (byte)'*' or (byte)'+' or (byte)'?' or (byte)'{',
            _ => false,
        };
    }

    private void SkipByteOrderMarksAtStart()
    {
        while (written == 0 && input[position..].StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            position += 3;
            change |= CleanChange.ByteOrderMark;
        }
    }
}
