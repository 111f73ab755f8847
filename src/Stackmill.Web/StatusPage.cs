using System.Globalization;
using System.Net;
using System.Text;
using Stackmill.Monitoring.Runs;
using Stackmill.Shared.Configuration;

namespace Stackmill.Web;

/// <summary>A plain page of runs, stages and rates: no scripts, drawn anew every few seconds.</summary>
internal static class StatusPage
{
    /// <summary>Its style.</summary>
    public const string Style =
        """
        :root { color-scheme: light dark; }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid #8884; font-variant-numeric: tabular-nums; white-space: nowrap; }
        th:first-child, td:first-child, td.text, th.text { text-align: left; }
        td.why { white-space: normal; text-align: left; min-width: 14rem; }
        .running { color: #0a7d2c; } .failed, .lost { color: #c22; } .stopped { color: #777; }
        @media (prefers-color-scheme: dark) { .running { color: #5dd882; } .failed, .lost { color: #ff8080; } .stopped { color: #aaa; } }
        progress { width: 8rem; vertical-align: middle; }
        footer { margin-top: 2rem; color: #888; }
        """;

    private const int RefreshSeconds = 5;
    private const int MostRuns = 20;
    private const int MostReasons = 4;

    /// <summary>The page.</summary>
    /// <param name="title">What is watched.</param>
    /// <param name="runs">Runs, the newest first.</param>
    /// <param name="now">The time.</param>
    public static string Write(string title, IReadOnlyList<RunRecord> runs, DateTimeOffset now)
    {
        var page = new StringBuilder(1 << 13);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append(CultureInfo.InvariantCulture, $"<meta http-equiv=\"refresh\" content=\"{RefreshSeconds}\"><title>Stackmill: {Text(title)}</title><link rel=\"stylesheet\" href=\"/status.css\"><link rel=\"icon\" href=\"data:,\"></head><body>\n")
            .Append(CultureInfo.InvariantCulture, $"<h1>Stackmill: {Text(title)}</h1>\n");
        if (runs.Count == 0)
            page.Append("<p>There is no record of a run yet.</p>\n");
        else
            Stages(page, runs[0], now);
        if (runs.Count > 0)
            Runs(page, runs, now);
        page.Append(CultureInfo.InvariantCulture, $"<footer>{now.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC · <a href=\"/metrics\">metrics</a></footer>\n</body></html>\n");
        return page.ToString();
    }

    private static void Stages(StringBuilder page, RunRecord run, DateTimeOffset now)
    {
        var status = RunStatus.Of(run, now);
        page.Append(CultureInfo.InvariantCulture, $"<h2>Latest run: {Text(run.Command)}, <span class=\"{status}\">{RunStatus.Word(run, now)}</span></h2>\n<p>{Text(run.RunId)} on {Text(run.Machine)}, stackmill {Text(run.Version)}, for {Duration((status == RunStatus.Running ? now : run.Updated) - run.Started)}")
            .Append(run.ExitCode is { } code ? $", exit code {code}" : "").Append("</p>\n");
        if (run.Error is { } error)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"failed\">{Text(error)}</p>\n");
        page.Append("<div class=\"wide\"><table><thead><tr><th>stage</th><th>done</th><th>in</th><th>kept</th><th>dropped</th><th>failed</th><th>read</th><th>rate</th><th>time</th><th>left</th><th class=\"text\">why</th></tr></thead><tbody>\n");
        foreach (var stage in run.Stages)
        {
            var seconds = Math.Max(stage.Seconds, 0.001);
            var reasons = stage.Books.Dropped.Concat(stage.Books.Failed).OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Take(MostReasons).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key} {r.Value:N0}"));
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(stage.Stage)}{(stage.IsRunning && stage.Step.Length > 0 ? ": " + Text(stage.Step) : "")}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{(stage.IsUpToDate ? "up to date" : stage.HasEnded ? "whole" : $"<progress max=\"1\" value=\"{stage.Progress:F3}\"></progress> {100 * stage.Progress:F0} %")}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{stage.Books.In:N0}</td><td>{stage.Books.Kept:N0}</td><td>{stage.Books.DroppedTotal:N0}</td><td>{stage.Books.FailedTotal:N0}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{SizeText.FormatRounded(stage.BytesRead)}</td><td>{(stage.IsUpToDate ? "" : $"{SizeText.FormatRounded((long)(stage.BytesRead / seconds))}/s, {stage.RecordsSeen / seconds:N0} files/s")}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{Duration(TimeSpan.FromSeconds(stage.Seconds))}</td><td>{(stage.IsRunning ? Duration(TimeSpan.FromSeconds(Math.Min(stage.EtaSeconds, 31_536_000))) : "")}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"why\">{Text(stage.Error ?? string.Join(", ", reasons))}</td></tr>\n");
        }

        page.Append("</tbody></table></div>\n");
    }

    private static void Runs(StringBuilder page, IReadOnlyList<RunRecord> runs, DateTimeOffset now)
    {
        page.Append("<h2>Runs</h2>\n<div class=\"wide\"><table><thead><tr><th>begun (UTC)</th><th class=\"text\">command</th><th class=\"text\">status</th><th>time</th><th>exit code</th><th>in</th><th>kept</th><th class=\"text\">id</th></tr></thead><tbody>\n");
        foreach (var run in runs.Take(MostRuns))
        {
            var status = RunStatus.Of(run, now);
            var (first, last) = (run.Stages.Count > 0 ? run.Stages[0].Books.In : 0, run.Stages.LastOrDefault(s => s.HasEnded)?.Books.Kept ?? 0);
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{run.Started.UtcDateTime:yyyy-MM-dd HH:mm:ss}</td><td class=\"text\">{Text(run.Command)}</td><td class=\"text {status}\">{RunStatus.Word(run, now)}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{Duration((status == RunStatus.Running ? now : run.Updated) - run.Started)}</td><td>{run.ExitCode}</td><td>{first:N0}</td><td>{last:N0}</td><td class=\"text\">{Text(run.RunId)}</td></tr>\n");
        }

        page.Append("</tbody></table></div>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(Shared.Printable.Of(text));

    private static string Duration(TimeSpan time) => time < TimeSpan.Zero ? "0 s" : time.TotalMinutes < 1 ? $"{time.TotalSeconds:F1} s" : $"{(long)time.TotalHours}:{time:mm\\:ss}";
}
