using System.Net.Sockets;

namespace Stackmill.Monitoring;

/// <summary>Whether one part of the monitoring answers.</summary>
/// <param name="Name">The part.</param>
/// <param name="Address">What was asked.</param>
/// <param name="Problem">What is wrong; <c>null</c> when it is well.</param>
internal sealed record HealthAnswer(string Name, string Address, string? Problem);

/// <summary>Asks the parts of the monitoring whether they are well, all at once, each for a limited time.</summary>
internal static class HealthChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The parts with their addresses, those without one left out.</summary>
    public static IReadOnlyList<(string Name, string Address)> Parts(HealthOptions options) =>
    [
        .. new[]
        {
            ("metrics", options.Metrics, "/healthz"), ("prometheus", options.Prometheus, "/-/healthy"), ("alertmanager", options.Alertmanager, "/-/healthy"),
            ("pushgateway", options.Pushgateway, "/-/healthy"), ("grafana", options.Grafana, "/api/health"),
        }.Where(p => p.Item2.Length > 0).Select(p => (p.Item1, p.Item2.TrimEnd('/') + p.Item3)),
    ];

    /// <summary>Asks them.</summary>
    public static async Task<IReadOnlyList<HealthAnswer>> AskAsync(IEnumerable<(string Name, string Address)> parts, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, disposeHandler: true) { Timeout = Patience };
        return await Task.WhenAll(parts.Select(p => AskAsync(client, p.Name, p.Address, cancellation))).ConfigureAwait(false);
    }

    private static async Task<HealthAnswer> AskAsync(HttpClient client, string name, string address, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(address), HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            return new HealthAnswer(name, address, answer.IsSuccessStatusCode ? null : $"it answers {(int)answer.StatusCode}");
        }
        catch (HttpRequestException fault)
        {
            return new HealthAnswer(name, address, fault.InnerException is SocketException socket ? socket.Message : fault.Message);
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new HealthAnswer(name, address, $"it did not answer within {Patience.TotalSeconds:0} s");
        }
    }
}
