using LibGit2Sharp;
using LibGit2Sharp.Handlers;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Git;

/// <summary>
/// Keeps bare clones of remote repositories in a folder, and brings them up to date. A clone appears whole: it is fetched into a folder
/// beside it, which is renamed. Credentials of an address go to the transport alone and are never stored.
/// </summary>
/// <param name="folder">Folder of the clones.</param>
/// <param name="note">Takes what people should know.</param>
/// <param name="cancellation">Stops a transfer.</param>
internal sealed class GitClones(string folder, Action<string> note, CancellationToken cancellation)
{
    private const string Remote = "origin";
    private const string Partial = "partial.git";
    private const string Whole = "repository.git";
    private const string AllBranches = "+refs/heads/*:refs/heads/*";
    private const string AllTags = "+refs/tags/*:refs/tags/*";

    /// <summary>Clones a repository, or fetches what is new, and gives the folder of the clone.</summary>
    /// <param name="source">The repository.</param>
    /// <param name="revision">What will be read; empty for HEAD.</param>
    /// <param name="history">True when more than one commit will be read.</param>
    /// <exception cref="ShardFaultException">It can't be fetched.</exception>
    public string Bring(GitSource source, string revision, bool history)
    {
        GitRepositories.Prepare();
        try
        {
            var isCommit = revision.Length >= 40 && revision.All(char.IsAsciiHexDigit);
            var wanted = new Wanted(source, revision, IsShallow: !history && !isCommit);
            return Bring(wanted, isCommit);
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

    private string Bring(Wanted wanted, bool isCommit)
    {
        // Shallow and whole clones lie apart: a shallow one that is deepened is fetched almost anew.
        var home = Path.Combine(folder, wanted.Source.CloneName() + (wanted.IsShallow ? "-shallow" : ""));
        var whole = Path.Combine(home, Whole);
        using var taken = OutputLock.Take(home);
        if (Directory.Exists(whole))
        {
            using var existing = GitRepositories.Open(whole, wanted.Source.Location);
            // A commit never changes, so one that is there needs no network.
            if (!(isCommit && existing.Lookup<Commit>(wanted.Revision) is not null))
                Fetch(existing, wanted);
            return whole;
        }

        var partial = Path.Combine(home, Partial);
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        Repository.Init(partial, isBare: true);
        using (var fresh = GitRepositories.Open(partial, wanted.Source.Location))
        {
            fresh.Network.Remotes.Add(Remote, wanted.Source.Location);
            // Nobody is there to answer a question.
            fresh.Config.Set("core.sshCommand", "ssh -o BatchMode=yes");
            Fetch(fresh, wanted);
        }

        Directory.Move(partial, whole);
        return whole;
    }

    private void Fetch(Repository repository, Wanted wanted)
    {
        var credentials = Credentials(wanted.Source);
        var refs = (credentials is null ? Repository.ListRemoteReferences(wanted.Source.Location) : Repository.ListRemoteReferences(wanted.Source.Location, credentials)).ToList();
        var head = refs.Find(r => r.CanonicalName == "HEAD")?.TargetIdentifier;
        if (refs.Count == 0)
            return;
        var one = wanted.Revision.Length == 0 ? head
            : refs.Select(r => r.CanonicalName).FirstOrDefault(n => n == wanted.Revision || n == "refs/heads/" + wanted.Revision || n == "refs/tags/" + wanted.Revision);
        var isOne = wanted.IsShallow && one is not null && one.StartsWith("refs/", StringComparison.Ordinal);
        var options = new FetchOptions
        {
            TagFetchMode = TagFetchMode.None,
            CredentialsProvider = credentials,
            OnTransferProgress = _ => !cancellation.IsCancellationRequested,
            Depth = isOne ? 1 : 0,
        };
        string[] specs = isOne ? [$"+{one}:{one}"] : [AllBranches, AllTags];
        Commands.Fetch(repository, Remote, specs, options, null);
        if (isOne && !repository.Info.IsShallow && repository.Refs[one!]?.ResolveToDirectReference().Target.Peel<Commit>().Parents.Any() == true)
            note($"'{wanted.Source.Location}' came with its whole history: its transport gives no single revisions");
        if (head is not null && head.StartsWith("refs/", StringComparison.Ordinal))
            repository.Refs.UpdateTarget("HEAD", head);
    }

    private static CredentialsHandler? Credentials(GitSource source)
    {
        if (source.User is null || !source.Location.StartsWith("http", StringComparison.Ordinal))
            return null;
        return (_, _, _) => new UsernamePasswordCredentials { Username = source.User, Password = source.Password ?? "" };
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

    private sealed record Wanted(GitSource Source, string Revision, bool IsShallow);
}
