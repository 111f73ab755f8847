using System.Buffers;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>Whether a value that a name calls secret looks like one. Thresholds were set by reading the finds in the Python library and npm packages.</summary>
internal static class SecretJudge
{
    // Bits a byte. Random hexadecimal of 16 digits has about 3.2, words in snake case of that length about 3.1 but few digits among the letters.
    private const double LeastEntropy = 2.9;

    private static readonly SearchValues<byte> ExpressionBytes = SearchValues.Create("/=,;|?&+"u8);

    /// <summary>True for a random-looking key: at least 16 bytes, letters and digits mixed, no words.</summary>
    public static bool IsToken(ReadOnlySpan<byte> value)
    {
        if (value.Length < 16 || Placeholders.IsPlaceholder(value) || IsPath(value) || (Shapes.Entropy(value) < LeastEntropy && !IsHex(value)))
            return false;
        Measure(value, out int digits, out int letters, out int changes);
        if (letters == 0 || digits == 0)
            return letters == 0 ? value.Length >= 32 && Shapes.Distinct(value) >= 8 : IsMixedCase(value);
        return (changes >= Math.Max(3, value.Length / 10) || IsMixedCase(value)) && !IsWords(value);
    }

    /// <summary>True for a password that is no plain word: at least 6 bytes, with letters and either digits or punctuation.</summary>
    public static bool IsPassword(ReadOnlySpan<byte> value)
    {
        if (value.Length is < 6 or > 128 || Placeholders.IsPlaceholder(value) || IsPath(value) || Shapes.Distinct(value) < 5)
            return false;
        Measure(value, out int digits, out int letters, out _);
        int symbols = value.Length - digits - letters;
        int joints = value.Count((byte)'_') + value.Count((byte)'-') + value.Count((byte)'.') + value.Count((byte)':') + value.Count((byte)'*');
        if (letters == 0)
            return false;
        if (digits == 0)
            return symbols > joints && value.Length >= 8 && value.IndexOfAny(ExpressionBytes) < 0;
        return !IsWords(value);
    }

    /// <summary>AWS writes its secret keys with 40 characters of base64.</summary>
    public static bool IsAwsSecret(ReadOnlySpan<byte> value) =>
        value.Length == 40 && value.IndexOfAnyExcept(Shapes.Base64) < 0 && value.IndexOf("EXAMPLE"u8) < 0 && Shapes.Distinct(value) > 12 && Shapes.Entropy(value) > 3.5
        && value.IndexOfAnyExcept(Shapes.LowerHex) >= 0;

    private static void Measure(ReadOnlySpan<byte> value, out int digits, out int letters, out int changes)
    {
        digits = letters = changes = 0;
        for (int i = 0; i < value.Length; i++)
        {
            bool digit = Shapes.IsDigit(value[i]);
            digits += digit ? 1 : 0;
            letters += Shapes.IsLetter(value[i]) || value[i] >= 0x80 ? 1 : 0;
            changes += i > 0 && digit != Shapes.IsDigit(value[i - 1]) ? 1 : 0;
        }
    }

    // Sixteen hexadecimal digits have fewer bits a byte than words of that length.
    private static bool IsHex(ReadOnlySpan<byte> value) => value.IndexOfAnyExcept(Shapes.Hex) < 0 && Shapes.Distinct(value) >= 7;

    // Without digits only long strings whose case changes again and again are random; camel case changes once a word.
    private static bool IsMixedCase(ReadOnlySpan<byte> value)
    {
        int upper = 0;
        int changes = 0;
        for (int i = 1; i < value.Length; i++)
        {
            upper += char.IsAsciiLetterUpper((char)value[i]) ? 1 : 0;
            changes += (char.IsAsciiLetterUpper((char)value[i]) != char.IsAsciiLetterUpper((char)value[i - 1])) ? 1 : 0;
        }
        return value.Length >= 24 && upper > value.Length / 4 && changes > value.Length / 3 && value.IndexOfAny("_-. "u8) < 0;
    }

    private static bool IsPath(ReadOnlySpan<byte> value) =>
        value[0] is (byte)'/' or (byte)'~' or (byte)'.' or (byte)'#' || value.IndexOf("//"u8) >= 0 || value.IndexOf("::"u8) >= 0 || value.Count((byte)'/') > Math.Max(3, value.Length / 8);

    /// <summary>True when every part between joints is a word, a number of up to four digits, or a word with a number of up to two digits behind it.</summary>
    private static bool IsWords(ReadOnlySpan<byte> value)
    {
        if (value.IndexOfAny("_-."u8) < 0 && value.Length > 12)
            return false;
        foreach (Range range in value.SplitAny("_-./:"u8))
        {
            ReadOnlySpan<byte> part = value[range];
            int letters = 0;
            while (letters < part.Length && Shapes.IsLetter(part[letters]))
                letters++;
            int digits = part.Length - letters;
            if (part[letters..].IndexOfAnyExcept(DigitScan.Digits) >= 0 || digits > (letters == 0 ? 4 : 2))
                return false;
        }
        // A word with one digit behind it, in one piece, is what a weak password looks like.
        return value.IndexOfAny("_-.:"u8) >= 0 || value.Length < 7;
    }
}
