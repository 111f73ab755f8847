using System.CommandLine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Monitoring.Runs;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill metrics</c>: what is left of metrics when a run is over.</summary>
internal static class MetricsCommand
{
    public static Command Create(CancellationToken cancellation) => new("metrics",
        """
        Commands on metrics that outlast their run.

        Example: stackmill metrics --help
        """)
    {
        Delete(cancellation),
    };

    private static Command Delete(CancellationToken cancellation)
    {
        var gateway = new Option<string?>("--pushgateway") { Description = "The Pushgateway; without it that of the configuration or of PUSHGATEWAY_URL.", HelpName = "URL" };
        var job = new Option<string?>("--job") { Description = "Job of the group; without it monitoring.pushgateway.job.", HelpName = "NAME" };
        var instance = new Option<string?>("--instance") { Description = "Instance of the group; without it monitoring.pushgateway.instance, else this machine's name.", HelpName = "NAME" };
        var command = new Command("delete",
            """
            Removes the metrics of a group from a Pushgateway, which keeps them for ever otherwise: of a pipeline that is no more.

            Example: stackmill metrics delete --pushgateway http://localhost:9091 --instance old-machine
            """) { gateway, job, instance };
        var common = new CommonOptions().AddTo(command, works: false);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(
                parsed, ("monitoring.pushgateway.url", parsed.GetValue(gateway)), ("monitoring.pushgateway.job", parsed.GetValue(job)), ("monitoring.pushgateway.instance", parsed.GetValue(instance)));
            using var target = RunMonitor.Gateway(options.Monitoring, Environment.GetEnvironmentVariable)
                ?? throw new UsageException("no Pushgateway is named. Give --pushgateway URL, or set monitoring.pushgateway.url or PUSHGATEWAY_URL.");
            try
            {
                target.DeleteAsync(cancellation).GetAwaiter().GetResult();
            }
            catch (HttpRequestException fault)
            {
                throw new RunFaultException($"the group {target.Group} was not deleted: {fault.Message}. Check the address, and that the gateway runs.", fault);
            }

            Console.Out.WriteLine($"deleted {target.Group}");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
