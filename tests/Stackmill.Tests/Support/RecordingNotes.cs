using System.Collections.Concurrent;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;

namespace Stackmill.Tests.Support;

/// <summary>Keeps what a run told people.</summary>
internal sealed class RecordingNotes : IRunObserver
{
    /// <summary>All notes and warnings.</summary>
    public ConcurrentQueue<string> All { get; } = new();

    public void StageStarted(string stage, int tasks, int tasksDone, long weight)
    {
    }

    public void Advanced(string stage, long records, long bytes)
    {
    }

    public void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
    {
    }

    public void ShardFailed(string stage, ShardTask task, string error) => All.Enqueue(error);

    public void StageEnded(string stage, Books books, bool upToDate)
    {
    }

    public void Note(string stage, string message) => All.Enqueue(message);
}
