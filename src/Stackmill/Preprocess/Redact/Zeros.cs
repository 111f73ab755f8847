using System.Buffers;

namespace Stackmill.Preprocess.Redact;

/// <summary>Decimal numbers in code, such as coordinates: they give way to zeros of the same length, which are numbers in every language.</summary>
internal static class Zeros
{
    private static readonly SearchValues<byte> Allowed = SearchValues.Create("0123456789.+-, "u8);

    /// <summary>True when nothing but decimal numbers, signs, commas and blanks is there.</summary>
    public static bool Fits(ReadOnlySpan<byte> stretch) => !stretch.ContainsAnyExcept(Allowed);

    /// <summary>Makes each number <c>0.000…</c>: a zero more in front would be an octal number, or none, in some languages.</summary>
    public static void Write(Span<byte> stretch)
    {
        for (int at = 0; at < stretch.Length;)
        {
            int length = stretch[at..].IndexOfAnyExcept(DigitsAndDot);
            length = length < 0 ? stretch.Length - at : length;
            if (length > 1)
            {
                stretch.Slice(at, length).Fill((byte)'0');
                stretch[at + 1] = (byte)'.';
            }
            at += Math.Max(1, length);
        }
    }

    private static readonly SearchValues<byte> DigitsAndDot = SearchValues.Create("0123456789."u8);
}
