using System.Text;
using System.Text.RegularExpressions;

namespace Stackmill.Tests.Shared.Licenses;

/// <summary>Alters a licence's text as people do: other names and years, wrapped anew, put into comments, marked up. Equal seeds alter alike.</summary>
internal static partial class AlteredText
{
    private static readonly string[] Names = ["Jane Q. Doe", "ACME Corporation", "the Foo Project Authors", "José Ñandú <jose@example.org>", "Example Ltd. and contributors", "王小明"];

    private static readonly string[] Comments = ["", "", " * ", "# ", "// ", "    ", "> ", ";; ", "-- ", "dnl "];

    /// <summary>The text, altered.</summary>
    public static string Of(string text, Random random)
    {
        var altered = Copyright().Replace(text, _ => $"Copyright (c) {1985 + random.Next(40)} {Names[random.Next(Names.Length)]}");
        altered = Wrapped(altered, 40 + random.Next(90), Comments[random.Next(Comments.Length)], random);
        return random.Next(6) switch
        {
            0 => altered.ToUpperInvariant(),
            1 => "<pre>\n" + altered.Replace("\"", "&quot;", StringComparison.Ordinal) + "\n</pre>\n",
            2 => altered.Replace("\"", "\u201c", StringComparison.Ordinal).Replace("'", "\u2019", StringComparison.Ordinal),
            3 => $"# License\n\n{altered}",
            4 => $"\uFEFFCopyright \u00a9 {1990 + random.Next(30)}-{2020 + random.Next(7)} {Names[random.Next(Names.Length)]}. All rights reserved.\n\n{altered}",
            _ => altered,
        };
    }

    private static string Wrapped(string text, int width, string comment, Random random)
    {
        var result = new StringBuilder();
        var end = random.Next(2) == 0 ? "\n" : "\r\n";
        foreach (var paragraph in text.Split('\n'))
        {
            var line = new StringBuilder(comment);
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Length > comment.Length && line.Length + word.Length > width)
                {
                    result.Append(line).Append(end);
                    line.Clear().Append(comment);
                }

                line.Append(word).Append(random.Next(15) == 0 ? "  " : " ");
            }

            result.Append(line).Append(end);
        }

        return result.ToString();
    }

    // Lines with a year or a place for one; what follows on the line is a name.
    [GeneratedRegex(@"(?im)^\s*copyright\s+(?:\(c\)|©)?\s*(?:[<\[{(]?(?:year|yyyy)[>\]})]?|(?:19|20)\d\d)[^\n]{0,60}$")]
    private static partial Regex Copyright();
}
