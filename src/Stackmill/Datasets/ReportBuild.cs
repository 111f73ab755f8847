using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Shared;

namespace Stackmill.Datasets;

/// <summary>
/// One build of a report: runs a task a shard of a dataset and writes one JSON file. The report carries the key that it
/// was made for, so that an unchanged dataset is not read again.
/// </summary>
internal static class ReportBuild
{
    private const string KeyField = "key";

    /// <summary>The report at <paramref name="path"/>, when it was made from the same dataset, options and code.</summary>
    public static JsonObject? UpToDate(string path, DatasetPlan plan, RunContext context)
    {
        if (context.Force || !File.Exists(path))
            return null;
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject report && (string?)report[KeyField] == plan.Key ? report : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            context.Observer.Note(plan.Stage, $"'{path}' is not readable as a report; it is made again");
            return null;
        }
    }

    /// <summary>
    /// Runs the tasks and gives the merged books. A shard that fails makes the report impossible, unless
    /// <paramref name="onFailed"/> takes it.
    /// </summary>
    public static Books Run(Dataset dataset, DatasetPlan plan, Func<IShardWorker> createWorker, RunContext context, Action<int, string>? onFailed = null)
    {
        var markers = new ShardRunner(plan.Stage, dataset.Folder, null, plan.Key, context.Workers, context.Observer)
            .Run(dataset.Tasks, createWorker, context.Cancellation);
        for (var i = 0; i < markers.Count; i++)
        {
            if (markers[i].Error is not { } error)
                continue;
            if (onFailed is null)
                throw new RunFaultException($"stage '{plan.Stage}' needs every shard: {error}");
            onFailed(i, error);
        }

        var books = new Books();
        foreach (var marker in markers)
            books.Merge(marker.Books);
        books.Check($"stage '{plan.Stage}'");
        return books;
    }

    /// <summary>Writes the report with its key.</summary>
    public static JsonObject Write(string path, DatasetPlan plan, JsonObject report)
    {
        report[KeyField] = plan.Key;
        Report.Write(path, report);
        return report;
    }
}
