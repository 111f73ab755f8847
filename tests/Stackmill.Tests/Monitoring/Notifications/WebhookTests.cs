using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Monitoring.Notifications;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Monitoring.Notifications;

/// <summary>Webhooks and Slack's form, against a real server on loopback.</summary>
public sealed class WebhookTests
{
    private const string Path = "/services/T000/B000/abcdefSECRETabcdef";

    [Fact]
    public async Task A_webhook_gets_an_object_with_all_that_is_known_and_its_authorization()
    {
        await using var server = await RecordingServer.StartAsync();
        var options = Options();
        options.Webhook.AuthorizationVariable = "HOOK_AUTH";
        var run = SampleNotification.Run(1, "the shard \"a\\b\" <x> is broken");

        Assert.Equal([new("webhook", null)], await SendAsync(options, server.Address, SampleNotification.Of("failure", run, "p", "organize dropped much")));
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", Path, "application/json", "Bearer xyz"), (request.Method, request.Path, request.Headers["Content-Type"], request.Headers["Authorization"]));
        var body = JsonNode.Parse(request.Text)!;
        Assert.Equal(("failure", "[failure] nightly: run failed", 1, run.RunId), ((string?)body["event"], (string?)body["subject"], (int)body["exit_code"]!, (string?)body["run_id"]));
        Assert.Equal("the shard \"a\\b\" <x> is broken", (string?)body["error"]);
        Assert.Equal(100, (int)body["stages"]![0]!["dropped"]!);
        Assert.Equal("organize dropped much", (string?)body["anomalies"]![0]);
        Assert.Equal("run on builder failed after 3 min 20 s\nerror: the shard \"a\\b\" <x> is broken\nunusual: organize dropped much\norganize: 1000 in, 900 kept, 100 dropped, 0 failed\nrun " + run.RunId, (string?)body["text"]);
    }

    [Fact]
    public async Task Slack_gets_plain_text_in_which_names_of_files_make_no_link_and_no_mention()
    {
        await using var server = await RecordingServer.StartAsync();
        var options = new NotificationOptions { Slack = new SlackOptions { UrlVariable = "HOOK" }, Subject = "{error}" };
        await SendAsync(options, server.Address, SampleNotification.Of("failure", SampleNotification.Run(1, "<!channel> <https://evil.example|click> & *bold*")));

        var body = JsonNode.Parse(Assert.Single(server.Requests).Text)!;
        const string escaped = "&lt;!channel&gt; &lt;https://evil.example|click&gt; &amp; *bold*";
        Assert.Equal(escaped, (string?)body["text"]);
        Assert.False((bool)body["mrkdwn"]!);
        Assert.Equal(escaped, (string?)body["blocks"]![0]!["text"]!["text"]);
        Assert.All(body["blocks"]!.AsArray(), b => Assert.Equal("plain_text", (string?)b!["text"]!["type"]));
    }

    [Fact]
    public async Task Long_texts_are_cut_to_blocks_that_slack_takes()
    {
        await using var server = await RecordingServer.StartAsync();
        var options = new NotificationOptions { Slack = new SlackOptions { UrlVariable = "HOOK" }, Text = string.Concat(Enumerable.Repeat("<&>😀", 1000)) };
        await SendAsync(options, server.Address, SampleNotification.Of());

        var texts = JsonNode.Parse(Assert.Single(server.Requests).Text)!["blocks"]!.AsArray().Skip(1).Select(b => (string)b!["text"]!["text"]!).ToList();
        Assert.InRange(texts.Count, 3, 10);
        Assert.All(texts, t => Assert.InRange(t.Length, 1, 3000));
        Assert.Equal(string.Concat(Enumerable.Repeat("&lt;&amp;&gt;😀", 1000)), string.Concat(texts));
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = _ => (server.Requests.Count < 3 ? 503 : 200, "");
        Assert.Null(Assert.Single(await SendAsync(Options(retries: 2), server.Address, SampleNotification.Of())).Problem);
        Assert.Equal(3, server.Requests.Count);

        server.Answer = r => (403, "no: " + r.Path);
        var problem = Assert.Single(await SendAsync(Options(retries: 2), server.Address, SampleNotification.Of())).Problem;
        Assert.Equal("the server answered 403; check HOOK", problem);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_for_it_would_carry_the_text_and_the_authorization_away()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = _ => (302, "");
        Assert.Contains("302", Assert.Single(await SendAsync(Options(), server.Address, SampleNotification.Of())).Problem, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_server_that_never_answers_or_is_gone_is_given_up_and_its_address_is_not_told()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var options = Options();
        options.TimeoutSeconds = 0.3;
        var late = Assert.Single(await SendAsync(options, $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", SampleNotification.Of())).Problem;
        Assert.Equal("it did not answer within 0.3 s", late);

        var gone = Assert.Single(await SendAsync(Options(), $"http://127.0.0.1:{PrometheusStack.FreePort()}", SampleNotification.Of())).Problem;
        Assert.Equal("the server was not reached (ConnectionRefused); check HOOK and the network", gone);

        options = Options(retries: 10);
        (options.TimeoutSeconds, options.MostSeconds) = (60, 0.3);
        Assert.Contains("notifications.most_seconds", Assert.Single(await SendAsync(options, $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", SampleNotification.Of())).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("", "is not set")]
    [InlineData("SECRET no address", "holds no address")]
    [InlineData("ftp://SECRET.example.org/", "holds no address")]
    [InlineData("https://user:SECRET@example.org/", "holds no address")]
    [InlineData("http://hooks.example.org/SECRET", "without encryption")]
    [InlineData("http://127.0.0.1:1/SECRET\nX: y", "on one line")]
    [InlineData("http://127.0.0.1:1/SECRET\n", "on one line")]
    [InlineData("https://example.org/SE CRET", "without spaces")]
    public void A_variable_that_holds_no_address_is_told_without_its_value(string? value, string expected)
    {
        var options = new NotificationOptions { Slack = new SlackOptions { UrlVariable = "HOOK" } };
        var fault = Assert.Throws<UsageException>(() => Notifier.Create(options, name => name == "HOOK" ? value : null, TimeProvider.System));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains("notifications.slack.url_variable", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", fault.Message, StringComparison.Ordinal);
    }

    private static NotificationOptions Options(int retries = 0) => new() { Webhook = new WebhookOptions { UrlVariable = "HOOK" }, Retries = retries };

    private static async Task<IReadOnlyList<NotificationOutcome>> SendAsync(NotificationOptions options, string address, Notification notification)
    {
        using var notifier = Notifier.Create(options, name => name switch { "HOOK" => address + Path, "HOOK_AUTH" => "Bearer xyz", _ => null }, TimeProvider.System, firstWait: TimeSpan.FromMilliseconds(1))!;
        var outcomes = await notifier.SendAsync(notification, CancellationToken.None);
        Assert.All(outcomes, o => Assert.DoesNotContain("SECRET", o.Problem ?? "", StringComparison.Ordinal));
        return outcomes;
    }
}
