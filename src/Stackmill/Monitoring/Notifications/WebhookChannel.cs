using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Shared.Http;

namespace Stackmill.Monitoring.Notifications;

/// <summary>Posts JSON to an address that is a secret: the path of a webhook lets everybody who knows it write.</summary>
internal sealed class WebhookChannel : INotificationChannel, IDisposable
{
    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly string? _authorization;
    private readonly string _variable;
    private readonly Func<Message, JsonObject> _body;
    private readonly TimeProvider _clock;

    private WebhookChannel(string name, Uri address, string variable, string? authorization, Func<Message, JsonObject> body, TimeProvider clock)
    {
        (Name, _address, _variable, _authorization, _body, _clock) = (name, address, variable, authorization, body, clock);
        // The body, and who may post, must not go where somebody redirects to. Times are the notifier's.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>A webhook that takes an object with all that is known.</summary>
    /// <exception cref="UsageException">A variable is not set, or holds no address.</exception>
    public static WebhookChannel Plain(WebhookOptions options, Func<string, string?> environment, TimeProvider clock)
    {
        var authorization = options.AuthorizationVariable.Length > 0 ? Secret(options.AuthorizationVariable, "notifications.webhook.authorization_variable", environment) : null;
        if (authorization is not null && authorization.Any(c => c is < ' ' or > '~'))
            throw new UsageException($"{options.AuthorizationVariable}, which notifications.webhook.authorization_variable names, can't be a header. Expected one line of printable ASCII, such as 'Bearer …'.");
        return new WebhookChannel("webhook", Address(options.UrlVariable, "notifications.webhook.url_variable", environment, mayBePlain: true), options.UrlVariable, authorization, Body, clock);
    }

    /// <summary>An incoming webhook of Slack.</summary>
    /// <exception cref="UsageException">The variable is not set, or holds no address.</exception>
    public static WebhookChannel Slack(SlackOptions options, Func<string, string?> environment, TimeProvider clock) =>
        new("slack", Address(options.UrlVariable, "notifications.slack.url_variable", environment, mayBePlain: false), options.UrlVariable, null, SlackForm.Body, clock);

    /// <summary>The value of a variable. What stands in the place of its name may be the secret itself: it is not told.</summary>
    /// <exception cref="UsageException">It is not set.</exception>
    public static string Secret(string variable, string key, Func<string, string?> environment) => environment(variable) is { Length: > 0 } value
        ? value : throw new UsageException($"the environment variable that {key} names is not set. Set it, or take {key} out of the configuration.");

    /// <inheritdoc/>
    public async Task SendAsync(Message message, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address);
        var json = _body(message).ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = JavaScriptEncoder.Default });
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        if (_authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", _authorization);
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
                return;
            // What it says may repeat the address: its number says enough.
            throw new NotificationException($"the server answered {(int)answer.StatusCode}; check {_variable}{(answer.StatusCode == HttpStatusCode.TooManyRequests ? " and how often it is used" : "")}", RetryPolicy.IsPassing(answer.StatusCode), RetryAdvice.Wait(answer, _clock));
        }
        catch (HttpRequestException fault)
        {
            // Its message may hold the host; the kind of the fault does not.
            var why = fault.InnerException is SocketException socket ? socket.SocketErrorCode.ToString() : fault.HttpRequestError.ToString();
            throw new NotificationException($"the server was not reached ({why}); check {_variable} and the network", RetryPolicy.IsPassing(fault));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static Uri Address(string variable, string key, Func<string, string?> environment, bool mayBePlain)
    {
        var text = Secret(variable, key, environment);
        // What an address takes out of such a text is not what was meant.
        if (text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
            throw new UsageException($"{variable}, which {key} names, holds no address. Expected https://… on one line, without spaces, name and password.");
        if (uri.Scheme == "http" && !mayBePlain && !uri.IsLoopback)
            throw new UsageException($"{variable}, which {key} names, holds an address without encryption. Expected https://…, for who sees it can write to the channel.");
        return uri;
    }

    private static JsonObject Body(Message message)
    {
        var values = message.Notification.Values;
        var body = new JsonObject { ["event"] = message.Notification.Event, ["subject"] = message.Subject, ["text"] = message.Text };
        foreach (var name in (string[])["pipeline", "command", "status", "run_id", "trace_id", "machine", "version", "folder", "error"])
            body[name] = values[name];
        var run = message.Notification.Run;
        body["exit_code"] = run.ExitCode;
        body["started"] = run.Started.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        body["ended"] = run.Updated.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        body["anomalies"] = new JsonArray([.. message.Notification.Anomalies.Select(a => (JsonNode)Notification.Line(a, 300))]);
        body["stages"] = new JsonArray([.. run.Stages.Select(s => (JsonNode)new JsonObject
        {
            ["stage"] = s.Stage, ["in"] = s.Books.In, ["kept"] = s.Books.Kept, ["dropped"] = s.Books.DroppedTotal, ["failed"] = s.Books.FailedTotal, ["failed_shards"] = s.Failed, ["up_to_date"] = s.IsUpToDate,
        })]);
        return body;
    }
}
