using Stackmill.Core.Engine;
using Stackmill.Core.Model;

namespace Stackmill.Monitoring.Runs;

/// <summary>Metrics and traces hear everything of a run; notes are for people.</summary>
internal sealed class RunFan(RunMetrics metrics, RunTracing tracing, Action<TaskOf> task) : IRunObserver
{
    public void TaskOfPlan(string plan, string stage, string id) => task(new TaskOf(plan, id));

    public void StageStarted(string stage, int tasks, int tasksDone, long weight)
    {
        metrics.StageStarted(stage, tasks, tasksDone, weight);
        tracing.StageStarted(stage, tasks, tasksDone, weight);
    }

    public void TaskStarted(string stage, ShardTask task)
    {
        metrics.TaskStarted(stage, task);
        tracing.TaskStarted(stage, task);
    }

    public void Advanced(string stage, long records, long bytes) => metrics.Advanced(stage, records, bytes);

    public void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
    {
        metrics.ShardDone(stage, task, marker, reused);
        tracing.ShardDone(stage, task, marker, reused);
    }

    public void ShardFailed(string stage, ShardTask task, string error)
    {
        metrics.ShardFailed(stage, task, error);
        tracing.ShardFailed(stage, task, error);
    }

    public void StageEnded(string stage, Books books, bool upToDate)
    {
        metrics.StageEnded(stage, books, upToDate);
        tracing.StageEnded(stage, books, upToDate);
    }

    public void WatchCounts(string stage, Func<IReadOnlyList<KeyValuePair<string, long>>> counts) => metrics.WatchCounts(stage, counts);

    public void Note(string stage, string message)
    {
    }
}

/// <summary>The task of a plan that a run is.</summary>
/// <param name="Plan">Id of the plan.</param>
/// <param name="Task">The task.</param>
internal sealed record TaskOf(string Plan, string Task);
