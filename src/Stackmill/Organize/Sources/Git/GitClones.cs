using LibGit2Sharp;
using LibGit2Sharp.Handlers;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Git;

/// <summary>
/// Keeps bare clones of remote repositories in a folder, and brings them up to date. A clone appears whole: it is fetched into a folder
/// beside it, which is renamed. Only the branch or tag that is read is fetched, with its history: LibGit2Sharp 0.32 takes a depth, but its
/// fetch does not pass it on. Credentials of an address go to the transport alone and are never stored.
/// </summary>
/// <param name="folder">Folder of the clones.</param>
/// <param name="cancellation">Stops a transfer.</param>
internal sealed class GitClones(string folder, CancellationToken cancellation)
{
    private const string Remote = "origin";
    private const string Partial = "partial.git";
    private const string Whole = "repository.git";
    private const string AllBranches = "+refs/heads/*:refs/heads/*";
    private const string AllTags = "+refs/tags/*:refs/tags/*";

    /// <summary>Clones a repository, or fetches what is new, and gives the folder of the clone.</summary>
    /// <param name="source">The repository.</param>
    /// <param name="revision">What will be read; empty for HEAD.</param>
    /// <exception cref="ShardFaultException">It can't be fetched.</exception>
    public string Bring(GitSource source, string revision)
    {
        GitRepositories.Prepare();
        try
        {
            return Bring(source, revision, isCommit: revision.Length == 40 && revision.All(char.IsAsciiHexDigit));
        }
        catch (LibGit2SharpException fault)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ShardFaultException($"the repository '{source.Location}' can't be fetched: {Redact(fault.Message, source)}. Check the address, the network and the right to read it.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ShardFaultException($"the repository '{source.Location}' can't be kept below '{folder}': {fault.Message} Choose another folder with input.git.clones.", fault);
        }
    }

    private string Bring(GitSource source, string revision, bool isCommit)
    {
        var home = Path.Combine(folder, source.CloneName());
        var whole = Path.Combine(home, Whole);
        using var taken = OutputLock.Take(home);
        if (Directory.Exists(whole))
        {
            using var existing = GitRepositories.Open(whole, source.Location);
            // A commit never changes, so one that is there needs no network.
            if (!(isCommit && existing.Lookup<Commit>(revision) is not null))
                Fetch(existing, source, revision);
            return whole;
        }

        var partial = Path.Combine(home, Partial);
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        Repository.Init(partial, isBare: true);
        using (var fresh = GitRepositories.Open(partial, source.Location))
        {
            fresh.Network.Remotes.Add(Remote, source.Location);
            // Nobody is there to answer a question.
            fresh.Config.Set("core.sshCommand", "ssh -o BatchMode=yes");
            Fetch(fresh, source, revision);
        }

        Directory.Move(partial, whole);
        return whole;
    }

    private void Fetch(Repository repository, GitSource source, string revision)
    {
        var credentials = Credentials(source);
        var refs = (credentials is null ? Repository.ListRemoteReferences(source.Location) : Repository.ListRemoteReferences(source.Location, credentials)).ToList();
        var head = refs.Find(r => r.CanonicalName == "HEAD")?.TargetIdentifier;
        if (refs.Count == 0)
            return;
        var one = revision.Length == 0 ? head
            : refs.Select(r => r.CanonicalName).FirstOrDefault(n => n == revision || n == "refs/heads/" + revision || n == "refs/tags/" + revision);
        // What was fetched once must not stand for what is gone.
        foreach (var kept in (ReadOnlySpan<string>)[$"refs/heads/{revision}", $"refs/tags/{revision}"])
        {
            if (one is null && revision.Length > 0 && Reference.IsValidName(kept) && repository.Refs[kept] is not null)
                throw new ShardFaultException($"the repository '{source.Location}' has no branch or tag '{revision}' any more. Check the revision.");
        }

        var isOne = one is not null && one.StartsWith("refs/", StringComparison.Ordinal);
        var options = new FetchOptions
        {
            TagFetchMode = TagFetchMode.None,
            CredentialsProvider = credentials,
            OnTransferProgress = _ => !cancellation.IsCancellationRequested,
        };
        string[] specs = isOne ? [$"+{one}:{one}"] : [AllBranches, AllTags];
        Commands.Fetch(repository, Remote, specs, options, null);
        if (head is not null && head.StartsWith("refs/", StringComparison.Ordinal))
            repository.Refs.UpdateTarget("HEAD", head);
    }

    private static CredentialsHandler? Credentials(GitSource source)
    {
        if (source.User is null || !source.Location.StartsWith("http", StringComparison.Ordinal))
            return null;
        return (_, _, _) => new UsernamePasswordCredentials { Username = source.User, Password = source.Password ?? "" };
    }

    /// <summary>Asks a repository what it has, and gives the number of its branches and tags; keeps nothing.</summary>
    /// <exception cref="ShardFaultException">It does not answer, or refuses.</exception>
    public static int CountReferences(GitSource source)
    {
        GitRepositories.Prepare();
        try
        {
            var references = Credentials(source) is { } credentials ? Repository.ListRemoteReferences(source.Location, credentials) : Repository.ListRemoteReferences(source.Location);
            return references.Count(r => r.CanonicalName.StartsWith("refs/heads/", StringComparison.Ordinal) || r.CanonicalName.StartsWith("refs/tags/", StringComparison.Ordinal));
        }
        catch (LibGit2SharpException fault)
        {
            throw new ShardFaultException($"the repository '{source.Location}' does not tell what it has: {Redact(fault.Message, source)}. Check the address, the network and the right to read it.", fault);
        }
    }

    private static string Redact(string message, GitSource source)
    {
        foreach (var secret in new[] { source.Password, source.Location.StartsWith("http", StringComparison.Ordinal) ? source.User : null })
        {
            if (!string.IsNullOrEmpty(secret))
                message = message.Replace(secret, "***", StringComparison.Ordinal);
        }

        return message;
    }
}
