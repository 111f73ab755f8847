using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Shared;
using Stackmill.Shared.Languages;

namespace Stackmill.Organize.Sources;

/// <summary>Reads the records of one piece of a JSON-lines or Parquet input into shards.</summary>
internal sealed class RecordWorker(InputForm form, RecordPlan plan, IReadOnlyList<IFileFilter> filters, OrganizeOptions options) : IShardWorker
{
    // Marks a null while a batch is read; no file has this length.
    private const long NullContent = -1;

    private readonly ByteArena _sortArena = new();
    private readonly ByteArena _writeArena = new();
    private readonly JsonRecordReader _json = new(options.Input.ContentColumn, options.Input.PathColumn);
    private readonly long _maxBytes = (long)options.MaxFileSizeMb << 20;

    public void Run(ShardTask task, ShardContext context)
    {
        _sortArena.Reset();
        var piece = plan.Pieces[task.Index];
        using var ledger = new LedgerWriter(context, task.Name);
        var shards = new SortedShardWriter(context, task.Name, options.ShardSize, _sortArena, _writeArena);
        if (form == InputForm.JsonLines)
            ReadLines(piece, context, ledger, shards);
        else
            ReadParquet(piece, context, ledger, shards);
        shards.Flush();
        ledger.Complete();
    }

    public void Dispose()
    {
    }

    private void ReadLines(RecordPiece piece, ShardContext context, LedgerWriter ledger, SortedShardWriter shards)
    {
        foreach (var line in JsonLines.Read(piece.Path, piece.Start, piece.End))
        {
            context.Books.In++;
            context.Advance(line.Bytes.Length);
            try
            {
                if (line.TooLong)
                    throw new RecordFaultException("line_too_long", $"a line above {JsonLines.MaxLineBytes >> 20} MiB");
                Take(_json.Read(line.Bytes.Span), context, ledger, shards);
            }
            catch (RecordFaultException fault)
            {
                var where = piece.Start == 0 ? $"line {line.Number}" : $"line {line.Number} after byte {piece.Start}";
                context.Books.Fail(fault.Reason);
                ledger.Add(Row(new CodeRecord { Path = Path.GetFileName(piece.Path) }, LedgerAction.Failed, fault.Reason) with { Detail = $"{where}: {fault.Message}" });
            }
        }
    }

    private void ReadParquet(RecordPiece piece, ShardContext context, LedgerWriter ledger, SortedShardWriter shards)
    {
        foreach (var batch in ParquetTableReader.Read(piece.Path, Columns(piece.Path), () => new CodeRecord(), piece.RowGroups.Length == 0 ? null : piece.RowGroups))
        {
            foreach (var record in batch)
            {
                context.Books.In++;
                context.Advance(record.Content.Length);
                if (record.LengthBytes == NullContent)
                {
                    context.Books.Fail("missing_content");
                    ledger.Add(Row(record, LedgerAction.Failed, "missing_content") with { Detail = $"the content is null in {Path.GetFileName(piece.Path)}", LengthBytes = null });
                    continue;
                }

                Take(record, context, ledger, shards);
            }
        }
    }

    // The source's own ids and lengths describe other bytes than its (decoded or redacted) text: made again from the text.
    private List<ParquetColumn<CodeRecord>> Columns(string path)
    {
        string[] names;
        using (var file = ParquetTableReader.Open(path))
            names = [.. file.Schema.FieldsList.Select(f => f.Name)];
        var content = Choose(names, options.Input.ContentColumn, RecordColumns.Content, RecordColumns.ContentAliases);
        if (content is null)
        {
            throw new ShardFaultException(
                $"'{path}' has no column '{(options.Input.ContentColumn.Length > 0 ? options.Input.ContentColumn : "content")}'; its columns are {string.Join(", ", names)}. Name the one that holds the code with --content-column.");
        }

        var pathColumn = Choose(names, options.Input.PathColumn, "path", RecordColumns.PathAliases);
        var columns = RecordColumns.Provenance().ToList();
        columns.Add(new BytesColumn<CodeRecord>(content, true, r => r.Content, (record, bytes, isNull) =>
        {
            record.Content = bytes;
            record.LengthBytes = isNull ? NullContent : bytes.Length;
        }));
        if (pathColumn is not null)
            columns.Add(new TextColumn<CodeRecord>(pathColumn, false, r => r.Path, (r, v) => r.Path = v ?? ""));
        return columns;
    }

    private static string? Choose(string[] names, string configured, string own, string[] aliases) =>
        configured.Length > 0
            ? Array.Find(names, n => n == configured)
            : aliases.Prepend(own).FirstOrDefault(n => Array.IndexOf(names, n) >= 0);

    private void Take(CodeRecord record, ShardContext context, LedgerWriter ledger, SortedShardWriter shards)
    {
        context.Books.BytesIn += record.Content.Length;
        record.Path = RecordIdentity.NormalisePath(record.Path);
        // A language the source found by reading the file is better than one by its name.
        var language = LanguageTable.Find(record.Language) ?? LanguageTable.OfPath(record.Path);
        record.Language = language?.Name ?? "";
        var facts = FileFacts.Of(record, language?.Name, record.Content.Length);
        foreach (var filter in filters)
        {
            var verdict = filter.Check(facts);
            if (verdict.IsKept)
                continue;
            context.Books.Drop(verdict.Reason!);
            if (record.Content.Length <= _maxBytes)
                RecordIdentity.Complete(record);
            ledger.Add(Row(record, LedgerAction.Dropped, verdict.Reason!) with { Value = verdict.Value, Threshold = verdict.Threshold });
            return;
        }

        RecordIdentity.Complete(record);
        shards.Add(record);
    }

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
}
