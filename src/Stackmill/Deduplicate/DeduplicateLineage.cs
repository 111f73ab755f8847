using Stackmill.Core.Engine;
using Stackmill.Datasets;

namespace Stackmill.Deduplicate;

/// <summary>What <c>deduplicate</c> reads and writes, column by column.</summary>
internal static class DeduplicateLineage
{
    /// <summary>What is read, and what is written from it.</summary>
    /// <param name="input">The dataset.</param>
    /// <param name="against">Datasets that it is held against.</param>
    /// <param name="benchmarks">Files of benchmarks.</param>
    /// <param name="output">Folder of the result.</param>
    /// <param name="options">How.</param>
    public static StageData Of(Dataset input, IEnumerable<Dataset> against, IEnumerable<string> benchmarks, string output, DeduplicateOptions options)
    {
        // Whoever cuts lines out measures what is left: all that is not known of the original bytes is made again.
        var original = RecordColumns.Staged().Select(c => c.Name).Where(c => c is not ("sha256" or RecordColumns.Content)).Append("filters").ToHashSet(StringComparer.Ordinal);
        ColumnSource[]? Worked(string column) => !options.Boilerplate.Removes || original.Contains(column) ? null
            : column == RecordColumns.Content ? [new(column, "lines that many files share cut out")]
            : [new(column), new(RecordColumns.Content, "made again where lines were cut out")];
        return new StageData(
            [StageColumns.Place(input), .. against.Select(StageColumns.Place), .. benchmarks.Select(b => new DataPlace(b, "", []))],
            new DataPlace(output, "parquet", StageColumns.Of(RecordColumns.Text(), Worked)))
        {
            Decides = [RecordColumns.Content, .. SignatureWorker.NeededColumns],
        };
    }
}
