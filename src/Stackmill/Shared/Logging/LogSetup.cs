using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Stackmill.Core.Faults;

namespace Stackmill.Shared.Logging;

/// <summary>Makes the logger of a run: a readable file and one of JSON lines (CLEF, Serilog's compact format), both in UTC.</summary>
public static class LogSetup
{
    /// <summary>The readable log in the logs folder.</summary>
    public const string TextFile = "stackmill.log";

    /// <summary>The log of JSON lines in the logs folder.</summary>
    public const string JsonFile = "stackmill.jsonl";

    /// <summary>
    /// A logger factory; disposing it flushes and closes the files. Levels: command line, then environment, then options.
    /// </summary>
    /// <param name="options">The <c>logging</c> section.</param>
    /// <param name="levelFromCommandLine">The value of <c>--log-level</c>, or <c>null</c>.</param>
    /// <param name="levelFromEnvironment">The value of <c>LOG_LEVEL</c>, or <c>null</c>.</param>
    /// <param name="logsFolder">Where the two files go; made when missing. Without it only a file named in the options is written.</param>
    /// <param name="warnings">Where warnings and errors also go as text lines (the terminal's error stream), or <c>null</c>.</param>
    /// <param name="failures">Where the first failure to write a log is told; the terminal's error stream when not given.</param>
    /// <param name="ids">Ids that every line has, or <c>null</c>.</param>
    /// <exception cref="UsageException">The deciding level is not one.</exception>
    /// <exception cref="RunFaultException">The folder can't be made or written to.</exception>
    public static ILoggerFactory Create(LoggingOptions options, string? levelFromCommandLine, string? levelFromEnvironment,
        string? logsFolder, TextWriter? warnings = null, TextWriter? failures = null, LogIds? ids = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var level = LogLevels.Resolve(levelFromCommandLine, levelFromEnvironment, options.Level);
        var configuration = new LoggerConfiguration().MinimumLevel.Is(LogLevels.ToSerilog(level)).Enrich.FromLogContext();
        var listener = new FailureNote(failures ?? Console.Error);
        foreach (var (path, formatter) in Files(options, logsFolder))
        {
            EnsureWritable(Path.GetDirectoryName(Path.GetFullPath(path))!, path);
            configuration.WriteTo.Fallible(sinks => AddFile(sinks, path, formatter, options), listener);
        }
        if (warnings is not null)
            configuration.WriteTo.Sink(new WriterSink(warnings, new TextLogFormatter()), LogEventLevel.Warning);
        if (options.Console != "none")
            configuration.WriteTo.Sink(new WriterSink(failures ?? Console.Error, options.Console == "json" ? new CompactJsonFormatter() : new TextLogFormatter()));
        if (ids is not null)
            configuration.Enrich.With(ids).WriteTo.Sink(ids);
        return new SerilogLoggerFactory(configuration.CreateLogger(), dispose: true);
    }

    private static IEnumerable<(string Path, ITextFormatter Formatter)> Files(LoggingOptions options, string? logsFolder)
    {
        if (options.File == "false")
            yield break;
        if (options.File != "true")
        {
            yield return (options.File, options.Format == "json" ? new CompactJsonFormatter() : new TextLogFormatter());
        }
        else if (logsFolder is not null)
        {
            yield return (Path.Combine(logsFolder, TextFile), new TextLogFormatter());
            yield return (Path.Combine(logsFolder, JsonFile), new CompactJsonFormatter());
        }
    }

    private static void AddFile(LoggerSinkConfiguration sinks, string path, ITextFormatter formatter, LoggingOptions options) =>
        sinks.File(formatter, path, fileSizeLimitBytes: options.MaxBytes, rollOnFileSizeLimit: true,
            retainedFileCountLimit: options.RetainedFiles);

    // The file sink opens late and then goes on in silence; a run must not begin without its log.
    private static void EnsureWritable(string folder, string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new IOException($"{path} is a folder");
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".stackmill-log-probe-{Environment.ProcessId}");
            using var stream = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            stream.WriteByte(0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RunFaultException($"The log {path} can't be written: {fault.Message.TrimEnd('.')}. "
                + "Expected a folder that can be written to; free it, choose another output or set logging.file to false.", fault);
        }
    }

    /// <summary>Tells the first failure to write a log, once: the run goes on, but not in silence.</summary>
    private sealed class FailureNote(TextWriter output) : ILoggingFailureListener
    {
        private int _told;

        public void OnLoggingFailed(object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
        {
            if (Interlocked.Exchange(ref _told, 1) == 0)
                output.WriteLine($"The log can't be written from here on: {exception?.Message ?? message}");
        }
    }

    private sealed class WriterSink(TextWriter output, ITextFormatter formatter) : ILogEventSink
    {
        private readonly Lock _gate = new();

        public void Emit(LogEvent logEvent)
        {
            lock (_gate)
            {
                formatter.Format(logEvent, output);
                output.Flush();
            }
        }
    }
}
