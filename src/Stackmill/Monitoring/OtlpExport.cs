using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Stackmill.Core.Faults;
using Stackmill.Core.Options;
using Stackmill.Monitoring.Runs;

namespace Stackmill.Monitoring;

/// <summary>Sends metrics, traces and logs to an OpenTelemetry collector, until it is disposed.</summary>
internal sealed class OtlpExport : IDisposable
{
    private const string Grpc = "grpc";

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private OtlpExport(MeterProvider metrics, TracerProvider traces, OtlpLogs logs) => (_metrics, _traces, Logs) = (metrics, traces, logs);

    /// <summary>Takes lines of the log.</summary>
    public OtlpLogs Logs { get; }

    /// <summary>Begins to send; <c>null</c> when neither the configuration nor the environment names a collector.</summary>
    /// <exception cref="UsageException">The address is none.</exception>
    public static OtlpExport? Start(MonitoringOptions options, string version, string runId, Func<string, string?> environment)
    {
        if (Endpoint(options.Otlp, environment) is not { } endpoint)
            return null;
        var resource = ResourceBuilder.CreateDefault().AddService("stackmill", serviceVersion: version, serviceInstanceId: runId)
            .AddAttributes([new("stackmill.pipeline_name", options.PipelineName), new("stackmill.run_id", runId)]);
        var interval = (int)(options.IntervalSeconds * 1000);
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(PipelineMonitor.MeterName).AddOtlpExporter((exporter, reader) =>
        {
            Set(exporter, endpoint, "v1/metrics");
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = interval;
        }).Build();
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(RunTracing.SourceName).SetSampler(new AlwaysOnSampler()).AddOtlpExporter(exporter => Set(exporter, endpoint, "v1/traces")).Build();
        return new OtlpExport(metrics, traces, new OtlpLogs(resource, exporter => Set(exporter, endpoint, "v1/logs")));
    }

    /// <summary>The collector and how it is spoken to; <c>null</c> when none is named.</summary>
    /// <exception cref="UsageException">The address is none.</exception>
    public static (Uri Address, bool IsGrpc)? Endpoint(OtlpOptions options, Func<string, string?> environment)
    {
        var (address, where) = options.Endpoint.Length > 0 ? (options.Endpoint, "monitoring.otlp.endpoint") : (environment("OTEL_EXPORTER_OTLP_ENDPOINT") ?? "", "OTEL_EXPORTER_OTLP_ENDPOINT");
        if (address.Length == 0 || environment("OTEL_SDK_DISABLED") == "true")
            return null;
        if (WebAddress.Problem(address) is { } found)
            throw new UsageException($"{where} is {found}; expected {WebAddress.Expected}, such as http://localhost:4318. Headers are in OTEL_EXPORTER_OTLP_HEADERS.");
        var protocol = options.Protocol.Length > 0 ? options.Protocol : environment("OTEL_EXPORTER_OTLP_PROTOCOL") ?? "";
        return (new Uri(address), protocol == Grpc);
    }

    /// <summary>Sends what there is; false when the collector did not take it within the time.</summary>
    public bool Flush(TimeSpan timeout)
    {
        var milliseconds = (int)timeout.TotalMilliseconds;
        var traces = _traces.ForceFlush(milliseconds);
        return _metrics.ForceFlush(milliseconds) && traces;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Logs.Dispose();
        _traces.Dispose();
        _metrics.Dispose();
    }

    /// <summary>Sets what all signals share.</summary>
    public static void Set(OtlpExporterOptions exporter, (Uri Address, bool IsGrpc) endpoint, string path)
    {
        exporter.Protocol = endpoint.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        // The path is added by the library only where it reads the variable itself.
        exporter.Endpoint = endpoint.IsGrpc ? endpoint.Address : new Uri($"{endpoint.Address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}");
        exporter.TimeoutMilliseconds = 5000;
    }
}
