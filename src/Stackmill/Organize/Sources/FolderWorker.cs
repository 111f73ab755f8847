using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Organize.Licenses;
using Stackmill.Shared;
using Stackmill.Shared.Filters;

namespace Stackmill.Organize.Sources;

/// <summary>Reads the planned files of a folder into shards.</summary>
internal sealed class FolderWorker(string root, FolderPlan plan, IReadOnlyList<IFileFilter> filters, OrganizeOptions options) : IShardWorker
{
    private readonly ByteArena _arena = new();
    private readonly RecordLicenses _licenses = new(options);
    private byte[] _buffer = new byte[1 << 16];

    public void Run(ShardTask task, ShardContext context)
    {
        using var ledger = new LedgerWriter(context, task.Name);
        using var shards = new ShardWriter(context, task.Name, RecordColumns.Staged(), _arena);
        // Stored order is by repository first, which a path's leading folders sort otherwise ("a-b/x" before "a/x").
        var files = plan.Files(task.Index)
            .OrderBy(f => RecordIdentity.SplitRepo(f.Path, options.Input.RepoDepth).Repo, StringComparer.Ordinal)
            .ThenBy(f => f.Path, StringComparer.Ordinal);
        foreach (var file in files)
        {
            context.Books.In++;
            context.Advance(file.Reason is null ? file.Length : 0);
            if (file.Reason is not null)
            {
                if (file.IsFailure)
                    context.Books.Fail(file.Reason);
                else
                    context.Books.Drop(file.Reason);
                ledger.Add(Row(file, file.IsFailure ? LedgerAction.Failed : LedgerAction.Dropped, file.Reason, file.Value, file.Threshold, file.Detail));
                continue;
            }

            try
            {
                Keep(file, context, ledger, shards);
            }
            catch (RecordFaultException fault)
            {
                context.Books.Fail(fault.Reason);
                ledger.Add(Row(file, LedgerAction.Failed, fault.Reason, null, null, fault.Message));
            }
        }

        shards.Complete();
        ledger.Complete();
    }

    public void Dispose()
    {
    }

    private void Keep(PlannedFile file, ShardContext context, LedgerWriter ledger, ShardWriter shards)
    {
        var content = Read(file);
        context.Books.BytesIn += content.Length;
        var (repo, path) = RecordIdentity.SplitRepo(file.Path, options.Input.RepoDepth);
        var record = new CodeRecord { RepoName = repo, Path = path, Content = content };
        RecordIdentity.Complete(record);
        // The listing knew the name only, and the file may have changed since: what was read decides.
        var verdict = filters.Check(ContentJudge.Fill(record, isLanguageGiven: false));
        if (!verdict.IsKept)
        {
            context.Books.Drop(verdict.Reason!);
            ledger.Add(Row(file, LedgerAction.Dropped, verdict.Reason!, verdict.Value, verdict.Threshold, content.Length == file.Length ? null : "changed since it was listed") with
            {
                ContentId = record.ContentId,
                Language = record.Language,
                LengthBytes = content.Length,
            });
            return;
        }

        _licenses.Apply(record, file.Licenses);
        if (_licenses.Check(record) is { IsKept: false } refused)
        {
            context.Books.Drop(refused.Reason!);
            ledger.Add(Row(file, LedgerAction.Dropped, refused.Reason!, refused.Value, refused.Threshold, null) with { ContentId = record.ContentId });
            return;
        }

        shards.Add(record);
    }

    private ReadOnlyMemory<byte> Read(PlannedFile file)
    {
        try
        {
            using var handle = File.OpenHandle(Path.Combine(root, file.Path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(handle);
            if (length > Array.MaxLength)
                throw new RecordFaultException("unreadable", $"it has grown to {length} bytes since it was listed");
            if (_buffer.Length < length)
                _buffer = new byte[Math.Max(length, Math.Min(_buffer.Length * 2L, Array.MaxLength))];
            var read = 0;
            while (read < length)
            {
                var step = RandomAccess.Read(handle, _buffer.AsSpan(read, (int)length - read), read);
                if (step == 0)
                    break;
                read += step;
            }

            return _buffer.AsMemory(0, read);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw new RecordFaultException("unreadable", fault.Message, fault);
        }
    }

    private LedgerRow Row(PlannedFile file, LedgerAction action, string reason, double? value, double? threshold, string? detail)
    {
        var (repo, path) = RecordIdentity.SplitRepo(file.Path, options.Input.RepoDepth);
        return new LedgerRow
        {
            Stage = OrganizeStage.Id,
            Action = action,
            Reason = reason,
            RepoName = repo,
            Path = path,
            Language = file.Language,
            Value = value,
            Threshold = threshold,
            Detail = detail,
            LengthBytes = file.Length,
        };
    }
}
