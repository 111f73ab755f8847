using Stackmill.Core.Model;
using Stackmill.Datasets;

namespace Stackmill.Acquire.Metadata;

/// <summary>
/// The ledger of this stage: one row for each piece of the source and reason, whose value is the number of rows, since a
/// dataset has billions of them.
/// </summary>
internal static class GroupLedger
{
    /// <summary>Adds what the books of one piece say.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="place">The source file's relative path and the row group.</param>
    /// <param name="books">Books of these rows alone.</param>
    public static void Add(LedgerWriter ledger, string place, Books books)
    {
        foreach (var (reason, rows) in books.Dropped)
            ledger.Add(Row(place, LedgerAction.Dropped, reason, rows));
        foreach (var (reason, rows) in books.Failed)
            ledger.Add(Row(place, LedgerAction.Failed, reason, rows));
    }

    /// <summary>One row.</summary>
    public static LedgerRow Row(string place, LedgerAction action, string reason, long rows) =>
        new() { Stage = MetadataStage.Id, Action = action, Reason = reason, Path = place, Value = rows };
}
