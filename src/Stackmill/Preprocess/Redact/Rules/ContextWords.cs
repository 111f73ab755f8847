namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Words near a number that tell what it is. A word counts by itself or as a part of a name (<c>customer_sin</c>, <c>bsnNumber</c>), not inside
/// another word (<c>using</c>). A blank in a word stands for a blank, an underline, a dash, or nothing.
/// </summary>
internal static class ContextWords
{
    private const int Reach = 48;

    /// <summary>True when one of <paramref name="words"/> (lower case) stands before <paramref name="at"/> on its line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the number begins.</param>
    /// <param name="words">The words.</param>
    /// <param name="reach">How many bytes before are looked at.</param>
    /// <param name="calls">Whether the name of a function counts whose argument the number is; <c>sin(1)</c> is no Canadian's.</param>
    public static bool Near(ReadOnlySpan<byte> text, int at, ReadOnlySpan<string> words, int reach = Reach, bool calls = false)
    {
        ReadOnlySpan<byte> window = Shapes.Before(text, at, reach);
        // The argument of a call is what its name says, whatever stands before that: t = relu(1).
        bool argument = window.Length > 1 && window[^1] == '(' && Shapes.IsWord(window[^2]);
        if (argument)
            window = window[(window[..^1].LastIndexOfAnyExcept(Shapes.Word) + 1)..];
        Span<char> wide = stackalloc char[window.Length];
        wide = wide[..System.Text.Encoding.UTF8.GetChars(Whole(window), wide)];
        foreach (string word in words)
        {
            for (int i = 0; i < wide.Length; i++)
            {
                if (char.ToLowerInvariant(wide[i]) == word[0] && Begins(wide, i) && EndOf(wide, i, word) is > 0 and var end && Ends(wide, end) && !(argument && !calls && i == 0 && end == wide.Length - 1))
                    return true;
            }
        }
        return false;
    }

    // A window may begin in the middle of a character.
    private static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> window)
    {
        int start = 0;
        while (start < Math.Min(3, window.Length) && (window[start] & 0xC0) == 0x80)
            start++;
        return window[start..];
    }

    private static bool Begins(ReadOnlySpan<char> text, int at) =>
        at == 0 || !char.IsLetter(text[at - 1]) || text[at] > 0x2E80 || (char.IsUpper(text[at]) && char.IsLower(text[at - 1])) || (at > 1 && text[at - 2] == '\\' && text[at - 1] is 'n' or 't' or 'r');

    private static bool Ends(ReadOnlySpan<char> text, int end) =>
        end == text.Length || !char.IsLetter(text[end]) || text[end] > 0x2E80 || (char.IsUpper(text[end]) && char.IsLower(text[end - 1])) || (text[end] == 's' && (end + 1 == text.Length || !char.IsLetter(text[end + 1])));

    private static int EndOf(ReadOnlySpan<char> text, int at, string word)
    {
        foreach (char c in word)
        {
            if (c == ' ')
                at += at < text.Length && text[at] is ' ' or '_' or '-' or '.' ? 1 : 0;
            else if (at < text.Length && char.ToLowerInvariant(text[at]) == c)
                at++;
            else
                return 0;
        }
        return at;
    }
}
