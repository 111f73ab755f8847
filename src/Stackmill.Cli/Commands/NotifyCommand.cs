using System.CommandLine;
using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Monitoring.Notifications;
using Stackmill.Monitoring.Runs;
using Stackmill.Shared;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill notify</c>: tries the channels of the section <c>notifications</c>.</summary>
internal static class NotifyCommand
{
    private static readonly string[] Names = ["webhook", "slack", "email"];

    public static Command Create(CancellationToken cancellation)
    {
        var channels = new Option<string[]>("--channel") { Description = "Try only this: webhook, slack or email. May be repeated.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        var show = new Option<bool>("--dry-run") { Description = "Show subject and text, and send nothing." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("notify",
            """
            Sends a notification to the channels of the configuration, as the end of a run does, to see whether it comes. Its event is 'test'.
            Exit codes: 0 all took it, 1 one did not.

            Example: stackmill notify --channel slack --config stackmill.yaml
            """) { channels, show, json };
        var common = new CommonOptions().AddTo(command, works: false);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed);
            var wanted = parsed.GetValue(channels) ?? [];
            if (wanted.FirstOrDefault(w => !Names.Contains(w)) is { } unknown)
                throw new UsageException($"--channel '{unknown}': expected {string.Join(", ", Names)}.");
            var now = TimeProvider.System.GetUtcNow();
            var run = new RunRecord(Guid.CreateVersion7(now).ToString(), "notify", options.Monitoring.PipelineName, CommonOptions.Version, Environment.MachineName, Environment.ProcessId, now, now, "stopped", 1, []) { ExitCode = 0 };
            var notification = new Notification("test", run, "", Path.GetFullPath("."), []);
            if (parsed.GetValue(show))
            {
                var message = Notifier.Write(options.Notifications, notification);
                Console.Out.WriteLine(Printable.Of($"{message.Subject}\n\n{message.Text}"));
                return (int)ExitCode.Done;
            }

            using var notifier = Notifier.Create(options.Notifications, Environment.GetEnvironmentVariable, TimeProvider.System, wanted)
                ?? throw new UsageException($"no channel is configured{(wanted.Length > 0 ? " of those named" : "")}. Set notifications.webhook.url_variable, notifications.slack.url_variable or notifications.email.host.");
            var outcomes = notifier.SendAsync(notification, cancellation).GetAwaiter().GetResult();
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(new JsonObject
                {
                    ["sent"] = outcomes.All(o => o.Problem is null),
                    ["channels"] = new JsonArray([.. outcomes.Select(o => (JsonNode)new JsonObject { ["channel"] = o.Channel, ["problem"] = o.Problem })]),
                }.ToJsonString());
            }
            else
            {
                foreach (var outcome in outcomes)
                    Console.Out.WriteLine($"{(outcome.Problem is null ? "sent  " : "failed")} {outcome.Channel}{(outcome.Problem is { } problem ? ": " + problem : "")}");
            }

            return (int)(outcomes.All(o => o.Problem is null) ? ExitCode.Done : ExitCode.RunFault);
        });
        return command;
    }
}
