using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Core.Options;
using Stackmill.Monitoring.Exposition;

namespace Stackmill.Monitoring;

/// <summary>
/// One group of a Pushgateway. Metrics are merged into it by name (POST): a run that fails must not take the time of the last success away.
/// </summary>
internal sealed class Pushgateway : IDisposable
{
    private readonly HttpClient _client;

    /// <summary>A group.</summary>
    /// <param name="gateway">Address of the gateway.</param>
    /// <param name="job">The group's job.</param>
    /// <param name="instance">The group's instance.</param>
    /// <param name="authorization">Value of the header <c>Authorization</c>; <c>null</c> for none.</param>
    /// <param name="timeout">Longest time of one request.</param>
    /// <exception cref="UsageException">The header can't be one.</exception>
    public Pushgateway(Uri gateway, string job, string instance, string? authorization, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        // The end of a line would begin another header.
        if (authorization?.Any(c => c is < ' ' or > '~') == true)
            throw new UsageException($"{MonitoringOptions.PushgatewayAuthorization} can't be a header. Expected one line of printable ASCII, such as 'Bearer …'.");
        Group = new Uri($"{gateway.GetLeftPart(UriPartial.Path).TrimEnd('/')}/metrics/{Part("job", job)}/{Part("instance", instance)}");
        // Credentials must not go where the gateway, or who poses as it, sends us.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, disposeHandler: true) { Timeout = timeout ?? TimeSpan.FromSeconds(5) };
        if (authorization is not null)
            _client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
    }

    /// <summary>Address of the group; it holds no credentials.</summary>
    public Uri Group { get; }

    /// <summary>The gateway of an address as people write it.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static Uri Parse(string address, string where)
    {
        return WebAddress.Problem(address) is not { } found ? new Uri(address)
            : throw new UsageException($"{where} is {found}; expected {WebAddress.Expected}, such as http://localhost:9091. Set {MonitoringOptions.PushgatewayAuthorization} to 'Basic …' or 'Bearer …' for a gateway that wants a password.");
    }

    /// <summary>Sends metrics in the Prometheus text form.</summary>
    /// <exception cref="HttpRequestException">It can't be reached, or does not take them.</exception>
    public async Task PushAsync(string metrics, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(metrics));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(ExpositionWriter.TextType);
        using var request = new HttpRequestMessage(HttpMethod.Post, Group) { Content = content };
        await SendAsync(request, cancellation).ConfigureAwait(false);
    }

    /// <summary>Removes the group.</summary>
    /// <exception cref="HttpRequestException">It can't be reached, or does not do it.</exception>
    public async Task DeleteAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Group);
        await SendAsync(request, cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends its connections.</summary>
    public void Dispose() => _client.Dispose();

    private async Task SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
                return;
            // What it says may repeat the request with its credentials: its number says enough.
            var hint = answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"; set {MonitoringOptions.PushgatewayAuthorization}",
                HttpStatusCode.BadRequest => "; its log says why",
                _ => "",
            };
            throw new HttpRequestException($"it answered {(int)answer.StatusCode}{hint}", null, answer.StatusCode);
        }
        catch (TaskCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"it did not answer within {_client.Timeout.TotalSeconds:0.#} s", fault);
        }
    }

    // A value may hold a slash, or be empty: then it is written in base64, as the gateway's own path does.
    private static string Part(string name, string value) => value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~') && value is not ("." or "..")
        ? $"{name}/{value}"
        : $"{name}@base64/{(value.Length == 0 ? "=" : Convert.ToBase64String(Encoding.UTF8.GetBytes(value)).TrimEnd('=').Replace('+', '-').Replace('/', '_'))}";
}
