using Microsoft.Extensions.Logging;
using Serilog.Events;
using Stackmill.Core.Faults;

namespace Stackmill.Shared.Logging;

/// <summary>The names of log levels, in any case; Python's <c>INFO</c> and .NET's <c>information</c> are the same level.</summary>
public static class LogLevels
{
    private static readonly (string Name, LogLevel Level)[] Names =
    [
        ("trace", LogLevel.Trace),
        ("debug", LogLevel.Debug),
        ("information", LogLevel.Information),
        ("info", LogLevel.Information),
        ("warning", LogLevel.Warning),
        ("error", LogLevel.Error),
        ("critical", LogLevel.Critical),
    ];

    /// <summary>
    /// The level to log at. The command line goes before the environment, the environment before the file (whose default is
    /// <c>information</c>). An empty environment variable counts as not set.
    /// </summary>
    /// <exception cref="UsageException">The name that decides is not a level.</exception>
    public static LogLevel Resolve(string? commandLine, string? environment, string file)
    {
        if (commandLine is not null)
            return Parse(commandLine, "--log-level");
        return string.IsNullOrWhiteSpace(environment) ? Parse(file, "logging.level") : Parse(environment.Trim(), "the environment variable LOG_LEVEL");
    }

    internal static LogEventLevel ToSerilog(LogLevel level) => level switch
    {
        LogLevel.Trace => LogEventLevel.Verbose,
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Information => LogEventLevel.Information,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        _ => LogEventLevel.Fatal,
    };

    private static LogLevel Parse(string name, string source)
    {
        foreach (var (known, level) in Names)
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return level;
        var near = NearestName.Find(name, Names.Select(entry => entry.Name));
        var found = name.Length is > 0 and <= 30 && !name.Any(char.IsControl) ? $"'{name}'" : $"a text of {name.Length} characters";
        throw new UsageException($"{source}: found {found}, expected one of {string.Join(", ", Names.Select(entry => entry.Name))}"
            + (near is null ? "" : $"; did you mean '{near}'?"));
    }
}
