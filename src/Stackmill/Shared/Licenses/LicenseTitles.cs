namespace Stackmill.Shared.Licenses;

/// <summary>Reads licence files that only name their licence: "MIT", "GNU GPL v3", or its address.</summary>
internal static class LicenseTitles
{
    private const int MostLines = 5;

    private static readonly uint Org = LicenseWords.HashOf("org");
    private static readonly uint Licenses = LicenseWords.HashOf("licenses");
    private static readonly uint CreativeCommons = LicenseWords.HashOf("creativecommons");
    private static readonly uint Apache = LicenseWords.HashOf("apache");
    private static readonly uint Gnu = LicenseWords.HashOf("gnu");

    /// <summary>What the first lines, or else addresses, name.</summary>
    public static List<LicenseMatch> Find(ReadOnlySpan<byte> text, int from, LicenseWords words)
    {
        var found = new List<LicenseMatch>();
        for (var (at, lines) = (from, 0); at < text.Length && lines < MostLines;)
        {
            var rest = text[at..];
            var end = rest.IndexOf((byte)'\n') is >= 0 and var newLine ? at + newLine : text.Length;
            if (!text[at..end].Trim(" \t\r"u8).IsEmpty)
            {
                lines++;
                Add(text, at, end, found);
            }

            at = end + 1;
        }

        for (var i = 2; found.Count == 0 && i < words.Count; i++)
        {
            if (words.Hashes[i] == Licenses && words.Hashes[i - 1] == Org)
                Address(text, words, i, found);
        }

        return found;
    }

    /// <summary>True when a text names other licence files: <c>LICENSE-MIT</c>, <c>LICENSES/</c>.</summary>
    public static bool PointsToFiles(ReadOnlySpan<byte> text)
    {
        foreach (var name in (ReadOnlySpan<string>)["LICENSE.", "LICENSE-", "LICENSE_", "LICENSES/", "LICENCE.", "LICENCE-", "COPYING."])
        {
            var at = text.IndexOf(System.Text.Encoding.ASCII.GetBytes(name));
            if (at >= 0 && at + name.Length < text.Length && char.IsAsciiLetterOrDigit((char)text[at + name.Length]))
                return true;
        }

        return false;
    }

    private static void Add(ReadOnlySpan<byte> text, int start, int end, List<LicenseMatch> found)
    {
        foreach (var id in LicenseStatements.NamesAt(text, start, end, out var after))
            found.Add(new LicenseMatch(id, 0.9, start, after - start));
    }

    private static void Address(ReadOnlySpan<byte> text, LicenseWords words, int i, List<LicenseMatch> found)
    {
        var site = words.Hashes[i - 2];
        var name = NameWord.Read(text, words.Ends[i], Math.Min(text.Length, words.Ends[i] + 60), 8);
        if (site == CreativeCommons)
            name.Insert(0, new NameWord("cc", words.Starts[i], words.Ends[i]));
        else if (site == Apache)
            name.Insert(0, new NameWord("apache", words.Starts[i], words.Ends[i]));
        if (name.Count == 0)
            return;
        IReadOnlyList<string> ids = [];
        var next = 0;
        if (site == Gnu && GnuLicense.Match(name, 0, "", text, out var gnu) is > 0 and var afterGnu)
            (next, ids) = (afterGnu, [gnu]);
        else
            next = LicenseNames.Shared.Match(name, 0, out ids);
        foreach (var id in ids)
            found.Add(new LicenseMatch(id, 0.8, words.Starts[i - 2], Math.Max(name[next - 1].End, words.Ends[i]) - words.Starts[i - 2]));
    }
}
