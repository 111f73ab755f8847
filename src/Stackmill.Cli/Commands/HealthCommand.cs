using System.CommandLine;
using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Monitoring;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill health</c>: whether the parts of the monitoring answer.</summary>
internal static class HealthCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var only = new Option<string[]>("--only") { Description = "Ask only these: metrics, prometheus, alertmanager, pushgateway, grafana. May be repeated.", HelpName = "PART", AllowMultipleArgumentsPerToken = true };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("health",
            """
            Asks a run's or server's metrics, Prometheus, Alertmanager, Pushgateway and Grafana whether they are well, at the
            addresses of monitoring.health. Exit codes: 0 all are, 1 one is not.

            Example: stackmill health --only metrics --only prometheus
            """) { only, json };
        var common = new CommonOptions().AddTo(command, works: false);
        command.SetAction(parsed =>
        {
            var parts = HealthChecks.Parts(common.Configuration(parsed).Monitoring.Health);
            if (parsed.GetValue(only) is { Length: > 0 } wanted)
            {
                if (wanted.FirstOrDefault(w => parts.All(p => p.Name != w)) is { } unknown)
                    throw new UsageException($"--only '{unknown}': expected {string.Join(", ", parts.Select(p => p.Name))}, which are those with an address in monitoring.health.");
                parts = [.. parts.Where(p => wanted.Contains(p.Name))];
            }

            var answers = HealthChecks.AskAsync(parts, cancellation).GetAwaiter().GetResult();
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(new JsonObject
                {
                    ["healthy"] = answers.All(a => a.Problem is null),
                    ["parts"] = new JsonArray([.. answers.Select(a => (JsonNode)new JsonObject { ["name"] = a.Name, ["address"] = a.Address, ["healthy"] = a.Problem is null, ["problem"] = a.Problem })]),
                }.ToJsonString());
            }
            else
            {
                foreach (var answer in answers)
                    Console.Out.WriteLine($"{(answer.Problem is null ? "ok    " : "failed")} {answer.Name,-12} {answer.Address}{(answer.Problem is { } problem ? ": " + problem : "")}");
            }

            return (int)(answers.All(a => a.Problem is null) ? ExitCode.Done : ExitCode.RunFault);
        });
        return command;
    }
}
