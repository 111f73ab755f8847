using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Organize.Sources.Records;
using Stackmill.Shared;
using Stackmill.Shared.Filters;
using Stackmill.Shared.Languages;

namespace Stackmill.Organize.Sources;

/// <summary>Reads the records of one piece of an input of records into shards.</summary>
internal sealed class RecordWorker(InputForm form, RecordPlan plan, RecordNames names, IReadOnlyList<IFileFilter> filters, RepositoryLists lists, OrganizeOptions options) : IShardWorker
{
    private readonly ByteArena _sortArena = new();
    private readonly ByteArena _writeArena = new();
    private readonly JsonRecordReader _json = new(names);
    private readonly bool _alwaysDetects = options.Input.Detect == "always";
    private readonly long _maxBytes = (long)options.MaxFileSizeMb << 20;

    private IReadOnlyList<IFileFilter> Filters => filters;

    public void Run(ShardTask task, ShardContext context)
    {
        _sortArena.Reset();
        var piece = plan.Pieces[task.Index];
        using var ledger = new LedgerWriter(context, task.Name);
        var shards = new SortedShardWriter(context, task.Name, options.ShardSize, _sortArena, _writeArena);
        var sink = new Sink(this, context, ledger, shards);
        switch (form)
        {
            case InputForm.JsonLines:
                ReadLines(piece, sink);
                break;
            case InputForm.Csv:
                CsvRecords.Read(piece.File, names, sink);
                break;
            case InputForm.Arrow:
                ReadBatches(piece, ArrowStreams.Read(piece.File), sink);
                break;
            default:
                ReadBatches(piece, ParquetTableReader.Batches(
                    piece.File, schema => ArrowBinding.Of(schema, names, piece.File.Name).Leaves(schema), piece.RowGroups.Length == 0 ? null : piece.RowGroups), sink);
                break;
        }

        shards.Flush();
        ledger.Complete();
    }

    public void Dispose()
    {
    }

    private void ReadLines(RecordPiece piece, Sink sink)
    {
        foreach (var line in JsonLines.Read(piece.File, piece.Start, piece.End))
        {
            var where = piece.Start == 0 ? $"line {line.Number}" : $"line {line.Number} after byte {piece.Start}";
            try
            {
                if (line.TooLong)
                    throw new RecordFaultException("line_too_long", $"a line above {JsonLines.MaxLineBytes >> 20} MiB");
                _json.Read(line.Bytes.Span, where, sink);
            }
            catch (RecordFaultException fault)
            {
                sink.Fail(new CodeRecord { Path = Path.GetFileName(piece.File.RelativePath) }, new RecordFaultException(fault.Reason, $"{where}: {fault.Message}"));
            }
        }
    }

    private void ReadBatches(RecordPiece piece, IEnumerable<Apache.Arrow.RecordBatch> batches, Sink sink)
    {
        var records = new ArrowRecords(names, piece.File, sink);
        foreach (var batch in batches)
            records.Read(batch);
    }

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
            var facts = ContentJudge.Fill(record, given is not null);
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
            if (worker.OptedOut(record))
                Drop(record, Verdict.Drop("opted_out"));
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
