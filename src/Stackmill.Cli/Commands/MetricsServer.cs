using System.Net;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Monitoring;
using Stackmill.Monitoring.Runs;
using Stackmill.Web;

namespace Stackmill.Cli.Commands;

/// <summary>The server of a run's metrics, as long as the run.</summary>
internal sealed class MetricsServer : IDisposable
{
    private readonly MonitorServer? _server;

    private MetricsServer(MonitorServer? server) => _server = server;

    /// <summary>Begins to serve where the configuration says so. A port that is taken is told, and the run goes on without.</summary>
    /// <exception cref="UsageException">The address needs a token that is not set.</exception>
    public static MetricsServer Start(MonitoringOptions options, RunMonitor run, IRunObserver observer)
    {
        if (options.Port < 0)
            return new MetricsServer(null);
        var source = new MonitorSource(run.Pipeline.Expose, () => StatusPage.Write(run.Pipeline.PipelineName, [run.Record], run.Record.Updated), () => true);
        try
        {
            var server = MonitorServer.StartAsync(IPAddress.Parse(options.Address), options.Port, Environment.GetEnvironmentVariable(MonitoringOptions.Token), source).GetAwaiter().GetResult();
            run.MetricsAddress = server.Address.AbsoluteUri;
            observer.Note("metrics", $"{server.Address.AbsoluteUri}metrics");
            return new MetricsServer(server);
        }
        catch (UsageException fault) when (fault.InnerException is IOException)
        {
            observer.Warn("metrics", $"{fault.Message} The run goes on without.");
            return new MetricsServer(null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _server?.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
