namespace Stackmill.Shared.Languages;

/// <summary>One language of the table.</summary>
/// <param name="Name">Linguist's name.</param>
/// <param name="ShortName">The seed system's name, used for folders and accepted in the configuration.</param>
/// <param name="Extensions">Extensions without the dot, lower case, separated by spaces.</param>
/// <param name="FileNames">Whole file names, separated by spaces.</param>
internal sealed record LanguageEntry(string Name, string ShortName, string Extensions, string FileNames = "");

/// <summary>Languages by file name and extension, named as linguist names them. A new language is one line here.</summary>
internal static class LanguageTable
{
    /// <summary>All languages, by name.</summary>
    public static readonly IReadOnlyList<LanguageEntry> Entries =
    [
        new("C", "c", "c h"),
        new("C#", "csharp", "cs csx"),
        new("C++", "cpp", "cpp cc cxx c++ hpp hh hxx h++ ipp inl tcc tpp ixx cppm"),
        new("CSS", "css", "css"),
        new("Go", "go", "go"),
        new("HTML", "html", "html htm xhtml"),
        new("JSON", "json", "json jsonl ndjson geojson webmanifest", ".eslintrc .prettierrc composer.lock"),
        new("Java", "java", "java jav"),
        new("JavaScript", "javascript", "js mjs cjs jsx es6", "Jakefile"),
        new("Markdown", "markdown", "md markdown mdown mkd mdx", "README.md"),
        new("PHP", "php", "php php3 php4 php5 phtml"),
        new("Python", "python", "py pyi pyw pyx pxd", "SConstruct SConscript wscript"),
        new("Ruby", "ruby", "rb rake gemspec ru podspec", "Rakefile Gemfile Guardfile Vagrantfile Podfile Brewfile"),
        new("Rust", "rust", "rs"),
        new("SQL", "sql", "sql ddl"),
        new("Shell", "shell", "sh bash zsh ksh bats", ".bashrc .bash_profile .profile .zshrc PKGBUILD"),
        new("TypeScript", "typescript", "ts tsx mts cts"),
        new("YAML", "yaml", "yml yaml", ".clang-format .clang-tidy"),
    ];

    private static readonly Dictionary<string, LanguageEntry> ByExtension = Index(e => e.Extensions, StringComparer.Ordinal);
    private static readonly Dictionary<string, LanguageEntry> ByFileName = Index(e => e.FileNames, StringComparer.Ordinal);
    private static readonly Dictionary<string, LanguageEntry> ByName = IndexNames();

    /// <summary>All names that the configuration accepts.</summary>
    public static IEnumerable<string> Names => Entries.SelectMany(e => new[] { e.Name, e.ShortName }).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The language of a path, or <c>null</c> when the table has none.</summary>
    public static LanguageEntry? OfPath(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        if (ByFileName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var byName))
            return byName;
        return ByExtension.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(Extension(name), out var byExtension) ? byExtension : null;
    }

    /// <summary>The language with this name (linguist's or short, any case), or <c>null</c>.</summary>
    public static LanguageEntry? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Extension of a file name without the dot, lower case; empty when there is none.</summary>
    public static string Extension(ReadOnlySpan<char> path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var dot = name.LastIndexOf('.');
        // A name that begins with its only dot (.bashrc) has no extension; 32 is longer than any known one.
        return dot <= 0 || name.Length - dot - 1 is 0 or > 32 ? "" : name[(dot + 1)..].ToString().ToLowerInvariant();
    }

    private static Dictionary<string, LanguageEntry> Index(Func<LanguageEntry, string> keys, StringComparer comparer)
    {
        var index = new Dictionary<string, LanguageEntry>(comparer);
        foreach (var entry in Entries)
        {
            foreach (var key in keys(entry).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                index.Add(key, entry);
        }

        return index;
    }

    private static Dictionary<string, LanguageEntry> IndexNames()
    {
        var index = new Dictionary<string, LanguageEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in Entries)
        {
            index[entry.Name] = entry;
            index[entry.ShortName] = entry;
        }

        return index;
    }
}
