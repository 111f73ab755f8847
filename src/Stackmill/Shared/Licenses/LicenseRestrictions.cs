namespace Stackmill.Shared.Licenses;

/// <summary>
/// Finds words that take away what a permissive licence gives: between its own words, where a single one counts ("not", "commercial"), and near it, where it
/// takes a phrase ("for non-commercial use", "Commons Clause").
/// </summary>
internal static class LicenseRestrictions
{
    private static readonly HashSet<uint> Inserted = Set(
        "not never no noncommercial commercial commercially nonprofit profit educational academic research evaluation personal internal military weapons nuclear prohibited forbidden "
        + "restricted except excluding unless only must sold sale resell fee fees royalty royalties payment competing competitor competitors competitive ethical evil harm revoke revoked "
        + "terminate terminates expires confidential proprietary approval gpl copyleft consent disclose training");

    // The plainest of them, for what stands where the begin or end of a text is missing.
    private static readonly uint[] Plain = [.. "not never no without except prohibited forbidden".Split(' ').Select(H)];

    private static readonly HashSet<uint> Granted = Set("modify distribute sell redistribute modification sublicense");

    private static readonly HashSet<uint> OfContracts = Set("shall agree agrees agreement licensee licensor terminate terminates termination breach jurisdiction sublicensable prohibited customer party parties");

    private static readonly uint Commercial = H("commercial");
    private static readonly uint NonCommercial = H("noncommercial");
    private static readonly uint Non = H("non");
    private static readonly uint Commons = H("commons");
    private static readonly uint Clause = H("clause");

    private static readonly HashSet<uint> Joins = Set("or and both");
    private static readonly HashSet<uint> Denials = Set("not no non prohibited forbidden excluding except without cannot never");
    private static readonly HashSet<uint> DenialsAfter = Set("prohibited forbidden requires require restricted disallowed");

    private static readonly Dictionary<uint, uint[][]> PhrasesByFirst = new[]
        {
            "evaluation purposes", "evaluation only", "academic use only", "academic purposes", "research purposes only", "research use only", "educational purposes only", "educational use only", "personal use only",
            "internal use only", "may not be sold", "may not be used by", "may not be used for", "not be resold", "may not sell", "not redistribute", "not be redistributed", "not be distributed", "not distribute", "strictly prohibited", "proprietary and confidential",
            "confidential and proprietary", "all use is prohibited", "no license is granted", "no rights are granted", "trade secret", "trade secrets",
        }.Select(p => p.Split(' ').Select(H).ToArray()).GroupBy(p => p[0]).ToDictionary(p => p.Key, p => p.ToArray());

    /// <summary>True when one of some words is one that a permissive text can't have more of without allowing less.</summary>
    public static bool Denies(ReadOnlySpan<uint> words) => words.ContainsAny(Plain);

    /// <summary>True when words were put into a permissive text, or taken from it, so that it allows less.</summary>
    /// <param name="file">The words of the file from the first to the last that belongs to the licence.</param>
    /// <param name="marks">Their marks.</param>
    /// <param name="agree">Which of them agree with the text.</param>
    /// <param name="text">The text.</param>
    /// <param name="met">Which of its words were met.</param>
    public static bool Changed(ReadOnlySpan<uint> file, ReadOnlySpan<WordMarks> marks, ReadOnlySpan<bool> agree, IndexedText text, ReadOnlySpan<bool> met)
    {
        for (var i = 0; i < file.Length; i++)
        {
            if (!agree[i] && (marks[i] & WordMarks.Copyright) == 0 && (Inserted.Contains(file[i]) || (file[i] == Non && i + 1 < file.Length && Inserted.Contains(file[i + 1]))))
                return true;
        }

        for (var i = 0; i < text.Words.Length; i++)
        {
            if (!met[i] && !text.Optional[i] && Granted.Contains(text.Words[i]) && !IsBeside(file, agree, text.Words[i]))
                return true;
        }

        return false;
    }

    /// <summary>True when a part of a text says that less is allowed than permissive licences do.</summary>
    /// <param name="words">Words of the part.</param>
    public static bool Restricts(ReadOnlySpan<uint> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == NonCommercial || (words[i] == Commercial && i > 0 && words[i - 1] == Non))
            {
                var before = words[i] == NonCommercial ? i - 1 : i - 2;
                if (!(before > 0 && Joins.Contains(words[before])) && !(i + 2 < words.Length && Joins.Contains(words[i + 1]) && words[i + 2] == Commercial))
                    return true;
            }
            else if (words[i] == Commercial && (Any(words, i - 8, i, Denials) || Any(words, i + 1, i + 7, DenialsAfter)))
            {
                return true;
            }
            else if (PhrasesByFirst.TryGetValue(words[i], out var phrases) && StartsWithAny(words[i..], phrases))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many words there are that contracts have and notices have not.</summary>
    /// <param name="words">Words of a part of a text.</param>
    public static int Binding(ReadOnlySpan<uint> words)
    {
        var count = 0;
        foreach (var word in words)
            count += OfContracts.Contains(word) ? 1 : 0;
        return count;
    }

    /// <summary>Where the Commons Clause is named; -1 when it is not.</summary>
    public static int CommonsClause(ReadOnlySpan<uint> words) => words.IndexOf([Commons, Clause]);

    private static bool StartsWithAny(ReadOnlySpan<uint> words, uint[][] phrases)
    {
        foreach (var phrase in phrases)
        {
            if (words.StartsWith(phrase))
                return true;
        }

        return false;
    }

    private static bool Any(ReadOnlySpan<uint> words, int from, int to, HashSet<uint> set)
    {
        for (var i = Math.Max(0, from); i < Math.Min(words.Length, to); i++)
        {
            if (set.Contains(words[i]))
                return true;
        }

        return false;
    }

    // A word that stands among others that differ is not missing.
    private static bool IsBeside(ReadOnlySpan<uint> file, ReadOnlySpan<bool> agree, uint word)
    {
        for (var i = 0; i < file.Length; i++)
        {
            if (!agree[i] && file[i] == word)
                return true;
        }

        return false;
    }

    private static uint H(string word) => LicenseWords.HashOf(word);

    private static HashSet<uint> Set(string words) => [.. words.Split(' ').Select(H)];
}
