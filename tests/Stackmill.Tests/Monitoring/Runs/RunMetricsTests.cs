using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Monitoring;
using Stackmill.Monitoring.Exposition;
using Stackmill.Monitoring.Runs;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Monitoring.Runs;

/// <summary>What an observer hears, as metrics.</summary>
public sealed class RunMetricsTests : IDisposable
{
    private readonly InstantClock _clock = new();
    private readonly PipelineMonitor _monitor;
    private readonly RunMetrics _metrics;

    public RunMetricsTests()
    {
        _monitor = new PipelineMonitor("p", _clock);
        _metrics = new RunMetrics(_monitor, "run-1");
    }

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void Books_of_shards_count_while_the_stage_runs_and_those_of_the_stage_in_the_end()
    {
        var books = Books(10, 6, ("duplicate_near", 3));
        books.Failed["unreadable"] = 1;
        books.Counters["redactions.email"] = 5;
        books.Counters["tokens.Python"] = 70;
        books.Counters["tokens.C"] = 30;
        _metrics.StageStarted("deduplicate", 2, 0, 100);
        Do("deduplicate", 0, books, TimeSpan.FromSeconds(2));

        Lines(
            "stackmill_records_total{stage=\"deduplicate\",outcome=\"in\"} 10",
            "stackmill_records_total{stage=\"deduplicate\",outcome=\"kept\"} 6",
            "stackmill_records_total{stage=\"deduplicate\",outcome=\"dropped\"} 3",
            "stackmill_records_total{stage=\"deduplicate\",outcome=\"failed\"} 1",
            "stackmill_records_dropped_total{stage=\"deduplicate\",reason=\"duplicate_near\"} 3",
            "stackmill_duplicates_total{kind=\"near\"} 3",
            "pipeline_errors_total{stage=\"deduplicate\",error_type=\"unreadable\"} 1",
            "stackmill_redactions_total{kind=\"email\"} 5",
            "stackmill_tokens_total{stage=\"deduplicate\"} 100",
            "stackmill_stage_running{stage=\"deduplicate\"} 1",
            "stackmill_stage_tasks{stage=\"deduplicate\",state=\"waiting\"} 1",
            "stackmill_stage_tasks{stage=\"deduplicate\",state=\"done\"} 1",
            "stackmill_stage_progress_ratio{stage=\"deduplicate\"} 0.5",
            "stackmill_stage_eta_seconds{stage=\"deduplicate\"} 2",
            "pipeline_processing_seconds_count{stage=\"deduplicate\"} 0",
            "stackmill_task_seconds_sum{stage=\"deduplicate\"} 2");

        // The stage's own books have two entries more, which came in no shard.
        var whole = Books(12, 6, ("duplicate_near", 3), ("hidden", 2));
        whole.Failed["unreadable"] = 1;
        _metrics.StageEnded("deduplicate", whole, upToDate: false);

        Lines(
            "stackmill_records_total{stage=\"deduplicate\",outcome=\"in\"} 12",
            "stackmill_records_total{stage=\"deduplicate\",outcome=\"kept\"} 6",
            "stackmill_records_dropped_total{stage=\"deduplicate\",reason=\"hidden\"} 2",
            "stackmill_records_dropped_total{stage=\"deduplicate\",reason=\"duplicate_near\"} 3",
            "stackmill_stage_records{stage=\"deduplicate\",outcome=\"dropped\"} 5",
            "stackmill_stage_running{stage=\"deduplicate\"} 0",
            "stackmill_stage_progress_ratio{stage=\"deduplicate\"} 1",
            "pipeline_processing_seconds_count{stage=\"deduplicate\"} 1",
            "pipeline_processing_seconds_sum{stage=\"deduplicate\"} 2",
            "batch_records_processed{stage=\"deduplicate\"} 12",
            "batch_duration_seconds{stage=\"deduplicate\"} 2");
    }

    [Fact]
    public void Steps_that_prepare_a_stage_read_its_data_and_are_no_part_of_its_books()
    {
        _metrics.StageStarted("deduplicate: signatures", 1, 0, 100);
        _metrics.Advanced("deduplicate: signatures", 64, 1_000);
        Do("deduplicate: signatures", 0, Books(64, 64), TimeSpan.FromSeconds(1));
        _metrics.StageStarted("deduplicate", 1, 0, 100);
        _metrics.Advanced("deduplicate", 64, 1_000);
        Do("deduplicate", 0, Books(64, 60, ("duplicate_exact", 4)), TimeSpan.FromSeconds(1));
        _metrics.StageEnded("deduplicate", Books(64, 60, ("duplicate_exact", 4)), upToDate: false);

        Lines(
            "data_volume_bytes_total{stage=\"deduplicate\"} 2000",
            "stackmill_records_seen_total{stage=\"deduplicate\"} 128",
            "stackmill_records_total{stage=\"deduplicate\",outcome=\"in\"} 64",
            "stackmill_task_seconds_count{stage=\"deduplicate\"} 2",
            "pipeline_processing_seconds_sum{stage=\"deduplicate\"} 2");
        Assert.DoesNotContain("signatures", _monitor.Expose(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_that_was_up_to_date_shows_its_books_and_counts_nothing()
    {
        _metrics.StageEnded("organize", Books(10, 9, ("empty", 1)), upToDate: true);

        Lines("stackmill_stage_records{stage=\"organize\",outcome=\"kept\"} 9", "stackmill_stage_dropped_records{stage=\"organize\",reason=\"empty\"} 1", "pipeline_processing_seconds_count{stage=\"organize\"} 0");
        Assert.DoesNotContain("stackmill_records_total{", _monitor.Expose(), StringComparison.Ordinal);
        Assert.DoesNotContain("batch_records_processed{", _monitor.Expose(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_that_takes_records_back_lets_no_counter_go_back()
    {
        _metrics.StageStarted("metadata", 1, 0, 0);
        Do("metadata", 0, Books(10, 8, ("language_not_allowed", 2)), TimeSpan.Zero);
        _metrics.StageEnded("metadata", Books(10, 5, ("above_limit", 3), ("language_not_allowed", 2)), upToDate: false);

        Lines(
            "stackmill_records_total{stage=\"metadata\",outcome=\"kept\"} 8", "stackmill_records_total{stage=\"metadata\",outcome=\"dropped\"} 5",
            "stackmill_stage_records{stage=\"metadata\",outcome=\"kept\"} 5");
    }

    [Fact]
    public void Tasks_that_an_earlier_run_had_done_are_told_apart_and_take_no_time()
    {
        _metrics.StageStarted("organize", 4, 2, 200);
        for (var i = 0; i < 2; i++)
            _metrics.ShardDone("organize", Task(i), Marker(i, Books(5, 5)), reused: true);
        Do("organize", 2, Books(5, 5), TimeSpan.FromSeconds(3));

        Lines(
            "stackmill_stage_tasks{stage=\"organize\",state=\"reused\"} 2", "stackmill_stage_tasks{stage=\"organize\",state=\"done\"} 3",
            "stackmill_stage_progress_ratio{stage=\"organize\"} 0.75", "stackmill_stage_eta_seconds{stage=\"organize\"} 3",
            "stackmill_records_total{stage=\"organize\",outcome=\"in\"} 15", "stackmill_task_seconds_count{stage=\"organize\"} 1");
    }

    [Fact]
    public void A_failed_shard_and_what_ends_a_run_are_errors_of_their_stage()
    {
        _metrics.StageStarted("preprocess", 2, 0, 200);
        _metrics.TaskStarted("preprocess", Task(0));
        _metrics.ShardFailed("preprocess", Task(0), "the shard is damaged");
        _metrics.End("run_fault", "the disk is full");

        Lines(
            "pipeline_errors_total{stage=\"preprocess\",error_type=\"shard_failed\"} 1", "pipeline_errors_total{stage=\"preprocess\",error_type=\"run_fault\"} 1",
            "stackmill_stage_tasks{stage=\"preprocess\",state=\"failed\"} 1", "stackmill_stage_running{stage=\"preprocess\"} 0", "stackmill_stage_tasks{stage=\"preprocess\",state=\"waiting\"} 0");
        Assert.Equal("the shard is damaged", _metrics.Stages.Single().Error);
    }

    [Fact]
    public void Downloads_keep_their_last_counts_when_the_stage_has_ended()
    {
        var bytes = 0L;
        _metrics.WatchCounts("contents", () => [new("bytes", bytes), new("throttled", 2), new("limit", 8)]);
        _metrics.StageStarted("contents", 1, 0, 10);
        bytes = 500;
        Lines("stackmill_download_bytes_total 500", "stackmill_download_throttled_total 2", "stackmill_download_requests_limit 8");
        _metrics.StageEnded("contents", Books(1, 1), upToDate: false);
        bytes = 0;
        Lines("stackmill_download_bytes_total 500");
    }

    [Fact]
    public void Exemplars_tell_the_run_and_the_task()
    {
        _metrics.StageStarted("organize", 1, 0, 10);
        Do("organize", 7, Books(1, 1), TimeSpan.FromSeconds(2));
        _metrics.StageEnded("organize", Books(1, 1), upToDate: false);

        var text = _monitor.Expose(MetricsFormat.OpenMetrics);
        Assert.Contains("stackmill_task_seconds_bucket{stage=\"organize\",le=\"2.5\"} 1 # {run_id=\"run-1\",task=\"part-00007\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("pipeline_processing_seconds_bucket{stage=\"organize\",le=\"5.0\"} 1 # {run_id=\"run-1\"} 2\n", text, StringComparison.Ordinal);
    }

    private static Books Books(long input, long kept, params (string Reason, long Count)[] dropped)
    {
        var books = new Books { In = input, Kept = kept };
        foreach (var (reason, count) in dropped)
            books.Dropped[reason] = count;
        return books;
    }

    private static ShardTask Task(int index) => new(index, $"part-{index:D5}", 50);

    private static ShardMarker Marker(int index, Books books) => new("key", $"part-{index:D5}", books, []);

    private void Do(string stage, int index, Books books, TimeSpan time)
    {
        _metrics.TaskStarted(stage, Task(index));
        _clock.Advance(time);
        _metrics.ShardDone(stage, Task(index), Marker(index, books), reused: false);
    }

    private void Lines(params string[] lines)
    {
        var text = "\n" + _monitor.Expose();
        Assert.All(lines, line => Assert.True(text.Contains($"\n{line}\n", StringComparison.Ordinal), $"{line} is not in\n{text}"));
    }
}
