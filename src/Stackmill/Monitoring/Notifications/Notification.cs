using System.Globalization;
using System.Text;
using Stackmill.Monitoring.Exposition;
using Stackmill.Monitoring.Runs;

namespace Stackmill.Monitoring.Notifications;

/// <summary>What people are told: an event of a run, as placeholders' values. It holds counts, names of stages and reasons, and error texts, never a content.</summary>
/// <param name="Event">end, failure, anomaly or test.</param>
/// <param name="Run">How the run stands.</param>
/// <param name="TraceId">Its trace; empty for none.</param>
/// <param name="Folder">Where it writes.</param>
/// <param name="Anomalies">What is unusual about it, one sentence each.</param>
internal sealed record Notification(string Event, RunRecord Run, string TraceId, string Folder, IReadOnlyList<string> Anomalies)
{
    // A mail server or chat would cut or refuse what is longer.
    private const int MostChars = 8000;

    /// <summary>Values of all placeholders.</summary>
    public IReadOnlyDictionary<string, string> Values => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["event"] = Event,
        ["pipeline"] = Line(Run.PipelineName),
        ["command"] = Line(Run.Command),
        ["status"] = Status,
        ["exit_code"] = Run.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "",
        ["run_id"] = Run.RunId,
        ["trace_id"] = TraceId,
        ["machine"] = Line(Run.Machine),
        ["version"] = Run.Version,
        ["folder"] = Line(Folder),
        ["started"] = Time(Run.Started),
        ["ended"] = Time(Run.Updated),
        ["duration"] = Duration,
        ["error"] = Run.Error is { } error ? Line(error, 1000) : "",
        ["anomalies"] = string.Join('\n', Anomalies.Select(a => Line(a, 300))),
        ["stages"] = Stages,
        ["summary"] = $"{Line(Run.Command)} on {Line(Run.Machine)} {Status} after {Duration}",
        ["details"] = Details,
    };

    private string Status => Event == "test" ? "tests its notifications" : RunStatus.Ended(Run.ExitCode);

    private string Duration => (Run.Updated - Run.Started) switch
    {
        { TotalMinutes: < 1 } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } time => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
        var time => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours} h {time.Minutes} min"),
    };

    private string Stages => string.Join('\n', Run.Stages.Select(s =>
        string.Create(CultureInfo.InvariantCulture, $"{s.Stage}: {s.Books.In} in, {s.Books.Kept} kept, {s.Books.DroppedTotal} dropped, {s.Books.FailedTotal} failed{(s.IsUpToDate ? ", up to date" : "")}{(s.Failed > 0 ? $", {s.Failed} shards failed" : "")}")));

    private string Details => string.Join('\n', new[]
    {
        Run.Error is { } error ? $"error: {Line(error, 1000)}" : "",
        string.Join('\n', Anomalies.Select(a => $"unusual: {Line(a, 300)}")),
        Stages,
    }.Where(p => p.Length > 0));

    /// <summary>One line of at most so many characters: what comes from names of files must end no line and turn no text around.</summary>
    public static string Line(string text, int most = LabelText.MostChars)
    {
        var line = new StringBuilder();
        for (var at = 0; at < text.Length && line.Length < most; at += LabelText.MostChars)
            line.Append(LabelText.Bound(text.Substring(at, Math.Min(LabelText.MostChars, text.Length - at))));
        return line.ToString();
    }

    /// <summary>A text of several lines, bounded.</summary>
    public static string Bound(string text) => text.Length <= MostChars ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MostChars - 1]) ? MostChars - 1 : MostChars), "…");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}

/// <summary>A notification as it is sent.</summary>
/// <param name="Notification">What it is about.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Lines.</param>
internal sealed record Message(Notification Notification, string Subject, string Text);
