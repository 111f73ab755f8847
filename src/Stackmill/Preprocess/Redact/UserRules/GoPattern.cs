using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Stackmill.Preprocess.Redact.UserRules;

/// <summary>
/// Patterns in the syntax of Go's regexp (RE2: github.com/google/re2/wiki/Syntax), as gitleaks' rules have them, for .NET's engine that needs
/// linear time. What RE2 has and .NET has not is written otherwise: ASCII meanings of <c>\d \w \s</c>, POSIX classes, <c>(?P&lt;name&gt;…)</c>, <c>\Q…\E</c>,
/// <c>\x{…}</c>, one-letter categories, and <c>$</c> as the very end.
/// </summary>
internal static class GoPattern
{
    private static readonly Dictionary<string, string> Posix = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    /// <summary>Compiles a pattern.</summary>
    /// <exception cref="ArgumentException">It is no pattern, or needs what no linear-time engine has (looking around, back-references).</exception>
    public static Regex Compile(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        try
        {
            return new Regex(Convert(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException fault)
        {
            throw new ArgumentException("the pattern can't be matched in linear time, since it looks around or refers back; write it without (?=…), (?!…), (?<=…), (?<!…) and \\1", fault);
        }
    }

    /// <summary>The pattern in .NET's syntax.</summary>
    public static string Convert(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var text = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        // RE2's '$' is the very end unless the flag m is on; where the flag is anywhere, its two meanings are not told apart.
        var multiline = Regex.IsMatch(pattern, @"\(\?[a-zA-Z]*m[a-zA-Z]*(-[a-zA-Z]+)?[:)]");
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
                i = Escape(pattern, i + 1, inClass, text);
            else if (inClass && c == '[' && i + 1 < pattern.Length && pattern[i + 1] == ':')
                i = Class(pattern, i, text);
            else if (inClass && c == '[')
                text.Append(@"\[");
            else if (c == '[' && !inClass)
                i = Open(pattern, i, text, out inClass);
            else if (c == ']' && inClass)
                (inClass, text) = (false, text.Append(c));
            else if (c == '$' && !inClass && !multiline)
                text.Append(@"\z");
            else if (!inClass && c == '(' && pattern.AsSpan(i).StartsWith("(?P<"))
                (i, text) = (i + 2, text.Append("(?"));
            else
                text.Append(c);
        }

        return text.ToString();
    }

    // A bracket right behind the opening one, or behind its caret, is a member.
    private static int Open(string pattern, int i, StringBuilder text, out bool inClass)
    {
        inClass = true;
        text.Append('[');
        if (i + 1 < pattern.Length && pattern[i + 1] == '^')
            (i, text) = (i + 1, text.Append('^'));
        if (i + 1 < pattern.Length && pattern[i + 1] == ']')
            (i, text) = (i + 1, text.Append(@"\]"));
        return i;
    }

    private static int Class(string pattern, int i, StringBuilder text)
    {
        var end = pattern.IndexOf(":]", i + 2, StringComparison.Ordinal);
        if (end < 0 || !Posix.TryGetValue(pattern[(i + 2)..end], out var members))
            throw new ArgumentException($"unknown class at {i}: expected one such as [[:alnum:]]");
        text.Append(members);
        return end + 1;
    }

    private static int Escape(string pattern, int i, bool inClass, StringBuilder text)
    {
        switch (pattern[i])
        {
            case 'd':
                text.Append(inClass ? "0-9" : "[0-9]");
                return i;
            case 'D' when !inClass:
                text.Append("[^0-9]");
                return i;
            case 'w':
                text.Append(inClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]");
                return i;
            case 'W' when !inClass:
                text.Append("[^0-9A-Za-z_]");
                return i;
            case 's':
                text.Append(inClass ? @"\t\n\f\r " : @"[\t\n\f\r ]");
                return i;
            case 'S' when !inClass:
                text.Append(@"[^\t\n\f\r ]");
                return i;
            case 'x' when i + 1 < pattern.Length && pattern[i + 1] == '{':
                var close = pattern.IndexOf('}', i);
                if (close < 0 || !int.TryParse(pattern.AsSpan(i + 2, close - i - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) || point > 0x10FFFF || point is >= 0xD800 and <= 0xDFFF)
                    throw new ArgumentException($"\\x{{ at {i} names no character");
                text.Append(Regex.Escape(char.ConvertFromUtf32(point)));
                return close;
            case 'p' or 'P' when i + 1 < pattern.Length && pattern[i + 1] != '{':
                text.Append('\\').Append(pattern[i]).Append('{').Append(pattern[i + 1]).Append('}');
                return i + 1;
            case 'Q':
                var end = pattern.IndexOf(@"\E", i, StringComparison.Ordinal);
                var quoted = end < 0 ? pattern[(i + 1)..] : pattern[(i + 1)..end];
                text.Append(Regex.Escape(quoted).Replace("]", @"\]", StringComparison.Ordinal));
                return end < 0 ? pattern.Length - 1 : end + 1;
            default:
                // A sign that needs no escape in .NET may not have one there when it is a letter.
                text.Append('\\').Append(pattern[i]);
                return i;
        }
    }
}
