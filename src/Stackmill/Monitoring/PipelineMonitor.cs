using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Stackmill.Core.Engine;
using Stackmill.Monitoring.Exposition;

namespace Stackmill.Monitoring;

/// <summary>
/// The metrics of one pipeline. Programs with stages of their own use it as the runs of Stackmill do: they track the time of a stage,
/// record the volume of data and errors, and set the status. Everything may be called from any thread.
/// </summary>
/// <remarks>
/// The instruments are those of <see cref="System.Diagnostics.Metrics"/>, of the meter <see cref="MeterName"/>, so that OpenTelemetry sees them too.
/// Names of stages and types of errors are labels: take them from a short list, never from data.
/// </remarks>
public sealed class PipelineMonitor : IDisposable
{
    /// <summary>Name of the meter, for <c>AddMeter</c> of OpenTelemetry.</summary>
    public const string MeterName = "Stackmill";

    private const string PipelineLabel = "pipeline_name";

    private readonly ConcurrentDictionary<string, StageVolume> _volumes = new(StringComparer.Ordinal);
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _errors;
    private readonly Gauge<long> _status;
    private readonly Gauge<long> _batchRecords;
    private readonly Gauge<double> _batchSeconds;

    /// <summary>Makes the metrics of a pipeline, which is stopped until <see cref="SetStatus"/> says otherwise.</summary>
    /// <param name="pipelineName">Its name, the label of <c>pipeline_status</c>.</param>
    /// <param name="clock">The clock of times; the system's when not given.</param>
    public PipelineMonitor(string pipelineName, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(pipelineName);
        PipelineName = LabelText.Bound(pipelineName);
        Clock = clock ?? TimeProvider.System;
        Meter = new Meter(MeterName);
        Store = new MetricStore(Meter);
        _status = Meter.CreateGauge<long>(MetricCatalog.Status.Name, null, MetricCatalog.Status.Help);
        _seconds = Meter.CreateHistogram(MetricCatalog.ProcessingSeconds.Name, "s", MetricCatalog.ProcessingSeconds.Help, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricCatalog.StageBounds });
        _errors = Meter.CreateCounter<long>(MetricCatalog.Errors.Name, null, MetricCatalog.Errors.Help);
        _batchRecords = Meter.CreateGauge<long>(MetricCatalog.BatchRecords.Name, null, MetricCatalog.BatchRecords.Help);
        _batchSeconds = Meter.CreateGauge<double>(MetricCatalog.BatchSeconds.Name, "s", MetricCatalog.BatchSeconds.Help);
        Meter.CreateObservableCounter(MetricCatalog.VolumeBytes.Name, () => _volumes.Select(v => new Measurement<long>(v.Value.Bytes, Stage(v.Key))), "By", MetricCatalog.VolumeBytes.Help);
        Meter.CreateObservableCounter(MetricCatalog.RecordsSeen.Name, () => _volumes.Select(v => new Measurement<long>(v.Value.Records, Stage(v.Key))), null, MetricCatalog.RecordsSeen.Help);
        Meter.CreateObservableCounter(MetricCatalog.FoldedSeries.Name, () => Store.Folded, null, MetricCatalog.FoldedSeries.Help);
        SetStatus(PipelineStatus.Stopped);
    }

    /// <summary>The pipeline's name.</summary>
    public string PipelineName { get; }

    /// <summary>What the pipeline does.</summary>
    public PipelineStatus Status { get; private set; }

    internal Meter Meter { get; }

    internal MetricStore Store { get; }

    internal TimeProvider Clock { get; }

    /// <summary>Measures the time of a stage until what is returned is disposed: <c>using var _ = monitor.Track("parse");</c>.</summary>
    public IDisposable Track(string stage) => new StageTimer(this, LabelText.Bound(stage));

    /// <summary>Counts bytes that a stage has read.</summary>
    public void RecordVolume(string stage, long bytes) => Volume(LabelText.Bound(stage)).Add(0, bytes);

    /// <summary>Tells what a stage has done when it last ran.</summary>
    public void RecordBatch(string stage, long records, TimeSpan duration)
    {
        var label = Stage(LabelText.Bound(stage));
        _batchRecords.Record(records, label);
        _batchSeconds.Record(duration.TotalSeconds, label);
    }

    /// <summary>Counts one error of a stage, e.g. <c>monitor.RecordError("parse", "bad_header")</c>.</summary>
    public void RecordError(string stage, string errorType) => RecordErrors(stage, errorType, 1);

    /// <summary>Sets the value of <c>pipeline_status</c>.</summary>
    public void SetStatus(PipelineStatus status)
    {
        Status = status;
        _status.Record((long)status, new KeyValuePair<string, object?>(PipelineLabel, PipelineName));
    }

    /// <summary>All metrics as text.</summary>
    public string Expose(MetricsFormat format = MetricsFormat.Text) => ExpositionWriter.Write(Store, format);

    /// <summary>Writes all metrics to a file for the text file collector of the node exporter, which must end in <c>.prom</c>. It appears whole or not at all.</summary>
    public void WriteFile(string path) => AtomicFile.WriteAllBytes(path, System.Text.Encoding.UTF8.GetBytes(Expose()), flush: false);

    /// <summary>Sends all metrics to a Pushgateway; what it had of other metrics of the group stays.</summary>
    /// <param name="gateway">Its address, e.g. <c>http://localhost:9091</c>.</param>
    /// <param name="job">The group's job.</param>
    /// <param name="instance">The group's instance; the machine's name when not given.</param>
    /// <param name="cancellation">Set to give up.</param>
    /// <exception cref="HttpRequestException">It can't be reached, or does not take them.</exception>
    public async Task PushAsync(Uri gateway, string job, string? instance = null, CancellationToken cancellation = default)
    {
        using var target = new Pushgateway(gateway, job, instance ?? Environment.MachineName, null);
        await target.PushAsync(Expose(), cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends the instruments.</summary>
    public void Dispose()
    {
        Store.Dispose();
        Meter.Dispose();
    }

    internal static KeyValuePair<string, object?> Stage(string stage) => new("stage", stage);

    /// <summary>What a stage has read, for callers that add to it often.</summary>
    internal StageVolume Volume(string stage) => _volumes.GetOrAdd(stage, static _ => new StageVolume());

    internal void RecordErrors(string stage, string errorType, long count) =>
        _errors.Add(count, Stage(LabelText.Bound(stage)), new KeyValuePair<string, object?>("error_type", LabelText.Bound(errorType)));

    /// <summary>Tells how long a stage took.</summary>
    internal void RecordTime(string stage, TimeSpan duration) => _seconds.Record(duration.TotalSeconds, Stage(stage));

    /// <summary>What a stage has read so far.</summary>
    internal sealed class StageVolume
    {
        private long _records;
        private long _bytes;

        public long Records => Interlocked.Read(ref _records);

        public long Bytes => Interlocked.Read(ref _bytes);

        public void Add(long records, long bytes)
        {
            Interlocked.Add(ref _records, records);
            Interlocked.Add(ref _bytes, bytes);
        }
    }

    private sealed class StageTimer(PipelineMonitor monitor, string stage) : IDisposable
    {
        private readonly long _start = monitor.Clock.GetTimestamp();
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) != 0)
                return;
            var duration = monitor.Clock.GetElapsedTime(_start);
            monitor.RecordTime(stage, duration);
            monitor._batchSeconds.Record(duration.TotalSeconds, Stage(stage));
        }
    }
}
