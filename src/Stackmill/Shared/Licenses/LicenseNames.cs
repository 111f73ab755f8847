using System.Text;

namespace Stackmill.Shared.Licenses;

/// <summary>
/// Knows licences by the names that people write: all ids and names of the SPDX list and common other forms, with words that vary left out
/// (license, version, the). The longest name that fits is taken.
/// </summary>
internal sealed class LicenseNames
{
    private static readonly Lazy<LicenseNames> Made = new(() => new LicenseNames());

    // Left out wherever they stand: with and without them it is the same licence.
    private static readonly HashSet<string> Dropped =
    [
        "version", "v", "ver", "the", "license", "licence", "licenses", "licences", "software", "agreement", "a", "an", "international", "unported", "generic", "intl",
    ];

    private static readonly Dictionary<string, string[]> Spelled = new(StringComparer.Ordinal)
    {
        ["noncommercial"] = ["non", "commercial"],
        ["sharealike"] = ["share", "alike"],
        ["noderivatives"] = ["no", "derivatives"],
        ["noderivs"] = ["no", "derivatives"],
        ["two"] = ["2"],
        ["three"] = ["3"],
        ["four"] = ["4"],
    };

    // Names in use beside those of the list; GNU's are taken apart by GnuLicense.
    private static readonly (string Name, string Id)[] Others =
    [
        ("mit", "MIT"), ("zlib", "Zlib"), ("ncsa", "NCSA"), ("beerware", "Beerware"), ("json", "JSON"), ("hpnd", "HPND"), ("vim", "Vim"), ("ruby", "Ruby"), ("php", "PHP-3.01"), ("mit expat", "MIT"), ("expat", "MIT"), ("mit x11", "MIT"), ("mit x 11", "MIT"), ("x11 mit", "MIT"), ("apache 2", "Apache-2.0"), ("apache", "Apache-2.0"), ("asl 2 0", "Apache-2.0"), ("asl 2", "Apache-2.0"),
        ("al 2 0", "Apache-2.0"), ("apachev2", "Apache-2.0"), ("bsd", "BSD-3-Clause"), ("new bsd", "BSD-3-Clause"), ("modified bsd", "BSD-3-Clause"), ("revised bsd", "BSD-3-Clause"),
        ("3 clause bsd", "BSD-3-Clause"), ("bsd 3", "BSD-3-Clause"), ("bsd new", "BSD-3-Clause"), ("simplified bsd", "BSD-2-Clause"), ("freebsd", "BSD-2-Clause"), ("2 clause bsd", "BSD-2-Clause"),
        ("bsd 2", "BSD-2-Clause"), ("4 clause bsd", "BSD-4-Clause"), ("original bsd", "BSD-4-Clause"), ("zlib libpng", "Zlib"), ("boost", "BSL-1.0"), ("boost 1 0", "BSL-1.0"), ("bsl", "BSL-1.0"),
        ("mozilla public", "MPL-2.0"), ("mpl", "MPL-2.0"), ("mozilla public 2", "MPL-2.0"), ("mpl 2", "MPL-2.0"), ("eclipse public", "EPL-1.0"), ("eclipse public 1", "EPL-1.0"), ("eclipse public 2", "EPL-2.0"),
        ("epl", "EPL-1.0"), ("cc 0", "CC0-1.0"), ("cc 0 1 0", "CC0-1.0"), ("creative commons zero", "CC0-1.0"), ("creative commons 0", "CC0-1.0"), ("publicdomain zero 1 0", "CC0-1.0"),
        ("creative commons attribution", "CC-BY-4.0"), ("cc by", "CC-BY-4.0"), ("creative commons attribution share alike", "CC-BY-SA-4.0"), ("cc by sa", "CC-BY-SA-4.0"),
        ("creative commons attribution non commercial", "CC-BY-NC-4.0"), ("cc by nc", "CC-BY-NC-4.0"), ("creative commons attribution non commercial share alike", "CC-BY-NC-SA-4.0"), ("cc by nc sa", "CC-BY-NC-SA-4.0"),
        ("creative commons attribution no derivatives", "CC-BY-ND-4.0"), ("cc by nd", "CC-BY-ND-4.0"), ("cc by nc nd", "CC-BY-NC-ND-4.0"), ("creative commons attribution non commercial no derivatives", "CC-BY-NC-ND-4.0"),
        ("artistic", "Artistic-1.0"), ("unlicense", "Unlicense"), ("wtfpl", "WTFPL"), ("isc", "ISC"), ("zope public", "ZPL-2.1"), ("psf", "PSF-2.0"), ("python foundation", "PSF-2.0"), ("ms pl", "MS-PL"), ("ms rl", "MS-RL"),
        ("microsoft public", "MS-PL"), ("common development and distribution", "CDDL-1.0"), ("cddl", "CDDL-1.0"), ("server side public", "SSPL-1.0"), ("sspl", "SSPL-1.0"), ("business source", "BUSL-1.1"), ("elastic", "Elastic-2.0"),
        ("polyform noncommercial", "PolyForm-Noncommercial-1.0.0"), ("polyform non commercial", "PolyForm-Noncommercial-1.0.0"), ("polyform", LicenseRefs.Unknown), ("confluent community", LicenseRefs.Unknown),
        ("redis source available", LicenseRefs.Unknown), ("eupl", "EUPL-1.2"), ("european union public", "EUPL-1.2"), ("sil open font", "OFL-1.1"), ("ofl", "OFL-1.1"), ("cecill", "CECILL-2.1"), ("postgresql", "PostgreSQL"),
        ("university of illinois ncsa open source", "NCSA"), ("do what the fuck you want to public", "WTFPL"), ("mulan psl 2", "MulanPSL-2.0"), ("mulan psl 1", "MulanPSL-1.0"), ("blue oak model", "BlueOak-1.0.0"),
    ];

    private readonly Node _root = new();

    private LicenseNames()
    {
        foreach (var (id, name) in LicenseList.All)
        {
            // Single words of the list (Fair, Intel, Open …) are words of other names and of prose too; those that are not are named above.
            Add(id, id, fewest: 2);
            Add(name, id, fewest: 2);
        }

        foreach (var (name, id) in Others)
            Add(name, id, fewest: 1);
    }

    /// <summary>The names of the SPDX list and others.</summary>
    public static LicenseNames Shared => Made.Value;

    /// <summary>The longest name that the words begin with.</summary>
    /// <param name="words">Lower-case words, letters apart from digits, as <see cref="NameWord.Read"/> gives them.</param>
    /// <param name="start">The first word.</param>
    /// <param name="ids">Its ids.</param>
    /// <returns>The word after the name; <paramref name="start"/> when there is none.</returns>
    public int Match(IReadOnlyList<NameWord> words, int start, out IReadOnlyList<string> ids)
    {
        ids = [];
        var (node, best) = (_root, start);
        for (var i = start; i < words.Count; i++)
        {
            var word = words[i].Text;
            if (Dropped.Contains(word))
                continue;
            if (!Step(ref node, word))
                break;
            if (node.Id is { } id)
                (ids, best) = (LicenseList.Find(id) ?? [id], i + 1);
        }

        // "Attribution" alone would be the freest of its family.
        if (best > start && ids[0].StartsWith("CC-BY", StringComparison.Ordinal) && SaysMore(words, best))
            ids = [LicenseRefs.Unknown];
        return best;
    }

    private static bool SaysMore(IReadOnlyList<NameWord> words, int at)
    {
        for (var i = at; i < Math.Min(words.Count, at + 5); i++)
        {
            if (words[i].Text is "non" or "noncommercial" or "nc" or "no" or "nd" or "noderivs" or "noderivatives" or "share" or "sharealike" or "sa")
                return true;
        }

        return false;
    }

    private static bool Step(ref Node node, string word)
    {
        if (!Spelled.TryGetValue(word, out var parts))
            return node.Next.TryGetValue(word, out node!);
        var step = node;
        foreach (var part in parts)
        {
            if (!step.Next.TryGetValue(part, out step!))
                return false;
        }

        node = step;
        return true;
    }

    private void Add(string name, string id, int fewest)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        var words = NameWord.Read(bytes, 0, bytes.Length).Where(w => !Dropped.Contains(w.Text)).SelectMany(w => Spelled.GetValueOrDefault(w.Text) ?? [w.Text]).ToList();
        if (words.Count < fewest)
            return;
        var node = _root;
        foreach (var word in words)
        {
            if (!node.Next.TryGetValue(word, out var next))
                node.Next.Add(word, next = new Node());
            node = next;
        }

        // The first of equal names stays: "-only" comes before "-or-later".
        node.Id ??= id;
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Next { get; } = new(StringComparer.Ordinal);

        public string? Id { get; set; }
    }
}

/// <summary>A word of a name: letters or digits, in lower case.</summary>
/// <param name="Text">The word.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">Byte after it.</param>
internal readonly record struct NameWord(string Text, int Start, int End)
{
    /// <summary>The words of a part of a text, letters apart from digits: <c>GPLv2</c> is <c>gplv</c> and <c>2</c>, with the v left out.</summary>
    public static List<NameWord> Read(ReadOnlySpan<byte> text, int start, int end, int most = int.MaxValue)
    {
        var words = new List<NameWord>();
        for (var i = start; i < end && words.Count < most;)
        {
            var c = (char)text[i];
            if (!char.IsAsciiLetterOrDigit(c))
            {
                i++;
                continue;
            }

            var from = i;
            var isDigit = char.IsAsciiDigit(c);
            while (i < end && char.IsAsciiLetterOrDigit((char)text[i]) && char.IsAsciiDigit((char)text[i]) == isDigit)
                i++;
            var word = Encoding.ASCII.GetString(text[from..i]).ToLowerInvariant();
            // "gplv3", "apachev2".
            if (!isDigit && word.Length > 2 && word[^1] == 'v' && i < end && char.IsAsciiDigit((char)text[i]))
                word = word[..^1];
            words.Add(new NameWord(word, from, i));
        }

        return words;
    }
}
