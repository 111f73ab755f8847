using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Stackmill.Tests.Support.Servers;

/// <summary>
/// A real Prometheus, Pushgateway and Alertmanager on loopback, with the shipped rules and routes. Durations of the rules are made seconds, and
/// alerts go to a server of the test; all else is as it is shipped.
/// </summary>
internal sealed partial class PrometheusStack : IAsyncDisposable
{
    private const string Manager = "prometheus-alertmanager";
    private const string Gateway = "prometheus-pushgateway";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();
    private readonly List<Process> _processes = [];
    private readonly HttpClient _client = new();

    private PrometheusStack(RecordingServer hook) => Hook = hook;

    /// <summary>Gets the alerts.</summary>
    public RecordingServer Hook { get; }

    /// <summary>Address of the Pushgateway.</summary>
    public string PushgatewayAddress { get; private set; } = "";

    /// <summary>Address of Prometheus.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Address of the Alertmanager.</summary>
    public string AlertmanagerAddress { get; private set; } = "";

    /// <summary>The shipped folder.</summary>
    public static string Shipped { get; } = Path.Combine(Samples.RepositoryRoot, "deploy", "monitoring");

    /// <summary>Starts all three. Without the programs the test that asks is skipped (and fails where CI is "true").</summary>
    /// <param name="target">Host and port of a run or server that is scraped.</param>
    public static async Task<PrometheusStack> StartAsync(string target)
    {
        foreach (var tool in (string[])["prometheus", Manager, Gateway])
            Requires.Tool(tool);
        var stack = new PrometheusStack(await RecordingServer.StartAsync());
        try
        {
            await stack.StartAllAsync(target);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>What an expression gives now.</summary>
    public async Task<JsonArray> QueryAsync(string expression)
    {
        using var form = new FormUrlEncodedContent([new("query", expression)]);
        var answer = await _client.PostAsync(new Uri($"{Address}/api/v1/query"), form);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.True((string?)body["status"] == "success", $"{expression}: {body}");
        return body["data"]!["result"]!.AsArray();
    }

    /// <summary>Those of expressions that give nothing, though they are asked again and again for a while.</summary>
    public async Task<IReadOnlyList<string>> WithoutDataAsync(IEnumerable<string> expressions)
    {
        var open = expressions.Distinct().ToList();
        var clock = Stopwatch.StartNew();
        while (open.Count > 0 && clock.Elapsed < Patience / 2)
        {
            var still = new List<string>();
            foreach (var expression in open)
            {
                if ((await QueryAsync(expression)).Count == 0)
                    still.Add(expression);
            }

            open = still;
            if (open.Count > 0)
                await Task.Delay(500);
        }

        return open;
    }

    /// <summary>Pushes metrics to a group.</summary>
    public async Task PushAsync(string job, string instance, string metrics)
    {
        using var content = new StringContent(metrics);
        (await _client.PostAsync(new Uri($"{PushgatewayAddress}/metrics/job/{job}/instance/{instance}"), content)).EnsureSuccessStatusCode();
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task WaitAsync(Func<Task<bool>> isSo, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(clock.Elapsed < Patience, $"{what} did not come");
            await Task.Delay(200);
        }
    }

    /// <summary>An expression with the variables of dashboards filled in, and minutes, hours and days made seconds.</summary>
    public static string Scaled(string expression)
    {
        var filled = expression.Replace("$__rate_interval", "10s", StringComparison.Ordinal).Replace("$pipeline", ".*", StringComparison.Ordinal).Replace("$stage", ".*", StringComparison.Ordinal);
        filled = Range().Replace(filled, m => m.Groups[2].Value switch { "m" => "[10s]", "h" => "[20s]", _ => "[60s]" });
        return filled.Replace("offset 30m", "offset 5s", StringComparison.Ordinal).Replace("> 900", "> 4", StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _client.Dispose();
        await Hook.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAllAsync(string target)
    {
        (PushgatewayAddress, AlertmanagerAddress, Address) = (Loopback(), Loopback(), Loopback());
        Start(Gateway, $"--web.listen-address={Host(PushgatewayAddress)}");
        var routes = File.ReadAllText(Path.Combine(Shipped, "alertmanager", "alertmanager.yml"))
            .Replace("http://host.docker.internal:9099/alert", Hook.Address + "/alert", StringComparison.Ordinal);
        routes = Waits().Replace(routes, "$1: 1s");
        Start(Manager, $"--config.file={_folder.Write("alertmanager.yml", routes)}", $"--storage.path={_folder["alertmanager"]}", $"--web.listen-address={Host(AlertmanagerAddress)}", "--cluster.listen-address=");
        foreach (var rules in Directory.EnumerateFiles(Path.Combine(Shipped, "prometheus", "rules"), "*.yml"))
            _folder.Write($"rules/{Path.GetFileName(rules)}", For().Replace(Scaled(File.ReadAllText(rules)), "for: 0s"));
        _folder.Write("prometheus.yml", $"""
            global: {"{"}scrape_interval: 1s, evaluation_interval: 1s{"}"}
            rule_files: [rules/*.yml]
            alerting: {"{"}alertmanagers: [{"{"}static_configs: [{"{"}targets: ['{Host(AlertmanagerAddress)}']{"}"}]{"}"}]{"}"}
            scrape_configs:
              - job_name: stackmill-live
                static_configs: [{"{"}targets: ['{target}']{"}"}]
              - job_name: pushgateway
                honor_labels: true
                static_configs: [{"{"}targets: ['{Host(PushgatewayAddress)}']{"}"}]
            """);
        Start("prometheus", $"--config.file={_folder["prometheus.yml"]}", $"--storage.tsdb.path={_folder["prometheus"]}", $"--web.listen-address={Host(Address)}", "--enable-feature=exemplar-storage");
        foreach (var address in (string[])[PushgatewayAddress, AlertmanagerAddress, Address])
            await WaitAsync(() => IsReadyAsync(address), $"{address}/-/ready");
    }

    private async Task<bool> IsReadyAsync(string address)
    {
        Assert.All(_processes, p => Assert.False(p.HasExited, $"{p.StartInfo.FileName} ended"));
        try
        {
            return (await _client.GetAsync(new Uri(address + "/-/ready"))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Start(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, [.. args, "--log.level=error"]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = _folder.Path };
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    private static string Loopback() => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");

    private static string Host(string address) => new Uri(address).Authority;

    [GeneratedRegex(@"\[(\d+)([mhd])\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"for: \d+m")]
    private static partial Regex For();

    [GeneratedRegex("(group_wait|group_interval): \\w+")]
    private static partial Regex Waits();
}
