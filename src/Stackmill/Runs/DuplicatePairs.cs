using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Deduplicate;
using Stackmill.Shared;

namespace Stackmill.Runs;

/// <summary>
/// All pairs of a file that went and the one that stays for it, from the ledger of a deduplicated dataset, as one Parquet file: <c>file</c>, <c>content_id</c>, <c>language</c>,
/// <c>bytes</c>, <c>kept_file</c>, <c>kept_content_id</c>, <c>kind</c> (exact, normalized, near, repository, contained), <c>similarity</c> (0 to 1, exact), in the order of the ledger.
/// </summary>
internal static class DuplicatePairs
{
    private const int RowGroupRows = 65_536;
    private const string Prefix = "duplicate_";

    private static readonly IReadOnlyList<ParquetColumn<LedgerRow>> Columns =
    [
        new TextColumn<LedgerRow>("file", false, static r => r.RepoName.Length == 0 ? r.Path : $"{r.RepoName}/{r.Path}", Unread),
        new TextColumn<LedgerRow>("content_id", false, static r => r.ContentId, Unread),
        new TextColumn<LedgerRow>("language", false, static r => r.Language, Unread),
        ValueColumns.Long<LedgerRow>("bytes", true, static r => r.LengthBytes, static (_, _) => { }),
        new TextColumn<LedgerRow>("kept_file", false, static r => r.KeptPath!, Unread),
        new TextColumn<LedgerRow>("kept_content_id", true, static r => r.KeptId, Unread),
        new TextColumn<LedgerRow>("kind", false, static r => Kind(r.Reason), Unread),
        ValueColumns.Double<LedgerRow>("similarity", true, static r => r.Similarity, static (_, _) => { }),
    ];

    /// <summary>Writes the pairs and gives their number by kind.</summary>
    /// <param name="input">A project folder of a run, or the dataset that deduplication made.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="least">Lowest similarity of a pair that is listed.</param>
    /// <param name="cancellation">Set when it must stop.</param>
    /// <exception cref="UsageException">The dataset is of another stage, or the output can't be written.</exception>
    public static IReadOnlyDictionary<string, long> Write(string input, string output, double least, CancellationToken cancellation)
    {
        var dataset = Dataset.Open(input);
        if (dataset.Manifest.Stage != DeduplicateStage.Id)
            throw new UsageException($"'{dataset.Folder}' is the dataset of stage '{dataset.Manifest.Stage}', which compares no files; expected the one that '{DeduplicateStage.Id}' made.");
        if (Directory.Exists(output))
            throw new UsageException($"'{output}' is a folder; expected a file to write, e.g. pairs.parquet.");
        if (RealPath.OfFolder(Path.GetDirectoryName(Path.GetFullPath(output))!).StartsWith(RealPath.OfFolder(dataset.Folder), StringComparison.Ordinal))
            throw new UsageException($"the output '{output}' lies inside the dataset '{dataset.Folder}', which is never changed. Choose an --output outside of it.");
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var temporary = AtomicFile.TemporaryName(output);
        try
        {
            // A folder that can't be written to is told here, before the native writer opens its file.
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
            File.WriteAllBytes(temporary, []);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"can't write '{output}': {fault.Message} Choose an --output in a folder that can be written to.", fault);
        }

        try
        {
            using (var file = new ParquetTableWriter<LedgerRow>(temporary, Columns))
            {
                foreach (var rows in dataset.ReadLedger().Where(r => r.KeptPath is not null && !(r.Similarity < least)).Chunk(RowGroupRows))
                {
                    cancellation.ThrowIfCancellationRequested();
                    foreach (var row in rows)
                        counts[Kind(row.Reason)] = counts.GetValueOrDefault(Kind(row.Reason)) + 1;
                    file.WriteRowGroup(rows);
                }

                file.Close();
            }

            AtomicFile.Seal(temporary);
            File.Move(temporary, output, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return counts;
    }

    private static string Kind(string reason) => reason.StartsWith(Prefix, StringComparison.Ordinal) ? reason[Prefix.Length..] : reason;

    private static void Unread(LedgerRow row, string? value)
    {
    }
}
