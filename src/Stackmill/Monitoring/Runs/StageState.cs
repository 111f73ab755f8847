using Stackmill.Core.Engine;
using Stackmill.Core.Model;

namespace Stackmill.Monitoring.Runs;

/// <summary>How one stage of a run stands: its present step, its tasks, and its books so far. Deduplication has several steps before the one that writes.</summary>
internal sealed class StageState(string stage, TimeProvider clock, PipelineMonitor.StageVolume volume)
{
    private readonly Lock _gate = new();
    private long _stageStart;
    private long _stepStart;
    private long _lastProgress;
    private long _stepBytes;
    private long _weight;
    private long _doneWeight;
    private long _reusedWeight;
    private Books _books = new();

    /// <summary>Name of the stage.</summary>
    public string Stage { get; } = stage;

    /// <summary>A moment's copy.</summary>
    public StageFigures Figures
    {
        get
        {
            lock (_gate)
            {
                var books = new Books();
                books.Merge(_books);
                var share = _weight > 0 ? (double)Math.Max(_doneWeight, Math.Min(_weight, _reusedWeight + Interlocked.Read(ref _stepBytes))) / _weight : Tasks == 0 ? 1 : (double)Done / Tasks;
                share = IsRunning ? Math.Clamp(share, 0, 1) : HasEnded ? 1 : share;
                var seconds = clock.GetElapsedTime(_stepStart).TotalSeconds;
                // What earlier runs had done took no time of this one.
                var own = _weight > 0 ? share - ((double)_reusedWeight / _weight) : share;
                return new StageFigures(
                    Stage, Step, IsRunning, IsUpToDate, Tasks, Done, Reused, Failed, Active, share, IsRunning && own > 0 ? seconds * (1 - share) / own : 0, Interlocked.Read(ref _lastProgress), books,
                    Seconds ?? (IsRunning ? clock.GetElapsedTime(_stageStart).TotalSeconds : 0), volume.Records, volume.Bytes, HasEnded)
                {
                    Error = LastError,
                };
            }
        }
    }

    private string Step { get; set; } = "";

    private bool IsRunning { get; set; }

    private bool IsUpToDate { get; set; }

    private bool HasEnded { get; set; }

    private int Tasks { get; set; }

    private int Done { get; set; }

    private int Reused { get; set; }

    private int Failed { get; set; }

    private int Active { get; set; }

    private double? Seconds { get; set; }

    private string? LastError { get; set; }

    /// <summary>A step begins, and with the first the stage.</summary>
    public void Start(string step, int tasks, long weight)
    {
        lock (_gate)
        {
            if (!IsRunning)
            {
                _stageStart = clock.GetTimestamp();
                (_books, Seconds, LastError) = (new Books(), null, null);
            }

            (Step, IsRunning, HasEnded, IsUpToDate) = (step, true, false, false);
            (Tasks, Done, Reused, Failed, Active) = (tasks, 0, 0, 0, 0);
            (_weight, _doneWeight, _reusedWeight, _stepStart) = (weight, 0, 0, clock.GetTimestamp());
            Interlocked.Exchange(ref _stepBytes, 0);
        }

        Progress();
    }

    /// <summary>A task begins.</summary>
    public void TaskStarted()
    {
        lock (_gate)
            Active++;
    }

    /// <summary>Records were looked at.</summary>
    public void Advance(long records, long bytes)
    {
        volume.Add(records, bytes);
        Interlocked.Add(ref _stepBytes, bytes);
        Progress();
    }

    /// <summary>A task is done. Its books count where the step is the one that writes.</summary>
    public void TaskDone(ShardTask task, Books books, bool reused)
    {
        lock (_gate)
        {
            Done++;
            _doneWeight += task.Weight;
            if (reused)
            {
                Reused++;
                _reusedWeight += task.Weight;
            }
            else
            {
                Active--;
            }

            if (Step.Length == 0)
                _books.Merge(books);
        }

        Progress();
    }

    /// <summary>A task failed.</summary>
    public void TaskFailed(string error)
    {
        lock (_gate)
        {
            Failed++;
            Active--;
            LastError = error;
        }

        Progress();
    }

    /// <summary>The stage ended with these books; gives how long it took.</summary>
    public TimeSpan End(Books books, bool upToDate)
    {
        lock (_gate)
        {
            var took = IsRunning ? clock.GetElapsedTime(_stageStart) : TimeSpan.Zero;
            (_books, IsRunning, HasEnded, IsUpToDate, Seconds) = (books, false, true, upToDate, took.TotalSeconds);
            return took;
        }
    }

    /// <summary>The run ended before the stage did.</summary>
    public void Break(string? error)
    {
        lock (_gate)
        {
            if (!IsRunning)
                return;
            (IsRunning, Active, Seconds) = (false, 0, clock.GetElapsedTime(_stageStart).TotalSeconds);
            LastError ??= error;
        }
    }

    private void Progress() => Interlocked.Exchange(ref _lastProgress, clock.GetUtcNow().ToUnixTimeSeconds());
}

/// <summary>How a stage stands at one moment.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Step">Its present step; empty for the one that writes.</param>
/// <param name="IsRunning">True while it runs.</param>
/// <param name="IsUpToDate">True when there was nothing to do.</param>
/// <param name="Tasks">Tasks of the step.</param>
/// <param name="Done">Those that are done.</param>
/// <param name="Reused">Those of them that an earlier run had done.</param>
/// <param name="Failed">Those that failed.</param>
/// <param name="Active">Those under way.</param>
/// <param name="Progress">Share of the step, 0 to 1.</param>
/// <param name="EtaSeconds">Time that it will still take.</param>
/// <param name="LastProgress">Unix time of the last progress.</param>
/// <param name="Books">Books so far, or of the whole stage.</param>
/// <param name="Seconds">Time that it has taken.</param>
/// <param name="RecordsSeen">Records looked at, in all steps.</param>
/// <param name="BytesRead">Bytes of them.</param>
/// <param name="HasEnded">True when it ended.</param>
internal sealed record StageFigures(
    string Stage, string Step, bool IsRunning, bool IsUpToDate, int Tasks, int Done, int Reused, int Failed, int Active, double Progress, double EtaSeconds, long LastProgress, Books Books,
    double Seconds, long RecordsSeen, long BytesRead, bool HasEnded)
{
    /// <summary>Why a shard of it failed, or the run; <c>null</c> when nothing did.</summary>
    public string? Error { get; init; }
}
