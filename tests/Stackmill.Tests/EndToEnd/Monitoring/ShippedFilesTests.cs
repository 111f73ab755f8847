using System.Diagnostics;
using System.Text.RegularExpressions;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd.Monitoring;

/// <summary>The files of deploy/monitoring, as the tools that read them see them.</summary>
public sealed partial class ShippedFilesTests
{
    private static readonly string[] Services = ["prometheus", "alertmanager", "pushgateway", "node-exporter", "grafana"];

    [Fact]
    public void Rules_do_what_their_cases_say()
    {
        Requires.Tool("promtool");

        Assert.Contains("SUCCESS", Run("promtool", "test", "rules", Shipped("prometheus", "tests", "alerts.test.yml")), StringComparison.Ordinal);
        var cases = File.ReadAllText(Shipped("prometheus", "tests", "alerts.test.yml"));
        var alerts = AlertName().Matches(File.ReadAllText(Shipped("prometheus", "rules", "alerts.yml"))).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(9, alerts.Count);
        Assert.All(alerts, a => Assert.Matches($@"alertname: {a}\s+exp_alerts:\s+- exp_labels", cases));
    }

    [Fact]
    public void Prometheus_and_alertmanager_take_their_configurations()
    {
        Requires.Tool("promtool");
        Requires.Tool("amtool");
        using var folder = new TempFolder();
        var token = folder.Write("token", "x");
        folder.Write("rules/none.yml", "groups: []\n");
        foreach (var path in (string[])[Shipped("prometheus", "prometheus.yml"), Shipped("kubernetes", "prometheus.yml")])
        {
            var text = File.ReadAllText(path).Replace("/etc/prometheus/secrets/stackmill-token", token, StringComparison.Ordinal).Replace("/etc/prometheus/rules/", "rules/", StringComparison.Ordinal);
            // Debian's Prometheus does not know Kubernetes; the rest is looked at.
            text = Discovery().Replace(text, "static_configs: []\n");
            Assert.Contains("SUCCESS", Run("promtool", "check", "config", folder.Write("prometheus.yml", text)), StringComparison.Ordinal);
        }

        Assert.Contains("SUCCESS", Run("amtool", "check-config", Shipped("alertmanager", "alertmanager.yml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_listens_on_loopback_and_no_password_is_a_default_or_in_a_file()
    {
        var compose = File.ReadAllText(Shipped("compose.yaml"));
        var ports = Port().Matches(compose).Select(m => m.Value).ToList();

        Assert.Equal(Services.Length, ports.Count);
        Assert.All(ports, p => Assert.StartsWith("\"127.0.0.1:", p, StringComparison.Ordinal));
        Assert.All(Services, s => Assert.Contains($"\n  {s}:\n", compose, StringComparison.Ordinal));
        Assert.Contains("GF_SECURITY_ADMIN_PASSWORD__FILE: /run/secrets/grafana-password", compose, StringComparison.Ordinal);
        foreach (var path in Directory.EnumerateFiles(PrometheusStack.Shipped, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotMatch(PlainSecret(), File.ReadAllText(path));
            Assert.DoesNotContain("admin:admin", File.ReadAllText(path), StringComparison.Ordinal);
        }

        var kubernetes = File.ReadAllText(Shipped("kubernetes", "kustomization.yaml"));
        Assert.DoesNotContain("- secrets.example.yaml", kubernetes, StringComparison.Ordinal);
        Assert.All(Services, s => Assert.True(File.Exists(Shipped("kubernetes", s + ".yaml")), s));
        foreach (Match file in Named().Matches(kubernetes))
            Assert.True(File.Exists(Path.Combine(Shipped("kubernetes"), file.Value)), file.Value);
    }

    [Fact]
    public void The_start_script_makes_secrets_that_only_their_owner_can_reach_and_starts_what_is_there()
    {
        Requires.Unix();
        using var folder = new TempFolder();
        foreach (var name in (string[])["start_monitoring.sh", "compose.yaml"])
            File.Copy(Shipped(name), folder[name]);
        folder.Write("bin/docker", "#!/bin/sh\necho \"$@\" >> \"$CALLS\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["bin", "docker"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var environment = new Dictionary<string, string?> { ["PATH"] = folder["bin"] + ":" + Environment.GetEnvironmentVariable("PATH"), ["CALLS"] = folder["calls"] };

        var said = Run("sh", environment, folder["start_monitoring.sh"]);
        var password = File.ReadAllText(folder["secrets", "grafana-password"]);
        Run("sh", environment, folder["start_monitoring.sh"]);

        Assert.Matches("^[0-9a-f]{48}$", password);
        Assert.NotEqual(password, File.ReadAllText(folder["secrets", "stackmill-token"]));
        Assert.Equal(password, File.ReadAllText(folder["secrets", "grafana-password"]));
        Assert.DoesNotContain(password, said, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder["secrets"]));
        Assert.Equal(2, File.ReadLines(folder["calls"]).Count(l => l == "compose up -d"));
    }

    private static string Shipped(params string[] parts) => Path.Combine([PrometheusStack.Shipped, .. parts]);

    private static string Run(string program, params string[] args) => Run(program, [], args);

    private static string Run(string program, Dictionary<string, string?> environment, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        said += error.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', args)}: {said}");
        return said;
    }

    [GeneratedRegex(@"kubernetes_sd_configs:\n\s+- role: pod\n\s+namespaces: .*\n")]
    private static partial Regex Discovery();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex("\"[\\d.:]*\\d+:\\d+\"")]
    private static partial Regex Port();

    [GeneratedRegex(@"(?i)(?:password|api_key|token):? *[:=] *[""']?[A-Za-z0-9+]{6,}")]
    private static partial Regex PlainSecret();

    [GeneratedRegex(@"(?<=\[|, |  - )[\w./-]+\.(?:ya?ml|json)")]
    private static partial Regex Named();
}
