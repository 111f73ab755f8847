using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;

namespace Stackmill.Cli.Terminal;

/// <summary>
/// Shows a run's progress on the error stream: one line that is drawn anew on a terminal, plain lines elsewhere, so that
/// the output stream holds results only.
/// </summary>
internal sealed class ConsoleObserver : IRunObserver, IDisposable
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);

    private readonly TextWriter _out;
    private readonly bool _live;
    private readonly int _width;
    private readonly bool _quiet;
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long _start;
    private string _stage = "";
    private (string Stage, Func<string> Status)? _watched;
    private bool _running;
    private int _tasks;
    private int _tasksDone;
    private long _weight;
    private long _reusedWeight;
    private long _records;
    private long _bytes;
    private long _dropped;
    private long _failed;

    public ConsoleObserver(TextWriter output, bool live, int width, bool quiet, TimeProvider? clock = null)
    {
        (_out, _live, _width, _quiet, _clock) = (output, live, width, quiet, clock ?? TimeProvider.System);
        var interval = live ? Redraw : PlainInterval;
        _timer = _clock.CreateTimer(_ => Draw(), null, interval, interval);
    }

    public void StageStarted(string stage, int tasks, int tasksDone, long weight)
    {
        lock (_gate)
        {
            (_stage, _tasks, _tasksDone, _weight) = (stage, tasks, 0, weight);
            (_records, _bytes, _dropped, _failed, _reusedWeight) = (0, 0, 0, 0, 0);
            _running = true;
            _start = _clock.GetTimestamp();
            if (tasksDone > 0)
                Line($"{stage}: going on after {tasksDone} of {tasks} shards");
        }
    }

    public void Advanced(string stage, long records, long bytes)
    {
        Interlocked.Add(ref _records, records);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void ShardDone(string stage, ShardTask task, ShardMarker marker, bool reused)
    {
        lock (_gate)
        {
            _tasksDone++;
            if (reused)
                _reusedWeight += task.Weight;
            _dropped += marker.Books.DroppedTotal;
            _failed += marker.Books.FailedTotal;
        }
    }

    public void ShardFailed(string stage, ShardTask task, string error)
    {
        lock (_gate)
            Line($"{stage}: shard {task.Name} failed: {error}");
    }

    public void StageEnded(string stage, Books books, bool upToDate)
    {
        lock (_gate)
        {
            (_running, _watched) = (false, null);
            if (upToDate)
            {
                Line($"{stage}: up to date ({books.Kept:N0} files)");
                return;
            }

            var seconds = Math.Max(_clock.GetElapsedTime(_start).TotalSeconds, 0.001);
            var bytes = Interlocked.Read(ref _bytes);
            var text = new StringBuilder($"{stage}: {books.In:N0} in, {books.Kept:N0} kept");
            if (books.DroppedTotal > 0)
                text.Append($", {books.DroppedTotal:N0} dropped");
            if (books.FailedTotal > 0)
                text.Append($", {books.FailedTotal:N0} failed");
            text.Append($"  {SizeText.FormatRounded(bytes)} in {seconds:F1} s ({SizeText.FormatRounded((long)(bytes / seconds))}/s)");
            Line(text.ToString());
        }
    }

    public void Watch(string stage, Func<string> status)
    {
        lock (_gate)
            _watched = (stage, status);
    }

    public void Note(string stage, string message)
    {
        lock (_gate)
            Line($"{stage}: {message}");
    }

    public void Warn(string stage, string message)
    {
        lock (_gate)
        {
            if (_live)
                _out.Write("\r\u001b[K");
            _out.WriteLine(Printable.Of($"{stage}: warning: {message}"));
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            if (_live && _running)
                _out.Write("\r\u001b[K");
            _running = false;
        }
    }

    private void Line(string text)
    {
        if (_quiet)
            return;
        if (_live)
            _out.Write("\r\u001b[K");
        _out.WriteLine(Printable.Of(text));
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (!_running || _quiet)
                return;
            var seconds = Math.Max(_clock.GetElapsedTime(_start).TotalSeconds, 0.001);
            var (bytes, records) = (Interlocked.Read(ref _bytes), Interlocked.Read(ref _records));
            // Rows need not tell the lengths of their files: then the shards tell how far it is.
            var (done, open) = _weight > 0 ? (bytes, Math.Max(1, _weight - _reusedWeight)) : (_tasksDone, Math.Max(1, _tasks));
            var share = Math.Clamp((double)done / open, 0, 1);
            var eta = share > 0 ? TimeSpan.FromSeconds(Math.Min(seconds / share * (1 - share), 359_999)) : TimeSpan.Zero;
            var trouble = _watched is { } watched && watched.Stage == _stage ? watched.Status() : $"failed {_failed:N0}";
            // What matters most comes first: a narrow terminal cuts the end.
            var text = $"{_stage}  {share,4:P0}  {records:N0} files ({records / seconds:N0}/s)  {SizeText.FormatRounded(bytes)} ({SizeText.FormatRounded((long)(bytes / seconds))}/s)  "
                + $"ETA {(int)eta.TotalHours}:{eta:mm\\:ss}  {trouble}  shards {_tasksDone}/{_tasks}  dropped {_dropped:N0}";
            if (_live)
                _out.Write("\r\u001b[K" + (text.Length < _width ? text : text[..Math.Max(0, _width - 1)]));
            else
                _out.WriteLine(text);
        }
    }
}
