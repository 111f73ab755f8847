using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace Stackmill.Shared.Logging;

/// <summary>
/// The readable log: <c>2026-01-31T12:00:00.000Z INF Stackmill.Organize: message</c>, always UTC, one line an event (then
/// the exception's lines, indented), with the ids of run and task at its end. Control characters are escaped, so that a file's name can neither forge a line nor
/// steer a terminal.
/// </summary>
internal sealed class TextLogFormatter : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        output.Write(Name(logEvent.Level));
        if (logEvent.Properties.GetValueOrDefault("SourceContext") is ScalarValue { Value: string category })
        {
            output.Write(category);
            output.Write(": ");
        }
        WriteLine(output, logEvent.RenderMessage(CultureInfo.InvariantCulture) + Id(logEvent, LogIds.Run, " run=") + Id(logEvent, LogIds.Task, " task="));
        if (logEvent.Exception is not { } fault)
            return;
        foreach (var line in fault.ToString().AsSpan().EnumerateLines())
        {
            output.Write("    ");
            WriteLine(output, line);
        }
    }

    private static string Id(LogEvent logEvent, string property, string label) => logEvent.Properties.GetValueOrDefault(property) is ScalarValue { Value: string id } ? label + id : "";

    private static string Name(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => " TRC ",
        LogEventLevel.Debug => " DBG ",
        LogEventLevel.Information => " INF ",
        LogEventLevel.Warning => " WRN ",
        LogEventLevel.Error => " ERR ",
        _ => " CRT ",
    };

    private static void WriteLine(TextWriter output, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            // U+2028 and U+2029 end a line for many viewers.
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
                output.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"));
            else
                output.Write(c);
        }
        output.Write('\n');
    }
}
