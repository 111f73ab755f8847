using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Git;

/// <summary>What the file <c>input.git.metadata</c> says of repositories, by their names without case.</summary>
internal sealed class RepositoryMetadata
{
    private readonly Dictionary<string, RepositoryFacts> _facts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the file; an empty path is no file.</summary>
    /// <exception cref="UsageException">It can't be read, has other columns, or names a repository twice.</exception>
    public static RepositoryMetadata Read(string path)
    {
        var metadata = new RepositoryMetadata();
        if (path.Length == 0)
            return metadata;
        foreach (var row in CsvRows.Read(path, ["repo_name", "stars", "forks", "license", "license_type"], ["repo_name"]))
        {
            if (row["repo_name"].Length == 0)
                throw row.Wrong("repo_name is empty");
            if (!metadata._facts.TryAdd(row["repo_name"], row.Facts()))
                throw row.Wrong($"'{row["repo_name"]}' is there already");
        }

        return metadata;
    }

    /// <summary>What is known of a repository.</summary>
    public RepositoryFacts Of(string repoName) => _facts.GetValueOrDefault(repoName) ?? new RepositoryFacts();
}
