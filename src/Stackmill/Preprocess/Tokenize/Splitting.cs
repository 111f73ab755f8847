using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Preprocess.Tokenize;

/// <summary>The parts that the patterns of cl100k_base and o200k_base share.</summary>
internal static class Splitting
{
    // For a first byte: 1 when it may be the one character before a word, 0 when it is a letter itself, 2 when neither.
    private static readonly byte[] _wordPrefix = BuildWordPrefix();

    /// <summary>1 if an ASCII byte may precede a word and belong to it, 0 if it is a letter, 2 if it begins something else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WordPrefix(byte first) => _wordPrefix[first];

    /// <summary>One bit per byte, the first byte lowest: set when it lies in the 26 letters from <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LetterBits(Vector128<byte> bytes, byte first) =>
        Vector128.LessThan(bytes - Vector128.Create(first), Vector128.Create((byte)26)).ExtractMostSignificantBits();

    /// <summary><c>\p{N}{1,3}</c>, the first number known to be there.</summary>
    public static int Numbers(ReadOnlySpan<byte> text, int afterFirst)
    {
        var end = afterFirst;
        for (var more = 2; more > 0 && end < text.Length; more--)
        {
            if ((Utf8Classes.At(text, end, out var width) & CharClass.Number) == 0) break;
            end += width;
        }

        return end;
    }

    /// <summary>
    /// <c> ?[^\s\p{L}\p{N}]+</c> without the tail of line ends: its end, or <paramref name="start"/> if it doesn't match.
    /// </summary>
    public static int Symbols(ReadOnlySpan<byte> text, int start)
    {
        var body = text[start] == ' ' ? start + 1 : start;
        var end = Utf8Classes.Skip(text, body, CharClass.SymbolRun);
        return end > body ? end : start;
    }

    /// <summary>
    /// <c>\s*[\r\n]+|\s+(?!\S)|\s+</c> at a white space character; with <paramref name="wholeAtEnd"/>, <c>\s+$</c> before these.
    /// </summary>
    public static int WhiteSpace(ReadOnlySpan<byte> text, int start, bool wholeAtEnd)
    {
        var end = start;
        var afterLastNewline = start;
        var lastStart = start;
        while (end < text.Length)
        {
            var kind = Utf8Classes.At(text, end, out var width);
            if ((kind & CharClass.WhiteSpace) == 0) break;
            lastStart = end;
            end += width;
            if (kind == CharClass.Newline) afterLastNewline = end;
        }

        if (wholeAtEnd && end == text.Length) return end;
        if (afterLastNewline > start) return afterLastNewline;
        // The last white space before something else is left to that something, unless it is the only one.
        return end == text.Length || lastStart == start ? end : lastStart;
    }

    /// <summary>
    /// Length of <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)</c> at <paramref name="index"/>, 0 if it isn't there.
    /// Unicode's simple case folding makes U+017F (long s, C5 BF) another <c>s</c>.
    /// </summary>
    public static int Contraction(ReadOnlySpan<byte> text, int index)
    {
        if (index + 1 >= text.Length || text[index] != '\'') return 0;
        var second = text[index + 1];
        var third = index + 2 < text.Length ? text[index + 2] : (byte)0;
        switch (second | 0x20)
        {
            case 's' or 'd' or 'm' or 't':
                return 2;
            case 'l':
                return (third | 0x20) == 'l' ? 3 : 0;
            case 'v' or 'r':
                return (third | 0x20) == 'e' ? 3 : 0;
            default:
                return second == 0xC5 && third == 0xBF ? 3 : 0;
        }
    }

    private static byte[] BuildWordPrefix()
    {
        var prefix = new byte[256];
        prefix.AsSpan().Fill(2);
        Span<byte> one = stackalloc byte[1];
        for (var b = 0; b < 128; b++)
        {
            one[0] = (byte)b;
            var kind = Utf8Classes.At(one, 0, out _);
            if ((kind & CharClass.WordPrefix) != 0) prefix[b] = 1;
            if ((kind & CharClass.Letter) != 0) prefix[b] = 0;
        }

        return prefix;
    }
}
