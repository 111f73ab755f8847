namespace Stackmill.Shared;

/// <summary>Texts for a terminal.</summary>
internal static class Printable
{
    /// <summary>
    /// The text with U+FFFD in the place of control characters other than line ends and tabs: names of files and answers of servers
    /// must not move the cursor or change colours.
    /// </summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Any(IsControl) ? string.Concat(text.Select(c => IsControl(c) ? '\uFFFD' : c)) : text;
    }

    /// <summary>The same on one line of at most so many characters: a name must not begin a line of its own, or be as long as somebody likes.</summary>
    public static string Line(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isCut = text.Length > most;
        if (isCut)
            text = text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
        text = text.Any(IsNoSign) ? string.Concat(text.Select(c => IsNoSign(c) ? '\uFFFD' : c)) : text;
        return isCut ? text + "…" : text;
    }

    private static bool IsNoSign(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';

    private static bool IsControl(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t');
}
