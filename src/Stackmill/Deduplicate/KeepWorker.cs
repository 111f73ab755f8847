using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Deduplicate.Repositories;
using Stackmill.Deduplicate.Search;
using Stackmill.Shared;

namespace Stackmill.Deduplicate;

/// <summary>The last step's worker: writes the files of a shard that stay, and of each other one why it goes and which stays for it.</summary>
/// <param name="input">The dataset.</param>
/// <param name="files">The decisions.</param>
/// <param name="options">How duplicates were looked for.</param>
/// <param name="decontaminator">What files may not hold; <c>null</c> for nothing.</param>
internal sealed class KeepWorker(Dataset input, SearchFiles files, DeduplicateOptions options, Decontaminator? decontaminator) : IShardWorker
{
    private readonly ByteArena _arena = new();
    private readonly OpenFiles _open = new();

    /// <inheritdoc/>
    public void Run(ShardTask task, ShardContext context)
    {
        using var ledger = new LedgerWriter(context, task.Name);
        using var shards = new ShardWriter(context, task.Name, RecordColumns.Text(), _arena);
        using var decisions = options.Enabled ? new DecisionReader(files, task.Index, _open) : null;
        using var gone = new GoneRows(files, task.Index);
        using var index = options.Dedup.KeepIndex ? new IndexWriter(files, task, context, _open) : null;
        var contaminated = decontaminator is null ? [] : SignatureWorker.ReadHits(files, task.Index).ToDictionary(f => f.Row, f => f.Hits);
        var row = -1;
        foreach (var batch in input.Read(task.Index, RecordColumns.Text()))
        {
            foreach (var record in batch)
            {
                row++;
                context.Books.In++;
                context.Books.BytesIn += record.Content.Length;
                context.Advance(record.Content.Length);
                if (contaminated.TryGetValue(row, out var hits))
                {
                    context.Books.Count("contaminated_files");
                    if (decontaminator!.Drops)
                    {
                        Drop(context, ledger, Row(record, "contaminated") with { Value = hits[0].Score, Threshold = decontaminator.Index.Parts[hits[0].Part].Threshold, Detail = decontaminator.Describe(hits) });
                        continue;
                    }
                }

                if (gone.KeptFor(row) is { } repository)
                {
                    Drop(context, ledger, Row(record, RepositoryDecisions.Drop.Reason!) with { KeptPath = $"{repository}/{record.Path}", KeptId = record.ContentId, Similarity = 1 });
                    continue;
                }

                if (decisions is null || !decisions.Find(row, out var decision))
                {
                    index?.Add(row, record.Language);
                    shards.Add(record);
                    continue;
                }

                var (path, id) = files.NameOf(decision.KeeperShard, decision.KeeperRow, _open);
                Drop(context, ledger, Row(record, ((DuplicateKind)decision.Kind).Reason()) with { KeptPath = path, KeptId = id, Similarity = decision.Similarity });
            }
        }

        index?.Complete();
        shards.Complete();
        ledger.Complete();
    }

    /// <inheritdoc/>
    public void Dispose() => _open.Dispose();

    private static void Drop(ShardContext context, LedgerWriter ledger, LedgerRow row)
    {
        context.Books.Drop(row.Reason);
        ledger.Add(row);
    }

    private static LedgerRow Row(CodeRecord record, string reason) => new()
    {
        Stage = DeduplicateStage.Id,
        Action = LedgerAction.Dropped,
        Reason = reason,
        ContentId = record.ContentId,
        RepoName = record.RepoName,
        Path = record.Path,
        Language = record.Language,
        LengthBytes = record.LengthBytes,
    };
}
