using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Deduplicate.Boilerplate;
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
/// <param name="cutter">Finds blocks of boilerplate, and cuts them; <c>null</c> for neither.</param>
/// <param name="memory">Bytes for counting blocks.</param>
internal sealed class KeepWorker(Dataset input, SearchFiles files, DeduplicateOptions options, Decontaminator? decontaminator, BoilerplateCutter? cutter, long memory) : IShardWorker
{
    private static readonly Verdict Contaminated = Verdict.Drop("contaminated");

    private readonly ByteArena _arena = new();
    private readonly OpenFiles _open = new();

    /// <inheritdoc/>
    public void Run(ShardTask task, ShardContext context)
    {
        using var ledger = new LedgerWriter(context, task.Name);
        using var shards = new ShardWriter(context, task.Name, RecordColumns.Text(), _arena);
        using var fates = new RowFates(files, task.Index, options, decontaminator, _open);
        using var index = options.Dedup.KeepIndex ? new IndexWriter(files, task, context, _open) : null;
        using var blocks = cutter is null ? null : new BlockTally(files.Scratch($"blocks-{task.Index}"), memory);
        var row = -1;
        foreach (var batch in input.Read(task.Index, RecordColumns.Text()))
        {
            foreach (var record in batch)
            {
                row++;
                context.Books.In++;
                context.Books.BytesIn += record.Content.Length;
                context.Advance(record.Content.Length);
                if (fates.HitsOf(row) is not null)
                    context.Books.Count("contaminated_files");
                if (Fate(record, row, fates) is { } gone)
                {
                    context.Books.Drop(gone.Reason);
                    ledger.Add(gone);
                    continue;
                }

                if (cutter is not null && !Cut(record, task.Index, row, blocks!, context, ledger))
                    continue;
                index?.Add(row, record.Language);
                shards.Add(record);
            }
        }

        blocks?.Complete(context.CreateOutput(BlocksName(files, context.Folder, task), "blocks", "", static () => (0, 0)));
        index?.Complete();
        shards.Complete();
        ledger.Complete();
    }

    /// <summary>Where a task leaves the blocks that it counted, as a path in the dataset's folder.</summary>
    public static string BlocksName(SearchFiles files, string folder, ShardTask task) => Path.Combine(Path.GetRelativePath(folder, files.Folder), "blocks", task.Name);

    /// <inheritdoc/>
    public void Dispose() => _open.Dispose();

    // The ledger's row of a file that goes; null for one that stays.
    private LedgerRow? Fate(CodeRecord record, int row, RowFates fates)
    {
        if (fates.HitsOf(row) is { } hits && decontaminator!.Drops)
            return Row(record, Contaminated.Reason!) with { Value = hits[0].Score, Threshold = decontaminator.Index.Parts[hits[0].Part].Threshold, Detail = decontaminator.Describe(hits) };
        if (fates.RepositoryFor(row) is { } repository)
            return Row(record, RepositoryDecisions.Drop.Reason!) with { KeptPath = $"{repository}/{record.Path}", KeptId = record.ContentId, Similarity = 1 };
        if (!fates.Find(row, out var decision))
            return null;
        var kind = (DuplicateKind)decision.Kind;
        var (path, id) = files.NameOf(decision.KeeperShard, decision.KeeperRow, _open);
        var gone = Row(record, kind.Reason()) with { KeptPath = path, KeptId = id };
        return kind == DuplicateKind.Contained ? gone with { Value = decision.Similarity, Threshold = options.Containment.Threshold } : gone with { Similarity = decision.Similarity };
    }

    // False when nothing would be left of the file.
    private bool Cut(CodeRecord record, int shard, int row, BlockTally blocks, ShardContext context, LedgerWriter ledger)
    {
        var result = cutter!.Apply(record, shard, row, blocks, context.Books);
        if (result.CutLines > 0)
            ledger.Add(cutter.Row(record, result, DeduplicateStage.Id));
        if (!result.Verdict.IsKept)
            context.Books.Drop(result.Verdict.Reason!);
        return result.Verdict.IsKept;
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
