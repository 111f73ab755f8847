using Stackmill.Core.Engine;
using Stackmill.Core.Model;

namespace Stackmill.Tests.Support;

/// <summary>Hears everything and does nothing with it.</summary>
internal class NullObserver : IRunObserver
{
    public virtual void StageStarted(string stage, int tasks, int tasksDone, long weight)
    {
    }

    public virtual void Advanced(string stage, long records, long bytes)
    {
    }

    public virtual void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
    {
    }

    public virtual void ShardFailed(string stage, ShardTask task, string error)
    {
    }

    public virtual void StageEnded(string stage, Books books, bool upToDate)
    {
    }

    public virtual void Note(string stage, string message)
    {
    }
}

/// <summary>Keeps what it heard.</summary>
internal sealed class RecordingObserver : NullObserver
{
    private readonly Lock _gate = new();

    /// <summary>Names of the shards that were done, in the order of their ends.</summary>
    public List<string> Done { get; } = [];

    /// <summary>Names of the shards whose markers were taken over.</summary>
    public List<string> Reused { get; } = [];

    /// <summary>Messages of failed shards.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Notes.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Stages that ended because nothing had to be done.</summary>
    public List<string> UpToDate { get; } = [];

    /// <summary>Records told of by all tasks.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes told of by all tasks.</summary>
    public long Bytes { get; private set; }

    public override void Advanced(string stage, long records, long bytes)
    {
        lock (_gate)
            (Records, Bytes) = (Records + records, Bytes + bytes);
    }

    public override void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
    {
        lock (_gate)
            (reused ? Reused : Done).Add(task.Name);
    }

    public override void ShardFailed(string stage, ShardTask task, string error)
    {
        lock (_gate)
            Failures.Add(error);
    }

    public override void StageEnded(string stage, Books books, bool upToDate)
    {
        if (upToDate)
            UpToDate.Add(stage);
    }

    public override void Note(string stage, string message)
    {
        lock (_gate)
            Notes.Add(message);
    }
}
