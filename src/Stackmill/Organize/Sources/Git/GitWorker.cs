using LibGit2Sharp;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Organize.Licenses;
using Stackmill.Shared;
using Stackmill.Shared.Filters;

namespace Stackmill.Organize.Sources.Git;

/// <summary>Reads the planned blobs of repositories into shards. The library's objects belong to one thread, so each worker opens its own.</summary>
internal sealed class GitWorker(GitPlan plan, IReadOnlyList<IFileFilter> filters, OrganizeOptions options) : IShardWorker
{
    private readonly ByteArena _sortArena = new();
    private readonly ByteArena _writeArena = new();
    private readonly RecordLicenses _licenses = new(options);
    private byte[] _buffer = new byte[1 << 16];
    private Repository? _repository;
    private int _opened = -1;

    // Git LFS, docs/spec.md: a pointer file begins with its version.
    private static ReadOnlySpan<byte> LfsPointer => "version https://git-lfs.github.com/spec/v1"u8;

    public void Run(ShardTask task, ShardContext context)
    {
        _sortArena.Reset();
        using var ledger = new LedgerWriter(context, task.Name);
        var shards = new SortedShardWriter(context, task.Name, options.ShardSize, _sortArena, _writeArena);
        foreach (var blob in plan.Blobs(task.Index))
        {
            context.Books.In++;
            context.Advance(blob.Reason is null ? blob.Length : 0);
            if (blob.Reason is not null && blob.IsFailure)
                Fail(blob, blob.Reason, blob.Detail, context, ledger);
            else if (blob.Reason is not null)
                Drop(blob, new Verdict(blob.Reason, blob.Value, blob.Threshold), context, ledger);
            else
                Read(blob, context, ledger, shards);
        }

        shards.Flush();
        ledger.Complete();
    }

    public void Dispose() => _repository?.Dispose();

    private void Read(PlannedBlob blob, ShardContext context, LedgerWriter ledger, SortedShardWriter shards)
    {
        try
        {
            var record = Load(blob, context);
            // Lists may name the SHA-1 of the bytes, which is known now only, as what the content tells is.
            var facts = ContentJudge.Fill(record, blob.IsLanguageGiven);
            var verdict = record.Content.Span.StartsWith(LfsPointer) ? Verdict.Drop("lfs_pointer") : filters.Check(facts);
            if (verdict.IsKept)
            {
                _licenses.Apply(record, blob.Licenses);
                verdict = _licenses.Check(record);
            }

            if (verdict.IsKept)
                shards.Add(record);
            else
                Drop(blob with { Language = record.Language }, verdict, context, ledger);
        }
        catch (RecordFaultException fault)
        {
            Fail(blob, fault.Reason, fault.Message, context, ledger);
        }
    }

    private CodeRecord Load(PlannedBlob blob, ShardContext context)
    {
        var repository = plan.Repositories[blob.Repository];
        if (_opened != blob.Repository)
        {
            _repository?.Dispose();
            _opened = -1;
            _repository = GitRepositories.Open(repository.Folder, repository.Source.Location);
            _opened = blob.Repository;
        }

        if (_buffer.Length < blob.Length)
            _buffer = new byte[Math.Max(blob.Length, Math.Min(_buffer.Length * 2L, Array.MaxLength))];
        var content = _buffer.AsMemory(0, (int)blob.Length);
        GitBlob.Fill(_repository!, new ObjectId(blob.Id), content.Span);
        context.Books.BytesIn += content.Length;
        var record = new CodeRecord
        {
            RepoName = repository.Source.RepoName,
            Path = blob.Path,
            Language = blob.Language,
            Content = content,
            RevisionId = blob.Commit,
            BranchName = repository.BranchName,
            CommitterDateMicros = blob.CommitMicros,
            StarEventsCount = repository.Facts.Stars,
            ForkEventsCount = repository.Facts.Forks,
            DetectedLicenses = repository.Facts.Licenses,
            LicenseType = repository.Facts.LicenseType,
            IsVendor = blob.Vendored,
            IsGenerated = blob.Generated,
        };
        RecordIdentity.Complete(record);
        return record.ContentId == blob.Id ? record : throw new RecordFaultException("unreadable", $"the bytes of the blob {blob.Id} are not those of its id");
    }

    private void Fail(PlannedBlob blob, string reason, string? detail, ShardContext context, LedgerWriter ledger)
    {
        context.Books.Fail(reason);
        ledger.Add(Row(blob, LedgerAction.Failed, reason) with { Detail = detail });
    }

    private void Drop(PlannedBlob blob, Verdict verdict, ShardContext context, LedgerWriter ledger)
    {
        context.Books.Drop(verdict.Reason!);
        ledger.Add(Row(blob, LedgerAction.Dropped, verdict.Reason!) with { Value = verdict.Value, Threshold = verdict.Threshold });
    }

    private LedgerRow Row(PlannedBlob blob, LedgerAction action, string reason) => new()
    {
        Stage = OrganizeStage.Id,
        Action = action,
        Reason = reason,
        // Of a failed entry, the id is of what could not be read; of a submodule, of a commit elsewhere.
        ContentId = action == LedgerAction.Dropped && reason != "submodule" && !blob.Path.EndsWith('/') ? blob.Id : "",
        RepoName = plan.Repositories[blob.Repository].Source.RepoName,
        Path = blob.Path,
        Language = blob.Language,
        LengthBytes = blob.Length,
    };
}
