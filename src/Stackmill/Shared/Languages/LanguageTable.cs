namespace Stackmill.Shared.Languages;

/// <summary>How much a file's name tells of its language.</summary>
internal enum NameEvidence
{
    /// <summary>Nothing: only the content can tell.</summary>
    None,

    /// <summary>The whole file name belongs to languages.</summary>
    FileName,

    /// <summary>The extension belongs to languages.</summary>
    Extension,

    /// <summary>The extension belongs to languages and to much else; the content must agree.</summary>
    CommonExtension,
}

/// <summary>
/// Languages by name, file name, extension and interpreter, named as linguist names them. The table is <c>languages.tsv</c>,
/// made by <c>bench/tools/make_languages.py</c>.
/// </summary>
internal static class LanguageTable
{
    // Longer names than any of the table are not worth a look.
    private const int LongestKey = 64;

    // Linguist's generic.yml (7.22.1): too common for the name to decide. Section numbers of manual pages are among them.
    private static readonly HashSet<string> CommonExtensions = new(["1", "2", "3", "4", "5", "6", "7", "8", "9", "cmp", "sol", "stl", "url"], StringComparer.Ordinal);

    /// <summary>All languages, by name.</summary>
    public static readonly IReadOnlyList<LanguageEntry> Entries = Load();

    private static readonly Dictionary<string, LanguageEntry[]> ByExtension = Index(e => e.Extensions);
    private static readonly Dictionary<string, LanguageEntry[]> ByFileName = Index(e => e.FileNames);
    private static readonly Dictionary<string, LanguageEntry[]> ByInterpreter = Index(e => e.Interpreters);
    private static readonly Dictionary<string, LanguageEntry> ByAlias = IndexAliases();
    private static readonly Dictionary<string, LanguageEntry> ByName = IndexNames();
    private static readonly LanguageEntry[] CapitalC = [Get("C"), Get("C++")];
    private static readonly LanguageEntry[] ManualPages = [Get("Roff Manpage"), Get("Roff")];

    /// <summary>All names that the configuration accepts.</summary>
    public static IEnumerable<string> Names => Entries.SelectMany(e => new[] { e.Name, e.ShortName }).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The likeliest language of a path by its name alone, or <c>null</c> when the name tells nothing.</summary>
    public static LanguageEntry? OfPath(string path)
    {
        var candidates = Candidates(path, out var evidence);
        if (candidates.Length == 0 || evidence == NameEvidence.CommonExtension)
            return null;
        return candidates.Length == 1 ? candidates[0] : Heuristics.Disambiguations.Usual(FileName(path), candidates);
    }

    /// <summary>The languages that a file's name belongs to.</summary>
    /// <param name="path">A path.</param>
    /// <param name="evidence">What of the name belongs to them.</param>
    public static LanguageEntry[] Candidates(string path, out NameEvidence evidence)
    {
        var name = FileName(path);
        evidence = NameEvidence.None;
        if (name.Length is 0 or > 4096)
            return [];
        if (name.Length <= LongestKey && ByFileName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var byName))
        {
            evidence = NameEvidence.FileName;
            return byName;
        }

        Span<char> lower = stackalloc char[LongestKey];
        var extensions = ByExtension.GetAlternateLookup<ReadOnlySpan<char>>();
        // The longest known extension wins: page.blade.php is no ordinary PHP.
        for (var dot = FirstDot(name); dot >= 0; dot = Next(name, dot))
        {
            var extension = name[(dot + 1)..];
            var length = extension.ToLowerInvariant(lower);
            if (length <= 0 || !extensions.TryGetValue(lower[..length], out var byExtension))
                continue;
            var isCommon = CommonExtensions.GetAlternateLookup<ReadOnlySpan<char>>().Contains(lower[..length]);
            evidence = isCommon ? NameEvidence.CommonExtension : NameEvidence.Extension;
            // Linguist knows no capitals here; on Unix, main.C is C++, and MAIN.C came from elsewhere.
            return extension is "C" && name.IndexOfAnyInRange('a', 'z') >= 0 ? CapitalC : byExtension;
        }

        if (IsManualPage(name))
        {
            evidence = NameEvidence.CommonExtension;
            return ManualPages;
        }

        return [];
    }

    /// <summary>The languages that an interpreter runs; empty when it is not known.</summary>
    public static LanguageEntry[] OfInterpreter(ReadOnlySpan<char> name) =>
        ByInterpreter.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var entries) ? entries : [];

    /// <summary>The language with this alias, as editors' mode lines write it, or <c>null</c>.</summary>
    public static LanguageEntry? OfAlias(ReadOnlySpan<char> alias) =>
        ByAlias.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(alias, out var entry) ? entry : null;

    /// <summary>The language with this name (linguist's, a folder's or an alias, any case), or <c>null</c>. Datasets write <c>Jupyter_Notebook</c> and <c>C-Sharp</c>; both are understood.</summary>
    public static LanguageEntry? Find(string name)
    {
        if (ByName.TryGetValue(name, out var entry) || ByName.TryGetValue(name.Replace('_', ' '), out entry))
            return entry;
        return name.EndsWith("-Sharp", StringComparison.OrdinalIgnoreCase) ? ByName.GetValueOrDefault(name[..^"-Sharp".Length] + "#") : null;
    }

    /// <summary>The language with this name of linguist's, which is in the table.</summary>
    public static LanguageEntry Get(string name) => ByName[name];

    /// <summary>Extension of a file name without the dot, lower case; empty when there is none.</summary>
    public static string Extension(ReadOnlySpan<char> path)
    {
        var name = FileName(path);
        var dot = name.LastIndexOf('.');
        // A name that begins with its only dot (.bashrc) has no extension; 32 is longer than any known one.
        return dot <= 0 || name.Length - dot - 1 is 0 or > 32 ? "" : name[(dot + 1)..].ToString().ToLowerInvariant();
    }

    /// <summary>What follows the last slash of a path.</summary>
    public static ReadOnlySpan<char> FileName(ReadOnlySpan<char> path) => path[(path.LastIndexOf('/') + 1)..];

    // A leading dot begins no extension.
    private static int FirstDot(ReadOnlySpan<char> name)
    {
        var from = Math.Max(1, name.Length - LongestKey);
        var dot = from < name.Length ? name[from..].IndexOf('.') : -1;
        return dot < 0 ? -1 : dot + from;
    }

    private static int Next(ReadOnlySpan<char> name, int dot)
    {
        var next = name[(dot + 1)..].IndexOf('.');
        return next < 0 ? -1 : dot + 1 + next;
    }

    // Sections of manual pages have letters after their number (3pm, 1ssl), and templates of them end in ".in".
    private static bool IsManualPage(ReadOnlySpan<char> name)
    {
        if (name.EndsWith(".in", StringComparison.OrdinalIgnoreCase))
            name = name[..^3];
        var dot = name.LastIndexOf('.');
        if (dot <= 0)
            return false;
        var section = name[(dot + 1)..];
        return section.Length is > 0 and <= 16 && section[0] is >= '1' and <= '9' && section[1..].IndexOfAnyExceptInRange('a', 'z') < 0;
    }

    private static List<LanguageEntry> Load()
    {
        using var resource = typeof(LanguageTable).Assembly.GetManifestResourceStream("Stackmill.languages.tsv")!;
        using var reader = new StreamReader(resource);
        var entries = new List<LanguageEntry>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                entries.Add(LanguageEntry.Parse(line));
        }

        return entries;
    }

    private static Dictionary<string, LanguageEntry[]> Index(Func<LanguageEntry, string> keys)
    {
        var index = new Dictionary<string, LanguageEntry[]>(StringComparer.Ordinal);
        foreach (var entry in Entries)
        {
            foreach (var key in keys(entry).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                index[key] = [.. index.GetValueOrDefault(key, []), entry];
        }

        return index;
    }

    // Editors write linguist's names with hyphens for blanks.
    private static Dictionary<string, LanguageEntry> IndexAliases()
    {
        var index = new Dictionary<string, LanguageEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in Entries)
            index[entry.Name.Replace(' ', '-')] = entry;
        foreach (var entry in Entries)
        {
            foreach (var alias in entry.Aliases.Split('|', StringSplitOptions.RemoveEmptyEntries))
                index.TryAdd(alias, entry);
        }

        return index;
    }

    private static Dictionary<string, LanguageEntry> IndexNames()
    {
        var index = new Dictionary<string, LanguageEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in Entries)
            index[entry.Name] = entry;
        foreach (var entry in Entries)
            index.TryAdd(entry.ShortName, entry);
        foreach (var (alias, entry) in ByAlias)
            index.TryAdd(alias, entry);
        return index;
    }
}
