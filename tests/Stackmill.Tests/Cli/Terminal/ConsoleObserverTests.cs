using Stackmill.Cli.Terminal;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;

namespace Stackmill.Tests.Cli.Terminal;

public sealed class ConsoleObserverTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly HandClock _clock = new();

    public void Dispose() => _out.Dispose();

    // Goes on, and lets its timers be due, when the test says so.
    private sealed class HandClock : TimeProvider
    {
        private readonly List<Action> _due = [];
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time)
        {
            _ticks += time.Ticks;
            _due.ForEach(d => d());
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _due.Add(() => callback(state));
            return new Idle();
        }

        private sealed class Idle : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    private string LastLine() => _out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];

    private static ShardMarker Marker(Books books) => new("key", "part-00000", books, []);

    [Fact]
    public void Progress_shows_rates_errors_and_the_time_that_is_left_while_a_shard_is_under_way()
    {
        using var observer = new ConsoleObserver(_out, live: false, 0, quiet: false, _clock);
        var errors = 0;
        observer.Watch("contents", () => $"errors {errors}");
        observer.StageStarted("contents", 4, 0, 40_000_000);
        observer.Advanced("contents", 5_000, 10_000_000);
        errors = 3;
        _clock.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal("contents  25 %  5,000 files (500/s)  10.0 MB (1.0 MB/s)  ETA 0:00:30  errors 3  shards 0/4  dropped 0", LastLine());
    }

    [Fact]
    public void What_earlier_runs_had_done_is_not_counted_as_speed()
    {
        using var observer = new ConsoleObserver(_out, live: false, 0, quiet: false, _clock);
        observer.StageStarted("contents", 2, 1, 40_000_000);
        observer.ShardDone("contents", new ShardTask(0, "part-00000", 30_000_000), Marker(new Books { In = 2, Kept = 1, Failed = { ["missing_blob"] = 1 } }), reused: true);
        observer.Advanced("contents", 100, 1_000_000);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("contents  10 %  100 files (100/s)  1.0 MB (1.0 MB/s)  ETA 0:00:09  failed 1  shards 1/2  dropped 0", LastLine());
    }

    [Fact]
    public void Where_no_lengths_are_known_the_shards_tell_how_far_it_is()
    {
        using var observer = new ConsoleObserver(_out, live: false, 0, quiet: false, _clock);
        observer.StageStarted("contents", 4, 0, 0);
        observer.ShardDone("contents", new ShardTask(0, "part-00000", 0), Marker(new Books()), reused: false);
        observer.Advanced("contents", 100, 5_000);
        _clock.Pass(TimeSpan.FromSeconds(20));
        Assert.Contains("25 %", LastLine(), StringComparison.Ordinal);
        Assert.Contains("ETA 0:01:00", LastLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_a_day_is_told_in_hours()
    {
        using var observer = new ConsoleObserver(_out, live: false, 0, quiet: false, _clock);
        observer.StageStarted("contents", 4, 0, 1_000_000_000);
        observer.Advanced("contents", 1, 10_000_000);
        _clock.Pass(TimeSpan.FromSeconds(1000));
        Assert.Contains("ETA 27:30:00", LastLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_gets_one_line_that_fits_and_what_matters_stays()
    {
        using var observer = new ConsoleObserver(_out, live: true, 80, quiet: false, _clock);
        observer.StageStarted("contents", 4, 0, 40_000_000);
        observer.Watch("contents", () => "errors 0");
        observer.Advanced("contents", 5_000, 10_000_000);
        _clock.Pass(TimeSpan.FromSeconds(10));
        var line = _out.ToString().Split("\u001b[K")[^1];
        Assert.True(line.Length < 80 && line.Contains("ETA 0:00:30", StringComparison.Ordinal), line);
        Assert.DoesNotContain('\n', _out.ToString());
    }

    [Fact]
    public void Another_stage_does_not_show_what_was_watched_and_quiet_shows_warnings_only()
    {
        using (var observer = new ConsoleObserver(_out, live: false, 0, quiet: false, _clock))
        {
            observer.Watch("contents", () => throw new InvalidOperationException("asked for too late"));
            observer.StageStarted("organize", 1, 0, 10);
            _clock.Pass(TimeSpan.FromSeconds(10));
            Assert.Contains("failed 0", LastLine(), StringComparison.Ordinal);
            observer.StageEnded("organize", new Books(), upToDate: false);
        }

        _out.GetStringBuilder().Clear();
        using var quiet = new ConsoleObserver(_out, live: false, 0, quiet: true, _clock);
        quiet.StageStarted("contents", 1, 0, 10);
        quiet.Note("contents", "a note");
        _clock.Pass(TimeSpan.FromSeconds(10));
        quiet.Warn("contents", "strange");
        Assert.Equal("contents: warning: strange\n", _out.ToString());
    }
}
