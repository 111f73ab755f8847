namespace Stackmill.Shared.Licenses;

/// <summary>
/// Finds statements that a file is under a licence: "licensed under the …", "under the terms of …", "governed by …", GNU's and Mozilla's headers,
/// "in the public domain". Mentions of a licence that state nothing of the file ("unlike the GPL", "the library X is under the MIT licence") are not
/// statements; where a freer licence would follow from them, the sentence must be about the file itself.
/// </summary>
internal static class LicenseStatements
{
    private const int MostNameBytes = 700;
    private const int MostNameWords = 60;
    private const int WordsBefore = 12;

    private static readonly uint Under = H("under");
    private static readonly uint Governed = H("governed");
    private static readonly uint Subject = H("subject");
    private static readonly uint Public = H("public");
    private static readonly uint Domain = H("domain");
    private static readonly uint Same = H("same");
    private static readonly uint[] SameTermsAsPerl = [H("same"), H("terms"), H("as"), H("perl")];

    // What a thing is that stands under a licence.
    private static readonly HashSet<uint> Acts = Set(
        "licensed licenses licensing released distributed available provided published redistribute distribute modify use used reproduced copied dual offered covered terms conditions subject usable placed put made free");

    private static readonly HashSet<uint> Given = Set("released placed dedicated put donated entered is are belongs");

    private static readonly HashSet<uint> Denied = Set("not never cannot unlike previously formerly was were isn incompatible except without instead neither nor longer if other others combine compatible");

    private static readonly HashSet<uint> Self = Set("this these you permission dual");

    private static readonly HashSet<uint> Things = Set("software program code library source sources file files work project package module script content contents material application plugin sdk framework");

    private static readonly HashSet<string> Fillers =
    [
        "the", "a", "an", "terms", "and", "conditions", "of", "either", "both", "same", "following", "any", "version", "v", "license", "licence", "open", "source", "oss", "free", "permissive", "provisions", "dual", "your", "choice", "with", "simple", "s", "foundation", "by", "to",
    ];

    private static readonly HashSet<string> NotYetName = ["the", "a", "an", "terms", "and", "conditions", "of", "either", "both", "same", "following", "your", "choice", "dual", "permissive"];

    /// <summary>Adds the statements among the words that were read.</summary>
    /// <param name="text">The text.</param>
    /// <param name="words">Its words.</param>
    /// <param name="isLicenseFile">The file is about its licence by its name, so that every sentence is.</param>
    /// <param name="found">Statements are added.</param>
    public static void Find(ReadOnlySpan<byte> text, LicenseWords words, bool isLicenseFile, List<LicenseMatch> found)
    {
        var hashes = words.Hashes;
        for (var i = 1; i < hashes.Length; i++)
        {
            if (hashes[i] == Under)
                Named(text, words, i, isLicenseFile, found);
            else if (hashes[i] == Governed || hashes[i] == Subject)
                Named(text, words, i, isLicenseFile, found);
            else if (hashes[i] == Domain && hashes[i - 1] == Public)
                InPublicDomain(words, i, isLicenseFile, found);
            else if (hashes[i] == Same && hashes[i..].StartsWith(SameTermsAsPerl))
                AsPerl(words, i, found);
        }
    }

    /// <summary>The ids that a text names from its begin on; empty when it begins with no name.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">First byte.</param>
    /// <param name="end">Byte after the last one.</param>
    /// <param name="after">Byte after the names.</param>
    public static IReadOnlyList<string> NamesAt(ReadOnlySpan<byte> text, int start, int end, out int after)
    {
        var words = NameWord.Read(text, start, Math.Min(end, start + MostNameBytes), MostNameWords);
        var ids = new List<string>();
        after = start;
        for (var at = 0; at < words.Count;)
        {
            var begin = AfterFillers(words, at, out var version);
            var (next, more) = One(words, begin, version, text);
            // Fillers may be the begin of a name: "free …", "open …".
            if (next == begin)
                (next, more) = One(words, begin = AfterArticles(words, at), "", text);
            if (next == begin)
                break;
            // "BSD-style" is a likeness; which licence it is, stands elsewhere.
            if (next < words.Count && words[next].Text is "style" or "like" or "compatible" or "alike")
                break;
            ids.AddRange(more.Except(ids));
            after = words[next - 1].End;
            at = AfterConnective(words, next);
            if (at == next)
                break;
        }

        return ids;
    }

    private static (int Next, IReadOnlyList<string> Ids) One(List<NameWord> words, int at, string version, ReadOnlySpan<byte> text)
    {
        var next = GnuLicense.Match(words, at, version, text, out var gnu);
        if (next > at)
            return (next, [gnu]);
        next = LicenseNames.Shared.Match(words, at, out var ids);
        return (next, ids);
    }

    private static int AfterFillers(List<NameWord> words, int at, out string version)
    {
        version = "";
        while (at < words.Count && (Fillers.Contains(words[at].Text) || (at > 0 && words[at - 1].Text is "version" or "v" && char.IsAsciiDigit(words[at].Text[0]))))
        {
            if (char.IsAsciiDigit(words[at].Text[0]))
                version = GnuLicense.Number(words, at, out at);
            else
                at++;
        }

        return at;
    }

    private static int AfterArticles(List<NameWord> words, int at)
    {
        while (at < words.Count && NotYetName.Contains(words[at].Text))
            at++;
        return at;
    }

    private static int AfterConnective(List<NameWord> words, int at)
    {
        var i = at;
        while (i + 1 < words.Count && (IsOfName(words[i].Text) || (words[i].Text is "or" or "and" && IsOfLater(words[i + 1].Text))))
            i++;
        return i + 1 < words.Count && words[i].Text is "and" or "or" ? i + 1 : at;
    }

    private static bool IsOfName(string word) =>
        IsOfLater(word) || word is "license" or "licence" or "licenses" or "licences" or "version" or "only" or "terms" or "the" or "gpl" or "lgpl" or "mpl" or "your" or "option";

    private static bool IsOfLater(string word) => word is "any" or "later" or "at" or "newer" or "greater" or "higher";

    private static void Named(ReadOnlySpan<byte> text, LicenseWords words, int at, bool isLicenseFile, List<LicenseMatch> found)
    {
        var act = LastAct(words, at);
        if (act < 0 || IsDenied(words, act))
            return;
        var ids = NamesAt(text, words.Ends[at], text.Length, out var end);
        if (ids.Count == 0 || (!isLicenseFile && ids.Any(LicenseTypes.IsPermissive) && !IsOfItself(words, act, at)))
            return;
        foreach (var id in ids)
            found.Add(new LicenseMatch(id, 1, words.Starts[act], end - words.Starts[act]));
    }

    // Governed by and subject to are acts by themselves.
    private static int LastAct(LicenseWords words, int at)
    {
        if (words.Hashes[at] == Governed || words.Hashes[at] == Subject)
            return at;
        for (var i = at - 1; i >= Math.Max(0, at - 6); i--)
        {
            if (Acts.Contains(words.Hashes[i]))
                return i;
            if ((words.Marks[i] & WordMarks.SentenceStart) != 0)
                break;
        }

        return -1;
    }

    private static bool IsDenied(LicenseWords words, int act)
    {
        for (var i = act; i >= Math.Max(0, act - 5); i--)
        {
            if (Denied.Contains(words.Hashes[i]))
                return true;
            if ((words.Marks[i] & WordMarks.SentenceStart) != 0)
                break;
        }

        return false;
    }

    // The sentence begins with the act ("Licensed under"), or is about this file.
    private static bool IsOfItself(LicenseWords words, int act, int end)
    {
        for (var i = end - 1; i >= Math.Max(0, act - WordsBefore); i--)
        {
            if (Self.Contains(words.Hashes[i]) || Things.Contains(words.Hashes[i]))
                return true;
            if ((words.Marks[i] & WordMarks.Copyright) != 0)
                return true;
            if (i <= act && ((words.Marks[i] & WordMarks.SentenceStart) != 0 || ((words.Marks[i] & WordMarks.LineStart) != 0 && i == act)))
                return act - i <= 1;
        }

        return false;
    }

    private static void InPublicDomain(LicenseWords words, int at, bool isLicenseFile, List<LicenseMatch> found)
    {
        for (var i = at - 2; i >= Math.Max(0, at - 5); i--)
        {
            if (!Given.Contains(words.Hashes[i]))
                continue;
            if (!IsDenied(words, i) && (isLicenseFile || IsOfItself(words, i, at)))
                found.Add(new LicenseMatch(LicenseRefs.PublicDomain, 0.9, words.Starts[i], words.Ends[at] - words.Starts[i]));
            return;
        }
    }

    private static void AsPerl(LicenseWords words, int at, List<LicenseMatch> found)
    {
        var end = at + SameTermsAsPerl.Length - 1;
        foreach (var id in (string[])["Artistic-1.0-Perl", "GPL-1.0-or-later"])
            found.Add(new LicenseMatch(id, 1, words.Starts[at], words.Ends[end] - words.Starts[at]));
    }

    private static uint H(string word) => LicenseWords.HashOf(word);

    private static HashSet<uint> Set(string words) => [.. words.Split(' ').Select(H)];
}
