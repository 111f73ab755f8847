using System.CommandLine;
using Microsoft.Extensions.Logging;
using Stackmill.Catalog;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Lineage;
using Stackmill.Monitoring.Runs;
using Stackmill.Runs;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;
using Stackmill.Shared.Logging;

namespace Stackmill.Cli.Commands;

/// <summary>The options that every working command has, and the run that they make.</summary>
internal sealed class CommonOptions
{
    private readonly Option<FileInfo?> _config = new("--config", "-c") { Description = "Configuration file (YAML). Without it: stackmill.yaml in the current folder, if there is one.", HelpName = "FILE" };
    private readonly Option<string[]> _set = new("--set") { Description = "One key of the configuration, e.g. --set filters.stars.min=5; may be repeated.", HelpName = "KEY=VALUE" };
    private readonly Option<int?> _workers = new("--workers", "-w") { Description = "Threads (default: one a processor). They never change the result.", HelpName = "N" };
    private readonly Option<string?> _memory = new("--memory", "-m") { Description = "Limit of memory, e.g. 4GB (the default) or 512MiB.", HelpName = "SIZE" };
    private readonly Option<bool> _force = new("--force") { Description = "Do again what is up to date." };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object instead of tables." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "No progress." };
    private readonly Option<string?> _logLevel = new("--log-level") { Description = "trace, debug, information, warning, error or critical (also by LOG_LEVEL).", HelpName = "LEVEL" };

    private static readonly string[] NotifyingCommands = ["run", "metadata", "contents", "organize", "preprocess", "deduplicate", "validate", "statistics", "export", TaskCommand.Name];

    private readonly MonitoringArguments _monitoring = new();

    /// <summary>Adds the options to a command.</summary>
    public CommonOptions AddTo(Command command, bool works = true)
    {
        command.Add(_config);
        command.Add(_set);
        if (!works)
            return this;
        foreach (var option in new Option[] { _workers, _memory, _force, _json, _quiet, _logLevel })
            command.Add(option);
        _monitoring.AddTo(command);
        return this;
    }

    /// <summary>True when the caller wants JSON.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The configuration file that is read; <c>null</c> without one.</summary>
    public string? ConfigurationFile(ParseResult parsed) => parsed.GetValue(_config)?.FullName ?? (File.Exists("stackmill.yaml") ? "stackmill.yaml" : null);

    /// <summary>The configuration: command line over file over default. All errors are thrown at once.</summary>
    public StackmillOptions Configuration(ParseResult parsed, params (string Key, string? Value)[] more)
    {
        var file = ConfigurationFile(parsed);
        var (options, errors) = file is null ? (new StackmillOptions(), []) : ConfigurationBinder.BindFile<StackmillOptions>(file);
        return Over(parsed, options, errors, more);
    }

    /// <summary>The configuration of a plan with what the command line says; <c>--config</c> stands in the place of the plan's.</summary>
    public StackmillOptions ConfigurationOver(ParseResult parsed, StackmillOptions planned) =>
        parsed.GetValue(_config) is null ? Over(parsed, planned, []) : Configuration(parsed);

    private StackmillOptions Over(ParseResult parsed, StackmillOptions options, IReadOnlyList<ConfigurationError> errors, params (string Key, string? Value)[] more)
    {
        var assignments = (parsed.GetValue(_set) ?? []).ToList();
        foreach (var (key, value) in more.Append(("max_workers", parsed.GetValue(_workers)?.ToString())).Append(("memory", parsed.GetValue(_memory))).Concat(_monitoring.Assignments(parsed)))
        {
            if (value is not null)
                assignments.Add($"{key}={value}");
        }

        (options, var further) = ConfigurationBinder.ApplyOverrides(options, assignments);
        // What does not agree in the file is found again with the command line's values.
        ConfigurationError.ThrowIfAny([.. errors, .. further.Where(error => errors.All(e => e.Key != error.Key))]);
        if (parsed.GetValue(_workers) is not null)
            options.ParallelProcessing = true;
        return options;
    }

    /// <summary>Runs an action with a run's context; log, memory limit and progress are set up and closed here.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The configuration.</param>
    /// <param name="logs">Folder of the logs; <c>null</c> for none.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    /// <param name="action">What is done.</param>
    /// <param name="folder">A folder on the disk that is written to, for the metrics; <c>null</c> for the current one.</param>
    public int Run(ParseResult parsed, StackmillOptions options, string? logs, CancellationToken cancellation, Func<RunContext, int> action, string? folder = null)
    {
        // Every line of the log has the id that exemplars, spans and the record have.
        var ids = new LogIds();
        using var loggers = LogSetup.Create(options.Logging, parsed.GetValue(_logLevel), Environment.GetEnvironmentVariable("LOG_LEVEL"), logs, ids: ids);
        var log = loggers.CreateLogger("Stackmill");
        var workers = MemoryLimit.Apply(options.Memory, options.Workers, options.LargestFile);
        var live = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
        using var console = new ConsoleObserver(Console.Error, live, live ? Math.Max(40, Console.WindowWidth) : 0, parsed.GetValue(_quiet));
        var command = parsed.CommandResult.Command.Name;
        using var monitor = RunMonitor.Start(
            options.Monitoring, new RunSubject(command, Version, Path.GetFullPath(folder ?? "."), logs)
            {
                // Only what works on data is worth a message; a task of a plan is a part of a run.
                Notifications = NotifyingCommands.Contains(command) ? options.Notifications : null,
                TellsFailuresOnly = command == TaskCommand.Name,
                Warn = message => Warn(console, log, message),
            }, TimeProvider.System);
        var stage = StageCatalog.Entries.FirstOrDefault(e => e.Id == command);
        using var lineage = LineageRun.Start(
            options.Lineage,
            new LineageSubject(command, monitor.RunId, options.Monitoring.PipelineName, Version) { IsStage = stage is not null, Describe = StageCatalog.SummaryOf, Warn = message => Warn(console, log, message, "lineage") },
            logs,
            TimeProvider.System);
        using var forwarding = ids.Begin(monitor.RunId, monitor.Logs);
        var context = new RunContext
        {
            Workers = workers,
            MemoryBytes = options.Memory,
            Observer = new Observers([console, new LogObserver(loggers), monitor.Observer, .. lineage is null ? (IRunObserver[])[] : [lineage]]),
            Loggers = loggers,
            RunId = monitor.RunId,
            Force = parsed.GetValue(_force),
            Cancellation = cancellation,
        };
        if (workers < options.Workers)
            context.Observer.Note("memory", $"{workers} of {options.Workers} workers fit into {SizeText.FormatRounded(options.Memory)}");
        log.LogInformation("stackmill {Version} {Command}, {Workers} workers, memory {Memory}, run {RunId}", Version, command, workers, options.Memory, monitor.RunId);
        using var server = MetricsServer.Start(options.Monitoring, monitor, context.Observer);
        try
        {
            var code = action(context);
            // The line has the run's span as long as that has not ended.
            log.LogInformation("ended with exit code {Code}", code);
            lineage?.End((ExitCode)code);
            monitor.End((ExitCode)code);
            return code;
        }
        catch (OperationCanceledException)
        {
            log.LogWarning("interrupted");
            lineage?.End(ExitCode.Interrupted);
            monitor.End(ExitCode.Interrupted);
            throw;
        }
        catch (StackmillException fault)
        {
            log.LogError("{Message}", fault.Message);
            if (fault.InnerException is { } cause)
                log.LogDebug("cause: {Type} at {Stack}", cause.GetType().FullName, cause.StackTrace);
            var code = fault is UsageException ? ExitCode.Usage : ExitCode.RunFault;
            lineage?.End(code, fault);
            monitor.End(code, fault);
            throw;
        }
    }

    /// <summary>
    /// Runs an action whose output may be an address of object storage: it is fetched before, and published after. A local path is
    /// checked before anything is written.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The configuration.</param>
    /// <param name="output">Output folder as given.</param>
    /// <param name="logs">Gives the folder of the logs of a local output; <c>null</c> for none.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    /// <param name="require">Fails when the local output can't be used.</param>
    /// <param name="action">What is done, with the local path of the output.</param>
    public int RunInto(
        ParseResult parsed, StackmillOptions options, string output, Func<string, string?> logs, CancellationToken cancellation,
        Action<string> require, Func<string, RunContext, Ended> action) =>
        RunFrom(parsed, options, null, output, logs, cancellation, (_, folder) => require(folder), (_, folder, context) => action(folder, context));

    /// <summary>As <see cref="RunInto"/>, with an input that is fetched before when it is an address of object storage.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The configuration.</param>
    /// <param name="input">Input as given; <c>null</c> when the action opens its input by itself.</param>
    /// <param name="output">Output folder as given; may be the input itself; <c>null</c> when nothing is written into a folder.</param>
    /// <param name="logs">Gives the folder of the logs of a local output; <c>null</c> for none.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    /// <param name="require">Fails when input or output can't be used.</param>
    /// <param name="action">What is done, with local paths.</param>
    public int RunFrom(
        ParseResult parsed, StackmillOptions options, string? input, string? output, Func<string, string?> logs, CancellationToken cancellation,
        Action<string, string> require, Func<string, string, RunContext, Ended> action)
    {
        var isRemote = output is not null && StoragePaths.IsAddress(output);
        if (!isRemote && !(input is not null && StoragePaths.IsAddress(input)))
        {
            require(input ?? "", output ?? "");
            return Run(parsed, options, (output ?? input) is { } local ? logs(local) : null, cancellation, context => action(input ?? "", output ?? "", context).Tell(), output);
        }

        return Run(parsed, options, isRemote || output is null ? null : logs(output), cancellation, context =>
        {
            using var paths = new StoragePaths(options.Storage, context.Observer, context.Cancellation);
            var folder = output is null ? new OutputFolder("", null) : paths.Output(output);
            var local = input is null ? "" : input == output ? folder.LocalPath : paths.Input(input);
            require(local, folder.LocalPath);
            var ended = action(local, folder.LocalPath, context);
            // Nobody is told of a result that is not there yet.
            if (folder.Address is not null)
                folder.Publish();
            return ended.Tell();
        }, isRemote || output is null ? null : output);
    }

    private static void Warn(ConsoleObserver console, ILogger log, string message, string part = "monitoring")
    {
        console.Warn(part, message);
        log.LogWarning("{Part}: {Message}", part, message);
    }

    /// <summary>Version of the program.</summary>
    public static string Version { get; } = typeof(CommonOptions).Assembly.GetName().Version!.ToString(3);
}

/// <summary>How an action ended, and how people are told of it once its results are where they belong.</summary>
/// <param name="ExitCode">Exit code.</param>
/// <param name="Print">Prints the results.</param>
internal readonly record struct Ended(ExitCode ExitCode, Action Print)
{
    /// <summary>Prints, and gives the exit code.</summary>
    public int Tell()
    {
        Print();
        return (int)ExitCode;
    }
}
