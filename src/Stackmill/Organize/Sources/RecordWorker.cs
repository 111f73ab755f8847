using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Organize.Licenses;
using Stackmill.Organize.Sources.Records;
using Stackmill.Shared;
using Stackmill.Shared.Filters;
using Stackmill.Shared.Languages;

namespace Stackmill.Organize.Sources;

/// <summary>Reads the records of one piece of an input of records into shards.</summary>
internal sealed class RecordWorker(InputForm form, RecordPlan plan, RecordNames names, IReadOnlyList<IFileFilter> filters, RepositoryLists lists, OrganizeOptions options, RecordScopes? scopes) : IShardWorker
{
    private readonly ByteArena _sortArena = new();
    private readonly ByteArena _writeArena = new();
    private readonly RecordReading _reading = new(form, names);
    private readonly RecordLicenses _licenses = new(options);
    private readonly Dictionary<string, IReadOnlyList<string>> _scopes = new(StringComparer.Ordinal);
    private readonly bool _alwaysDetects = options.Input.Detect == "always";
    private readonly string? _language = LanguageTable.Find(options.Input.Language)?.Name;
    private readonly long _maxBytes = (long)options.MaxFileSizeMb << 20;

    private IReadOnlyList<IFileFilter> Filters => filters;

    private OrganizeOptions Options => options;

    public void Run(ShardTask task, ShardContext context)
    {
        _sortArena.Reset();
        var piece = plan.Pieces[task.Index];
        using var ledger = new LedgerWriter(context, task.Name);
        var shards = new SortedShardWriter(context, task.Name, options.ShardSize, _sortArena, _writeArena);
        var sink = new Sink(this, context, ledger, shards);
        _reading.Read(piece, sink);
        shards.Flush();
        ledger.Complete();
    }

    public void Dispose()
    {
    }

    private void Licenses(CodeRecord record) => _licenses.Apply(record, scopes?.Of(record, _scopes));

    private bool OptedOut(CodeRecord record) => lists.OptedOut.HasId(record.BlobId) || lists.OptedOut.HasId(record.ContentId);

    private static LedgerRow Row(CodeRecord record, LedgerAction action, string reason) => new()
    {
        Stage = OrganizeStage.Id,
        Action = action,
        Reason = reason,
        ContentId = record.ContentId,
        RepoName = record.RepoName,
        Path = record.Path,
        Language = record.Language,
        LengthBytes = record.Content.Length,
    };

    private sealed class Sink(RecordWorker worker, ShardContext context, LedgerWriter ledger, SortedShardWriter shards) : IRecordSink
    {
        public void Take(CodeRecord record)
        {
            context.Books.In++;
            context.Books.BytesIn += record.Content.Length;
            context.Advance(record.Content.Length);
            record.Path = RecordIdentity.NormalisePath(record.Path);
            if (worker._alwaysDetects)
                (record.Language, record.IsVendor, record.IsGenerated) = ("", null, null);
            var given = LanguageTable.Find(record.Language);
            record.Language = given?.Name ?? "";
            if (RecordLicenses.IsWanted(worker.Options.Licenses, record.DetectedLicenses, record.LicenseType))
                (record.DetectedLicenses, record.LicenseType) = (null, null);
            var facts = ContentJudge.Fill(record, given is not null);
            if (facts.Language is null && record.Path.Length == 0 && worker._language is { } told)
                (record.Language, facts) = (told, facts with { Language = told });
            // The source's own ids and lengths describe other bytes than its (decoded or redacted) text: made again from the text.
            (record.BlobId, record.ContentId) = ("", "");
            var verdict = worker.Filters.Check(facts);
            if (!verdict.IsKept)
            {
                if (record.Content.Length <= worker._maxBytes)
                    RecordIdentity.Complete(record);
                Drop(record, verdict);
                return;
            }

            RecordIdentity.Complete(record);
            worker.Licenses(record);
            if (worker.OptedOut(record))
                Drop(record, Verdict.Drop("opted_out"));
            else if (worker._licenses.Check(record) is { IsKept: false } refused)
                Drop(record, refused);
            else
                shards.Add(record);
        }

        public void Fail(CodeRecord about, RecordFaultException fault)
        {
            context.Books.In++;
            context.Books.Fail(fault.Reason);
            context.Advance(0);
            (about.BlobId, about.ContentId) = ("", "");
            about.Path = RecordIdentity.NormalisePath(about.Path);
            ledger.Add(Row(about, LedgerAction.Failed, fault.Reason) with { Detail = fault.Message, LengthBytes = null });
        }

        public void EmptyRepository()
        {
            context.Books.Count("repositories.empty");
            context.Advance(0);
        }

        private void Drop(CodeRecord record, Verdict verdict)
        {
            context.Books.Drop(verdict.Reason!);
            ledger.Add(Row(record, LedgerAction.Dropped, verdict.Reason!) with { Value = verdict.Value, Threshold = verdict.Threshold });
        }
    }
}
