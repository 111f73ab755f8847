namespace Stackmill.Preprocess.Decode;

/// <summary>
/// The encoding that a Python or Ruby file names in a comment of its first two lines:
/// <c>coding</c>, a colon or equals sign, and the name (Python reference, "Encoding declarations", from PEP 263; Ruby's magic
/// comment has the same form). It helps to decode the file, and must say UTF-8 once the file is UTF-8: Python would
/// decode the new bytes by the old name, and refuse the file or garble its strings.
/// </summary>
internal static class CodingDeclaration
{
    /// <summary>True for languages whose interpreter reads the declaration.</summary>
    public static bool IsReadBy(string language) => language is "Python" or "Ruby";

    /// <summary>Where the name stands in the text, in bytes; an empty range when there is none.</summary>
    public static Range Find(ReadOnlySpan<byte> text)
    {
        var start = 0;
        for (var line = 0; line < 2 && start < text.Length; line++)
        {
            var length = text[start..].IndexOfAny((byte)'\n', (byte)'\r');
            var end = length < 0 ? text.Length : start + length;
            var name = FindInLine(text[start..end]);
            if (!name.Equals(default))
                return (start + name.Start.Value)..(start + name.End.Value);
            // Python looks at the second line only when the first is blank or a comment.
            if (!IsBlankOrComment(text[start..end]))
                return default;
            start = end + (end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 2 : 1);
        }

        return default;
    }

    /// <summary>
    /// Makes the declaration of a decoded text say UTF-8 without changing its length, so that offsets stay: the rest of a
    /// longer name becomes spaces, and the shortest names become <c>u8</c>, which Python knows as UTF-8. Ruby knows no name that short:
    /// there, names under five bytes stay.
    /// </summary>
    public static void SetUtf8(Span<byte> text, string language)
    {
        var (start, length) = Find(text).GetOffsetAndLength(text.Length);
        var name = text.Slice(start, length);
        var utf8 = length >= 5 ? "utf-8"u8 : language != "Python" ? default : length == 4 ? "utf8"u8 : length >= 2 ? "u8"u8 : default;
        if (utf8.IsEmpty)
            return;
        name.Fill((byte)' ');
        utf8.CopyTo(name);
    }

    private static Range FindInLine(ReadOnlySpan<byte> line)
    {
        if (line.TrimStart(" \t\f"u8) is not [(byte)'#', ..])
            return default;
        for (var at = 0; at < line.Length;)
        {
            var found = line[at..].IndexOf("coding"u8);
            if (found < 0)
                return default;
            at += found + 6;
            if (at < line.Length && line[at] is (byte)':' or (byte)'=')
            {
                var start = at + 1;
                while (start < line.Length && line[start] is (byte)' ' or (byte)'\t')
                    start++;
                var end = start;
                while (end < line.Length && (char.IsAsciiLetterOrDigit((char)line[end]) || line[end] is (byte)'-' or (byte)'_' or (byte)'.'))
                    end++;
                if (end > start)
                    return start..end;
            }
        }

        return default;
    }

    private static bool IsBlankOrComment(ReadOnlySpan<byte> line) => line.TrimStart(" \t\f"u8) is [] or [(byte)'#', ..];
}
