using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;

namespace Stackmill.Lineage;

/// <summary>One run of a job as events tell of it: a command, or a stage in it. Counts are kept by any thread, everything else under the run's lock.</summary>
/// <param name="job">Name of the job.</param>
/// <param name="runId">Id of the run.</param>
/// <param name="started">When it began.</param>
internal sealed class TrackedRun(string job, string runId, DateTimeOffset started)
{
    private long _records;
    private long _bytes;
    private int _tasks;
    private int _done;
    private (long Rows, long Bytes, int Files) _written;

    /// <summary>Name of the job.</summary>
    public string Job { get; set; } = job;

    /// <summary>Id of the run.</summary>
    public string RunId { get; } = runId;

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; } = started;

    /// <summary>True when its beginning was told.</summary>
    public bool IsTold { get; set; }

    /// <summary>The stage; <c>null</c> for a command with several.</summary>
    public string? Stage { get; set; }

    /// <summary>What is read and written; <c>null</c> when it is not known.</summary>
    public StageData? Data { get; set; }

    /// <summary>What is in the output at the end; <c>null</c> while that is not known.</summary>
    public DataAmount? Result { get; set; }

    /// <summary>The books of the tasks of this run, or those of the whole stage once it ended.</summary>
    public Books Books { get; private set; } = new();

    /// <summary>True when there was nothing to do.</summary>
    public bool IsUpToDate { get; private set; }

    /// <summary>True when the stage itself said that it ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Shards that failed.</summary>
    public int FailedShards { get; private set; }

    /// <summary>Why the first of them did.</summary>
    public string? FirstError { get; private set; }

    /// <summary>Records looked at, bytes of them, tasks of the present step, and those that are done.</summary>
    public (long Records, long Bytes, int Tasks, int Done) Progress => (Interlocked.Read(ref _records), Interlocked.Read(ref _bytes), Volatile.Read(ref _tasks), Volatile.Read(ref _done));

    /// <summary>What was written: by the stage when it ended, else by the tasks of this run so far; <c>null</c> for nothing.</summary>
    public DataAmount? Written => IsUpToDate ? null : Result is { } whole ? whole : _written.Files > 0 ? new DataAmount("", _written.Rows, _written.Bytes, _written.Files) : null;

    /// <summary>An id that is the same for the same texts: a UUID of version 8.</summary>
    public static string IdOf(params string[] texts)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts)), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return $"{BinaryPrimitives.ReadUInt32BigEndian(hash):x8}-{BinaryPrimitives.ReadUInt16BigEndian(hash[4..]):x4}-{BinaryPrimitives.ReadUInt16BigEndian(hash[6..]):x4}-{BinaryPrimitives.ReadUInt16BigEndian(hash[8..]):x4}-{Convert.ToHexStringLower(hash[10..16])}";
    }

    /// <summary>A step begins.</summary>
    public void StepStarted(int tasks)
    {
        Volatile.Write(ref _done, 0);
        Volatile.Write(ref _tasks, tasks);
    }

    /// <summary>Records were looked at.</summary>
    public void Advance(long records, long bytes)
    {
        Interlocked.Add(ref _records, records);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>A task is done; it counts where its step is the one that writes.</summary>
    public void TaskDone(ShardMarker marker, bool writes, bool reused)
    {
        Interlocked.Increment(ref _done);
        if (!writes || reused)
            return;
        Books.Merge(marker.Books);
        foreach (var output in marker.Outputs.Where(o => o.Kind == ShardOutput.ShardKind))
            _written = (_written.Rows + output.Rows, _written.Bytes + output.Bytes, _written.Files + 1);
    }

    /// <summary>A task failed.</summary>
    public void TaskFailed(string error)
    {
        FailedShards++;
        FirstError ??= error;
    }

    /// <summary>The stage ended.</summary>
    public void Ended(Books books, bool upToDate) => (Books, IsUpToDate, HasEnded) = (books, upToDate, true);
}
