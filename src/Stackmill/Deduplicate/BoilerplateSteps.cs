using Stackmill.Core.Engine;
using Stackmill.Datasets;
using Stackmill.Deduplicate.Boilerplate;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Deduplicate.Search;

namespace Stackmill.Deduplicate;

/// <summary>The steps that find lines which many of the files share that stay: windows, a shard each; then those that are in enough files.</summary>
internal static class BoilerplateSteps
{
    private const string Windows = "windows";
    private const string FrequentName = "frequent/windows";

    /// <summary>Where the frequent windows are.</summary>
    public static string Frequent(SearchFiles files) => Path.Combine(files.Folder, FrequentName);

    /// <summary>The steps, in order; none when blocks are not looked for.</summary>
    public static IReadOnlyList<SearchStep> Of(Dataset input, SearchFiles files, DeduplicateOptions options, Decontaminator? decontaminator)
    {
        if (!options.Boilerplate.IsOn)
            return [];
        return
        [
            new(Windows, input.Tasks, memory => new WindowWorker(input, files, options, decontaminator, memory)),
            new("frequent", [new ShardTask(0, "frequent", files.Documents)], memory => new SearchSteps.Worker((_, context) =>
                FrequentWindows.Find(input.Tasks.Select(t => Path.Combine(files.Folder, Name(t))), context.CreateOutput(FrequentName, SearchFiles.Signatures, "", static () => (0, 0)), files.Scratch("frequent"), options.Boilerplate, memory))),
        ];
    }

    /// <summary>Names of the steps as the options alone tell them, and whether each is one task.</summary>
    public static IReadOnlyList<(string Name, bool IsOne)> Names(DeduplicateOptions options) => options.Boilerplate.IsOn ? [(Windows, false), ("frequent", true)] : [];

    private static string Name(ShardTask task) => $"{Windows}/{task.Name}";

    private sealed class WindowWorker(Dataset input, SearchFiles files, DeduplicateOptions options, Decontaminator? decontaminator, long memory) : IShardWorker
    {
        private static int s_workers;

        private readonly OpenFiles _open = new();
        private readonly WindowCounter _counter = new(files.Scratch($"windows-{Interlocked.Increment(ref s_workers)}"), options.Boilerplate.MinLines, memory);

        public void Run(ShardTask task, ShardContext context)
        {
            using var fates = new RowFates(files, task.Index, options, decontaminator, _open);
            var row = 0;
            foreach (var record in input.Read(task.Index, [.. RecordColumns.Text().Where(c => c.Name == RecordColumns.Content)]).SelectMany(b => b))
            {
                context.Advance(record.Content.Length);
                if (fates.Stays(row++))
                    _counter.Add(record.Content.Span);
            }

            _counter.Complete(context.CreateOutput(Name(task), SearchFiles.Signatures, "", static () => (0, 0)));
        }

        public void Dispose()
        {
            _counter.Dispose();
            _open.Dispose();
        }
    }
}
