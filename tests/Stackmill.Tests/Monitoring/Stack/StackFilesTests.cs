using Stackmill.Monitoring.Stack;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Monitoring.Stack;

/// <summary>The stack's files with the values of a configuration.</summary>
public sealed class StackFilesTests
{
    [Fact]
    public void By_default_they_are_the_shipped_files_byte_for_byte_and_all_of_them()
    {
        var shipped = Directory.EnumerateFiles(PrometheusStack.Shipped, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(PrometheusStack.Shipped, f).Replace('\\', '/'))
            .Where(f => !f.StartsWith("tools/", StringComparison.Ordinal) && !f.StartsWith("prometheus/tests/", StringComparison.Ordinal) && !f.StartsWith("secrets/", StringComparison.Ordinal) && !f.StartsWith("textfile/", StringComparison.Ordinal)).ToList();
        var files = StackFiles.Write(new AlertOptions(), new StackOptions()).ToList();

        Assert.Equal(shipped.Order(StringComparer.Ordinal), files.Select(f => f.Path));
        Assert.All(files, f => Assert.Equal(File.ReadAllBytes(Path.Combine(PrometheusStack.Shipped, f.Path)), System.Text.Encoding.UTF8.GetBytes(f.Text)));
    }

    [Fact]
    public void Each_value_stands_in_its_file_once_and_another_one_shows_there()
    {
        var edits = StackFiles.Edits(
            new AlertOptions { ErrorsPerSecond = 7.5, SlowStageSeconds = 7261, StalledSeconds = 71, DropRateJump = 0.77, StalePushSeconds = 72, CpuPercent = 73, MemoryPercent = 74 },
            new StackOptions { MetricsPort = 7001, PrometheusPort = 7002, AlertmanagerPort = 7003, PushgatewayPort = 7004, NodeExporterPort = 7005, GrafanaPort = 7006, AlertPort = 7007 }).ToList();

        Assert.True(edits.Count > 20, $"only {edits.Count} values were seen");
        Assert.All(edits, e =>
        {
            Assert.Equal(2, StackFiles.Shipped(e.Path).Split(e.From).Length);
            Assert.NotEqual(e.From, e.To);
        });
    }

    [Fact]
    public void Other_thresholds_and_ports_give_rules_and_configurations_that_prometheus_takes()
    {
        Requires.Tool("promtool");
        Requires.Tool("amtool");
        using var folder = new TempFolder();
        StackmillProgram.Run(
            "monitoring", "render", "--output", folder["m"], "--set", "monitoring.alerts.cpu_percent=95.5", "--set", "monitoring.alerts.slow_stage_seconds=7200", "--set", "monitoring.alerts.errors_per_second=2",
            "--set", "monitoring.stack.prometheus_port=19090", "--set", "monitoring.stack.metrics_port=18000").Expect(0);

        var alerts = folder["m", "prometheus", "rules", "alerts.yml"];
        Assert.Contains("SUCCESS: 9 rules", Tool("promtool", "check", "rules", alerts), StringComparison.Ordinal);
        Assert.Contains("SUCCESS", Tool("promtool", "check", "rules", folder["m", "prometheus", "rules", "recording.yml"]), StringComparison.Ordinal);
        Assert.Contains("SUCCESS", Tool("amtool", "check-config", folder["m", "alertmanager", "alertmanager.yml"]), StringComparison.Ordinal);
        var text = File.ReadAllText(alerts);
        Assert.All(["system_cpu_usage_percent > 95.5\n", "[15m]))) > 7200\n", "above 120 minutes.", "[5m])) > 2\n", "above 2. The ledger"], t => Assert.Contains(t, text, StringComparison.Ordinal));
        Assert.Contains("\"127.0.0.1:19090:9090\"", File.ReadAllText(folder["m", "compose.yaml"]), StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:19090\"", File.ReadAllText(folder["m", "start_monitoring.sh"]), StringComparison.Ordinal);
        Assert.Contains("host.docker.internal:18000", File.ReadAllText(folder["m", "prometheus", "prometheus.yml"]), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.True(File.GetUnixFileMode(folder["m", "start_monitoring.sh"]).HasFlag(UnixFileMode.UserExecute));

        // What somebody has edited is not overwritten unasked; what is the same is no reason to stop.
        Assert.Contains("exists and is not the same", StackmillProgram.Run("monitoring", "render", "--output", folder["m"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(alerts));
        StackmillProgram.Run("monitoring", "render", "--output", folder["m"], "--force").Expect(0);
        StackmillProgram.Run("monitoring", "render", "--output", folder["m"]).Expect(0);
        Assert.Contains("a port of its own", StackmillProgram.Run("monitoring", "render", "--output", folder["n"], "--set", "monitoring.stack.grafana_port=9090").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Docker_compose_takes_the_compose_file()
    {
        Requires.Tool("docker-compose");
        using var folder = new TempFolder();
        foreach (var (path, text) in StackFiles.Write(new AlertOptions(), new StackOptions()))
            folder.Write(path, text);
        folder.Write("secrets/grafana-password", "x");
        // Version 1, which Debian has, knows all of the file but its name.
        var compose = File.ReadAllText(folder["compose.yaml"]).Replace("name: stackmill-monitoring\n", "", StringComparison.Ordinal);
        folder.Write("compose.yaml", compose);
        var said = Tool("docker-compose", "-f", folder["compose.yaml"], "config");
        Assert.All(["prometheus", "alertmanager", "pushgateway", "node-exporter", "grafana"], s => Assert.Contains($"\n  {s}:\n", said, StringComparison.Ordinal));
    }

    [Fact]
    public void The_start_script_has_nothing_that_shellcheck_warns_of()
    {
        Requires.Tool("shellcheck");
        Assert.Equal("", Tool("shellcheck", Path.Combine(PrometheusStack.Shipped, "start_monitoring.sh")));
    }

    private static string Tool(string program, params string[] args)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', args)}: {said}");
        return said;
    }
}
