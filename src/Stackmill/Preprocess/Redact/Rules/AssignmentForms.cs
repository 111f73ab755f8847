namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Forms of assignments beyond a sign and a value: with a declared type (<c>var password string = "…"</c>, <c>char password[32] = "…"</c>,
/// <c>PASSWORD: &amp;str = "…"</c>, <c>password As String = "…"</c>), other signs (<c>&lt;-</c>, <c>||=</c>, <c>||</c>, <c>??</c>, <c>?=</c>), pairs of name and
/// value (<c>name: DB_PASSWORD</c> and on the next line <c>value: …</c>), and what may open before a literal (<c>(</c>, <c>{</c>, <c>String::from(</c>, <c>N'</c>).
/// </summary>
internal static class AssignmentForms
{
    private const int LongestType = 24;

    // Other words between a name and its value belong to the name: "secret name = …".
    private static readonly HashSet<string> Types = new(StringComparer.OrdinalIgnoreCase) { "string", "str", "char", "wchar_t", "byte", "text", "charsequence", "nsstring", "qstring" };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> TypeLookup = Types.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The place behind the operator when the value that follows must be quoted; -1 for none of these forms.</summary>
    /// <param name="text">The text.</param>
    /// <param name="i">Behind the name and the blanks after it.</param>
    /// <param name="isApart">True when there are such blanks.</param>
    public static int Operator(ReadOnlySpan<byte> text, int i, bool isApart) => Shapes.At(text, i) switch
    {
        (byte)'[' => AfterEquals(text, Bracketed(text, i)),
        (byte)':' when Reference(text, i + 1) is var type and > 0 => AfterEquals(text, type),
        (byte)'<' when Shapes.At(text, i + 1) == '-' => i + 2,
        (byte)'|' when Shapes.At(text, i + 1) == '|' => Shapes.At(text, i + 2) == '=' ? i + 3 : i + 2,
        (byte)'?' when Shapes.At(text, i + 1) == '?' => Shapes.At(text, i + 2) == '=' ? i + 3 : i + 2,
        (byte)'?' when Shapes.At(text, i + 1) == '=' => i + 2,
        _ => isApart ? AfterEquals(text, Typed(text, i)) : -1,
    };

    /// <summary>The place of the value of a pair whose name was read; -1 when there is none.</summary>
    public static int Pair(ReadOnlySpan<byte> text, int i)
    {
        bool isList = Shapes.At(text, i) == ',';
        int at = Blanks(text, isList ? i + 1 : i);
        if (Shapes.At(text, at) == '\r')
            at++;
        bool isNextLine = Shapes.At(text, at) == '\n';
        if (!isList && !isNextLine)
            return -1;
        at = Blanks(text, isNextLine ? at + 1 : at);
        bool quoted = Shapes.At(text, at) is (byte)'"' or (byte)'\'';
        at += quoted ? 1 : 0;
        if (text.Length - at < 6 || !System.Text.Ascii.EqualsIgnoreCase(text.Slice(at, 5), "value"))
            return -1;
        at = Blanks(text, at + (quoted ? 6 : 5));
        return Shapes.At(text, at) is (byte)':' ? Blanks(text, at + 1) : -1;
    }

    /// <summary>The place of the literal behind what opens before it; the same place when nothing does.</summary>
    public static int Opened(ReadOnlySpan<byte> text, int i)
    {
        int at = i;
        if (text.Length - at > 13 && text[at..].StartsWith("String::from("u8))
            at += 12;
        while (at < i + 16 && Shapes.At(text, at) is (byte)'(' or (byte)'{')
            at = Blanks(text, at + 1);
        if (Shapes.At(text, at) == 'N' && Shapes.At(text, at + 1) == '\'')
            at++;
        else if (Shapes.At(text, at) == 'r' && Shapes.At(text, at + 1) == '#' && Shapes.At(text, at + 2) == '"')
            at += 2;
        return Shapes.At(text, at) is (byte)'"' or (byte)'\'' or (byte)'`' ? at : i;
    }

    // [32], [], [MAX_LENGTH]
    private static int Bracketed(ReadOnlySpan<byte> text, int i)
    {
        int end = i + 1 + Shapes.Run(text, i + 1, Shapes.Word, LongestType);
        return Shapes.At(text, end) == ']' ? end + 1 : -1;
    }

    // &str, &'static str
    private static int Reference(ReadOnlySpan<byte> text, int i)
    {
        int at = Blanks(text, i);
        if (Shapes.At(text, at) != '&')
            return -1;
        at++;
        if (Shapes.At(text, at) == '\'')
            at = Blanks(text, at + 1 + Shapes.Run(text, at + 1, Shapes.Word, LongestType));
        return at + Shapes.Run(text, at, Shapes.Word, LongestType);
    }

    private static int Typed(ReadOnlySpan<byte> text, int i)
    {
        if (text.Length - i > 3 && System.Text.Ascii.EqualsIgnoreCase(text.Slice(i, 3), "as "))
            i += 3;
        int length = Shapes.Run(text, i, Shapes.Word, LongestType);
        Span<char> word = stackalloc char[LongestType];
        for (int k = 0; k < Math.Min(length, LongestType); k++)
            word[k] = (char)text[i + k];
        return length is > 0 and < LongestType && TypeLookup.Contains(word[..length]) ? i + length : -1;
    }

    private static int AfterEquals(ReadOnlySpan<byte> text, int i)
    {
        if (i < 0)
            return -1;
        i = Blanks(text, i);
        return Shapes.At(text, i) == '=' && Shapes.At(text, i + 1) != '=' ? i + 1 : -1;
    }

    private static int Blanks(ReadOnlySpan<byte> text, int i)
    {
        int limit = i + 48;
        while (i < limit && Shapes.At(text, i) is (byte)' ' or (byte)'\t')
            i++;
        return i;
    }
}
