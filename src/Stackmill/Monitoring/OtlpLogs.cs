using System.Globalization;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using Serilog.Events;

namespace Stackmill.Monitoring;

/// <summary>Sends the lines of the log to an OpenTelemetry collector, each with its properties, and the trace and span of the thread that wrote it.</summary>
internal sealed class OtlpLogs : IDisposable
{
    private const string Category = "SourceContext";

    private readonly ILoggerFactory _loggers;

    /// <summary>Begins to send.</summary>
    public OtlpLogs(ResourceBuilder resource, Action<OtlpExporterOptions> exporter) => _loggers = LoggerFactory.Create(builder =>
        // Levels were chosen before a line came here.
        builder.SetMinimumLevel(LogLevel.Trace).AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(resource).AddOtlpExporter(exporter);
        }));

    /// <summary>Takes one line, on the thread that wrote it.</summary>
    public void Take(LogEvent line)
    {
        var category = line.Properties.GetValueOrDefault(Category) is ScalarValue { Value: string name } ? name : "Stackmill";
        var attributes = line.Properties.Where(p => p.Key != Category).Select(p => new KeyValuePair<string, object?>(p.Key, p.Value is ScalarValue { Value: var value } ? value : p.Value.ToString(null, CultureInfo.InvariantCulture))).ToList();
        _loggers.CreateLogger(category).Log(Level(line.Level), default, attributes, line.Exception, (_, _) => line.RenderMessage(CultureInfo.InvariantCulture));
    }

    /// <summary>Sends what there is still, for at most the time of one request.</summary>
    public void Dispose() => _loggers.Dispose();

    private static LogLevel Level(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => LogLevel.Trace,
        LogEventLevel.Debug => LogLevel.Debug,
        LogEventLevel.Information => LogLevel.Information,
        LogEventLevel.Warning => LogLevel.Warning,
        LogEventLevel.Error => LogLevel.Error,
        _ => LogLevel.Critical,
    };
}
