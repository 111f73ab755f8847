using System.Security.Cryptography;
using System.Text;
using Stackmill.Datasets;

namespace Stackmill.Organize.Sources.Git;

/// <summary>What is known of a repository beside its contents; all <c>null</c> when nothing is.</summary>
/// <param name="Stars">Stars.</param>
/// <param name="Forks">Forks.</param>
/// <param name="Licenses">SPDX ids.</param>
/// <param name="LicenseType"><c>permissive</c>, <c>no_license</c> or <c>non_permissive</c>.</param>
internal sealed record RepositoryFacts(long? Stars = null, long? Forks = null, IReadOnlyList<string>? Licenses = null, string? LicenseType = null)
{
    /// <summary>These, and where they say nothing, <paramref name="other"/>.</summary>
    public RepositoryFacts Or(RepositoryFacts other) =>
        new(Stars ?? other.Stars, Forks ?? other.Forks, Licenses ?? other.Licenses, LicenseType ?? other.LicenseType);
}

/// <summary>A repository to read. Its text never holds the credentials of its address.</summary>
internal sealed class GitSource
{
    private const string FileScheme = "file://";

    private GitSource(string location, bool isRemote, string repoName, string? user, string? password)
    {
        (Location, IsRemote, RepoName, User, Password) = (location, isRemote, repoName, user, password);
    }

    /// <summary>Folder, or address without credentials.</summary>
    public string Location { get; }

    /// <summary>True for an address, which is cloned first.</summary>
    public bool IsRemote { get; }

    /// <summary>Its folder, where it lies on this machine, also by an address; <c>null</c> elsewhere.</summary>
    public string? LocalFolder => !IsRemote ? Location : Location.StartsWith(FileScheme, StringComparison.Ordinal) ? Location[FileScheme.Length..] : null;

    /// <summary>Name that the records get.</summary>
    public string RepoName { get; private init; }

    /// <summary>User in the address; <c>null</c> without one.</summary>
    public string? User { get; }

    /// <summary>Password or token in the address; <c>null</c> without one. Only ever given to the transport.</summary>
    public string? Password { get; }

    /// <summary>Branch, tag or commit; empty for what the options say.</summary>
    public string Revision { get; private init; } = "";

    /// <summary>What a list says of it.</summary>
    public RepositoryFacts Facts { get; private init; } = new();

    /// <summary>True for an address of a form that Git knows: with a scheme, or <c>user@host:path</c>.</summary>
    public static bool IsAddress(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
            return text.StartsWith("https://", StringComparison.Ordinal) || text.StartsWith("http://", StringComparison.Ordinal)
                || text.StartsWith("ssh://", StringComparison.Ordinal) || text.StartsWith("git://", StringComparison.Ordinal) || text.StartsWith("file://", StringComparison.Ordinal);
        var at = text.IndexOf('@');
        var colon = text.IndexOf(':');
        return at > 0 && colon > at + 1 && text.AsSpan(0, colon).IndexOfAny('/', ' ') < 0;
    }

    /// <summary>The repository at a folder or address.</summary>
    /// <param name="place">Folder or address, with credentials or without.</param>
    /// <param name="name">Its name; empty to take <c>owner/name</c> from an address, and the folder's name from a folder.</param>
    /// <param name="revision">Branch, tag or commit; may be empty.</param>
    /// <param name="facts">What is known of it.</param>
    public static GitSource Of(string place, string name = "", string revision = "", RepositoryFacts? facts = null)
    {
        if (!IsAddress(place))
        {
            return new GitSource(place, false, Name(name.Length > 0 ? name : FolderName(Path.GetFullPath(place))), null, null) { Revision = revision, Facts = facts ?? new() };
        }

        var (location, path, user, password) = Split(place);
        var fromPath = location.StartsWith(FileScheme, StringComparison.Ordinal) ? FolderName(path) : path;
        return new GitSource(location, true, Name(name.Length > 0 ? name : fromPath), user, password) { Revision = revision, Facts = facts ?? new() };
    }

    /// <summary>Where a clone of it lies in a folder of clones: readable, and different for different addresses.</summary>
    public string CloneName()
    {
        var readable = new string([.. RepoName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-').Take(60)]);
        return $"{readable}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Location)))[..16]}";
    }

    /// <inheritdoc/>
    public override string ToString() => Location;

    private static (string Location, string Path, string? User, string? Password) Split(string address)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            // user@host:path; the user is part of how SSH is asked, and no secret.
            return (address, address[(address.IndexOf(':') + 1)..], address[..address.IndexOf('@')], null);
        }

        var start = scheme + 3;
        var slash = address.IndexOf('/', start);
        var hostEnd = slash < 0 ? address.Length : slash;
        var at = address.LastIndexOf('@', hostEnd - 1, hostEnd - start);
        var (user, password) = (default(string), default(string));
        if (at >= start)
        {
            var info = address[start..at].Split(':', 2);
            (user, password) = (Uri.UnescapeDataString(info[0]), info.Length > 1 ? Uri.UnescapeDataString(info[1]) : null);
        }

        var shownUser = user is not null && address.StartsWith("ssh://", StringComparison.Ordinal) ? user + "@" : "";
        var host = at >= start ? address[(at + 1)..hostEnd] : address[start..hostEnd];
        var path = address[hostEnd..];
        // Tokens are passed as parameters too; no forge needs any to find a repository.
        var query = path.IndexOfAny(['?', '#']);
        path = query < 0 || address.StartsWith(FileScheme, StringComparison.Ordinal) ? path : path[..query];
        return (address[..start] + shownUser + host + path, path, user, password);
    }

    private static string FolderName(string path)
    {
        path = path.TrimEnd('/', Path.DirectorySeparatorChar);
        if (Path.GetFileName(path) == ".git")
            path = Path.GetDirectoryName(path)!;
        return Path.GetFileName(path);
    }

    private static string Name(string name)
    {
        name = RecordIdentity.NormalisePath(name.Trim('/'));
        return name.EndsWith(".git", StringComparison.Ordinal) && name.Length > 4 ? name[..^4] : name;
    }
}
