using System.Text.RegularExpressions;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;

namespace Stackmill.Datasets;

/// <summary>
/// The markers of a finished dataset's tasks, from its manifest and ledger: so that single tasks can be done again later, also
/// where only the published files are left. For stages whose parts bear their tasks' names and whose ledger holds every file
/// that was not kept.
/// </summary>
internal static partial class TaskMarkers
{
    /// <summary>The markers, in the order of the tasks' names. A task that wrote nothing has none.</summary>
    /// <exception cref="Stackmill.Core.Faults.ShardFaultException">The ledger is damaged.</exception>
    public static IEnumerable<ShardMarker> Of(Dataset dataset)
    {
        var manifest = dataset.Manifest;
        foreach (var task in manifest.Shards.Concat(manifest.Ledger).GroupBy(o => PartName().Match(o.Path).Value, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var books = new Books();
            foreach (var output in task)
            {
                if (output.Kind == ShardOutput.ShardKind)
                    Keep(books, output);
                else
                    Leave(books, dataset.ReadLedger(output));
            }

            yield return new ShardMarker(manifest.Key, task.Key, books, [.. task]);
        }
    }

    private static void Keep(Books books, ShardOutput shard)
    {
        books.In += shard.Rows;
        books.Kept += shard.Rows;
        books.BytesIn += shard.ContentBytes;
        books.BytesKept += shard.ContentBytes;
    }

    private static void Leave(Books books, IEnumerable<LedgerRow> rows)
    {
        foreach (var row in rows.Where(r => r.Action != LedgerAction.Changed))
        {
            books.In++;
            if (row.Action == LedgerAction.Dropped)
                books.Drop(row.Reason);
            else
                books.Fail(row.Reason);
        }
    }

    [GeneratedRegex(@"part-[0-9]{5,}(?=[^/]*\z)")]
    private static partial Regex PartName();
}
