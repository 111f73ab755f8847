namespace Stackmill.Monitoring;

/// <summary>How a metric's value moves.</summary>
internal enum MetricKind
{
    /// <summary>Only grows, within one process.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Observations, counted in buckets.</summary>
    Histogram,
}

/// <summary>One metric, as it is made, exposed and documented.</summary>
/// <param name="Name">Its name in Prometheus; OpenTelemetry has the same.</param>
/// <param name="Kind">How its value moves.</param>
/// <param name="Help">One sentence for people.</param>
/// <param name="Labels">Its labels. Their values come from lists of the program or are bounded (<see cref="Exposition.LabelText"/>).</param>
internal sealed record MetricDescription(string Name, MetricKind Kind, string Help, params IReadOnlyList<string> Labels);

/// <summary>All metrics. Instruments, documents and the tests of dashboards and rules are made from this list.</summary>
internal static class MetricCatalog
{
    public static readonly MetricDescription Status = new("pipeline_status", MetricKind.Gauge, "What the pipeline does: 1 running, 0 stopped, -1 failed.", "pipeline_name");
    public static readonly MetricDescription ProcessingSeconds = new("pipeline_processing_seconds", MetricKind.Histogram, "Time that a stage took, from its start to its end.", "stage");
    public static readonly MetricDescription VolumeBytes = new("data_volume_bytes_total", MetricKind.Counter, "Bytes of content that a stage has read; a stage that reads twice counts twice.", "stage");
    public static readonly MetricDescription Errors = new("pipeline_errors_total", MetricKind.Counter, "Records and shards that failed, by reason, and what ended a run.", "stage", "error_type");
    public static readonly MetricDescription BatchRecords = new("batch_records_processed", MetricKind.Gauge, "Records that came into a stage when it last ran.", "stage");
    public static readonly MetricDescription BatchSeconds = new("batch_duration_seconds", MetricKind.Gauge, "Time that a stage took when it last ran.", "stage");

    public static readonly MetricDescription CpuPercent = new("system_cpu_usage_percent", MetricKind.Gauge, "Processor time in use, of the control group's limit where there is one, else of the machine.");
    public static readonly MetricDescription MemoryPercent = new("system_memory_usage_percent", MetricKind.Gauge, "Memory in use, of the control group's limit where there is one, else of the machine.");
    public static readonly MetricDescription DiskPercent = new("system_disk_usage_percent", MetricKind.Gauge, "Space in use on the disk that the output is written to.");
    public static readonly MetricDescription DiskFree = new("system_disk_free_bytes", MetricKind.Gauge, "Space left on the disk that the output is written to.");

    public static readonly MetricDescription RecordsSeen = new("stackmill_records_seen_total", MetricKind.Counter, "Records that a stage has looked at so far, told every 64 of a task.", "stage");
    public static readonly MetricDescription Records = new("stackmill_records_total", MetricKind.Counter, "Records of finished shards, by outcome: in, kept, dropped, failed.", "stage", "outcome");
    public static readonly MetricDescription Dropped = new("stackmill_records_dropped_total", MetricKind.Counter, "Records of finished shards that were left out, by reason.", "stage", "reason");
    public static readonly MetricDescription Redactions = new("stackmill_redactions_total", MetricKind.Counter, "Values replaced in finished shards, by kind.", "kind");
    public static readonly MetricDescription Duplicates = new("stackmill_duplicates_total", MetricKind.Counter, "Files removed as duplicates in finished shards, by kind.", "kind");
    public static readonly MetricDescription Tokens = new("stackmill_tokens_total", MetricKind.Counter, "Tokens counted in finished shards.", "stage");
    public static readonly MetricDescription TaskSeconds = new("stackmill_task_seconds", MetricKind.Histogram, "Time that a task (a shard) took.", "stage");

    public static readonly MetricDescription StageRecords = new("stackmill_stage_records", MetricKind.Gauge, "The stage's books when it last ran, also where it was up to date: in, kept, dropped, failed.", "stage", "outcome");
    public static readonly MetricDescription StageDropped = new("stackmill_stage_dropped_records", MetricKind.Gauge, "What the stage left out when it last ran, by reason.", "stage", "reason");
    public static readonly MetricDescription StageBytes = new("stackmill_stage_content_bytes", MetricKind.Gauge, "Bytes of content in the stage's books when it last ran: in, kept.", "stage", "outcome");
    public static readonly MetricDescription StageTasks = new("stackmill_stage_tasks", MetricKind.Gauge, "Tasks of the stage's present step: waiting, active, done, reused, failed.", "stage", "state");
    public static readonly MetricDescription StageRunning = new("stackmill_stage_running", MetricKind.Gauge, "1 while the stage runs, else 0.", "stage");
    public static readonly MetricDescription StageProgress = new("stackmill_stage_progress_ratio", MetricKind.Gauge, "Share of the stage's present step that is done, 0 to 1.", "stage");
    public static readonly MetricDescription StageEta = new("stackmill_stage_eta_seconds", MetricKind.Gauge, "Time that the stage's present step will still take at its rate so far.", "stage");
    public static readonly MetricDescription StageLastProgress = new("stackmill_stage_last_progress_timestamp_seconds", MetricKind.Gauge, "When the stage last looked at records or ended a task.", "stage");

    public static readonly MetricDescription DownloadContents = new("stackmill_download_contents_total", MetricKind.Counter, "Contents fetched.");
    public static readonly MetricDescription DownloadBytes = new("stackmill_download_bytes_total", MetricKind.Counter, "Bytes fetched, as they came.");
    public static readonly MetricDescription DownloadRequests = new("stackmill_download_requests_total", MetricKind.Counter, "Requests for contents.");
    public static readonly MetricDescription DownloadRetries = new("stackmill_download_retries_total", MetricKind.Counter, "Requests for contents that were made again.");
    public static readonly MetricDescription DownloadThrottled = new("stackmill_download_throttled_total", MetricKind.Counter, "Requests for contents that were refused for load.");
    public static readonly MetricDescription DownloadLost = new("stackmill_download_lost_total", MetricKind.Counter, "Contents given up.");
    public static readonly MetricDescription DownloadLimit = new("stackmill_download_requests_limit", MetricKind.Gauge, "Requests that may be under way at once.");
    public static readonly MetricDescription DownloadUnderWay = new("stackmill_download_contents_under_way", MetricKind.Gauge, "Contents asked for that have not come.");

    public static readonly MetricDescription HubRequests = new("stackmill_hub_requests_total", MetricKind.Counter, "Requests of the Hub's client, by host (hub, storage) and outcome: answered, redirected, throttled, refused, failed.", "host", "outcome");
    public static readonly MetricDescription HubRetries = new("stackmill_hub_retries_total", MetricKind.Counter, "Requests of the Hub's client that were made again.");
    public static readonly MetricDescription HubBytes = new("stackmill_hub_bytes_total", MetricKind.Counter, "Bytes of files that came from the Hub.");
    public static readonly MetricDescription Notifications = new("stackmill_notifications_total", MetricKind.Counter, "Notifications of how runs ended, by channel and outcome: sent, failed.", "channel", "outcome");

    public static readonly MetricDescription RunStart = new("stackmill_run_start_timestamp_seconds", MetricKind.Gauge, "When the run began.", "pipeline_name");
    public static readonly MetricDescription LastSuccess = new("stackmill_run_last_success_timestamp_seconds", MetricKind.Gauge, "When the last run that did everything ended.", "pipeline_name");
    public static readonly MetricDescription ExitCode = new("stackmill_run_exit_code", MetricKind.Gauge, "Exit code of a run that has ended.", "pipeline_name");
    public static readonly MetricDescription BuildInfo = new("stackmill_build_info", MetricKind.Gauge, "Always 1; the labels tell the program's version and runtime.", "version", "runtime");
    public static readonly MetricDescription FoldedSeries = new("stackmill_metric_series_folded_total", MetricKind.Counter, "Measurements whose labels were put together as 'other', because their metric had its most series.");

    public static readonly MetricDescription GcCollections = new("stackmill_gc_collections_total", MetricKind.Counter, "Garbage collections, by the oldest generation they looked at.", "generation");
    public static readonly MetricDescription GcPause = new("stackmill_gc_pause_seconds_total", MetricKind.Counter, "Time in which garbage collections held all threads.");
    public static readonly MetricDescription GcHeap = new("stackmill_gc_heap_bytes", MetricKind.Gauge, "Size of the managed heap.");
    public static readonly MetricDescription ProcessCpu = new("process_cpu_seconds_total", MetricKind.Counter, "Processor time of the process, user and system.");
    public static readonly MetricDescription ProcessMemory = new("process_resident_memory_bytes", MetricKind.Gauge, "Resident memory of the process.");
    public static readonly MetricDescription ProcessStart = new("process_start_time_seconds", MetricKind.Gauge, "When the process began.");

    /// <summary>All of them, in the order of the documents.</summary>
    public static IReadOnlyList<MetricDescription> All { get; } =
    [
        Status, ProcessingSeconds, VolumeBytes, Errors, BatchRecords, BatchSeconds, CpuPercent, MemoryPercent, DiskPercent, DiskFree,
        RecordsSeen, Records, Dropped, Redactions, Duplicates, Tokens, TaskSeconds,
        StageRecords, StageDropped, StageBytes, StageTasks, StageRunning, StageProgress, StageEta, StageLastProgress,
        DownloadContents, DownloadBytes, DownloadRequests, DownloadRetries, DownloadThrottled, DownloadLost, DownloadLimit, DownloadUnderWay, HubRequests, HubRetries, HubBytes, Notifications,
        RunStart, LastSuccess, ExitCode, BuildInfo, FoldedSeries,
        GcCollections, GcPause, GcHeap, ProcessCpu, ProcessMemory, ProcessStart,
    ];

    /// <summary>Buckets of times of stages, in seconds: from a tenth to a day.</summary>
    public static IReadOnlyList<double> StageBounds { get; } = [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 43200, 86400];

    /// <summary>Buckets of times of tasks, in seconds: from a hundredth to an hour.</summary>
    public static IReadOnlyList<double> TaskBounds { get; } = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];
}
