using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>One step of a search: its tasks may be done in any order, by any number of processes, once the step before is done.</summary>
/// <param name="Name">Its name, unique in the search.</param>
/// <param name="Tasks">Its tasks, planned from the dataset alone.</param>
/// <param name="CreateWorker">Makes the worker of a thread, which may use so many bytes.</param>
internal sealed record SearchStep(string Name, IReadOnlyList<ShardTask> Tasks, Func<long, IShardWorker> CreateWorker);

/// <summary>The steps of a search after the signatures: order, buckets, parts, decisions; before the decisions those that read of old datasets what is needed.</summary>
internal static class SearchSteps
{
    // What the runtime and the libraries take, beside what the sorters are given.
    private const long BaseBytes = 160L << 20;
    private const long LeastBytes = 8L << 20;

    /// <summary>The steps, in order.</summary>
    public static IReadOnlyList<SearchStep> Of(SearchFiles files, DedupOptions options)
    {
        var bands = Enumerable.Range(0, files.BandTasks).Select(b => new ShardTask(b, $"bands-{b:D4}", files.Documents)).ToList();
        var parts = Enumerable.Range(0, files.Parts).Select(p => new ShardTask(p, $"part-{p:D5}", 1)).ToList();
        return
        [
            new("order", [new ShardTask(0, "order", files.Documents)], memory => new Worker((_, context) => RankOrder.Run(files, options.Prefer, memory, context))),
            new("buckets", bands, memory => new Worker((task, context) => BandPairs.Run(files, task.Index, memory, context))),
            new("parts", [new ShardTask(0, "parts", files.Documents)], memory => new Worker((_, context) => PartRouting.Run(files, memory, context))),
            .. Old(files, options),
            new("decisions", parts, memory =>
            {
                var decider = new PartDecider(files, memory);
                return new Worker(
                    (task, context) =>
                    {
                        var before = decider.ComparedPairs;
                        decider.Run(task.Index, context);
                        context.Books.Count("compared_pairs", decider.ComparedPairs - before);
                    },
                    decider);
            }),
        ];
    }

    /// <summary>Names of the steps as the options alone tell them, and whether each is one task.</summary>
    public static IReadOnlyList<(string Name, bool IsOne)> Names(DedupOptions options) =>
    [
        ("order", true), ("buckets", false), ("parts", true),
        .. options.Against.Count > 0 ? [("needed", true), ("contents", false)] : Array.Empty<(string, bool)>(),
        ("decisions", false),
    ];

    private static IEnumerable<SearchStep> Old(SearchFiles files, DedupOptions options)
    {
        if (files.Indexed.Count == 0)
            yield break;
        yield return new("needed", [new ShardTask(0, "needed", files.Documents)], memory => new Worker((_, context) => OldContents.Find(files, memory, context)));
        var shards = files.Indexed.Select((s, i) => new ShardTask(i, $"part-{i:D5}", s.Dataset.Manifest.Shards[s.Shard].ContentBytes)).ToList();
        yield return new("contents", shards, _ =>
        {
            var (open, shingler) = (new OpenFiles(), options.NewShingler());
            return new Worker((task, context) => OldContents.Sketch(files, task.Index, shingler, open, context), open);
        });
    }

    /// <summary>Does tasks of a step that are not done yet.</summary>
    /// <param name="step">The step.</param>
    /// <param name="tasks">All of its tasks, or some.</param>
    /// <param name="files">The files of the search.</param>
    /// <param name="key">Key of the plan.</param>
    /// <param name="context">What the run gives.</param>
    /// <exception cref="RunFaultException">One of them failed: decisions without its documents would differ from those with them.</exception>
    public static IReadOnlyList<ShardMarker> Run(SearchStep step, IReadOnlyList<ShardTask> tasks, SearchFiles files, string key, RunContext context)
    {
        var memory = Memory(context, Math.Min(context.Workers, tasks.Count));
        var markers = Runner(step, files, key, context).Run(tasks, () => step.CreateWorker(memory), context.Cancellation);
        return markers.FirstOrDefault(m => m.Error is not null) is { } failed ? throw new RunFaultException($"stage '{DeduplicateStage.Id}' needs every shard: {failed.Error}") : markers;
    }

    /// <summary>The runner of a step's tasks.</summary>
    public static ShardRunner Runner(SearchStep step, SearchFiles files, string key, RunContext context) =>
        new($"{DeduplicateStage.Id}: {step.Name}", files.Folder, Path.Combine(files.Folder, "done", step.Name), key, context.Workers, context.Observer, scratch: true);

    /// <summary>Bytes that one of so many workers of a step may use: the managed heap has three quarters of the limit.</summary>
    private static long Memory(RunContext context, int workers) => Math.Max(LeastBytes, ((context.MemoryBytes / 4 * 3) - BaseBytes) / Math.Max(1, workers));

    /// <summary>A worker that does its tasks by a function.</summary>
    internal sealed class Worker(Action<ShardTask, ShardContext> run, IDisposable? owned = null) : IShardWorker
    {
        public void Run(ShardTask task, ShardContext context) => run(task, context);

        public void Dispose() => owned?.Dispose();
    }
}
