using Microsoft.Extensions.Logging;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Shared.Logging;

namespace Stackmill.Runs;

/// <summary>
/// Passes everything on to several observers, beginnings from the last to the first and all else from the first to the last: what one of them has begun, the
/// present span among it, is there for those before it from their beginning to their end.
/// </summary>
internal sealed class Observers(params IReadOnlyList<IRunObserver> all) : IRunObserver
{
    public void StageStarted(string stage, int tasks, int tasksDone, long weight)
    {
        foreach (var observer in all.Reverse())
            observer.StageStarted(stage, tasks, tasksDone, weight);
    }

    public void TaskStarted(string stage, ShardTask task)
    {
        foreach (var observer in all.Reverse())
            observer.TaskStarted(stage, task);
    }

    public void Advanced(string stage, long records, long bytes)
    {
        foreach (var observer in all)
            observer.Advanced(stage, records, bytes);
    }

    public void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
    {
        foreach (var observer in all)
            observer.ShardDone(stage, task, marker, reused);
    }

    public void ShardFailed(string stage, ShardTask task, string error)
    {
        foreach (var observer in all)
            observer.ShardFailed(stage, task, error);
    }

    public void StageEnded(string stage, Books books, bool upToDate)
    {
        foreach (var observer in all)
            observer.StageEnded(stage, books, upToDate);
    }

    public void Note(string stage, string message)
    {
        foreach (var observer in all)
            observer.Note(stage, message);
    }

    public void Watch(string stage, Func<string> status)
    {
        foreach (var observer in all)
            observer.Watch(stage, status);
    }

    public void WatchCounts(string stage, Func<IReadOnlyList<KeyValuePair<string, long>>> counts)
    {
        foreach (var observer in all)
            observer.WatchCounts(stage, counts);
    }

    public void DataKnown(string stage, StageData data)
    {
        foreach (var observer in all)
            observer.DataKnown(stage, data);
    }

    public void DataWritten(string stage, DataAmount amount)
    {
        foreach (var observer in all)
            observer.DataWritten(stage, amount);
    }

    public void StandsFor(string folder, string address)
    {
        foreach (var observer in all)
            observer.StandsFor(folder, address);
    }

    public void TaskOfPlan(string plan, string stage, string task)
    {
        foreach (var observer in all)
            observer.TaskOfPlan(plan, stage, task);
    }

    public void Warn(string stage, string message)
    {
        foreach (var observer in all)
            observer.Warn(stage, message);
    }
}

/// <summary>Writes what happens to the log. It sees counts and paths only, never a content.</summary>
internal sealed class LogObserver(ILoggerFactory loggers) : IRunObserver
{
    private readonly ILogger _log = loggers.CreateLogger("Stackmill");

    public void StageStarted(string stage, int tasks, int tasksDone, long weight) =>
        _log.LogInformation("{Stage}: started, {Tasks} shards, {Done} done before, about {Bytes} bytes", stage, tasks, tasksDone, weight);

    // All that is logged on this thread until the task ends is about it.
    public void TaskStarted(string stage, ShardTask task)
    {
        LogIds.TaskId = $"{stage}/{task.Name}";
        _log.LogDebug("{Stage}: shard {Shard} started", stage, task.Name);
    }

    public void Advanced(string stage, long records, long bytes)
    {
    }

    public void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
    {
        _log.LogDebug("{Stage}: shard {Shard} done, {In} in, {Kept} kept, {Dropped} dropped, {Failed} failed, reused {Reused}", stage, task.Name, marker.Books.In, marker.Books.Kept, marker.Books.DroppedTotal, marker.Books.FailedTotal, reused);
        LogIds.TaskId = null;
    }

    public void ShardFailed(string stage, ShardTask task, string error)
    {
        _log.LogError("{Stage}: shard {Shard} failed: {Error}", stage, task.Name, error);
        LogIds.TaskId = null;
    }

    public void StageEnded(string stage, Books books, bool upToDate) =>
        _log.LogInformation("{Stage}: ended, {In} in, {Kept} kept, {Dropped} dropped, {Failed} failed, up to date {UpToDate}", stage, books.In, books.Kept, books.DroppedTotal, books.FailedTotal, upToDate);

    public void Warn(string stage, string message) => _log.LogWarning("{Stage}: {Message}", stage, message);

    public void Note(string stage, string message) => _log.LogInformation("{Stage}: {Message}", stage, message);
}
