using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Versioning.Projects;

/// <summary>
/// The configuration of a DVC project: the user's, then <c>.dvc/config</c>, then <c>.dvc/config.local</c>, the later over the
/// earlier. Paths in a file are relative to its folder.
/// </summary>
internal sealed class DvcConfig
{
    private const string RemotePrefix = "remote \"";

    // By section and key; each value with the folder of the file that it stands in.
    private readonly Dictionary<string, Dictionary<string, (string Value, string Folder)>> _sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _folder;

    private DvcConfig(string folder) => _folder = folder;

    /// <summary>Reads the configuration of a project.</summary>
    /// <param name="folder">Its <c>.dvc</c> folder.</param>
    /// <param name="environment">Gives variables of the environment.</param>
    /// <exception cref="UsageException">A file can't be read.</exception>
    public static DvcConfig Read(string folder, Func<string, string?> environment)
    {
        var config = new DvcConfig(folder);
        var user = environment("DVC_GLOBAL_CONFIG_DIR") is { Length: > 0 } given ? given
            : Path.Combine(environment("XDG_CONFIG_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(environment("HOME") ?? "", ".config"), "dvc");
        foreach (var path in new[] { Path.Combine(user, "config"), Path.Combine(folder, "config"), Path.Combine(folder, "config.local") })
        {
            if (Path.IsPathFullyQualified(path) && File.Exists(path))
                config.Load(path);
        }

        return config;
    }

    /// <summary>The value of a key; null when it is not set.</summary>
    public string? Get(string section, string key) => _sections.GetValueOrDefault(section)?.GetValueOrDefault(key).Value;

    /// <summary>A truth value, as DVC reads them.</summary>
    public bool IsOn(string section, string key) => Get(section, key)?.ToLowerInvariant() is "true" or "1" or "yes" or "on";

    /// <summary>A path, made full by the folder of the file that names it.</summary>
    public string? GetPath(string section, string key) =>
        _sections.GetValueOrDefault(section)?.TryGetValue(key, out var found) == true ? Path.GetFullPath(Expand(found.Value), found.Folder) : null;

    /// <summary>All of a section.</summary>
    public IEnumerable<string> Keys(string section) => _sections.GetValueOrDefault(section)?.Keys ?? Enumerable.Empty<string>();

    /// <summary>Names of the remotes, in the order of the files.</summary>
    public IEnumerable<string> Remotes => _sections.Keys.Where(s => s.StartsWith(RemotePrefix, StringComparison.Ordinal)).Select(s => s[RemotePrefix.Length..].TrimEnd('"'));

    /// <summary>The section of a remote.</summary>
    public static string RemoteSection(string name) => $"{RemotePrefix}{name}\"";

    /// <summary>Sets a key in a file of the project and leaves all other lines as they are.</summary>
    /// <param name="section">The section; it is made at the end when it is not there.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="local">True for <c>config.local</c>, which Git does not keep.</param>
    public void Set(string section, string key, string value, bool local)
    {
        var path = Path.Combine(_folder, local ? "config.local" : "config");
        var lines = File.Exists(path) ? File.ReadAllLines(path).ToList() : [];
        var head = lines.FindIndex(l => SectionOf(l)?.Equals(section, StringComparison.OrdinalIgnoreCase) == true);
        if (head < 0)
        {
            head = lines.Count;
            lines.Add(section.Contains('"', StringComparison.Ordinal) ? $"['{section}']" : $"[{section}]");
        }

        var end = lines.FindIndex(head + 1, l => SectionOf(l) is not null);
        end = end < 0 ? lines.Count : end;
        var at = lines.FindIndex(head + 1, end - head - 1, l => l.Split('=', 2) is { Length: 2 } parts && parts[0].Trim().Equals(key, StringComparison.OrdinalIgnoreCase));
        if (at >= 0)
            lines[at] = $"    {key} = {value}";
        else
            lines.Insert(end, $"    {key} = {value}");
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        Load(path);
    }

    private void Load(string path)
    {
        Dictionary<string, (string, string)>? section = null;
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var text = line.Trim();
            if (text.Length == 0 || text[0] is '#' or ';')
                continue;
            if (SectionOf(text) is { } name)
            {
                if (!_sections.TryGetValue(name, out section))
                    _sections.Add(name, section = new(StringComparer.OrdinalIgnoreCase));
                continue;
            }

            // The line is not repeated: it may hold a secret.
            var mark = text.IndexOf('=', StringComparison.Ordinal);
            if (mark <= 0 || section is null)
                throw new UsageException($"'{path}' line {number} is neither '[section]' nor 'key = value' in a section. Correct it there.");
            section[text[..mark].Trim()] = (Unquote(text[(mark + 1)..].Trim()), Path.GetDirectoryName(path)!);
        }
    }

    private static string? SectionOf(string line)
    {
        var text = line.Trim();
        return text.Length > 2 && text[0] == '[' && text[^1] == ']' ? Unquote(text[1..^1].Trim()) : null;
    }

    private static string Unquote(string text) => text.Length > 1 && text[0] is '\'' or '"' && text[^1] == text[0] ? text[1..^1] : text;

    private static string Expand(string path) => path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
        ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..] : path;
}
