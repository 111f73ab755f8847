using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// The pattern of cl100k_base (OpenAI tiktoken, openai_public.py):
/// <c>'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s</c>.
/// </summary>
internal readonly struct Cl100kSplitter : ISplitter
{
    /// <inheritdoc/>
    public static int Next(ReadOnlySpan<byte> text, int start)
    {
        var contraction = Splitting.Contraction(text, start);
        if (contraction > 0) return start + contraction;

        var kind = Utf8Classes.At(text, start, out var width);
        if (kind == CharClass.Number) return Splitting.Numbers(text, start + width);
        if (kind != CharClass.Newline)
        {
            var body = (kind & CharClass.Letter) != 0 ? start : start + width;
            var end = Utf8Classes.Skip(text, body, CharClass.Letter);
            if (end > body) return end;

            end = Splitting.Symbols(text, start);
            if (end > start)
            {
                while (end < text.Length && text[end] is (byte)'\r' or (byte)'\n') end++;
                return end;
            }
        }

        return Splitting.WhiteSpace(text, start, wholeAtEnd: true);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AsciiWord(Vector128<byte> head)
    {
        var first = head.ToScalar();
        var prefix = Splitting.WordPrefix(first);
        if (prefix == 2 || first == '\'') return 0;
        // Bit 5 is the case of an ASCII letter.
        var letters = Splitting.LetterBits(head | Vector128.Create((byte)0x20), (byte)'a');
        var end = prefix + BitOperations.TrailingZeroCount(~(letters >> prefix));
        return end == prefix || end > 15 || head[end] >= 0x80 ? 0 : end;
    }
}
