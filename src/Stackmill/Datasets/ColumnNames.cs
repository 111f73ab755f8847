using System.Text;

namespace Stackmill.Datasets;

/// <summary>
/// Names of columns as messages may show them. A file without a header has its first record's contents in the place of names, and those
/// must not reach a log: shown are short words of letters, as names of columns are.
/// </summary>
internal static class ColumnNames
{
    private const int LongestWord = 32;
    private const int Most = 40;

    /// <summary>The names, joined by commas.</summary>
    public static string Show(IReadOnlyList<string> names)
    {
        var text = new StringBuilder();
        var hidden = 0;
        foreach (var name in names)
        {
            if (!IsPlain(name) || text.Length > Most * LongestWord)
                hidden++;
            else
                text.Append(text.Length > 0 ? ", " : "").Append(name);
        }

        if (hidden > 0)
            text.Append(text.Length > 0 ? " and " : "").Append($"{hidden} whose names are not shown, for they are no short words (is the first line a header?)");
        return text.Length > 0 ? text.ToString() : "none";
    }

    /// <summary>One name, or how long it is where it is no short word.</summary>
    public static string ShowOne(string name) => IsPlain(name) ? name : $"(a name of {name.Length} characters)";

    // A few digits may end it, as in sha256; signs that separate names elsewhere show what is wrong.
    private static bool IsPlain(string name)
    {
        if (name.Length is 0 or > LongestWord)
            return false;
        var word = name.AsSpan().TrimEnd("0123456789");
        if (word.Length < name.Length - 3)
            return false;
        foreach (var c in word)
        {
            if (!char.IsAsciiLetter(c) && c is not ('_' or '.' or '-' or ';' or '|'))
                return false;
        }

        return true;
    }
}
