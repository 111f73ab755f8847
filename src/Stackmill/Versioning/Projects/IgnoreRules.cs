using MAB.DotIgnore;

namespace Stackmill.Versioning.Projects;

/// <summary>What the <c>.dvcignore</c> files of a project leave out, each for what lies below its folder. In the syntax of <c>.gitignore</c>.</summary>
/// <param name="root">Root of the project.</param>
internal sealed class IgnoreRules(string root)
{
    /// <summary>Name of the files.</summary>
    public const string FileName = ".dvcignore";

    private readonly Dictionary<string, Rules> _folders = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>True for folders of version control, which DVC never looks into.</summary>
    public static bool IsVersionControl(string name) => name is ".git" or ".hg" or ".dvc";

    /// <summary>True for what DVC leaves out everywhere: these folders, and the file that a work tree or submodule of Git has in the place of one.</summary>
    public static bool IsLeftOut(string name, bool isFolder) => isFolder ? IsVersionControl(name) : name == ".git";

    /// <summary>True for names that belong to version control, in any case of letters: some file systems take them for the same.</summary>
    public static bool IsReserved(string name)
    {
        // Windows leaves dots and spaces at the end of a name out.
        var plain = OperatingSystem.IsWindows() ? name.TrimEnd('.', ' ') : name;
        return IsVersionControl(plain.ToLowerInvariant());
    }

    /// <summary>False when nothing in a folder can be left out: then its entries need not be asked for.</summary>
    public bool HasRules(string folder) => ProjectPath.IsInside(folder, root) && Of(folder) is not null;

    /// <summary>True when a rule of a folder above leaves a path out.</summary>
    public bool IsIgnored(string path, bool isFolder)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!ProjectPath.IsInside(path, root) || path.Length == root.Length)
            return false;
        for (var rules = Of(folder); rules is not null; rules = rules.Above)
        {
            if (rules.List?.IsIgnored(ProjectPath.Relative(rules.Folder, path), isFolder) == true)
                return true;
        }

        return false;
    }

    // The nearest folder with rules, so that a tree without any costs one look a folder.
    private Rules? Of(string folder)
    {
        lock (_gate)
        {
            if (_folders.TryGetValue(folder, out var known))
                return known.List is null ? known.Above : known;
            var above = folder.Length > root.Length ? Of(Path.GetDirectoryName(folder)!) : null;
            var path = Path.Combine(folder, FileName);
            var lines = File.Exists(path) ? File.ReadAllLines(path).Where(l => l.Trim().Length > 0 && l[0] != '#').ToList() : [];
            var rules = new Rules(folder, lines.Count > 0 ? new IgnoreList(lines) : null, above);
            _folders.Add(folder, rules);
            return rules.List is null ? above : rules;
        }
    }

    private sealed record Rules(string Folder, IgnoreList? List, Rules? Above);
}
