using Stackmill.Core.Options;

namespace Stackmill.Monitoring.Stack;

/// <summary>Section <c>monitoring.alerts</c>.</summary>
internal sealed class AlertOptions
{
    [Option("errors_per_second", "HighPipelineErrorRate fires above so many errors a second.", Min = 0, Max = 1e6)]
    public double ErrorsPerSecond { get; set; } = 0.1;

    [Option("slow_stage_seconds", "SlowPipelineProcessing fires when 95 % of a stage's runs take up to more than this.", Min = 1, Max = 86400)]
    public double SlowStageSeconds { get; set; } = 300;

    [Option("stalled_seconds", "StageStalled fires when a running stage looks at no record for so long.", Min = 30, Max = 86400)]
    public double StalledSeconds { get; set; } = 900;

    [Option("drop_rate_jump", "DropRateJump fires when a stage drops this share of its records more than the day before.", Min = 0.01, Max = 1)]
    public double DropRateJump { get; set; } = 0.2;

    [Option("stale_push_seconds", "PushgatewayStale fires when a run that runs was not pushed for so long.", Min = 30, Max = 86400)]
    public double StalePushSeconds { get; set; } = 900;

    [Option("cpu_percent", "HighCPUUsage fires above this.", Min = 1, Max = 100)]
    public double CpuPercent { get; set; } = 80;

    [Option("memory_percent", "HighMemoryUsage fires above this.", Min = 1, Max = 100)]
    public double MemoryPercent { get; set; } = 85;
}

/// <summary>Section <c>monitoring.stack</c>.</summary>
internal sealed class StackOptions : ICheckedOptions
{
    [Option("metrics_port", "Port of this machine that Prometheus asks for a run's metrics: that of --metrics-port.", Min = 1, Max = 65535)]
    public int MetricsPort { get; set; } = 8000;

    [Option("prometheus_port", "Port of Prometheus.", Min = 1, Max = 65535)]
    public int PrometheusPort { get; set; } = 9090;

    [Option("alertmanager_port", "Port of Alertmanager.", Min = 1, Max = 65535)]
    public int AlertmanagerPort { get; set; } = 9093;

    [Option("pushgateway_port", "Port of the Pushgateway.", Min = 1, Max = 65535)]
    public int PushgatewayPort { get; set; } = 9091;

    [Option("node_exporter_port", "Port of the node exporter.", Min = 1, Max = 65535)]
    public int NodeExporterPort { get; set; } = 9100;

    [Option("grafana_port", "Port of Grafana.", Min = 1, Max = 65535)]
    public int GrafanaPort { get; set; } = 3000;

    [Option("alert_port", "Port of this machine that Alertmanager's webhook goes to.", Min = 1, Max = 65535)]
    public int AlertPort { get; set; } = 9099;

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check()
    {
        int[] ports = [MetricsPort, PrometheusPort, AlertmanagerPort, PushgatewayPort, NodeExporterPort, GrafanaPort, AlertPort];
        if (ports.Distinct().Count() < ports.Length)
            yield return new OptionProblem("prometheus_port", "a port that two of the section have", "a port of its own for each");
    }
}
