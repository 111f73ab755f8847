using LibGit2Sharp;
using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Git;

/// <summary>A revision, found.</summary>
/// <param name="Commit">The commit; <c>null</c> for a repository without any.</param>
/// <param name="BranchName">Full name of the branch or tag; <c>null</c> for a commit named by itself.</param>
internal sealed record GitRevision(Commit? Commit, string? BranchName);

/// <summary>Opens repositories for reading.</summary>
internal static class GitRepositories
{
    // Git refuses repositories of other users because their hooks and configuration could run programs. Reading the object database
    // runs none, and data folders often belong to whoever made them.
    // The library keeps up to 256 MB of trees and commits, which are read once here.
    static GitRepositories()
    {
        GlobalSettings.SetOwnerValidation(false);
        GlobalSettings.SetEnableCaching(false);
    }

    /// <summary>Makes sure that repositories of other users can be read, and in little memory; called before anything of the library is used.</summary>
    public static void Prepare()
    {
        // The static constructor does it, once.
    }

    /// <summary>Opens a repository. One thread at a time may use it.</summary>
    /// <param name="folder">Work tree or bare repository.</param>
    /// <param name="name">How messages name it.</param>
    /// <exception cref="ShardFaultException">It can't be opened.</exception>
    public static Repository Open(string folder, string name)
    {
        try
        {
            return new Repository(folder);
        }
        catch (LibGit2SharpException fault)
        {
            var hint = fault.Message.Contains("object format", StringComparison.Ordinal)
                ? "Only repositories with SHA-1 ids are read: the ids of their blobs are the ids of records."
                : "Check it with 'git fsck', or take it off the list.";
            throw new ShardFaultException($"the repository '{name}' can't be opened: {fault.Message}. {hint}", fault);
        }
    }

    /// <summary>Finds a branch, a tag or a commit, in this order; an empty name is what HEAD names.</summary>
    /// <exception cref="ShardFaultException">There is none of this name.</exception>
    public static GitRevision Resolve(Repository repository, string revision, string name)
    {
        try
        {
            if (revision.Length == 0)
                return Head(repository, name);
            foreach (var reference in (ReadOnlySpan<string>)[revision, $"refs/heads/{revision}", $"refs/tags/{revision}", $"refs/remotes/origin/{revision}"])
            {
                if (reference.StartsWith("refs/", StringComparison.Ordinal) && Reference.IsValidName(reference) && repository.Refs[reference] is { } found)
                    return new GitRevision(found.ResolveToDirectReference().Target.Peel<Commit>(), found.CanonicalName.Replace("refs/remotes/origin/", "refs/heads/", StringComparison.Ordinal));
            }

            return repository.Lookup(revision)?.Peel<Commit>() is { } commit
                ? new GitRevision(commit, null)
                : throw new ShardFaultException($"the repository '{name}' has no branch, tag or commit '{revision}'. Check the revision.");
        }
        catch (LibGit2SharpException fault)
        {
            throw new ShardFaultException($"the revision '{revision}' of the repository '{name}' can't be read: {fault.Message}. Check the revision, and the repository with 'git fsck'.", fault);
        }
    }

    private static GitRevision Head(Repository repository, string name)
    {
        if (repository.Info.IsHeadUnborn)
        {
            return !repository.Refs.Any() ? new GitRevision(null, null)
                : throw new ShardFaultException($"HEAD of the repository '{name}' names '{repository.Refs.Head.TargetIdentifier}', which does not exist. Name a revision.");
        }

        return new GitRevision(repository.Head.Tip, repository.Info.IsHeadDetached ? null : repository.Head.CanonicalName);
    }
}
