using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Serilog.Events;
using Serilog.Parsing;
using Stackmill.Core.Faults;
using Stackmill.Shared.Configuration;
using Stackmill.Shared.Logging;

namespace Stackmill.Tests.Shared.Logging;

public sealed class LogSetupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stackmill-logs-").FullName;

    private string Logs => Path.Combine(_folder, "logs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Write(ILoggerFactory factory, Action<ILogger> write)
    {
        using (factory)
            write(factory.CreateLogger("Stackmill.Organize"));
    }

    [Fact]
    public void Both_files_hold_every_message_after_disposal_in_utc()
    {
        Write(LogSetup.Create(new LoggingOptions(), null, null, Logs), log =>
        {
            log.LogDebug("hidden");
            for (var i = 0; i < 1000; i++)
                log.LogInformation("Read {Files} files of {Stage}", i, "organize");
            log.LogError(new InvalidOperationException("first\nsecond"), "Failed");
        });
        var text = File.ReadAllLines(Path.Combine(Logs, LogSetup.TextFile));
        Assert.Matches(new Regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z INF Stackmill\\.Organize: Read 0 files of \"organize\"$"), text[0]);
        Assert.Equal(1000, text.Count(line => line.Contains(" INF ", StringComparison.Ordinal)));
        Assert.EndsWith(" ERR Stackmill.Organize: Failed", text[1000], StringComparison.Ordinal);
        Assert.Equal(["    System.InvalidOperationException: first", "    second"], text[1001..1003]);
        var json = File.ReadAllLines(Path.Combine(Logs, LogSetup.JsonFile)).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(1001, json.Count);
        Assert.Equal("Read {Files} files of {Stage}", (string?)json[7]["@mt"]);
        Assert.Equal(7, (int)json[7]["Files"]!);
        Assert.All(json, line => Assert.EndsWith("Z", (string?)line["@t"], StringComparison.Ordinal));
        Assert.Equal("Error", (string?)json[1000]["@l"]);
    }

    [Fact]
    public void Times_of_other_zones_are_written_in_utc()
    {
        var time = new DateTimeOffset(2026, 1, 31, 23, 30, 15, 250, TimeSpan.FromHours(-5));
        using var output = new StringWriter();
        new TextLogFormatter().Format(new LogEvent(time, LogEventLevel.Warning, null, new MessageTemplateParser().Parse("late"), []), output);
        Assert.Equal("2026-02-01T04:30:15.250Z WRN late\n", output.ToString());
    }

    [Fact]
    public void A_message_can_not_forge_a_line()
    {
        Write(LogSetup.Create(new LoggingOptions(), null, null, Logs), log => log.LogInformation("Read {Path}", "a\n2026-01-01T00:00:00.000Z ERR forged\u001b[2J\u2028.py"));
        Assert.Contains("a\\u000A2026-01-01T00:00:00.000Z ERR forged\\u001B[2J\\u2028.py", Assert.Single(File.ReadAllLines(Path.Combine(Logs, LogSetup.TextFile))), StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(Path.Combine(Logs, LogSetup.JsonFile)));
    }

    [Theory]
    [InlineData("error", "debug", "trace", LogLevel.Error)]
    [InlineData(null, "debug", "error", LogLevel.Debug)]
    [InlineData(null, null, "error", LogLevel.Error)]
    [InlineData(null, "", "WARNING", LogLevel.Warning)]
    [InlineData(null, " CRITICAL ", "trace", LogLevel.Critical)]
    [InlineData("INFO", "nonsense", "nonsense", LogLevel.Information)]
    [InlineData("Information", null, "error", LogLevel.Information)]
    [InlineData("trace", null, "error", LogLevel.Trace)]
    public void The_command_line_goes_before_the_environment_and_that_before_the_file(string? commandLine, string? environment, string file, LogLevel level)
    {
        Assert.Equal(level, LogLevels.Resolve(commandLine, environment, file));
        using var factory = LogSetup.Create(new LoggingOptions { Level = file }, commandLine, environment, Logs);
        var logger = factory.CreateLogger("x");
        Assert.True(logger.IsEnabled(level));
        Assert.False(level > LogLevel.Trace && logger.IsEnabled(level - 1));
    }

    [Fact]
    public void Without_any_level_it_is_information() => Assert.Equal(LogLevel.Information, LogLevels.Resolve(null, null, new LoggingOptions().Level));

    [Theory]
    [InlineData("wraning", null, "--log-level: found 'wraning', expected one of trace, debug, information, info, warning, error, critical; did you mean 'warning'?")]
    [InlineData("", null, "--log-level: found a text of 0 characters, expected one of trace, debug, information, info, warning, error, critical")]
    [InlineData(null, "loud", "the environment variable LOG_LEVEL: found 'loud', expected one of trace, debug, information, info, warning, error, critical")]
    public void An_unknown_level_names_its_source(string? commandLine, string? environment, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => LogSetup.Create(new LoggingOptions(), commandLine, environment, Logs)).Message);

    [Fact]
    public void Every_level_that_the_file_may_name_is_understood()
    {
        var levels = OptionTree.Of(typeof(LoggingOptions)).Leaves.Single(leaf => leaf.Key == "level").Declaration.Values;
        Assert.Equal(12, levels.Length);
        Assert.All(levels, level => LogLevels.Resolve(null, null, level));
    }

    [Fact]
    public void Full_files_are_rolled_and_the_oldest_deleted()
    {
        var options = new LoggingOptions { MaxBytes = 2048, RetainedFiles = 3 };
        Write(LogSetup.Create(options, null, null, Logs), log =>
        {
            for (var i = 0; i < 200; i++)
                log.LogInformation("Message {Number} of a run that says much", i);
        });
        foreach (var pattern in (string[])["stackmill*.log", "stackmill*.jsonl"])
        {
            var files = Directory.GetFiles(Logs, pattern);
            Assert.Equal(3, files.Length);
            Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 2048 + 200));
            Assert.Contains(files, file => File.ReadAllText(file).Contains("199", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("text", " INF Stackmill.Organize: hello")]
    [InlineData("json", "{\"@t\":")]
    public void A_named_file_is_written_in_the_given_format_and_no_other(string format, string expected)
    {
        var path = Path.Combine(_folder, "own", "my.log");
        Write(LogSetup.Create(new LoggingOptions { File = path, Format = format }, null, null, Logs), log => log.LogInformation("hello"));
        Assert.Contains(expected, Assert.Single(File.ReadAllLines(path)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Logs));
    }

    [Fact]
    public void Without_file_or_folder_nothing_is_written()
    {
        Write(LogSetup.Create(new LoggingOptions { File = "false" }, null, null, Logs), log => log.LogError("x"));
        Write(LogSetup.Create(new LoggingOptions(), null, null, null), log => log.LogError("x"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Warnings_and_errors_also_go_where_they_are_asked_for()
    {
        using var warnings = new StringWriter();
        Write(LogSetup.Create(new LoggingOptions(), null, null, Logs, warnings), log =>
        {
            log.LogInformation("quiet");
            log.LogWarning("loud");
            log.LogError("louder");
        });
        Assert.Equal(["WRN", "ERR"], warnings.ToString().TrimEnd('\n').Split('\n').Select(line => line.Split(' ')[1]));
        Assert.Equal(3, File.ReadAllLines(Path.Combine(Logs, LogSetup.TextFile)).Length);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_stops_the_run_with_a_reason()
    {
        File.WriteAllText(Logs, "a file where the folder should be");
        var fault = Assert.Throws<RunFaultException>(() => LogSetup.Create(new LoggingOptions(), null, null, Logs));
        Assert.Contains(Path.Combine(Logs, LogSetup.TextFile), fault.Message, StringComparison.Ordinal);
        File.Delete(Logs);
        Directory.CreateDirectory(Path.Combine(Logs, LogSetup.TextFile));
        Assert.Contains("is a folder", Assert.Throws<RunFaultException>(() => LogSetup.Create(new LoggingOptions(), null, null, Logs)).Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(Logs));
    }

    [Fact]
    public void A_log_that_fails_later_is_told_once_and_the_run_goes_on()
    {
        using var failures = new StringWriter();
        var factory = LogSetup.Create(new LoggingOptions { MaxBytes = 1024 }, null, null, Logs, failures: failures);
        Write(factory, log =>
        {
            log.LogInformation("first");
            // The next roll finds neither folder nor permission to make it.
            Directory.Delete(Logs, recursive: true);
            File.WriteAllText(Logs, "in the way");
            for (var i = 0; i < 100; i++)
                log.LogInformation("Message {Number} that fills the file until it has to be rolled", i);
        });
        Assert.StartsWith("The log can't be written from here on: ", Assert.Single(failures.ToString().TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }
}
