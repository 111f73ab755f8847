using System.Security.Cryptography;
using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Core.Stages;
using Stackmill.Organize.Licenses;
using Stackmill.Shared.Filters;
using Stackmill.Shared.Languages;

namespace Stackmill.Organize.Sources;

/// <summary>A file to read, or an entry to account for, as the plan holds it.</summary>
internal sealed record PlannedFile(
    string Path, string Language, long Length, string? Reason = null, bool IsFailure = false, double? Value = null, double? Threshold = null, string? Detail = null, IReadOnlyList<string>? Licenses = null);

/// <summary>The listing of an input folder, as tasks.</summary>
internal sealed class FolderPlan : IDisposable
{
    private readonly PlannedTasks<PlannedFile> _planned;
    private readonly IncrementalHash _fingerprint = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private FolderPlan(string scratchFile, long shardBytes) => _planned = new(scratchFile, shardBytes, (a, b) => string.CompareOrdinal(a.Path, b.Path));

    /// <summary>The tasks, in the order of their index.</summary>
    public IReadOnlyList<ShardTask> Tasks => _planned.Tasks;

    /// <summary>SHA-256 over path, size and change time of every entry: equal fingerprints mean an unchanged folder.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>Lists the folder.</summary>
    /// <param name="scanner">Walks it.</param>
    /// <param name="filters">Decide which files go on.</param>
    /// <param name="shardBytes">Bytes of a task.</param>
    /// <param name="scratchFile">Name of the scratch file.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    /// <param name="scopes">Knows the licences of folders; <c>null</c> when they are not asked for.</param>
    public static FolderPlan Make(
        FolderScanner scanner, IReadOnlyList<IFileFilter> filters, long shardBytes, string scratchFile, CancellationToken cancellation, FolderScopes? scopes = null)
    {
        var plan = new FolderPlan(scratchFile, shardBytes);
        var whole = false;
        try
        {
            scanner.Entered = scopes is null ? null : scopes.Enter;
            plan.List(scanner, filters, scopes, cancellation);
            whole = true;
            return plan;
        }
        finally
        {
            if (!whole)
                plan.Dispose();
        }
    }

    /// <summary>The files of one task, by path.</summary>
    public IReadOnlyList<PlannedFile> Files(int task) => _planned.Read(task);

    /// <summary>Removes the scratch file.</summary>
    public void Dispose()
    {
        _fingerprint.Dispose();
        _planned.Dispose();
    }

    private void List(FolderScanner scanner, IReadOnlyList<IFileFilter> filters, FolderScopes? scopes, CancellationToken cancellation)
    {
        foreach (var entry in scanner.Scan())
        {
            cancellation.ThrowIfCancellationRequested();
            _fingerprint.AppendData(JsonSerializer.SerializeToUtf8Bytes(new { entry.Path, entry.Length, entry.Changed, entry.Reason }));
            var file = Judge(entry, filters);
            if (file.Reason is null)
                _planned.Add(file with { Licenses = scopes?.Of(entry.Path).Ids }, file.Language, file.Length);
            else
                _planned.AddReject(file);
        }

        _planned.Finish();
        Fingerprint = Convert.ToHexStringLower(_fingerprint.GetHashAndReset());
    }

    private static PlannedFile Judge(FolderEntry entry, IReadOnlyList<IFileFilter> filters)
    {
        if (entry.Reason is not null)
            return new PlannedFile(entry.Path, "", entry.Length, entry.Reason, entry.IsFailure, Detail: entry.Detail);
        var (language, possible) = NameGuess.Of(entry.Path);
        var verdict = filters.Check(new FileFacts(entry.Path, language, entry.Length, PossibleLanguages: possible));
        return verdict.IsKept
            ? new PlannedFile(entry.Path, language ?? "", entry.Length)
            : new PlannedFile(entry.Path, language ?? "", entry.Length, verdict.Reason, false, verdict.Value, verdict.Threshold);
    }
}
