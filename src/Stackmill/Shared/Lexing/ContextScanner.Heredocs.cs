namespace Stackmill.Shared.Lexing;

/// <summary>Here-documents: their bodies begin on the line after the one that names their labels.</summary>
internal sealed partial class ContextScanner
{
    // How far back a shell's (( is looked for before <<: arithmetic is short.
    private const int ArithmeticReach = 120;

    private static ReadOnlySpan<byte> EndsLabel => " \t\r\n;&|<>()'\"`$\\"u8;

    private int HeredocStart(ReadOnlySpan<byte> text, int at, HeredocForm form)
    {
        int i = at + form.Bytes.Length;
        if (form.RestOfLine)
        {
            int lineEnd = LineEnd(text, i);
            ReadOnlySpan<byte> named = text[i..lineEnd].TrimEnd((byte)'\r');
            if (!named.IsEmpty)
                _heredocs.Add((named.ToArray(), false));
            return lineEnd;
        }

        // A here-string, or no here-document at all.
        if (At(text, i) == '<')
            return i + 1;
        bool marked = form.Marks.Contains((char)At(text, i), StringComparison.Ordinal);
        if (marked)
            i++;
        else if (form.NeedsMark)
            return i;
        if (form.Blanks)
        {
            while (At(text, i) is (byte)' ' or (byte)'\t')
                i++;
        }

        if (form.FreeLabel && InArithmetic(text, at))
            return i;
        byte quote = i < text.Length && form.Quotes.Contains((char)text[i], StringComparison.Ordinal) ? text[i] : (byte)0;
        int start = i;
        int end;
        if (quote != 0)
        {
            start++;
            int length = text[start..LineEnd(text, start)].IndexOf(quote);
            if (length <= 0 || (!form.FreeLabel && !IsLabel(text.Slice(start, length))))
                return i;
            end = start + length;
            i = end + 1;
        }
        else
        {
            if (form.FreeLabel && At(text, start) == '\\')
                start++;
            end = start;
            while (end < text.Length && (form.FreeLabel ? !EndsLabel.Contains(text[end]) : IsWord(text[end]) && text[end] != '$'))
                end++;
            // 1 << n is a shift.
            if (end == start || char.IsAsciiDigit((char)text[start]) || text[start] is (byte)'#' or (byte)'='
                || (!form.AnyLabel && !char.IsAsciiLetterUpper((char)text[start])))
                return i;
            i = end;
        }

        _heredocs.Add((text[start..end].ToArray(), marked || form.Indented));
        return i;
    }

    private static bool IsLabel(ReadOnlySpan<byte> label)
    {
        foreach (byte b in label)
        {
            if (!IsWord(b) || b == '$')
                return false;
        }

        return !char.IsAsciiDigit((char)label[0]);
    }

    private static bool InArithmetic(ReadOnlySpan<byte> text, int at)
    {
        ReadOnlySpan<byte> before = text[Math.Max(0, at - ArithmeticReach)..at];
        before = before[(before.LastIndexOf((byte)'\n') + 1)..];
        int open = before.LastIndexOf("(("u8);
        return open >= 0 && before[open..].IndexOf("))"u8) < 0;
    }

    private int HeredocBodies(ReadOnlySpan<byte> text, int at)
    {
        HeredocForm form = _syntax.Forms.Heredoc!;
        foreach ((byte[] label, bool indented) in _heredocs)
        {
            bool closed = false;
            int body = at;
            while (at < text.Length)
            {
                Steps++;
                int end = LineEnd(text, at);
                ReadOnlySpan<byte> line = text[at..end];
                int indentation = 0;
                while (indented && indentation < line.Length && form.Indentation.Contains((char)line[indentation], StringComparison.Ordinal))
                    indentation++;
                ReadOnlySpan<byte> bare = line[indentation..];
                int next = Math.Min(text.Length, end + 1);
                if (bare.StartsWith(label) && Closes(bare[label.Length..], form))
                {
                    closed = true;
                    if (_openHoles == 0)
                        AddLiteral(text, body, at);
                    at = form.CodeAfter ? end - bare.Length + label.Length : end;
                    break;
                }
                // A line that runs commands is left as code.
                bool runs = line.IndexOf("$("u8) >= 0 || line.IndexOfAny((byte)'`', (byte)'{') >= 0;
                Add(at, end, runs ? LexicalContext.Code : LexicalContext.String, 0);
                at = next;
            }
            Degraded |= !closed;
            if (!closed && _openHoles == 0)
                AddLiteral(text, body, text.Length);
        }
        _heredocs.Clear();
        return EndOperand(at);
    }

    private static bool Closes(ReadOnlySpan<byte> afterLabel, HeredocForm form) =>
        form.CodeAfter ? afterLabel.IsEmpty || !IsWord(afterLabel[0]) : afterLabel is [] or [(byte)'\r'];
}
