using Stackmill.Shared.Languages;

namespace Stackmill.Shared.Licenses;

/// <summary>What a file says of the licences of its folder, by its name.</summary>
internal enum LicenseFileKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It holds the licence: LICENSE, COPYING, UNLICENSE …</summary>
    License,

    /// <summary>NOTICE or COPYRIGHT: heard where no licence file lies beside it.</summary>
    Notice,

    /// <summary>A package's manifest, which names the licence in a field.</summary>
    Manifest,
}

/// <summary>Knows licence files and manifests by their names.</summary>
internal static class LicenseFiles
{
    /// <summary>Longest licence file that is read; longer ones are read to here.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>Where REUSE keeps the texts of a repository's licences, one a file.</summary>
    public const string ReuseFolder = "LICENSES";

    private static readonly string[] LicenseStems = ["license", "licence", "licenses", "licences", "copying", "unlicense", "unlicence", "eula"];
    private static readonly string[] NoticeStems = ["notice", "copyright"];
    private static readonly string[] TextEndings = [".txt", ".text", ".md", ".markdown", ".mkd", ".rst", ".html", ".htm", ".adoc", ".asciidoc", ".org"];
    private static readonly HashSet<string> Manifests = new(StringComparer.Ordinal) { "package.json", "composer.json", "bower.json", "Cargo.toml", "pyproject.toml", "setup.cfg", "pom.xml" };

    /// <summary>What a file is, by its path, and the folder whose files it speaks of.</summary>
    /// <param name="path">POSIX path.</param>
    /// <param name="folder">The folder without a slash at its end; empty for the top.</param>
    public static LicenseFileKind Of(string path, out string folder)
    {
        var slash = path.LastIndexOf('/');
        var name = path[(slash + 1)..];
        folder = slash < 0 ? "" : path[..slash];
        if (folder == ReuseFolder || folder.EndsWith("/" + ReuseFolder, StringComparison.Ordinal))
        {
            folder = folder.Length == ReuseFolder.Length ? "" : folder[..^(ReuseFolder.Length + 1)];
            return name.EndsWith(".txt", StringComparison.Ordinal) ? LicenseFileKind.License : LicenseFileKind.None;
        }

        return OfName(name);
    }

    /// <summary>What a file is, by its name alone.</summary>
    public static LicenseFileKind OfName(string name)
    {
        if (Manifests.Contains(name) || name.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase))
            return LicenseFileKind.Manifest;
        // Most names begin with another letter, and none of the short ones ends so.
        if (name.Length < 4)
            return LicenseFileKind.None;
        var stem = Array.Find(TextEndings, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)) is { } ending ? name[..^ending.Length] : name;
        var isText = stem.Length < name.Length;
        if (IsNamed(stem, LicenseStems))
            return isText || IsNoCode(name) ? LicenseFileKind.License : LicenseFileKind.None;
        if (IsNamed(stem, NoticeStems))
            return isText || IsNoCode(name) ? LicenseFileKind.Notice : LicenseFileKind.None;
        return LicenseFileKind.None;
    }

    // "LICENSE", "LICENSE-MIT", "LICENSE.Apache-2.0", "COPYING3", "MIT-LICENSE"; not "LicenseManager".
    private static bool IsNamed(string stem, string[] names)
    {
        foreach (var name in names)
        {
            if (stem.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (stem.Length == name.Length || !char.IsAsciiLetter(stem[name.Length])))
                return true;
            if (stem.EndsWith(name, StringComparison.OrdinalIgnoreCase) && stem[^(name.Length + 1)] is '-' or '_' or '.')
                return true;
        }

        return false;
    }

    // "license.py" is a program.
    private static bool IsNoCode(string name) => LanguageTable.OfPath(name)?.Name is null or "Text" or "Markdown" or "HTML" or "reStructuredText" or "AsciiDoc";
}
