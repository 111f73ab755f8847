using System.Globalization;

namespace Stackmill.Monitoring.Stack;

/// <summary>
/// The files of <c>deploy/monitoring</c> with the thresholds and ports of a configuration. They are the shipped files, which lie in the program, with single
/// values replaced: by default, byte for byte the same.
/// </summary>
internal static class StackFiles
{
    private const string Prefix = "Stackmill.stack/";
    private const string Alerts = "prometheus/rules/alerts.yml";
    private const string Compose = "compose.yaml";
    private const string Prometheus = "prometheus/prometheus.yml";
    private const string Alertmanager = "alertmanager/alertmanager.yml";
    private const string Quality = "grafana/dashboards/quality.json";

    private static readonly string[] Starters = ["start_monitoring.sh", "start_monitoring.ps1"];

    /// <summary>Paths of the files, with forward slashes.</summary>
    public static IReadOnlyList<string> Paths { get; } = [.. typeof(StackFiles).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..].Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>A file as it is shipped.</summary>
    public static string Shipped(string path)
    {
        var assembly = typeof(StackFiles).Assembly;
        using var stream = assembly.GetManifestResourceStream(Prefix + path) ?? assembly.GetManifestResourceStream(Prefix + path.Replace('/', '\\')) ?? throw new InvalidOperationException($"the program lacks its file '{path}'");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>All files with the values of a configuration.</summary>
    public static IEnumerable<(string Path, string Text)> Write(AlertOptions alerts, StackOptions stack)
    {
        var edits = Edits(alerts, stack).ToLookup(e => e.Path, StringComparer.Ordinal);
        return Paths.Select(path => (path, edits[path].Aggregate(Shipped(path), (text, edit) => text.Replace(edit.From, edit.To, StringComparison.Ordinal))));
    }

    /// <summary>What is replaced, by file. Each text stands in its file, with enough around the value that nothing else is met.</summary>
    public static IEnumerable<(string Path, string From, string To)> Edits(AlertOptions alerts, StackOptions stack)
    {
        yield return Number(Alerts, "(rate(pipeline_errors_total[5m])) > ", "0.1", "\n", alerts.ErrorsPerSecond);
        yield return Number(Alerts, "over 5 minutes, above ", "0.1", ". The ledger", alerts.ErrorsPerSecond);
        yield return Number(Alerts, "(rate(pipeline_processing_seconds_bucket[15m]))) > ", "300", "\n", alerts.SlowStageSeconds);
        yield return (Alerts, "above 5 minutes.\"", $"above {Time(alerts.SlowStageSeconds)}.\"");
        yield return Number(Alerts, "stackmill_stage_last_progress_timestamp_seconds) > ", "900", " and", alerts.StalledSeconds);
        yield return Number(Alerts, "stage:drop_ratio:avg1d > ", "0.2", "\n", alerts.DropRateJump);
        yield return Number(Quality, "The alert DropRateJump fires above ", "20", " %.", 100 * alerts.DropRateJump);
        yield return Number(Alerts, "push_time_seconds) > ", "900", " and", alerts.StalePushSeconds);
        yield return Number(Alerts, "system_cpu_usage_percent > ", "80", "\n", alerts.CpuPercent);
        yield return Number(Alerts, "system_memory_usage_percent > ", "85", "\n", alerts.MemoryPercent);
        yield return Number(Prometheus, "--metrics-port ", "8000", ",", stack.MetricsPort);
        yield return Number(Prometheus, "host.docker.internal:", "8000", "\"", stack.MetricsPort);
        yield return Number(Alertmanager, "host.docker.internal:", "9099", "/alert", stack.AlertPort);
        foreach (var (port, value) in new[] { (9090, stack.PrometheusPort), (9093, stack.AlertmanagerPort), (9091, stack.PushgatewayPort), (9100, stack.NodeExporterPort), (3000, stack.GrafanaPort) })
            yield return Number(Compose, "\"127.0.0.1:", $"{port}", $":{port}\"", value);
        foreach (var script in Starters)
        {
            foreach (var (name, port, value) in new[] { ("Grafana      ", 3000, stack.GrafanaPort), ("Prometheus   ", 9090, stack.PrometheusPort), ("Alertmanager ", 9093, stack.AlertmanagerPort), ("Pushgateway  ", 9091, stack.PushgatewayPort) })
                yield return Number(script, $"{name} http://127.0.0.1:", $"{port}", "", value);
        }

        yield return Number(Starters[0], "PUSHGATEWAY_URL=http://127.0.0.1:", "9091", ";", stack.PushgatewayPort);
        yield return Number(Starters[1], "PUSHGATEWAY_URL = \"http://127.0.0.1:", "9091", "\"", stack.PushgatewayPort);
    }

    private static (string Path, string From, string To) Number(string path, string before, string shipped, string after, double value) =>
        (path, before + shipped + after, before + Math.Round(value, 6).ToString("0.######", CultureInfo.InvariantCulture) + after);

    private static string Time(double seconds) => seconds % 60 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} {(seconds == 60 ? "minute" : "minutes")}") : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###} seconds");
}
