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
internal sealed record ContentRows(string Name, IReadOnlyList<SourceFile> Files, string Hash)
{
    /// <summary>Where they lie.</summary>
    public string Place { get; init; } = Name;
}

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

    /// <summary>Version of the stage's code.</summary>
    public const int Version = 2;

    // Their rows are in memory (a few megabytes a task), their contents are not.
    private const int TasksAtOnce = 8;

    // Of the run's memory for answers under way: the rest is for rows, row groups and the runtime.
    private const int MemoryShare = 8;

    /// <summary>Runs the stage, or finds that its dataset is up to date.</summary>
    /// <param name="rows">What is to be fetched.</param>
    /// <param name="client">Makes single attempts.</param>
    /// <param name="cacheFolder">Folder of the cache; <c>null</c> for one that lasts until the dataset is done.</param>
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
        StageColumns.Tell(context, Id, WorkPart.Whole(), () => Lineage(rows, options, output));
        var start = context.Clock.GetTimestamp();
        // More tasks than threads that write: while one waits for its last contents, the others keep the store busy.
        using var build = DatasetBuild.Begin(output, context with { Workers = Math.Max(TasksAtOnce, context.Workers) });
        var configuration = ResolvedConfiguration.Of(options, ContentStageOptions.IsPartOfKey).Json;
        var plan = new DatasetPlan(Id, Version, "bytes", configuration, [new ManifestInput(rows.Name, rows.Hash)]);
        cacheFolder ??= build.ScratchFolder("contents");
        if (retryFailed && !context.Force)
            Reopen(build, plan, cacheFolder, output, context);
        build.Prepare(plan);
        if (build.UpToDate is { } whole)
        {
            TellFailed(whole, output, context);
            WriteTree(whole, output, options, context);
            return whole;
        }

        if (!build.HasDone && Terms.Apply(options.Contents.Location))
            context.Observer.Note(Id, $"accepted, and recorded in the manifest:\n\n{Terms.Text}\n");
        var tasks = ContentPlan.Make(rows.Files, options.ShardSize, (long)options.MaxFileSizeMb << 20, context.Cancellation);
        // A run that a useless store ended may have finished shards before, all refused: they are no less worth another attempt.
        var isProven = retryFailed || build.HasKept;
        if (!isProven)
            build.ForgetFailed();
        var (markers, fetcher) = Fetch(build, tasks, client, cacheFolder, isProven, options, context);
        var manifest = build.Publish(markers, tasks.Tasks, beforePublish: made => WriteDeadLetters(output, made));
        WriteTree(manifest, output, options, context);
        WriteReport(report, rows, manifest, fetcher, context.Clock.GetElapsedTime(start));
        context.Observer.Note(Id, $"{fetcher.Fetched:N0} contents fetched ({SizeText.FormatRounded(fetcher.Bytes)}) in {fetcher.Attempts:N0} requests, {fetcher.Throttled:N0} refused for load; the others were in the cache or in finished shards");
        TellFailed(manifest, output, context);
        return manifest;
    }

    private static StageData Lineage(ContentRows rows, ContentStageOptions options, string output)
    {
        var described = RecordColumns.Described().Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        ColumnSource[]? Worked(string column) => column is "content_id" or "length_bytes" or "sha256" || !described.Contains(column) ? [new("blob_id", "of the content with this checksum, fetched from the store")] : null;
        return new StageData(
            [new DataPlace(rows.Place, "parquet", StageColumns.Plain(RecordColumns.Described())) { Amount = new DataAmount(rows.Hash, null, rows.Files.Sum(f => f.Length), rows.Files.Count) }, new DataPlace(options.Contents.Location, "", [])],
            new DataPlace(output, "parquet", StageColumns.Of(RecordColumns.Staged(), Worked)));
    }

    // The cache is closed when this returns: one inside the dataset goes when that is published.
    private static (IReadOnlyList<ShardMarker> Markers, BlobFetcher Fetcher) Fetch(
        DatasetBuild build, ContentPlan plan, IBlobClient client, string cacheFolder, bool isProven, ContentStageOptions options, RunContext context)
    {
        using var cache = BlobCache.Open(cacheFolder);
        var (contents, maxBytes) = (options.Contents, (long)options.MaxFileSizeMb << 20);
        using var unpacking = new SemaphoreSlim(context.Workers);
        var limits = new FetchLimits(
            new AdaptiveLimit(contents.MaxConcurrency, context.Clock),
            new ByteRate(contents.MaxBytesPerSecond, context.Clock),
            new ByteBudget(Math.Max(2 * maxBytes, context.MemoryBytes / MemoryShare)),
            unpacking,
            new StoreHealth(client, StorePatience.Of(contents), contents.RefusalsToStop, isProven, context.Clock, message => context.Observer.Warn(Id, message)));
        var fetcher = new BlobFetcher(client, cache, limits, FetchPolicy.Of(contents, maxBytes), context.Clock);
        using var places = new WritePlaces(context.Workers);
        using var ahead = new FetchAhead(FetchAhead.For(contents.MaxConcurrency));
        context.Observer.Note(Id, $"fetching from {client.Where}");
        context.Observer.Watch(Id, () => fetcher.Status);
        context.Observer.WatchCounts(Id, () => fetcher.Counts);
        var run = new ContentRun(plan, fetcher, ahead, places, maxBytes);
        return (build.Run(plan.Tasks, () => new ContentWorker(run)), fetcher);
    }

    // What the shards to be done again hold is put into the cache, so that only what failed is fetched, also where the cache is gone.
    private static void Reopen(DatasetBuild build, DatasetPlan plan, string cacheFolder, string output, RunContext context)
    {
        if (Manifest.Read(output) is { Books.FailedTotal: > 0 } finished && finished.Key == plan.Key)
        {
            using var cache = BlobCache.Open(cacheFolder);
            var dataset = Dataset.Of(output, finished);
            var again = TaskMarkers.Of(dataset).Where(m => m.Books.FailedTotal > 0).SelectMany(m => m.Outputs).ToHashSet();
            for (var shard = 0; shard < finished.Shards.Count; shard++)
            {
                if (again.Contains(finished.Shards[shard]))
                    Keep(dataset, shard, cache, context);
            }
        }

        build.ReopenFailed(plan);
    }

    private static void Keep(Dataset dataset, int shard, BlobCache cache, RunContext context)
    {
        try
        {
            foreach (var record in dataset.Read(shard, RecordColumns.Staged()).SelectMany(b => b))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                if (BlobId.TryParse(record.BlobId, out var id) && !cache.Contains(id))
                    cache.Add(id, record.Content.Span);
            }
        }
        catch (ShardFaultException fault)
        {
            context.Observer.Note(Id, $"{fault.Message} Its contents are fetched again.");
        }
    }

    private static void TellFailed(Manifest manifest, string output, RunContext context)
    {
        if (manifest.Books.FailedTotal > 0)
            context.Observer.Warn(Id, $"{manifest.Books.FailedTotal:N0} contents could not be had: they are in '{Path.Combine(output, DeadLetterName)}'; --retry-failed tries them again");
    }

    private static void WriteTree(Manifest manifest, string output, ContentStageOptions options, RunContext context)
    {
        if (options.Contents.FileTree.Length > 0)
            BlobTree.Write(Dataset.Of(output, manifest), options.Contents.FileTree, context);
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
