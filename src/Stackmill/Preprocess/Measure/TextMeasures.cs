using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Stackmill.Preprocess.Measure;

/// <summary>
/// Size and character measures of one text. A character is a Unicode code point. A line ends at <c>\n</c> (no other
/// character ends one); text after the last <c>\n</c> is one more line, and the empty text has no line.
/// </summary>
/// <param name="Bytes">Length of the UTF-8 form.</param>
/// <param name="Characters">Code points, line ends included.</param>
/// <param name="Lines">Number of <c>\n</c>, plus 1 if the text does not end with one and is not empty.</param>
/// <param name="BlankLines">Lines that hold white space only, or nothing.</param>
/// <param name="MeanLineLength">Characters per line, line ends left out; 0 for the empty text.</param>
/// <param name="LongestLine">Characters of the longest line, its line end left out.</param>
/// <param name="AlphabeticFraction">Share of characters (0 to 1) of the Unicode categories L*, as Python's <c>isalpha</c>.</param>
/// <param name="AlphanumericFraction">Share of characters of the categories L* and N*, as Python's <c>isalnum</c>.</param>
/// <param name="DigitFraction">Share of characters of the category Nd, as Python's <c>isdecimal</c>.</param>
/// <param name="WhitespaceFraction">Share of characters with the property White_Space, line ends included.</param>
internal readonly record struct TextMeasures(
    int Bytes,
    int Characters,
    int Lines,
    int BlankLines,
    double MeanLineLength,
    int LongestLine,
    double AlphabeticFraction,
    double AlphanumericFraction,
    double DigitFraction,
    double WhitespaceFraction)
{
    /// <summary>
    /// Measures in one pass. The text must be valid UTF-8; in any other, a character is counted for each byte that
    /// is not a continuation byte.
    /// </summary>
    internal static TextMeasures Of(ReadOnlySpan<byte> utf8)
    {
        var pass = new Pass();
        var offset = 0;
        for (; utf8.Length - offset >= Block; offset += Block)
            pass.Add(utf8, offset, Masks.Of(ref Unsafe.Add(ref MemoryMarshal.GetReference(utf8), offset)), ulong.MaxValue);
        if (offset < utf8.Length)
        {
            Span<byte> tail = stackalloc byte[Block];
            tail.Clear();
            utf8[offset..].CopyTo(tail);
            pass.Add(utf8, offset, Masks.Of(ref MemoryMarshal.GetReference(tail)), (1UL << (utf8.Length - offset)) - 1);
        }

        return pass.Finish(utf8);
    }

    /// <summary>One bit a byte: 64 bytes fill one mask word.</summary>
    private const int Block = 64;

    private readonly record struct Masks(ulong LineEnd, ulong Space, ulong Letter, ulong Digit, ulong NonAscii, ulong Continuation)
    {
        internal static Masks Of(ref byte block)
        {
            ulong lineEnd = 0, space = 0, letter = 0, digit = 0, nonAscii = 0, continuation = 0;
            for (var half = 0; half < Block; half += Vector256<byte>.Count)
            {
                var v = Vector256.LoadUnsafe(ref block, (nuint)half);
                var folded = v | Vector256.Create((byte)0x20);
                // x - low < count, unsigned, is the range test low <= x < low + count.
                lineEnd |= (ulong)Vector256.Equals(v, Vector256.Create((byte)'\n')).ExtractMostSignificantBits() << half;
                space |= (ulong)(Vector256.LessThan(v - Vector256.Create((byte)'\t'), Vector256.Create((byte)5))
                    | Vector256.Equals(v, Vector256.Create((byte)' '))).ExtractMostSignificantBits() << half;
                letter |= (ulong)Vector256.LessThan(folded - Vector256.Create((byte)'a'), Vector256.Create((byte)26)).ExtractMostSignificantBits() << half;
                digit |= (ulong)Vector256.LessThan(v - Vector256.Create((byte)'0'), Vector256.Create((byte)10)).ExtractMostSignificantBits() << half;
                var high = v.ExtractMostSignificantBits();
                if (high == 0)
                    continue;
                nonAscii |= (ulong)high << half;
                continuation |= (ulong)Vector256.LessThan(v - Vector256.Create((byte)0x80), Vector256.Create((byte)0x40)).ExtractMostSignificantBits() << half;
            }

            return new Masks(lineEnd, space, letter, digit, nonAscii, continuation);
        }
    }

    private struct Pass
    {
        private int characters, letters, otherNumbers, digits, spaces;
        private int lineEnds, blankLines, longest;
        private int lineStart, visible, visibleAtLineStart;

        /// <summary>Adds 64 bytes from <paramref name="offset"/>; only those in <paramref name="valid"/> are text.</summary>
        internal void Add(ReadOnlySpan<byte> text, int offset, Masks masks, ulong valid)
        {
            var space = masks.Space;
            var starts = valid & ~masks.Continuation;
            for (var leads = masks.NonAscii & starts; leads != 0; leads &= leads - 1)
            {
                var bit = BitOperations.TrailingZeroCount(leads);
                Rune.DecodeFromUtf8(text[(offset + bit)..], out var rune, out _);
                if (Rune.IsWhiteSpace(rune))
                    space |= 1UL << bit;
                else
                    Count(Rune.GetUnicodeCategory(rune));
            }

            var shown = starts & ~space;
            for (var ends = masks.LineEnd; ends != 0; ends &= ends - 1)
            {
                var before = (ends & (~ends + 1)) - 1;
                EndLine(characters + BitOperations.PopCount(starts & before), visible + BitOperations.PopCount(shown & before));
                lineEnds++;
                lineStart++;
            }

            characters += BitOperations.PopCount(starts);
            visible += BitOperations.PopCount(shown);
            spaces += BitOperations.PopCount(space & valid);
            letters += BitOperations.PopCount(masks.Letter);
            digits += BitOperations.PopCount(masks.Digit);
        }

        internal TextMeasures Finish(ReadOnlySpan<byte> text)
        {
            var lines = lineEnds;
            if (text.Length > 0 && text[^1] != '\n')
            {
                EndLine(characters, visible);
                lines++;
            }

            return new TextMeasures(
                text.Length,
                characters,
                lines,
                blankLines,
                lines == 0 ? 0 : (double)(characters - lineEnds) / lines,
                longest,
                Fraction(letters),
                Fraction(letters + digits + otherNumbers),
                Fraction(digits),
                Fraction(spaces));
        }

        private void EndLine(int end, int visibleAtEnd)
        {
            longest = Math.Max(longest, end - lineStart);
            if (visibleAtEnd == visibleAtLineStart)
                blankLines++;
            lineStart = end;
            visibleAtLineStart = visibleAtEnd;
        }

        private void Count(UnicodeCategory category)
        {
            switch (category)
            {
                case <= UnicodeCategory.OtherLetter:
                    letters++;
                    break;
                case UnicodeCategory.DecimalDigitNumber:
                    digits++;
                    break;
                case UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber:
                    otherNumbers++;
                    break;
            }
        }

        private readonly double Fraction(int count) => characters == 0 ? 0 : (double)count / characters;
    }
}
