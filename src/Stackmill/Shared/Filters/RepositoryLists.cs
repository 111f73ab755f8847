using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Faults;

namespace Stackmill.Shared.Filters;

/// <summary>
/// Names of repositories and ids of files that lists hold. Owners and names are compared without case, as forges do;
/// lines may have white space around them, and those that begin with <c>#</c> say nothing.
/// </summary>
internal sealed class RepositoryLists
{
    /// <summary>The only repositories to keep; <c>null</c> for all.</summary>
    public NameSet? Allowed { get; private init; }

    /// <summary>Repositories to leave out.</summary>
    public NameSet Denied { get; private init; } = new([]);

    /// <summary>Owners, repositories and files that people asked to be left out.</summary>
    public NameSet OptedOut { get; private init; } = new([]);

    /// <summary>SHA-256 over the lists' texts; empty without lists. Part of a dataset's key, for a path does not tell what it holds.</summary>
    public string Fingerprint { get; private init; } = "";

    /// <summary>Lists from lines in memory.</summary>
    public static RepositoryLists Of(IEnumerable<string>? allow = null, IEnumerable<string>? deny = null, IEnumerable<string>? optOut = null) => new()
    {
        Allowed = allow is null ? null : new NameSet(allow),
        Denied = new NameSet(deny ?? []),
        OptedOut = new NameSet(optOut ?? []),
    };

    /// <summary>Reads the lists that the options name.</summary>
    /// <exception cref="UsageException">A list can't be read, or the list of allowed repositories is empty.</exception>
    public static RepositoryLists Load(FilterOptions options)
    {
        if (options.AllowRepositories.Length == 0 && options.DenyRepositories.Length == 0 && options.OptOuts.Count == 0)
            return Of();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var allow = options.AllowRepositories.Length == 0 ? null : Lines("filters.allow_repositories", options.AllowRepositories, hash);
        var deny = options.DenyRepositories.Length == 0 ? [] : Lines("filters.deny_repositories", options.DenyRepositories, hash);
        var optOut = options.OptOuts.SelectMany(path => Lines("filters.opt_outs", path, hash)).ToList();
        var lists = new RepositoryLists
        {
            Allowed = allow is null ? null : new NameSet(allow),
            Denied = new NameSet(deny),
            OptedOut = new NameSet(optOut),
            Fingerprint = Convert.ToHexStringLower(hash.GetHashAndReset()),
        };
        if (lists.Allowed is { Count: 0 })
            throw new UsageException($"the list '{options.AllowRepositories}' (filters.allow_repositories) names no repository, so nothing would be kept. Write owner/name, one a line, or leave the option out.");
        return lists;
    }

    private static string[] Lines(string key, string path, IncrementalHash hash)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            hash.AppendData(Encoding.UTF8.GetBytes($"{key}\n{bytes.Length}\n"));
            hash.AppendData(bytes);
            return Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Split('\n');
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the list '{path}' ({key}) can't be read: {fault.Message} Expected a text file with one name a line.", fault);
        }
    }

    /// <summary>A set of owners, repositories and file ids.</summary>
    internal sealed class NameSet
    {
        private readonly HashSet<string> _names;

        /// <summary>The set of the names in <paramref name="lines"/>.</summary>
        public NameSet(IEnumerable<string> lines)
        {
            _names = new HashSet<string>(
                lines.Select(l => l.Trim().TrimEnd('/')).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.EndsWith("/*", StringComparison.Ordinal) ? l[..^2] : l),
                StringComparer.OrdinalIgnoreCase);
        }

        /// <summary>Number of names.</summary>
        public int Count => _names.Count;

        /// <summary>True when the repository or its owner is in the set.</summary>
        public bool HasRepository(string repository)
        {
            if (_names.Count == 0 || repository.Length == 0)
                return false;
            if (_names.Contains(repository))
                return true;
            var slash = repository.IndexOf('/');
            return slash > 0 && _names.GetAlternateLookup<ReadOnlySpan<char>>().Contains(repository.AsSpan(0, slash));
        }

        /// <summary>True when the file's id is in the set.</summary>
        public bool HasId(string? id) => _names.Count > 0 && id is { Length: 40 } && _names.Contains(id);
    }
}
