using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Stackmill.Catalog;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Runs.Plans;

namespace Stackmill.Bench;

/// <summary>What planning and dispatching tasks costs beside their work: <c>Stackmill.Bench.dll plan TASKS FOLDER</c>.</summary>
internal static class PlanBenchmark
{
    public static int Run(string[] args)
    {
        var count = int.Parse(args[0], CultureInfo.InvariantCulture);
        var folder = args[1];
        Directory.CreateDirectory(folder);
        var tasks = Enumerable.Range(0, count).Select(i => new ShardTask(i, ShardWriter.PartName(i), 16 << 20)).ToList();
        var options = new StackmillOptions();
        var configuration = PlanConfiguration.Write(options);
        var stages = PlanStage.Of(options, acquires: false, isOne: false);
        var known = stages.ToDictionary(s => s.Id, s => (IReadOnlyList<WorkStep>)[.. s.Steps.Select(step => new WorkStep(step.Name, tasks))]);
        var result = new JsonObject { ["tasks_a_group"] = count };
        // Once before: the compiler's time is no planning.
        for (var round = 0; round < 2; round++)
        {
            var clock = Stopwatch.StartNew();
            var plan = new RunPlan(RunPlan.CurrentSchema, "", RunPlan.CurrentProgram, "input", "", new Dictionary<string, int>(), count, configuration, new PlanGroups(count, options.Memory, 1).Of(stages, known)).Sealed();
            plan.Write(folder);
            var written = clock.Elapsed;
            if (RunPlan.Read(folder).Id != plan.Id)
                throw new InvalidDataException("the plan that was read is not the one that was written");
            var all = plan.Groups.Sum(g => g.Count);
            result["tasks"] = all;
            result["plan_bytes"] = new FileInfo(RunPlan.PathIn(folder)).Length;
            result["plan_and_write_ms_a_task"] = Math.Round(written.TotalMilliseconds / all, 4);
            result["read_and_check_ms"] = Math.Round((clock.Elapsed - written).TotalMilliseconds, 1);
        }

        foreach (var (name, workers) in new[] { ("dispatch_ms_a_task_one_worker", 1), ("dispatch_ms_a_task_two_workers", 2) })
        {
            var output = Path.Combine(folder, name);
            if (Directory.Exists(output))
                Directory.Delete(output, recursive: true);
            var runner = new ShardRunner("bench", output, Path.Combine(output, "done"), "key", workers, new Quiet());
            var clock = Stopwatch.StartNew();
            runner.Run(tasks, () => new Nothing(), CancellationToken.None);
            result[name] = Math.Round(clock.Elapsed.TotalMilliseconds / count, 4);
            clock.Restart();
            if (runner.Run(tasks, () => throw new InvalidOperationException("done already"), CancellationToken.None).Count != count)
                throw new InvalidDataException("markers are missing");
            result[name.Replace("dispatch", "found_done", StringComparison.Ordinal)] = Math.Round(clock.Elapsed.TotalMilliseconds / count, 4);
        }

        Console.WriteLine(result.ToJsonString(ShardRunner.Json));
        return 0;
    }

    private sealed class Nothing : IShardWorker
    {
        public void Run(ShardTask task, ShardContext context) => context.Books.Count("tasks");

        public void Dispose()
        {
        }
    }

    private sealed class Quiet : IRunObserver
    {
        public void StageStarted(string stage, int tasks, int tasksDone, long weight)
        {
        }

        public void Advanced(string stage, long records, long bytes)
        {
        }

        public void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
        {
        }

        public void ShardFailed(string stage, ShardTask task, string error)
        {
        }

        public void StageEnded(string stage, Books books, bool upToDate)
        {
        }

        public void Note(string stage, string message)
        {
        }
    }
}
