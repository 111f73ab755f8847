namespace Stackmill.Shared.Licenses;

/// <summary>GNU's licences by name, with the version that stands before, in or after it, and whether later ones are allowed.</summary>
internal static class GnuLicense
{
    // "GNU General Public License as published by the Free Software Foundation; either version 2 of the License": this far away.
    private const int WordsToVersion = 24;
    private const int WordsToLater = 14;

    private static readonly (string[] Name, string Family)[] Names =
    [
        (["gnu", "affero", "general", "public"], "AGPL"), (["affero", "general", "public"], "AGPL"), (["affero", "gpl"], "AGPL"), (["gnu", "affero", "gpl"], "AGPL"), (["gnu", "agpl"], "AGPL"), (["agpl"], "AGPL"),
        (["gnu", "lesser", "general", "public"], "LGPL"), (["lesser", "general", "public"], "LGPL"), (["gnu", "library", "general", "public"], "LGPL"), (["library", "general", "public"], "LGPL"),
        (["lesser", "gnu", "public"], "LGPL"), (["gnu", "lesser", "public"], "LGPL"), (["lesser", "gpl"], "LGPL"), (["gnu", "lesser", "gpl"], "LGPL"), (["gnu", "lgpl"], "LGPL"), (["lgpl"], "LGPL"),
        (["gnu", "free", "documentation"], "GFDL"), (["gnu", "fdl"], "GFDL"), (["gfdl"], "GFDL"),
        (["gnu", "general", "public"], "GPL"), (["general", "public"], "GPL"), (["gnu", "public"], "GPL"), (["gnu", "gpl"], "GPL"), (["gpl"], "GPL"),
    ];

    /// <summary>Matches a name that begins at a word.</summary>
    /// <param name="words">The words.</param>
    /// <param name="start">The first word.</param>
    /// <param name="before">A version that was named before it, such as "version 2 of the"; may be empty.</param>
    /// <param name="text">The text, for the plus sign behind a number.</param>
    /// <param name="id">Its id.</param>
    /// <returns>The word after the name and what belongs to it; <paramref name="start"/> when there is none.</returns>
    public static int Match(IReadOnlyList<NameWord> words, int start, string before, ReadOnlySpan<byte> text, out string id)
    {
        id = "";
        var at = start;
        var family = "";
        foreach (var (name, of) in Names)
        {
            if (!Begins(words, start, name))
                continue;
            (family, at) = (of, start + name.Length);
            break;
        }

        if (family.Length == 0)
            return start;
        at = Skip(words, at);
        var version = Version(family, words, at, out var afterVersion);
        if (version.Length > 0)
            at = afterVersion;
        else if (before.Length > 0)
            version = Known(family, before);
        else
            version = Ahead(family, words, at, out at);
        var later = version.Length == 0 || IsLater(words, at, text);
        id = $"{family}-{(version.Length == 0 ? Oldest(family) : version)}-{(later ? "or-later" : "only")}";
        return at;
    }

    /// <summary>Reads a version number; its parts joined by a full stop.</summary>
    public static string Number(IReadOnlyList<NameWord> words, int at, out int after)
    {
        after = at;
        if (at >= words.Count || !char.IsAsciiDigit(words[at].Text[0]))
            return "";
        after = at + 1;
        if (after < words.Count && char.IsAsciiDigit(words[after].Text[0]) && words[after].Start - words[at].End == 1)
            return $"{words[at].Text}.{words[after++].Text}";
        return words[at].Text;
    }

    private static bool Begins(IReadOnlyList<NameWord> words, int start, string[] name)
    {
        if (start + name.Length > words.Count)
            return false;
        for (var i = 0; i < name.Length; i++)
        {
            if (words[start + i].Text != name[i])
                return false;
        }

        return true;
    }

    private static int Skip(IReadOnlyList<NameWord> words, int at)
    {
        while (at < words.Count && words[at].Text is "license" or "licence" or "licenses" or "version" or "v" or "ver" or "gpl" or "lgpl" or "agpl" or "the")
            at++;
        return at;
    }

    private static string Version(string family, IReadOnlyList<NameWord> words, int at, out int after) => Known(family, Number(words, at, out after));

    // "either version 2 of the License"; a licence that is named before that has its own version.
    private static string Ahead(string family, IReadOnlyList<NameWord> words, int at, out int after)
    {
        after = at;
        for (var i = at; i < Math.Min(words.Count - 1, at + WordsToVersion); i++)
        {
            if (words[i].Text is "version" or "v" && Version(family, words, i + 1, out var end) is { Length: > 0 } version)
            {
                after = end;
                return version;
            }
        }

        return "";
    }

    private static string Known(string family, string number) => (family, number) switch
    {
        ("GPL", "1" or "1.0") or ("AGPL", "1" or "1.0") => "1.0",
        ("GPL" or "LGPL", "2" or "2.0") => "2.0",
        ("LGPL", "2.1") => "2.1",
        ("GPL" or "LGPL" or "AGPL", "3" or "3.0") => "3.0",
        ("GFDL", "1.1" or "1.2" or "1.3") => number,
        _ => "",
    };

    private static string Oldest(string family) => family switch { "GPL" => "1.0", "LGPL" => "2.0", "AGPL" => "1.0", _ => "1.1" };

    private static bool IsLater(IReadOnlyList<NameWord> words, int at, ReadOnlySpan<byte> text)
    {
        if (at > 0 && words[at - 1].End < text.Length && text[words[at - 1].End] == '+')
            return true;
        for (var i = at; i < Math.Min(words.Count - 1, at + WordsToLater); i++)
        {
            if (words[i].Text is "only")
                return false;
            if (words[i].Text is "any" or "or" or "and" && words[i + 1].Text is "later" or "newer" or "greater" or "higher" or "above" or "subsequent")
                return true;
        }

        return false;
    }
}
