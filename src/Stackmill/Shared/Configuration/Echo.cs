using System.Globalization;
using System.Text;

namespace Stackmill.Shared.Configuration;

/// <summary>How names and values of a configuration are quoted in messages: never long, never secret, never with control characters.</summary>
internal static class Echo
{
    /// <summary>Longer values are described by their length.</summary>
    internal const int LongestValue = 60;

    // 'token' but not 'tokenizer' or 'tokenization', which are ordinary settings here.
    internal static bool IsSecretName(string path)
    {
        foreach (var word in (string[])["secret", "password", "passwd", "credential", "key", "authorization"])
            if (path.Contains(word, StringComparison.OrdinalIgnoreCase))
                return true;
        for (var at = -1; (at = path.IndexOf("token", at + 1, StringComparison.OrdinalIgnoreCase)) >= 0;)
            if (at + 5 == path.Length || path[at + 5] is not ('i' or 'I'))
                return true;
        return false;
    }

    /// <param name="node">What was found.</param>
    /// <param name="hide">True for the value of a secret key.</param>
    /// <param name="quotesMatter">True where a value would be right without its quotes.</param>
    internal static string Value(SourceNode node, bool hide, bool quotesMatter = false) => node switch
    {
        SourceList { Items.Count: 1 } => "a list of 1 item",
        SourceList list => $"a list of {list.Items.Count} items",
        SourceMap => "a section with keys",
        SourceScalar { IsNull: true } => "nothing",
        SourceScalar when hide => "a value that is not shown here",
        SourceScalar { Text.Length: > LongestValue } scalar => $"a text of {scalar.Text.Length} characters",
        SourceScalar { IsPlain: false } scalar when quotesMatter => $"the text \"{Printable(scalar.Text)}\" in quotes",
        SourceScalar scalar => $"'{Printable(scalar.Text)}'",
        _ => "an unreadable value",
    };

    /// <summary>A key for a message, cut when it is long. An address in the place of a key may be a secret as a whole: its beginning says what it is.</summary>
    internal static string Name(string key) =>
        key.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? Name(key[..scheme]) + "://…" : key.Length == 0 ? "''" : key.Length <= LongestValue ? Printable(key) : Printable(key[..LongestValue]) + "…";

    /// <summary>Control, format and surrogate characters as <c>\uXXXX</c>, so that a message stays on its line and shows what is there.</summary>
    private static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || rune.Value == 0xFFFD)
                printable.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else
                printable.Append(rune.ToString());
        }
        return printable.ToString();
    }
}
