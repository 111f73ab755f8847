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

    private static bool IsControl(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t');
}
