using System.Text.Json.Nodes;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd.Monitoring;

/// <summary>The real program tells people how it ended.</summary>
public sealed class NotificationRunTests : IDisposable
{
    private const string SecretPath = "/services/T000/B000/abcdefSECRETabcdef";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_tells_its_end_to_all_channels_a_stage_its_failure_and_no_file_holds_a_secret()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var mail = new SmtpServer { OffersTls = true, Password = "mail-SECRET" }.Start();
        _folder.Write("ca.pem", mail.Pem);
        _folder.Write("input/a.py", Source.Python(1));
        var config = _folder.Write("c.yaml", $"""
            notifications:
              webhook: {"{"}url_variable: HOOK{"}"}
              slack: {"{"}url_variable: SLACK{"}"}
              email:
                host: 127.0.0.1
                port: {mail.Port}
                ca_file: '{_folder["ca.pem"]}'
                user: mailer
                password_variable: MAIL_PASSWORD
                from: stackmill@example.org
                to: [data@example.org]
            """);
        var program = Program(server.Address, ("MAIL_PASSWORD", "mail-SECRET"));
        string[] common = ["--config", config, "--set", "logging.level=trace", "--metrics-file", _folder["m.prom"]];
        List<string> said = [program.With(["run", "--input", _folder["input"], "--output", _folder["p"], .. common]).Expect(0).All];

        Assert.Equal(2, server.Requests.Count);
        var hook = JsonNode.Parse(server.Requests.Single(r => r.Path == SecretPath).Text)!;
        Assert.Equal(("end", "run", "done"), ((string?)hook["event"], (string?)hook["command"], (string?)hook["status"]));
        Assert.Equal(["organize", "preprocess", "deduplicate", "validate", "statistics", "export"], hook["stages"]!.AsArray().Select(s => (string?)s!["stage"]));
        Assert.Contains("[end] stackmill: run done", (string?)JsonNode.Parse(server.Requests.Single(r => r.Path == SecretPath + "/slack").Text)!["text"], StringComparison.Ordinal);
        Assert.Contains("Subject: [end] stackmill: run done\n", Assert.Single(mail.Mails), StringComparison.Ordinal);
        Assert.Contains("stackmill_notifications_total{channel=\"email\",outcome=\"sent\"} 1\n", File.ReadAllText(_folder["m.prom"]), StringComparison.Ordinal);

        var shard = Directory.GetFiles(_folder["p", "data", "corpus"], "*.parquet", SearchOption.AllDirectories).First(f => !f.Contains("_ledger", StringComparison.Ordinal));
        File.WriteAllBytes(shard, File.ReadAllBytes(shard)[..^9]);
        said.Add(program.With(["statistics", "--input", _folder["p"], "--force", .. common]).Expect(1).All);
        Assert.Equal("failure", (string?)JsonNode.Parse(server.Requests.Last(r => r.Path == SecretPath).Text)!["event"]);

        // A server that refuses, and repeats what it was sent, changes neither the exit code nor what is secret.
        server.Answer = r => (404, r.Path);
        said.Add(program.With(["run", "--input", _folder["input"], "--output", _folder["q"], .. common]).Expect(0).All);
        Assert.Contains("webhook: the server answered 404; check HOOK; slack: the server answered 404; check SLACK", said[^1], StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("SECRET", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.All(said, s => Assert.DoesNotContain("SECRET", s, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_is_asked_to_stop_says_so_and_a_second_time_it_ends_without_waiting_for_who_does_not_answer()
    {
        await using var server = await RecordingServer.StartAsync();
        GeneratedCorpus.Write(_folder["input"], files: 900, seed: 3);
        var program = Program(server.Address, ("PUSHGATEWAY_URL", server.Address));
        string[] command = ["run", "--input", _folder["input"], "--workers", "1", "--set", "notifications.webhook.url_variable=HOOK"];
        using (var running = program.Start([.. command, "--output", _folder["p"]]))
        {
            running.WaitUntil(() => server.Requests.Count > 0, "the first push");
            running.Signal("INT");
            running.Wait().Expect(130);
        }

        Assert.Equal("interrupted", (string?)JsonNode.Parse(server.Requests.Single(r => r.Path == SecretPath).Text)!["status"]);

        // Nobody answers: a webhook that holds the run, which is asked a second time.
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var connected = silent.AcceptTcpClientAsync();
        var before = server.Requests.Count;
        program = Program($"http://127.0.0.1:{((System.Net.IPEndPoint)silent.LocalEndpoint).Port}", ("PUSHGATEWAY_URL", server.Address));
        using var held = program.Start([.. command, "--output", _folder["q"], "--set", "notifications.timeout_seconds=60", "--set", "notifications.most_seconds=600"]);
        held.WaitUntil(() => server.Requests.Count > before, "the first push");
        held.Signal("INT");
        held.WaitUntil(() => connected.IsCompleted, "the notification that is not answered");
        held.Signal("INT");
        held.Wait().Expect(130);
        Assert.All(["\npipeline_status{pipeline_name=\"stackmill\"} 0\n", "\nstackmill_run_exit_code{pipeline_name=\"stackmill\"} 130\n"], t => Assert.Contains(t, server.Requests.Last().Text, StringComparison.Ordinal));
        (await connected).Dispose();
    }

    [Fact]
    public async Task Two_signals_at_once_end_a_run_with_its_last_state_pushed()
    {
        await using var server = await RecordingServer.StartAsync();
        var program = Program(server.Address, ("PUSHGATEWAY_URL", server.Address));
        GeneratedCorpus.Write(_folder["input"], files: 3000, seed: 4);
        using var running = program.Start("run", "--input", _folder["input"], "--output", _folder["r"], "--workers", "1", "--set", "monitoring.interval_seconds=3600");
        running.WaitUntil(() => server.Requests.Any(r => r.Text.Contains("} 1\n", StringComparison.Ordinal)), "the first push");
        running.Signal("INT");
        running.Signal("INT");
        running.Wait().Expect(130);
        Assert.Contains("\npipeline_status{pipeline_name=\"stackmill\"} 0\n", server.Requests.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_channels_are_tried_by_a_command()
    {
        await using var server = await RecordingServer.StartAsync();
        var program = Program(server.Address);
        string[] both = ["--set", "notifications.webhook.url_variable=HOOK", "--set", "notifications.slack.url_variable=SLACK"];
        Assert.Equal("sent   webhook\nsent   slack\n", program.With(["notify", .. both]).Expect(0).Output);
        Assert.Equal("test", (string?)JsonNode.Parse(server.Requests.Single(r => r.Path == SecretPath).Text)!["event"]);

        server.Answer = r => (r.Path.EndsWith("/slack", StringComparison.Ordinal) ? 410 : 200, "");
        Assert.Equal("sent   webhook\nfailed slack: the server answered 410; check SLACK\n", program.With(["notify", .. both]).Expect(1).Output);
        var json = JsonNode.Parse(program.With(["notify", "--channel", "slack", "--json", .. both]).Expect(1).Output)!;
        Assert.False((bool)json["sent"]!);
        Assert.Equal("slack", (string?)Assert.Single(json["channels"]!.AsArray())!["channel"]);

        var count = server.Requests.Count;
        Assert.StartsWith("[test] stackmill: notify tests its notifications\n\n", program.With(["notify", "--dry-run", .. both]).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(count, server.Requests.Count);
        Assert.Contains("no channel is configured", program.With("notify").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("expected webhook, slack, email", program.With("notify", "--channel", "fax").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("the environment variable that notifications.slack.url_variable names is not set", program.With("notify", "--set", "notifications.slack.url_variable=NOT_SET").Expect(2).Error, StringComparison.Ordinal);
    }

    private static StackmillProgram Program(string address, params (string Name, string Value)[] more) => new()
    {
        Environment = new Dictionary<string, string>(more.Select(m => KeyValuePair.Create(m.Name, m.Value))) { ["HOOK"] = address + SecretPath, ["SLACK"] = address + SecretPath + "/slack" },
    };
}
