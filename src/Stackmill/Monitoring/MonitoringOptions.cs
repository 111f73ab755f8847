using Stackmill.Core.Options;
using Stackmill.Monitoring.Stack;

namespace Stackmill.Monitoring;

/// <summary>Section <c>monitoring</c>: how a run is seen from outside. None of it changes what a stage writes.</summary>
internal sealed class MonitoringOptions : ICheckedOptions
{
    /// <summary>The variable that holds the token for other addresses than this machine's own.</summary>
    public const string Token = "STACKMILL_MONITORING_TOKEN";

    /// <summary>The variable that holds what a Pushgateway wants as the header Authorization.</summary>
    public const string PushgatewayAuthorization = "STACKMILL_PUSHGATEWAY_AUTHORIZATION";

    /// <summary>The variable that names the Pushgateway where nothing else does, as the seed system's tasks had it.</summary>
    public const string PushgatewayAddress = "PUSHGATEWAY_URL";

    [Option("pipeline_name", "Name of the pipeline, the label of pipeline_status.")]
    public string PipelineName { get; set; } = "stackmill";

    [Option("address", "Address that /metrics is served on while a command runs, and the status page by serve. Any but a loopback address needs the token in STACKMILL_MONITORING_TOKEN.")]
    public string Address { get; set; } = "127.0.0.1";

    [Option("port", "Port that /metrics is served on while a command runs; -1 for none, 0 for any free one, which is told.", Min = -1, Max = 65535)]
    public int Port { get; set; } = -1;

    [Option("file", "File that metrics are written to for the text file collector of the node exporter, ending in .prom; empty for none.")]
    public string File { get; set; } = "";

    [Option("interval_seconds", "Time between two writes of the file, two pushes, and two entries of the run's record.", Min = 1, Max = 3600)]
    public double IntervalSeconds { get; set; } = 15;

    [Section("pushgateway", "A Pushgateway that gets the metrics while a command runs, and its last state.")]
    public PushgatewayOptions Pushgateway { get; set; } = new();

    [Section("otlp", "An OpenTelemetry collector that gets metrics, traces and logs.")]
    public OtlpOptions Otlp { get; set; } = new();

    [Option("retained_runs", "Records of runs that are kept in logs/runs of the project, for the status page, and of how many plans those of tasks are kept in logs/tasks; 0 for none.", Min = 0, Max = 10_000)]
    public int RetainedRuns { get; set; } = 100;

    [Section("health", "What stackmill health asks; empty addresses are not asked.")]
    public HealthOptions Health { get; set; } = new();

    [Section("alerts", "Thresholds of the alerts that stackmill monitoring render writes.")]
    public AlertOptions Alerts { get; set; } = new();

    [Section("stack", "Ports of what stackmill monitoring render writes; all are of 127.0.0.1.")]
    public StackOptions Stack { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check()
    {
        if (PipelineName.Length == 0)
            yield return new OptionProblem("pipeline_name", "an empty text", "a name, such as stackmill");
        if (File.Length > 0 && !File.EndsWith(".prom", StringComparison.Ordinal))
            yield return new OptionProblem("file", "another ending", "a path that ends in .prom, for the collector reads no others");
        if (!System.Net.IPAddress.TryParse(Address, out _))
            yield return new OptionProblem("address", "no IP address", "an IP address, such as 127.0.0.1 or 0.0.0.0");
    }
}

/// <summary>Section <c>monitoring.pushgateway</c>.</summary>
internal sealed class PushgatewayOptions : ICheckedOptions
{
    [Option("url", "Its address, such as http://localhost:9091; empty: PUSHGATEWAY_URL, else none. What it wants as Authorization is in STACKMILL_PUSHGATEWAY_AUTHORIZATION.")]
    public string Url { get; set; } = "";

    [Option("job", "The label job of the group.")]
    public string Job { get; set; } = "stackmill";

    [Option("instance", "The label instance of the group; empty: the machine's name.")]
    public string Instance { get; set; } = "";

    [Option("timeout_seconds", "Longest time of one push.", Min = 0.1, Max = 300)]
    public double TimeoutSeconds { get; set; } = 5;

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check() => WebAddress.Check("url", Url, "http://localhost:9091");
}

/// <summary>Section <c>monitoring.otlp</c>.</summary>
internal sealed class OtlpOptions : ICheckedOptions
{
    [Option("endpoint", "Address of the collector, such as http://localhost:4318; empty: OTEL_EXPORTER_OTLP_ENDPOINT, else none. Headers are in OTEL_EXPORTER_OTLP_HEADERS.")]
    public string Endpoint { get; set; } = "";

    [Option("protocol", "How it is spoken to; empty: OTEL_EXPORTER_OTLP_PROTOCOL, else http/protobuf.", Values = ["", "http/protobuf", "grpc"])]
    public string Protocol { get; set; } = "";

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check() => WebAddress.Check("endpoint", Endpoint, "http://localhost:4318");
}

/// <summary>Section <c>monitoring.health</c>.</summary>
internal sealed class HealthOptions : ICheckedOptions
{
    [Option("metrics", "Address of a run's metrics, or of stackmill serve.")]
    public string Metrics { get; set; } = "http://127.0.0.1:8000";

    [Option("prometheus", "Address of Prometheus.")]
    public string Prometheus { get; set; } = "http://127.0.0.1:9090";

    [Option("alertmanager", "Address of Alertmanager.")]
    public string Alertmanager { get; set; } = "http://127.0.0.1:9093";

    [Option("pushgateway", "Address of the Pushgateway.")]
    public string Pushgateway { get; set; } = "http://127.0.0.1:9091";

    [Option("grafana", "Address of Grafana.")]
    public string Grafana { get; set; } = "http://127.0.0.1:3000";

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check() => new[] { ("metrics", Metrics), ("prometheus", Prometheus), ("alertmanager", Alertmanager), ("pushgateway", Pushgateway), ("grafana", Grafana) }
        .SelectMany(p => WebAddress.Check(p.Item1, p.Item2, "http://127.0.0.1:9090"));
}
