using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// The pattern of o200k_base (OpenAI tiktoken, openai_public.py), whose seven alternatives are, with
/// P = <c>[^\r\n\p{L}\p{N}]</c>, U = <c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c>, L = <c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c> and
/// C = <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)</c>:
/// <c>P?U*L+C?|P?U+L*C?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal readonly struct O200kSplitter : ISplitter
{
    /// <inheritdoc/>
    public static int Next(ReadOnlySpan<byte> text, int start)
    {
        var kind = Utf8Classes.At(text, start, out var width);
        if (kind == CharClass.Number) return Splitting.Numbers(text, start + width);
        if (kind != CharClass.Newline)
        {
            var body = (kind & CharClass.Letter) != 0 ? start : start + width;
            var end = Word(text, body, out var lowerEnding);
            // A mark is itself in L: with nothing but capitals after it, the first alternative still matches it alone.
            if (kind == CharClass.Mark && !lowerEnding) end = body;
            if (end > body || kind == CharClass.Mark) return end + Splitting.Contraction(text, end);

            end = Splitting.Symbols(text, start);
            if (end > start)
            {
                while (end < text.Length && text[end] is (byte)'\r' or (byte)'\n' or (byte)'/') end++;
                return end;
            }
        }

        return Splitting.WhiteSpace(text, start, wholeAtEnd: false);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AsciiWord(Vector128<byte> head)
    {
        var prefix = Splitting.WordPrefix(head.ToScalar());
        if (prefix == 2) return 0;
        var upper = Splitting.LetterBits(head, (byte)'A');
        var lower = Splitting.LetterBits(head, (byte)'a');
        var caseChange = prefix + BitOperations.TrailingZeroCount(~(upper >> prefix));
        var end = caseChange + BitOperations.TrailingZeroCount(~(lower >> caseChange));
        if (end == prefix || end > 15) return 0;
        var next = head[end];
        return next >= 0x80 || next == '\'' ? 0 : end;
    }

    // U*L+ (lowerEnding) or else U+L*: the end of it, or body when neither matches.
    private static int Word(ReadOnlySpan<byte> text, int body, out bool lowerEnding)
    {
        var upperEnd = body;
        var afterLastShared = body;
        while (upperEnd < text.Length)
        {
            var kind = Utf8Classes.At(text, upperEnd, out var width);
            if ((kind & CharClass.UpperRun) == 0) break;
            upperEnd += width;
            if ((kind & CharClass.LowerRun) != 0) afterLastShared = upperEnd;
        }

        var end = Utf8Classes.Skip(text, upperEnd, CharClass.LowerRun);
        lowerEnding = true;
        if (end > upperEnd) return end;
        // U* gives back up to its last character that is also in L; what follows that one begins another piece.
        if (afterLastShared > body) return afterLastShared;
        lowerEnding = false;
        return upperEnd;
    }
}
