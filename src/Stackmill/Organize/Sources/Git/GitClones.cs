using LibGit2Sharp;
using LibGit2Sharp.Handlers;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Git;

/// <summary>
/// Keeps bare clones of remote repositories in a folder, and brings them up to date. What is read at a branch, a tag or a commit is cloned
/// without the history before it (<see cref="GitShallow"/>) where the server can do that; else, and for histories, only the branch or tag
/// that is read is fetched, with its history. A clone appears whole: it is fetched into a folder beside it, which is renamed. Credentials of
/// an address go to the transport alone and are never stored.
/// </summary>
/// <param name="folder">Folder of the clones.</param>
/// <param name="history">True when histories are read.</param>
/// <param name="silence">How long a server may send nothing.</param>
/// <param name="clock">The clock.</param>
/// <param name="cancellation">Stops a transfer.</param>
internal sealed class GitClones(string folder, bool history, TimeSpan silence, TimeProvider clock, CancellationToken cancellation)
{
    private const string Remote = "origin";
    private const string Partial = "partial.git";
    private const string Whole = "repository.git";
    private const string Tip = "tip.git";
    private const string AllBranches = "+refs/heads/*:refs/heads/*";
    private const string AllTags = "+refs/tags/*:refs/tags/*";

    /// <summary>Clones a repository, or fetches what is new, and gives the folder of the clone.</summary>
    /// <param name="source">The repository.</param>
    /// <param name="revision">What will be read; empty for HEAD.</param>
    /// <exception cref="ShardFaultException">It can't be fetched.</exception>
    public string Bring(GitSource source, string revision)
    {
        GitRepositories.Prepare();
        var patience = new GitPatience(silence, clock, cancellation);
        try
        {
            return patience.Run(() => Bring(source, revision, patience), source.Location);
        }
        catch (LibGit2SharpException fault)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Unfetchable(source, fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ShardFaultException($"the repository '{source.Location}' can't be kept below '{folder}': {fault.Message} Choose another folder with input.git.clones.", fault);
        }
    }

    private string Bring(GitSource source, string revision, GitPatience patience)
    {
        var home = Path.Combine(folder, source.CloneName());
        using var taken = OutputLock.Take(home);
        if (!history && !Directory.Exists(Path.Combine(home, Whole)) && GitShallow.IsPossible(source) && BringTip(home, source, revision, patience) is { } tip)
            return tip;
        return Clone(home, Whole, source, existing => BringAll(existing, source, revision, patience));
    }

    /// <summary>Asks a repository what it has, and gives the number of its branches and tags; keeps nothing.</summary>
    /// <param name="source">The repository.</param>
    /// <param name="silence">How long its server may send nothing.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ShardFaultException">It does not answer, or refuses.</exception>
    public static int CountReferences(GitSource source, TimeSpan silence, TimeProvider clock, CancellationToken cancellation)
    {
        GitRepositories.Prepare();
        var patience = new GitPatience(silence, clock, cancellation);
        try
        {
            return patience.Run(() => References(source, patience), source.Location).Count(r => r.CanonicalName.StartsWith("refs/heads/", StringComparison.Ordinal) || r.CanonicalName.StartsWith("refs/tags/", StringComparison.Ordinal));
        }
        catch (LibGit2SharpException fault)
        {
            throw Unfetchable(source, fault);
        }
    }

    // Null where that can't be had: the revision is none that the server names, or it gives no single commits.
    private static string? BringTip(string home, GitSource source, string revision, GitPatience patience)
    {
        var existing = Path.Combine(home, Tip);
        if (IsCommit(revision) && Directory.Exists(existing))
        {
            using var repository = GitRepositories.Open(existing, source.Location);
            if (repository.Lookup<Commit>(revision) is not null)
                return existing;
        }

        var refs = References(source, patience);
        var (head, named) = (Head(refs), Named(refs, revision));
        var commit = IsCommit(revision) && named is null ? revision
            : refs.Find(r => r.CanonicalName == named + "^{}")?.TargetIdentifier ?? refs.Find(r => r.CanonicalName == named)?.ResolveToDirectReference().TargetIdentifier;
        if (commit is null || refs.Count == 0)
            return null;
        try
        {
            return Clone(home, Tip, source, repository =>
            {
                var shallow = new GitShallow(repository);
                shallow.Declare(commit);
                Fetch(repository, source, [named is null ? $"+{commit}:refs/stackmill/{commit}" : $"+{named}:{named}"], patience);
                shallow.Declare(commit);
                SetHead(repository, head);
            });
        }
        catch (LibGit2SharpException) when (patience.Heard())
        {
            // Servers may give no single commits, or know nothing of shallow clones; the whole repository can be asked for by any client.
            return null;
        }
    }

    private static void BringAll(Repository repository, GitSource source, string revision, GitPatience patience)
    {
        // A commit never changes, so one that is there needs no network.
        if (IsCommit(revision) && repository.Lookup<Commit>(revision) is not null)
            return;
        var refs = References(source, patience);
        if (refs.Count == 0)
            return;
        var named = Named(refs, revision);
        // What was fetched once must not stand for what is gone.
        foreach (var kept in (ReadOnlySpan<string>)[$"refs/heads/{revision}", $"refs/tags/{revision}"])
        {
            if (named is null && revision.Length > 0 && Reference.IsValidName(kept) && repository.Refs[kept] is not null)
                throw new ShardFaultException($"the repository '{source.Location}' has no branch or tag '{revision}' any more. Check the revision.");
        }

        Fetch(repository, source, named is null ? [AllBranches, AllTags] : [$"+{named}:{named}"], patience);
        SetHead(repository, Head(refs));
    }

    private static string Clone(string home, string name, GitSource source, Action<Repository> bring)
    {
        var (place, partial) = (Path.Combine(home, name), Path.Combine(home, Partial));
        if (Directory.Exists(place))
        {
            using var existing = GitRepositories.Open(place, source.Location);
            bring(existing);
            return place;
        }

        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        Repository.Init(partial, isBare: true);
        using (var fresh = GitRepositories.Open(partial, source.Location))
        {
            fresh.Network.Remotes.Add(Remote, source.Location);
            // Nobody is there to answer a question.
            fresh.Config.Set("core.sshCommand", "ssh -o BatchMode=yes");
            bring(fresh);
        }

        Directory.Move(partial, place);
        return place;
    }

    private static List<Reference> References(GitSource source, GitPatience patience)
    {
        List<Reference> references = [.. Credentials(source) is { } credentials ? Repository.ListRemoteReferences(source.Location, credentials) : Repository.ListRemoteReferences(source.Location)];
        return patience.Heard() ? references : throw new OperationCanceledException("the answer came too late");
    }

    private static string? Head(List<Reference> refs)
    {
        var head = refs.Find(r => r.CanonicalName == "HEAD")?.TargetIdentifier;
        if (head is null || head.StartsWith("refs/", StringComparison.Ordinal))
            return head;
        // Old servers give the commit alone: it is that of a branch, most likely of one that is called as branches usually are.
        return refs.Where(r => r.TargetIdentifier == head && r.CanonicalName.StartsWith("refs/heads/", StringComparison.Ordinal)).Select(r => r.CanonicalName)
            .OrderByDescending(n => n == "refs/heads/main").ThenByDescending(n => n == "refs/heads/master").ThenBy(n => n, StringComparer.Ordinal).FirstOrDefault();
    }

    private static string? Named(List<Reference> refs, string revision) => revision.Length == 0 ? Head(refs)
        : refs.Select(r => r.CanonicalName).FirstOrDefault(n => n.StartsWith("refs/", StringComparison.Ordinal) && (n == revision || n == "refs/heads/" + revision || n == "refs/tags/" + revision));

    private static void Fetch(Repository repository, GitSource source, string[] specs, GitPatience patience)
    {
        var options = new FetchOptions
        {
            TagFetchMode = TagFetchMode.None,
            CredentialsProvider = Credentials(source),
            OnProgress = _ => patience.Heard(),
            OnTransferProgress = _ => patience.Heard(),
        };
        Commands.Fetch(repository, Remote, specs, options, null);
    }

    private static void SetHead(Repository repository, string? head)
    {
        if (head is not null)
            repository.Refs.UpdateTarget("HEAD", head);
    }

    private static bool IsCommit(string revision) => revision.Length == 40 && revision.All(char.IsAsciiHexDigit);

    private static ShardFaultException Unfetchable(GitSource source, LibGit2SharpException fault) =>
        new($"the repository '{source.Location}' can't be fetched: {Redact(fault.Message, source)}. Check the address, the network and the right to read it.", fault);

    private static CredentialsHandler? Credentials(GitSource source)
    {
        if (source.User is null || !source.Location.StartsWith("http", StringComparison.Ordinal))
            return null;
        return (_, _, _) => new UsernamePasswordCredentials { Username = source.User, Password = source.Password ?? "" };
    }

    private static string Redact(string message, GitSource source)
    {
        // The library gives up when the same credentials are asked for again and again.
        if (source.User is not null && message.Contains("authentication replays", StringComparison.Ordinal))
            return "the server does not take the user and the password or token of the address";
        // A token may stand where the user does; what is as short as a word is none, and stands in any text.
        foreach (var secret in new[] { source.Password, source.User is { Length: >= 8 } user ? user : null })
        {
            if (!string.IsNullOrEmpty(secret))
                message = message.Replace(secret, "***", StringComparison.Ordinal);
        }

        return message;
    }
}
