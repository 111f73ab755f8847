using System.Buffers;

namespace Stackmill.Preprocess.Measure;

/// <summary>
/// Finds data that stands encoded in a text: at least 64 bytes of letters, digits, <c>+</c>, <c>/</c> and <c>=</c> in one stretch (base64, long
/// hexadecimal numbers), or at least 8 escapes or bytes of one kind in a row (<c>\xHH</c>, <c>\uHHHH</c>, <c>0xHH</c>) with nothing but
/// commas and white space between them.
/// </summary>
internal static class EncodedData
{
    private const int ShortestBase64 = 64;
    private const int FewestEscapes = 8;

    private static readonly SearchValues<byte> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);
    private static readonly SearchValues<byte> Separators = SearchValues.Create(", \t\r\n"u8);

    /// <summary>Bytes of the longest such stretch, from its first to its last sign; 0 when there is none.</summary>
    internal static int LongestRun(ReadOnlySpan<byte> text) => Math.Max(LongestBase64(text), LongestEscapes(text));

    private static int LongestBase64(ReadOnlySpan<byte> text)
    {
        // A run of 64 holds a byte at a multiple of 64: the others need no look.
        var longest = 0;
        var from = 0;
        for (var probe = ShortestBase64 - 1; probe < text.Length; probe += ShortestBase64)
        {
            if (probe < from || !Base64.Contains(text[probe]))
                continue;
            var start = text[from..probe].LastIndexOfAnyExcept(Base64);
            start = start < 0 ? from : from + start + 1;
            var length = text[probe..].IndexOfAnyExcept(Base64);
            from = length < 0 ? text.Length : probe + length;
            if (from - start >= ShortestBase64)
                longest = Math.Max(longest, from - start);
        }

        return longest;
    }

    private static int LongestEscapes(ReadOnlySpan<byte> text)
    {
        var longest = 0;
        var at = 1;
        while (at < text.Length)
        {
            var step = text[at..].IndexOfAny((byte)'x', (byte)'u');
            if (step < 0)
                break;
            at += step;
            var (start, last, count) = (at - 1, at, 0);
            var (lead, letter) = (text[start], text[at]);
            if (lead != '\\' && !(lead == '0' && letter == 'x'))
            {
                at++;
                continue;
            }

            var digits = letter == 'x' ? 2 : 4;
            for (var next = start; next + 2 + digits <= text.Length && text[next] == lead && text[next + 1] == letter && IsHex(text.Slice(next + 2, digits));)
            {
                count++;
                last = next + 2 + digits;
                var gap = text[last..].IndexOfAnyExcept(Separators);
                next = gap < 0 ? text.Length : last + gap;
            }

            if (count >= FewestEscapes)
                longest = Math.Max(longest, last - start);
            at = Math.Max(at + 1, last);
        }

        return longest;
    }

    private static bool IsHex(ReadOnlySpan<byte> digits)
    {
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return false;
        }

        return true;
    }
}
