using System.Security.Cryptography;
using System.Text;
using Stackmill.Acquire.Contents;
using Stackmill.Catalog;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;
using Stackmill.Shared;

namespace Stackmill.Runs;

/// <summary>Puts together what a run needs to fetch its input.</summary>
internal static class Acquisition
{
    /// <summary>Rows with blob_id: a dataset folder, a project folder, a Parquet file, or a folder of those.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    public static ContentRows Rows(string input)
    {
        if (File.Exists(input))
            return Of(input, [new LocalFile(input, Path.GetFileName(input))]);
        if (!Directory.Exists(input))
            throw new UsageException($"there is no input '{input}'; expected the dataset of 'stackmill metadata', a Parquet file with a column blob_id, or a folder of those.");
        if (Manifest.Read(RowsFolder(input)) is { } manifest)
            return new ContentRows(manifest.Stage, LocalFile.Shards(RowsFolder(input), manifest), manifest.RootHash) { Place = RowsFolder(input) };

        var parquet = Directory.EnumerateFiles(input, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(p => (SourceFile)new LocalFile(p, Path.GetRelativePath(input, p).Replace('\\', '/'))).ToList();
        return parquet.Count > 0 ? Of(input, parquet) : throw new UsageException($"the folder '{input}' holds no .parquet file; expected rows with a column blob_id.");
    }

    /// <summary>Where the rows of an input lie: a project folder stands for its dataset of metadata.</summary>
    public static string RowsFolder(string input) =>
        File.Exists(Path.Combine(input, Manifest.FileName)) || !File.Exists(Path.Combine(ProjectLayout.Data(input, ProjectLayout.Raw), Manifest.FileName))
            ? input : ProjectLayout.Data(input, ProjectLayout.Raw);

    /// <summary>Fetches contents into a dataset.</summary>
    public static Manifest Contents(ContentRows rows, string folder, bool retryFailed, StackmillOptions options, RunContext context)
    {
        using var client = BlobClients.Create(options.Contents, Environment.GetEnvironmentVariable, context.Clock, context.Cancellation);
        var cache = options.Contents.Cache switch
        {
            "none" => null,
            "" => Path.Combine(ProjectLayout.CacheFor(folder), "contents"),
            var named => named,
        };
        return ContentStage.Run(
            rows, client, cache, folder, Path.Combine(ProjectLayout.ReportsFor(folder), ContentStage.ReportName), retryFailed, options.ContentStage, context);
    }

    private static ContentRows Of(string place, IReadOnlyList<SourceFile> files)
    {
        var text = string.Concat(files.Select(f => $"{f.RelativePath}\t{f.Length}\t{f.Tag}\n"));
        return new ContentRows("rows", files, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))) { Place = place };
    }
}
