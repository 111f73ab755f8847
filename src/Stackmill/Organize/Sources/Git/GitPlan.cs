using System.Security.Cryptography;
using System.Text.Json;
using LibGit2Sharp;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Organize.Licenses;
using Stackmill.Shared;
using Stackmill.Shared.Filters;

namespace Stackmill.Organize.Sources.Git;

/// <summary>A blob to read, or an entry to account for, as the plan holds it.</summary>
internal sealed record PlannedBlob(
    int Repository, string Path, string Id, string Language, long Length, string Commit, long CommitMicros, bool? Vendored = null, bool? Generated = null, bool IsLanguageGiven = false,
    string? Reason = null, bool IsFailure = false, double? Value = null, double? Threshold = null, string? Detail = null, IReadOnlyList<string>? Licenses = null);

/// <summary>A repository of the plan.</summary>
/// <param name="Source">As it was named.</param>
/// <param name="Folder">Where it, or its clone, lies.</param>
/// <param name="Facts">What is known of it.</param>
/// <param name="BranchName">Branch or tag that is read.</param>
internal sealed record PlannedRepository(GitSource Source, string Folder, RepositoryFacts Facts, string? BranchName);

/// <summary>
/// The listing of repositories, as tasks (and, for histories, memory holds the ids of one repository's objects: <see cref="ObjectKeys"/>).
/// Remote repositories are brought first. One that can't be opened or listed is a task that fails, so that the others go on.
/// </summary>
internal sealed class GitPlan : IDisposable
{
    // Transfers wait for networks more than for this machine.
    private const int TransfersAtOnce = 4;

    private readonly PlannedTasks<PlannedBlob> _planned;
    private readonly Dictionary<int, string> _faults = [];
    private readonly List<PlannedRepository> _repositories = [];
    private readonly LicenseReader _licenses = new();

    private GitPlan(string scratchFile, long shardBytes) => _planned = new(scratchFile, shardBytes);

    /// <summary>The tasks, in the order of their index.</summary>
    public IReadOnlyList<ShardTask> Tasks => _planned.Tasks;

    /// <summary>The repositories that could be opened, by their number in <see cref="PlannedBlob.Repository"/>.</summary>
    public IReadOnlyList<PlannedRepository> Repositories => _repositories;

    /// <summary>SHA-256 over names, commits, branches and facts of the repositories: equal fingerprints mean the same input.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>Brings and lists the repositories.</summary>
    /// <param name="input">The repositories.</param>
    /// <param name="options">What is read of them.</param>
    /// <param name="filters">Decide which files go on.</param>
    /// <param name="clones">Folder of clones of remote repositories.</param>
    /// <param name="scratchFile">Name of the scratch file.</param>
    /// <param name="context">The run.</param>
    /// <exception cref="UsageException">The metadata is wrong, or the only repository can't be opened.</exception>
    /// <exception cref="RunFaultException">The only repository can't be fetched.</exception>
    public static GitPlan Make(GitInput input, OrganizeOptions options, IReadOnlyList<IFileFilter> filters, string clones, string scratchFile, RunContext context)
    {
        GitRepositories.Prepare();
        var metadata = RepositoryMetadata.Read(options.Input.Git.Metadata);
        var sources = Distinct(input.Sources, context);
        var places = Bring(sources, options.Input.Git, clones, context);
        var plan = new GitPlan(scratchFile, options.ShardSize);
        var whole = false;
        try
        {
            plan.List(sources, places, metadata, options, filters, context);
            whole = true;
            return plan;
        }
        finally
        {
            if (!whole)
                plan.Dispose();
        }
    }

    /// <summary>The entries of one task.</summary>
    /// <exception cref="ShardFaultException">The task stands for a repository that can't be read.</exception>
    public IReadOnlyList<PlannedBlob> Blobs(int task) => _faults.TryGetValue(task, out var fault) ? throw new ShardFaultException(fault) : _planned.Read(task);

    /// <summary>Removes the scratch file.</summary>
    public void Dispose() => _planned.Dispose();

    private static List<GitSource> Distinct(IReadOnlyList<GitSource> sources, RunContext context)
    {
        var distinct = sources.DistinctBy(s => (s.Location, s.Revision)).ToList();
        if (distinct.Count < sources.Count)
            context.Observer.Warn(OrganizeStage.Id, $"{sources.Count - distinct.Count} repositories are listed more than once at the same revision; each is read once");
        return distinct;
    }

    private static (string? Folder, string? Fault)[] Bring(List<GitSource> sources, GitOptions options, string clones, RunContext context)
    {
        var places = new (string? Folder, string? Fault)[sources.Count];
        var cache = new GitClones(clones, options.History, TimeSpan.FromSeconds(options.TimeoutSeconds), context.Clock, context.Cancellation);
        // Revisions of one repository share its clone, which one transfer at a time may change.
        var byPlace = Enumerable.Range(0, sources.Count).GroupBy(i => sources[i].Location, StringComparer.Ordinal);
        Parallel.ForEach(byPlace, new ParallelOptions { MaxDegreeOfParallelism = TransfersAtOnce, CancellationToken = context.Cancellation }, same =>
        {
            foreach (var i in same)
            {
                try
                {
                    places[i] = (sources[i].IsRemote ? cache.Bring(sources[i], Revision(sources[i], options)) : sources[i].Location, null);
                }
                catch (StackmillException fault)
                {
                    places[i] = (null, fault.Message);
                }
            }
        });
        return places;
    }

    private static string Revision(GitSource source, GitOptions options) => source.Revision.Length > 0 ? source.Revision : options.Revision;

    private void List(
        List<GitSource> sources, (string? Folder, string? Fault)[] places, RepositoryMetadata metadata, OrganizeOptions options, IReadOnlyList<IFileFilter> filters, RunContext context)
    {
        using var fingerprint = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < sources.Count; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var (source, fault) = (sources[i], places[i].Fault);
            var commit = "";
            if (fault is null)
                (commit, fault) = ListOne(source, places[i].Folder!, source.Facts.Or(metadata.Of(source.RepoName)), options, filters, context);
            if (fault is not null && commit.Length == 0 && sources.Count == 1)
                throw places[i].Fault is null ? new UsageException(fault) : new RunFaultException(fault);
            var known = _repositories.Count > 0 ? _repositories[^1] : null;
            fingerprint.AppendData(JsonSerializer.SerializeToUtf8Bytes(new { source.RepoName, commit, branch = fault is null ? known?.BranchName : null, facts = fault is null ? known?.Facts : null }));
            if (fault is not null)
                _faults.Add(_planned.AddEmpty(), fault);
        }

        _planned.Finish();
        Fingerprint = Convert.ToHexStringLower(fingerprint.GetHashAndReset());
    }

    // What was listed before a fault stays: those files are whole.
    private (string Commit, string? Fault) ListOne(
        GitSource source, string folder, RepositoryFacts facts, OrganizeOptions options, IReadOnlyList<IFileFilter> filters, RunContext context)
    {
        var commit = "";
        try
        {
            using var repository = GitRepositories.Open(folder, source.Location);
            var scopes = RecordLicenses.IsWanted(options.Licenses, facts.Licenses, facts.LicenseType) ? new TreeScopes(repository, _licenses) : null;
            // What is recognised stands in the place of what was told.
            if (scopes is not null)
                facts = facts with { Licenses = null, LicenseType = null };
            var revision = GitRepositories.Resolve(repository, Revision(source, options.Input.Git), source.Location);
            var number = _repositories.Count;
            _repositories.Add(new PlannedRepository(source, folder, facts, revision.BranchName));
            if (revision.Commit is null)
            {
                context.Observer.Note(OrganizeStage.Id, $"the repository '{source.Location}' is empty");
                return ("empty", null);
            }

            commit = revision.Commit.Sha;
            var listing = new GitListing(repository, options.Input.IncludeHidden, entry => (entry.Guess is not { Language: null, Possible: not null }) && Check(entry, source, facts, filters).IsKept, scopes);
            foreach (var entry in options.Input.Git.History ? listing.OfHistory(revision.Commit) : listing.OfCommit(revision.Commit))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                Add(Plan(entry, number, source, facts, filters));
            }

            return (commit, null);
        }
        catch (LibGit2SharpException fault)
        {
            return (commit, $"the repository '{source.Location}' can't be listed to its end: {fault.Message}. Check it with 'git fsck'.");
        }
        catch (ShardFaultException fault)
        {
            return (commit, fault.Message);
        }
    }

    private static Verdict Check(in GitEntry entry, GitSource source, RepositoryFacts facts, IReadOnlyList<IFileFilter> filters)
    {
        var (language, possible) = entry.Guess;
        var known = new FileFacts(
            entry.Path, language, entry.Length, facts.Stars, facts.Licenses, facts.LicenseType, entry.Attributes.Vendored, entry.Attributes.Generated, source.RepoName,
            ContentId: entry.Id.Sha, PossibleLanguages: possible);
        return filters.Check(known);
    }

    private static PlannedBlob Plan(in GitEntry entry, int number, GitSource source, RepositoryFacts facts, IReadOnlyList<IFileFilter> filters)
    {
        var micros = (entry.Commit.Committer.When.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        var blob = new PlannedBlob(number, entry.Path, entry.Id.Sha, entry.Guess.Language ?? "", entry.Length, entry.Commit.Sha, micros, entry.Attributes.Vendored, entry.Attributes.Generated, entry.IsLanguageGiven);
        if (entry.Fault is { } fault)
            return blob with { Reason = fault.Reason, IsFailure = true, Detail = fault.Message };
        var verdict = entry.Verdict.IsKept ? Check(entry, source, facts, filters) : entry.Verdict;
        return verdict.IsKept ? blob with { Licenses = entry.Licenses?.Ids } : blob with { Reason = verdict.Reason, Value = verdict.Value, Threshold = verdict.Threshold };
    }

    private void Add(PlannedBlob blob)
    {
        if (blob.Reason is null)
            _planned.Add(blob, blob.Language, blob.Length);
        else
            _planned.AddReject(blob);
    }
}
