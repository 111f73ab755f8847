using System.Text;

namespace Stackmill.Organize.Sources.Git;

/// <summary>What the attributes of a path say that matters here; <c>null</c> where they say nothing.</summary>
/// <param name="Vendored"><c>linguist-vendored</c>.</param>
/// <param name="Generated"><c>linguist-generated</c>.</param>
/// <param name="Language"><c>linguist-language</c>.</param>
internal readonly record struct LinguistAttributes(bool? Vendored, bool? Generated, string? Language);

/// <summary>
/// One <c>.gitattributes</c> file, by gitattributes(5): the lines that set attributes which matter here, or macros that do.
/// <c>linguist-documentation</c> and <c>linguist-detectable</c> change linguist's statistics only, and a record has no field for them.
/// </summary>
internal sealed class GitAttributes
{
    /// <summary>Larger files are not read, as Git itself does.</summary>
    public const long MostBytes = 100 << 20;

    // Git passes over longer lines.
    private const int MostLine = 2048;
    private const string Macro = "[attr]";
    private const string Vendored = "linguist-vendored";
    private const string Generated = "linguist-generated";
    private const string LanguageName = "linguist-language";

    private readonly List<(AttributePattern Pattern, List<Setting> Settings)> _rules = [];

    private GitAttributes(string folder, GitAttributes? parent) => (Folder, Parent) = (folder, parent);

    /// <summary>Folder of the file in its repository, with a slash at its end; empty for the top.</summary>
    public string Folder { get; }

    /// <summary>The next file above; <c>null</c> for the top one.</summary>
    public GitAttributes? Parent { get; }

    private Dictionary<string, List<Setting>> Macros { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Reads a file of a folder.</summary>
    public static GitAttributes Parse(ReadOnlySpan<byte> bytes, string folder, GitAttributes? parent)
    {
        var attributes = new GitAttributes(folder, parent) { Macros = parent?.Macros ?? new(StringComparer.Ordinal) };
        foreach (var line in Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Split('\n'))
        {
            var text = line.Trim(' ', '\t', '\r');
            if (text.Length == 0 || text[0] == '#' || text.Length >= MostLine)
                continue;
            var (pattern, rest) = Pattern(text);
            // Only the file at the top may define macros.
            if (pattern.StartsWith(Macro, StringComparison.Ordinal) && text[0] != '"')
            {
                if (folder.Length == 0 && pattern.Length > Macro.Length)
                    attributes.Macros[pattern[Macro.Length..]] = attributes.Settings(rest);
                continue;
            }

            var settings = attributes.Settings(rest);
            if (settings.Count > 0 && AttributePattern.Of(pattern) is { } matcher)
                attributes._rules.Add((matcher, settings));
        }

        return attributes;
    }

    /// <summary>What the files from the top down to this one say of a path in this folder or below; the last that matches wins.</summary>
    public LinguistAttributes Of(string path)
    {
        var found = Parent?.Of(path) ?? default;
        foreach (var (pattern, settings) in _rules)
        {
            if (!pattern.Matches(path.AsSpan(Folder.Length)))
                continue;
            foreach (var (name, value) in settings)
            {
                found = name switch
                {
                    Vendored => found with { Vendored = Truth(value) },
                    Generated => found with { Generated = Truth(value) },
                    _ => found with { Language = value is "true" or "false" or null ? null : value },
                };
            }
        }

        return found;
    }

    // Linguist takes every value but "false" for true.
    private static bool? Truth(string? value) => value is null ? null : value != "false";

    private List<Setting> Settings(string text)
    {
        var settings = new List<Setting>();
        foreach (var word in text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = word.IndexOf('=');
            var (name, value) = word[0] switch
            {
                '-' => (word[1..], "false"),
                '!' => (word[1..], null),
                _ when equals > 0 => (word[..equals], word[(equals + 1)..]),
                _ => (word, "true"),
            };
            if (name is Vendored or Generated or LanguageName)
                settings.Add(new Setting(name, value));
            else if (value == "true" && Macros.TryGetValue(name, out var macro))
                settings.AddRange(macro);
        }

        // The last one wins; macros of macros stay as short as this.
        return [.. settings.GroupBy(s => s.Name, StringComparer.Ordinal).Select(g => g.Last())];
    }

    private static (string Pattern, string Attributes) Pattern(string line)
    {
        if (line[0] != '"')
        {
            var end = line.IndexOfAny([' ', '\t']);
            return end < 0 ? (line, "") : (line[..end], line[end..]);
        }

        var pattern = new StringBuilder();
        for (var i = 1; i < line.Length; i++)
        {
            if (line[i] == '"')
                return (pattern.ToString(), line[(i + 1)..]);
            if (line[i] == '\\' && i + 1 < line.Length)
                i++;
            pattern.Append(line[i]);
        }

        return ("", "");
    }

    private readonly record struct Setting(string Name, string? Value);
}
