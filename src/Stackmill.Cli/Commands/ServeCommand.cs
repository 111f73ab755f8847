using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Monitoring;
using Stackmill.Shared.Logging;
using Stackmill.Web;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill serve</c>: the status page and metrics of a project folder.</summary>
internal static class ServeCommand
{
    private const int DefaultPort = 8000;

    public static Command Create(CancellationToken cancellation)
    {
        var project = new Option<string>("--project", "-p") { Description = "Project folder whose runs are shown.", Required = true, HelpName = "DIR" };
        var port = new Option<int?>("--port") { Description = "Port; 0 for any free one, which is told. Without it: monitoring.port, else 8000.", HelpName = "PORT" };
        var address = new Option<string?>("--address") { Description = "Address to listen on. Any but a loopback address needs the token in STACKMILL_MONITORING_TOKEN.", HelpName = "IP" };
        var command = new Command("serve",
            """
            Shows the runs, stages and rates of a project folder on a plain page, and serves /metrics, /healthz and /readyz,
            until it is stopped. It only reads: runs go on or end without it.

            Example: stackmill serve --project ./project --port 8000
            """) { project, port, address };
        var common = new CommonOptions().AddTo(command, works: false);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed, ("monitoring.port", parsed.GetValue(port)?.ToString()), ("monitoring.address", parsed.GetValue(address)));
            var folder = StoragePaths.RequireLocal(parsed.GetValue(project)!);
            if (!Directory.Exists(folder))
                throw new UsageException($"there is no project folder '{folder}'. Expected the --output of a run.");
            using var loggers = LogSetup.Create(options.Logging with { File = "false" }, null, Environment.GetEnvironmentVariable("LOG_LEVEL"), null, Console.Error);
            return RunAsync(folder, options.Monitoring, loggers.CreateLogger("Stackmill"), cancellation).GetAwaiter().GetResult();
        });
        return command;
    }

    private static async Task<int> RunAsync(string folder, MonitoringOptions options, ILogger log, CancellationToken cancellation)
    {
        using var watch = new ProjectWatch(folder, options.PipelineName, CommonOptions.Version, log, TimeProvider.System);
        var port = options.Port < 0 ? DefaultPort : options.Port;
        await using var server = await MonitorServer.StartAsync(IPAddress.Parse(options.Address), port, Environment.GetEnvironmentVariable(MonitoringOptions.Token), watch.Source).ConfigureAwait(false);
        Console.Out.WriteLine($"serving {server.Address.AbsoluteUri} until stopped");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(stopped.SetResult).ConfigureAwait(false);
        await stopped.Task.ConfigureAwait(false);
        // To be stopped is how a server ends well.
        return (int)ExitCode.Done;
    }
}
