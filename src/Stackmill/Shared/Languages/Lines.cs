namespace Stackmill.Shared.Languages;

/// <summary>A test of one line, without its end.</summary>
internal delegate bool LineTest(ReadOnlySpan<byte> line);

/// <summary>A test of the beginning of a text.</summary>
internal delegate bool TextTest(ReadOnlySpan<byte> text);

/// <summary>Looks through the lines of a text, and for words in it; all in linear time and without allocation.</summary>
internal static class Lines
{
    /// <summary>True when any line meets a test.</summary>
    public static bool Any(ReadOnlySpan<byte> text, LineTest test)
    {
        while (!text.IsEmpty)
        {
            if (test(First(ref text)))
                return true;
        }

        return false;
    }

    /// <summary>True when any line whose first byte that is no blank is this one meets a test, which is given the line from there on.</summary>
    public static bool AnyFrom(ReadOnlySpan<byte> text, byte first, LineTest test)
    {
        // Far fewer places than lines, and found by vector search.
        for (var from = 0; ;)
        {
            var at = text[from..].IndexOf(first);
            if (at < 0)
                return false;
            at += from;
            from = at + 1;
            if (!IsAtStart(text, at))
                continue;
            var rest = text[at..];
            if (test(First(ref rest)))
                return true;
        }
    }

    /// <summary>True when a literal stands at the begin of a line, behind blanks or not. It must not begin with a blank.</summary>
    public static bool HasAtStart(ReadOnlySpan<byte> text, ReadOnlySpan<byte> literal)
    {
        for (var from = 0; ;)
        {
            var at = text[from..].IndexOf(literal);
            if (at < 0)
                return false;
            if (IsAtStart(text, from + at))
                return true;
            from += at + 1;
        }
    }

    /// <summary>The first lines of a text.</summary>
    public static ReadOnlySpan<byte> Head(ReadOnlySpan<byte> text, int count)
    {
        var rest = text;
        for (var i = 0; i < count && !rest.IsEmpty; i++)
            First(ref rest);
        return text[..(text.Length - rest.Length)];
    }

    /// <summary>The last lines of a text.</summary>
    public static ReadOnlySpan<byte> Tail(ReadOnlySpan<byte> text, int count)
    {
        var end = text.EndsWith("\n"u8) ? text.Length - 1 : text.Length;
        for (var i = 0; i < count && end > 0; i++)
            end = Math.Max(0, text[..end].LastIndexOf((byte)'\n'));
        return end == 0 ? text : text[(end + 1)..];
    }

    /// <summary>Cuts the first line, and its end (LF, CR LF or CR), off a text.</summary>
    public static ReadOnlySpan<byte> First(scoped ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\n', (byte)'\r');
        if (end < 0)
        {
            var last = text;
            text = default;
            return last;
        }

        var line = text[..end];
        text = text[(end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1))..];
        return line;
    }

    /// <summary>The line of that number, from 0; empty when there are fewer.</summary>
    public static ReadOnlySpan<byte> At(ReadOnlySpan<byte> text, int number)
    {
        for (var i = 0; i < number; i++)
            First(ref text);
        return First(ref text);
    }

    /// <summary>True when a literal is in the text.</summary>
    public static bool Has(ReadOnlySpan<byte> text, ReadOnlySpan<byte> literal) => text.IndexOf(literal) >= 0;

    /// <summary>True when a literal is in the text with no word byte before and after it.</summary>
    public static bool HasWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        for (var from = 0; ;)
        {
            var at = text[from..].IndexOf(word);
            if (at < 0)
                return false;
            at += from;
            var end = at + word.Length;
            if ((at == 0 || !Cursor.IsWordByte(text[at - 1])) && (end == text.Length || !Cursor.IsWordByte(text[end])))
                return true;
            from = at + 1;
        }
    }

    /// <summary>Makes the letters of ASCII lower case, in place.</summary>
    public static void Lower(Span<byte> text)
    {
        // The library's own stops at what is not ASCII.
        while (System.Text.Ascii.ToLowerInPlace(text, out var done) != System.Buffers.OperationStatus.Done)
        {
            var next = text[done..].IndexOfAnyInRange((byte)0, (byte)0x7F);
            if (next < 0)
                return;
            text = text[(done + next)..];
        }
    }

    // Blanks are looked back over at most once: what stood before them was no blank.
    private static bool IsAtStart(ReadOnlySpan<byte> text, int at)
    {
        while (at > 0 && text[at - 1] is (byte)' ' or (byte)'\t')
            at--;
        return at == 0 || text[at - 1] is (byte)'\n' or (byte)'\r';
    }

    /// <summary>True when the first byte of a text that is no white space is one of these.</summary>
    public static bool BeginsWithAny(ReadOnlySpan<byte> text, ReadOnlySpan<byte> bytes)
    {
        var at = text.IndexOfAnyExcept(" \t\r\n"u8);
        return at >= 0 && bytes.Contains(text[at]);
    }
}
