using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;

namespace Stackmill.Acquire.Contents;

/// <summary>Rows whose contents are to be fetched.</summary>
/// <param name="Name">What messages call them.</param>
/// <param name="Files">Parquet files with a column <c>blob_id</c>, in the order of their rows.</param>
/// <param name="Hash">Root hash of the dataset that they are, or a hash of the files' tags.</param>
internal sealed record ContentRows(string Name, IReadOnlyList<SourceFile> Files, string Hash);

/// <summary>
/// Fetches the contents that rows name by their blob_id into a dataset of original bytes. Contents that could not be had are
/// in the ledger and in the dead-letter list, and the next run can try just those again.
/// </summary>
internal static class ContentStage
{
    /// <summary>Id of the stage.</summary>
    public const string Id = "contents";

    /// <summary>Name of the report.</summary>
    public const string ReportName = "contents_report.json";

    /// <summary>Name of the list of contents that could not be had, inside the dataset: one JSON object a line.</summary>
    public const string DeadLetterName = "_dead_letter.jsonl";

    private const int Version = 1;

    // Their rows are in memory (a few megabytes a task), their contents are not.
    private const int TasksAtOnce = 8;

    /// <summary>Runs the stage, or finds that its dataset is up to date.</summary>
    /// <param name="rows">What is to be fetched.</param>
    /// <param name="client">Makes single attempts.</param>
    /// <param name="cacheFolder">Folder of the cache; <c>null</c> for none.</param>
    /// <param name="output">Folder of the dataset.</param>
    /// <param name="report">Path of the report.</param>
    /// <param name="retryFailed">True to try failed contents of a finished dataset again.</param>
    /// <param name="options">How contents are fetched.</param>
    /// <param name="context">The run.</param>
    /// <exception cref="UsageException">The terms of use are not accepted.</exception>
    public static Manifest Run(
        ContentRows rows, IBlobClient client, string? cacheFolder, string output, string report, bool retryFailed, ContentStageOptions options, RunContext context)
    {
        Terms.Require(options.Contents);
        var start = context.Clock.GetTimestamp();
        var maxBytes = (long)options.MaxFileSizeMb << 20;
        // More tasks than threads that write: while one waits for its last contents, the others keep the store busy.
        using var build = DatasetBuild.Begin(output, context with { Workers = cacheFolder is null ? Math.Max(2, context.Workers) : Math.Max(TasksAtOnce, context.Workers) });
        build.KeepMarkers(retryFailed);
        var configuration = ResolvedConfiguration.Of(options, ContentStageOptions.IsPartOfKey).Json;
        build.Prepare(new DatasetPlan(Id, Version, "bytes", configuration, [new ManifestInput(rows.Name, rows.Hash)]));
        var treeFolder = options.Contents.FileTree;
        if (build.UpToDate is { } whole)
        {
            if (whole.Books.FailedTotal > 0)
                context.Observer.Warn(Id, $"{whole.Books.FailedTotal:N0} contents could not be had ('{Path.Combine(output, DeadLetterName)}'); --retry-failed tries them again");
            if (treeFolder.Length > 0)
                BlobTree.Write(Dataset.Of(output, whole), treeFolder, context);
            return whole;
        }

        using var cache = cacheFolder is null ? null : BlobCache.Open(cacheFolder);
        using var fetcher = new BlobFetcher(
            client, cache, new AdaptiveLimit(options.Contents.MaxConcurrency, context.Clock), new ByteRate(options.Contents.MaxBytesPerSecond, context.Clock),
            FetchPolicy.Of(options.Contents, maxBytes), context.Clock);
        using var places = new WritePlaces(context.Workers);
        var plan = ContentPlan.Make(rows.Files, options.ShardSize, maxBytes, context.Cancellation);
        context.Observer.Note(Id, $"fetching from {client.Where}, {(cache is null ? "without a cache" : $"cache '{cacheFolder}'")}");
        var markers = build.Run(plan.Tasks, () => new ContentWorker(plan, fetcher, places, maxBytes));
        var manifest = build.Publish(markers, plan.Tasks, beforePublish: made => WriteDeadLetters(output, made));
        if (treeFolder.Length > 0)
            BlobTree.Write(Dataset.Of(output, manifest), treeFolder, context);
        WriteReport(report, rows, manifest, fetcher, context.Clock.GetElapsedTime(start));
        context.Observer.Note(Id, $"{fetcher.Fetched:N0} contents fetched ({SizeText.FormatRounded(fetcher.Bytes)}) in {fetcher.Attempts:N0} requests, {fetcher.Throttled:N0} refused for load; the others were in the cache or in finished shards");
        if (manifest.Books.FailedTotal > 0)
            context.Observer.Warn(Id, $"{manifest.Books.FailedTotal:N0} contents could not be had: they are in '{Path.Combine(output, DeadLetterName)}'; --retry-failed tries them again");
        return manifest;
    }

    private static void WriteDeadLetters(string output, Manifest manifest)
    {
        var path = Path.Combine(output, DeadLetterName);
        if (manifest.Books.FailedTotal == 0)
        {
            File.Delete(path);
            return;
        }

        AtomicFile.Write(path, stream =>
        {
            using var text = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
            foreach (var row in Dataset.Of(output, manifest).ReadLedger().Where(r => r.Action == LedgerAction.Failed))
            {
                text.WriteLine(new JsonObject
                {
                    ["blob_id"] = row.BlobId,
                    ["repo_name"] = row.RepoName,
                    ["path"] = row.Path,
                    ["language"] = row.Language,
                    ["length_bytes"] = row.LengthBytes,
                    ["reason"] = row.Reason,
                    ["detail"] = row.Detail,
                }.ToJsonString(new JsonSerializerOptions(ShardRunner.Json) { WriteIndented = false }));
            }
        });
    }

    // What took place, for people: unlike the dataset it is another after each run.
    private static void WriteReport(string path, ContentRows rows, Manifest manifest, BlobFetcher fetcher, TimeSpan took)
    {
        var languages = new JsonArray();
        foreach (var language in manifest.Shards.GroupBy(s => s.Language, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            languages.Add(new JsonObject { ["language"] = language.Key, ["downloaded"] = language.Sum(s => s.Rows), ["bytes"] = language.Sum(s => s.ContentBytes) });
        Report.Write(path, new JsonObject
        {
            ["rows"] = rows.Name,
            ["total"] = manifest.Books.In,
            ["downloaded"] = manifest.Books.Kept,
            ["skipped"] = manifest.Books.DroppedTotal,
            ["errors"] = manifest.Books.FailedTotal,
            ["errors_by_reason"] = Report.Object(manifest.Books.Failed),
            ["languages"] = languages,
            ["failed_shards"] = manifest.FailedShards.Count,
            ["this_run"] = new JsonObject
            {
                ["fetched"] = fetcher.Fetched,
                ["fetched_bytes"] = fetcher.Bytes,
                ["requests"] = fetcher.Attempts,
                ["refused_for_load"] = fetcher.Throttled,
                ["seconds"] = Math.Round(took.TotalSeconds, 3),
            },
        });
    }
}
