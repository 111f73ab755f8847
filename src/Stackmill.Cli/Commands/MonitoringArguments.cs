using System.CommandLine;

namespace Stackmill.Cli.Commands;

/// <summary>The options of working commands that say how they are seen from outside.</summary>
internal sealed class MonitoringArguments
{
    private readonly Option<int?> _port = new("--metrics-port") { Description = "Serve /metrics on this port of 127.0.0.1 while the command runs; 0 for any free one, which is told.", HelpName = "PORT" };
    private readonly Option<string?> _file = new("--metrics-file") { Description = "Write metrics to this file for the node exporter's text file collector; it ends in .prom.", HelpName = "FILE" };
    private readonly Option<string?> _gateway = new("--pushgateway") { Description = "Push metrics to this Pushgateway, and the last state at the end (also by PUSHGATEWAY_URL).", HelpName = "URL" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_port);
        command.Add(_file);
        command.Add(_gateway);
    }

    /// <summary>What the options set in the configuration.</summary>
    public (string Key, string? Value)[] Assignments(ParseResult parsed) =>
    [
        ("monitoring.port", parsed.GetValue(_port)?.ToString()),
        ("monitoring.file", parsed.GetValue(_file)),
        ("monitoring.pushgateway.url", parsed.GetValue(_gateway)),
    ];
}
