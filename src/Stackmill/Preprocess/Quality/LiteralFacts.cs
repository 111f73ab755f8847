using System.Text;

namespace Stackmill.Preprocess.Quality;

/// <summary>
/// Counts over comments, strings and the code between them, defined as opc_data_filtering defines them: shares are of the code
/// points outside of comments. One per worker.
/// </summary>
internal sealed class LiteralFacts
{
    // Of a line of a string: more tokens (words, or runs of signs) make it a long one; of a word: more code points do.
    private const int LongString = 20;
    private const int LongWord = 20;

    /// <summary>Code points of comments.</summary>
    public long CommentCharacters { get; private set; }

    /// <summary>Code points of the contents of strings.</summary>
    public long StringCharacters { get; private set; }

    /// <summary>Lines of strings with more than 20 words or runs of signs.</summary>
    public long LongStringLines { get; private set; }

    /// <summary>Code points in words of strings that are longer than 20 and no address.</summary>
    public long LongWordCharacters { get; private set; }

    /// <summary>Code points of hexadecimal numbers with <c>0x</c>, outside of comments.</summary>
    public long HexCharacters { get; private set; }

    /// <summary>Counts in one text.</summary>
    public void Load(ReadOnlySpan<byte> text, ReadOnlySpan<TextSpan> spans)
    {
        CommentCharacters = StringCharacters = LongStringLines = LongWordCharacters = HexCharacters = 0;
        var code = 0;
        foreach (var span in spans)
        {
            var content = text[span.Start..span.End];
            if (span.IsComment)
            {
                CommentCharacters += Characters(content);
                CountHex(text, code, span.Start);
                code = span.End;
                continue;
            }

            StringCharacters += Characters(content);
            CountString(content);
        }

        CountHex(text, code, text.Length);
    }

    /// <summary>Code points of valid UTF-8.</summary>
    public static int Characters(ReadOnlySpan<byte> text)
    {
        if (Ascii.IsValid(text))
            return text.Length;
        var count = 0;
        foreach (var b in text)
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }

    private void CountString(ReadOnlySpan<byte> content)
    {
        var (tokens, word, kind) = (0, 0, 0);
        for (var at = 0; at <= content.Length; at++)
        {
            var b = at < content.Length ? content[at] : (byte)'\n';
            var now = b is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r') ? 0 : b >= 0x80 || b == '_' || char.IsAsciiLetterOrDigit((char)b) ? 1 : 2;
            tokens += now != 0 && now != kind ? 1 : 0;
            if (now == 0)
            {
                AddWord(content[word..at]);
                word = at + 1;
            }

            kind = now;
            if (b != '\n')
                continue;
            LongStringLines += tokens > LongString ? 1 : 0;
            tokens = 0;
        }
    }

    private void AddWord(ReadOnlySpan<byte> word)
    {
        if (word.Length <= LongWord || word.IndexOf("http://"u8) >= 0 || word.IndexOf("https://"u8) >= 0)
            return;
        var length = Characters(word);
        LongWordCharacters += length > LongWord ? length : 0;
    }

    private void CountHex(ReadOnlySpan<byte> text, int start, int end)
    {
        for (var at = start; at < end;)
        {
            var found = text[at..end].IndexOfAny((byte)'x', (byte)'X');
            if (found < 0)
                return;
            var x = at + found;
            at = x + 1;
            if (x == start || text[x - 1] != '0' || (x >= 2 && IsWord(text[x - 2])))
                continue;
            while (at < end && char.IsAsciiHexDigit((char)text[at]))
                at++;
            if (at > x + 1 && (at == end || !IsWord(text[at])))
                HexCharacters += at - x + 1;
        }
    }

    private static bool IsWord(byte b) => b >= 0x80 || b == '_' || char.IsAsciiLetterOrDigit((char)b);
}
