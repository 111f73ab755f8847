using System.Buffers;

namespace Stackmill.Preprocess.Redact;

/// <summary>Byte classes and small judgements that several rules share. All of them look at bounded windows only.</summary>
internal static class Shapes
{
    public static readonly SearchValues<byte> Alphanumeric = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    public static readonly SearchValues<byte> Word = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"u8);
    public static readonly SearchValues<byte> Base64Url = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"u8);
    public static readonly SearchValues<byte> Base64 = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/"u8);
    public static readonly SearchValues<byte> LowerHex = SearchValues.Create("0123456789abcdef"u8);
    public static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdefABCDEF"u8);
    public static readonly SearchValues<byte> UpperAlphanumeric = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);
    public static readonly SearchValues<byte> Base32Upper = SearchValues.Create("234567ABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);
    public static readonly SearchValues<byte> LowerAlphanumeric = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz"u8);
    public static readonly SearchValues<byte> SlackHook = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz/"u8);

    private const int LongestPlaceholder = 40;

    public static byte At(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length ? text[at] : (byte)0;

    public static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    public static bool IsLetter(byte b) => (uint)((b | 0x20) - 'a') <= 25;

    public static bool IsAlphanumeric(byte b) => IsDigit(b) || IsLetter(b);

    public static bool IsWord(byte b) => IsAlphanumeric(b) || b == '_';

    /// <summary>Length of the run of <paramref name="set"/> at <paramref name="at"/>, looked at no further than <paramref name="limit"/>.</summary>
    public static int Run(ReadOnlySpan<byte> text, int at, SearchValues<byte> set, int limit)
    {
        if ((uint)at >= (uint)text.Length)
            return 0;
        ReadOnlySpan<byte> window = text.Slice(at, Math.Min(limit, text.Length - at));
        int length = window.IndexOfAnyExcept(set);
        return length < 0 ? window.Length : length;
    }

    /// <summary>
    /// How many bytes at <paramref name="start"/> belong to an escape sequence that a backslash before them began
    /// (<c>\n</c>, <c>\x41</c>, <c>\u0041</c>, <c>\101</c>); 0 when none does.
    /// </summary>
    public static int EscapeTail(ReadOnlySpan<byte> text, int start)
    {
        int backslashes = 0;
        while (backslashes < 64 && At(text, start - 1 - backslashes) == '\\')
            backslashes++;
        if (backslashes % 2 == 0)
            return 0;
        byte b = At(text, start);
        // Without its digits it is none: C:\Users.
        if (b is (byte)'x' or (byte)'u' or (byte)'U')
            return 1 + Run(text, start + 1, Hex, b switch { (byte)'x' => 2, (byte)'u' => 4, _ => 8 });
        int octal = 0;
        while (octal < 3 && At(text, start + octal) is >= (byte)'0' and <= (byte)'7')
            octal++;
        return Math.Max(1, octal);
    }

    /// <summary>True when no word goes on to the left of <paramref name="at"/>; the letter of an escape such as <c>\n</c> is no word.</summary>
    public static bool StartsWord(ReadOnlySpan<byte> text, int at) =>
        at == 0 || !IsWord(text[at - 1]) || (at > 1 && text[at - 1] is (byte)'n' or (byte)'r' or (byte)'t' && EscapeTail(text, at - 1) == 1);

    /// <summary>True when the words before <paramref name="at"/> on its line, at most <paramref name="reach"/> bytes back, hold one of <paramref name="words"/> (lower case).</summary>
    public static bool Mentions(ReadOnlySpan<byte> text, int at, int reach, ReadOnlySpan<string> words)
    {
        ReadOnlySpan<byte> window = Before(text, at, reach);
        // A blank in front lets " word" match at the start of a line.
        Span<char> lower = stackalloc char[window.Length + 1];
        lower[0] = ' ';
        for (int i = 0; i < window.Length; i++)
            lower[i + 1] = char.ToLowerInvariant((char)window[i]);
        foreach (string word in words)
        {
            if (((ReadOnlySpan<char>)lower).Contains(word, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    /// <summary>What stands before <paramref name="at"/> on its line, at most <paramref name="reach"/> bytes, and behind the last placeholder.</summary>
    public static ReadOnlySpan<byte> Before(ReadOnlySpan<byte> text, int at, int reach)
    {
        ReadOnlySpan<byte> window = text[Math.Max(0, at - reach)..at];
        int line = window.LastIndexOf((byte)'\n');
        if (line >= 0)
            window = window[(line + 1)..];
        // What stands before a placeholder moves when the value gets replaced; not looking over it keeps a second redaction from judging otherwise.
        int origin = at - window.Length;
        for (int i = window.Length - 1; i >= 0; i--)
        {
            // It may begin before the window.
            if (window[i] == '>' && (At(text, origin + i - 1) == '<' || IsPlaceholder(text[Math.Max(0, origin + i + 1 - LongestPlaceholder)..(origin + i + 1)])))
                return window[(i + 1)..];
        }
        return window;
    }

    private static bool IsPlaceholder(ReadOnlySpan<byte> end)
    {
        int open = end.LastIndexOf((byte)'<');
        return open >= 0 && RedactionKinds.PlaceholderLength(end, open) == end.Length - open;
    }

    /// <summary>Number of different bytes.</summary>
    public static int Distinct(ReadOnlySpan<byte> value)
    {
        UInt128 low = 0;
        UInt128 high = 0;
        foreach (byte b in value)
        {
            if (b < 128)
                low |= UInt128.One << b;
            else
                high |= UInt128.One << (b - 128);
        }
        return (int)(UInt128.PopCount(low) + UInt128.PopCount(high));
    }

    /// <summary>Shannon's entropy of the bytes, in bits a byte.</summary>
    public static double Entropy(ReadOnlySpan<byte> value)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (byte b in value)
            counts[b]++;
        double sum = 0;
        foreach (int count in counts)
        {
            if (count > 1)
                sum += count * Math.Log2(count);
        }
        return value.IsEmpty ? 0 : Math.Log2(value.Length) - (sum / value.Length);
    }
}
