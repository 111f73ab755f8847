using Stackmill.Core.Options;

namespace Stackmill.Shared.Logging;

/// <summary>The <c>logging</c> section. Logging never influences what a stage writes.</summary>
public sealed record LoggingOptions
{
    /// <summary>Least important level that is logged; <c>--log-level</c> and then <c>LOG_LEVEL</c> go before it.</summary>
    [Option("level", "Least important messages that are logged; --log-level, then the environment variable LOG_LEVEL, go before it.",
        Values = ["trace", "debug", "information", "info", "warning", "error", "critical", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])]
    public string Level { get; init; } = "information";

    /// <summary>Format of the file that <see cref="File"/> names: <c>text</c> or <c>json</c>.</summary>
    [Option("format", "Format of the log when file names one: text lines for people or JSON lines for programs.", Values = ["text", "json"])]
    public string Format { get; init; } = "text";

    /// <summary><c>true</c>, <c>false</c> or a path.</summary>
    [Option("file", "true for stackmill.log and stackmill.jsonl in the logs folder of the output, false for none, or the path of one file in the format above.",
        IsTextOrSwitch = true)]
    public string File { get; init; } = "true";

    /// <summary>What of the log also goes to the terminal's error stream.</summary>
    [Option("console", "The log on the error stream as well, for containers whose output is gathered: none, text lines or JSON lines. --quiet keeps progress from it.", Values = ["none", "text", "json"])]
    public string Console { get; init; } = "none";

    /// <summary>Size in bytes at which a log file is closed and the next begun.</summary>
    [Option("max_bytes", "Size at which a log file is closed and the next begun.", IsSize = true, Min = 1024, Max = 1L << 30)]
    public long MaxBytes { get; init; } = 10 << 20;

    /// <summary>Files of one kind that are kept, the newest included.</summary>
    [Option("retained_files", "Log files of one kind that are kept; older ones are deleted.", Min = 1, Max = 1000)]
    public int RetainedFiles { get; init; } = 5;
}
