using Stackmill.Core.Model;

namespace Stackmill.Core.Engine;

/// <summary>One unit of work of a stage. Tasks are planned from the input alone, never from the number of workers.</summary>
/// <param name="Index">Position in the plan, from 0.</param>
/// <param name="Name">Stable name, unique in the plan and safe as a file name.</param>
/// <param name="Weight">Expected bytes of content to read; larger tasks start first, and progress is measured in it.</param>
public sealed record ShardTask(int Index, string Name, long Weight);

/// <summary>A file that a task published.</summary>
/// <param name="Path">Path inside the dataset folder, with <c>/</c>.</param>
/// <param name="Kind"><c>shard</c>, <c>ledger</c> or <c>file</c>.</param>
/// <param name="Language">Linguist's name, for shards.</param>
/// <param name="Rows">Rows inside.</param>
/// <param name="ContentBytes">Bytes of content inside, uncompressed.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">SHA-256 of the file, lower-case hex.</param>
public sealed record ShardOutput(string Path, string Kind, string Language, long Rows, long ContentBytes, long Bytes, string Sha256)
{
    /// <summary>Kind of a data shard.</summary>
    public const string ShardKind = "shard";

    /// <summary>Kind of a ledger part.</summary>
    public const string LedgerKind = "ledger";
}

/// <summary>The marker of a finished task, written last: its books and what it published.</summary>
/// <param name="Key">Key of the plan; a marker of another plan is not taken over.</param>
/// <param name="Task">Name of the task.</param>
/// <param name="Books">Books of this task.</param>
/// <param name="Outputs">What it published.</param>
/// <param name="Error">Why the shard failed; <c>null</c> when it is done.</param>
public sealed record ShardMarker(string Key, string Task, Books Books, IReadOnlyList<ShardOutput> Outputs, string? Error = null);

/// <summary>Does tasks, one after another, on one thread; holds that thread's buffers.</summary>
public interface IShardWorker : IDisposable
{
    /// <summary>Does one task. Faults are thrown, never caught here.</summary>
    void Run(ShardTask task, ShardContext context);
}

/// <summary>Hears of a run's progress. Called from several threads.</summary>
public interface IRunObserver
{
    /// <summary>A stage begins.</summary>
    void StageStarted(string stage, int tasks, int tasksDone, long weight);

    /// <summary>A task begins, on the thread that does it and will tell of its end.</summary>
    void TaskStarted(string stage, ShardTask task)
    {
    }

    /// <summary>Records were processed.</summary>
    void Advanced(string stage, long records, long bytes);

    /// <summary>A shard is done; <paramref name="reused"/> when an earlier, interrupted run had done it.</summary>
    void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused);

    /// <summary>A shard failed.</summary>
    void ShardFailed(string stage, ShardTask task, string error);

    /// <summary>A stage ended; <paramref name="upToDate"/> when nothing had to be done.</summary>
    void StageEnded(string stage, Books books, bool upToDate);

    /// <summary>Gives what tells how the stage goes besides its counts, in a few words; asked when progress is shown, until the stage ends.</summary>
    void Watch(string stage, Func<string> status)
    {
    }

    /// <summary>Gives what counts what a stage does besides its books, by names of the stage's own; asked now and then, until the stage ends.</summary>
    void WatchCounts(string stage, Func<IReadOnlyList<KeyValuePair<string, long>>> counts)
    {
    }

    /// <summary>What a stage is about to read and to write; not told by who only prepares it.</summary>
    void DataKnown(string stage, StageData data)
    {
    }

    /// <summary>What is in the output of a stage now; told before the stage ends.</summary>
    void DataWritten(string stage, DataAmount amount)
    {
    }

    /// <summary>A folder of this machine holds what belongs to an address.</summary>
    void StandsFor(string folder, string address)
    {
    }

    /// <summary>The run does one task of a plan.</summary>
    void TaskOfPlan(string plan, string stage, string task)
    {
    }

    /// <summary>Something people should know that is no error.</summary>
    void Note(string stage, string message);

    /// <summary>Something that is likely not what people meant; shown also where notes are not.</summary>
    void Warn(string stage, string message) => Note(stage, "warning: " + message);
}
