using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Git;

/// <summary>The repositories that an input names.</summary>
/// <param name="Sources">The repositories, in the order of the list.</param>
/// <param name="IsList">True when they come from a file that lists them.</param>
internal sealed record GitInput(IReadOnlyList<GitSource> Sources, bool IsList)
{
    private static readonly string[] Columns = ["repo_name", "url", "revision", "stars", "forks", "license", "license_type"];

    /// <summary>True when the input must be read as Git although it does not exist as a file: it is an address.</summary>
    public static bool IsAddress(string input) => GitSource.IsAddress(input);

    /// <summary>True for a folder that is a repository: a work tree with its <c>.git</c> folder or file, or a bare one.</summary>
    public static bool IsRepository(string folder)
    {
        if (!Directory.Exists(folder))
            return false;
        var inner = Path.Combine(folder, ".git");
        return IsStore(folder) || IsStore(inner) || File.Exists(inner);
    }

    /// <summary>
    /// The repositories of an input: a folder that is a repository, an address, or a file that lists either, one a line (a revision may
    /// follow after white space; <c>#</c> begins a comment) or as CSV with a header. <c>null</c> when the input is nothing of the kind.
    /// </summary>
    /// <param name="input">As given.</param>
    /// <param name="isAsked">True when Git was named as the format: every file is a list then. Else only a file that looks like one is.</param>
    /// <exception cref="UsageException">A list is wrong, or Git was named and the input is nothing of the kind.</exception>
    public static GitInput? Find(string input, bool isAsked = false)
    {
        if (IsAddress(input) || IsRepository(input))
            return new GitInput([GitSource.Of(input)], false);
        if (File.Exists(input))
        {
            var isCsv = input.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
            if (isAsked || LooksLikeList(input, isCsv))
                return new GitInput(isCsv ? FromCsv(input) : FromLines(input), true);
        }

        return !isAsked ? null
            : throw new UsageException($"the input '{(Directory.Exists(input) || File.Exists(input) ? input : GitSource.Of(input).Location)}' is no Git repository; expected a folder with a .git folder, a bare repository, an address (https://, ssh://, git@host:path, file://), or a .txt or .csv file that lists such.");
    }

    private static bool IsStore(string folder) =>
        File.Exists(Path.Combine(folder, "HEAD")) && Directory.Exists(Path.Combine(folder, "objects")) && Directory.Exists(Path.Combine(folder, "refs"));

    private static bool LooksLikeList(string path, bool isCsv)
    {
        if (!isCsv && !path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase))
            return false;
        using var text = new StreamReader(path);
        if (isCsv)
            return (text.ReadLine() ?? "").Split(',').Select(c => c.Trim().Trim('"')).ToList() is var header && header.Contains("url") && header.All(c => Columns.Contains(c));
        for (var line = text.ReadLine(); line is not null; line = text.ReadLine())
        {
            if (Parts(line) is { Length: > 0 } parts)
                return IsAddress(parts[0]) || IsRepository(Below(path, parts[0]));
        }

        return false;
    }

    private static List<GitSource> FromLines(string path)
    {
        var sources = new List<GitSource>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var parts = Parts(line);
            if (parts.Length > 2)
                throw new UsageException($"'{path}', line {number}: there are {parts.Length} words; expected a repository and at most a revision.");
            if (parts.Length > 0)
                sources.Add(GitSource.Of(Below(path, parts[0]), revision: parts.Length > 1 ? parts[1] : ""));
        }

        return NotEmpty(sources, path);
    }

    private static List<GitSource> FromCsv(string path)
    {
        var sources = new List<GitSource>();
        foreach (var row in CsvRows.Read(path, Columns, ["url", "repo_name"]))
        {
            var place = row["url"];
            if (place.Length == 0)
            {
                // A name alone is a folder; which forge owner/name would be at, nobody said.
                place = row["repo_name"];
                if (!IsAddress(place) && !IsRepository(Below(path, place)))
                    throw row.Wrong($"there is no url, and no repository in a folder '{place}' beside the list");
            }

            sources.Add(GitSource.Of(Below(path, place), row["repo_name"], row["revision"], row.Facts()));
        }

        return NotEmpty(sources, path);
    }

    private static List<GitSource> NotEmpty(List<GitSource> sources, string path) =>
        sources.Count > 0 ? sources : throw new UsageException($"the list '{path}' names no repository. Write an address or a folder, one a line.");

    private static string[] Parts(string line)
    {
        var trimmed = line.Trim().TrimStart('\uFEFF');
        return trimmed.StartsWith('#') ? [] : [.. trimmed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).TakeWhile(p => !p.StartsWith('#'))];
    }

    // Folders in a list are meant from where the list lies.
    private static string Below(string list, string place) => IsAddress(place) ? place : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(list))!, place);
}
