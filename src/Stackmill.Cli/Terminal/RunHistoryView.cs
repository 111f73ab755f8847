using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Stackmill.Core.Engine;
using Stackmill.Monitoring.Runs;

namespace Stackmill.Cli.Terminal;

/// <summary>Runs of a project for people, and as JSON.</summary>
internal static class RunHistoryView
{
    /// <summary>The runs, one a row.</summary>
    public static void List(IReadOnlyList<RunRecord> runs, DateTimeOffset now, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("run", "started (UTC)", "command", "status", "exit").AddColumn(new TableColumn("seconds").RightAligned())
            .AddColumn(new TableColumn("in").RightAligned()).AddColumn(new TableColumn("kept").RightAligned());
        foreach (var run in runs)
        {
            var (first, last) = (run.Stages is [var stage, ..] ? stage : null, run.Stages.LastOrDefault(s => s.Books.Kept > 0));
            table.AddRow(
                run.RunId, Time(run.Started), Markup.Escape(run.Command), RunStatus.Word(run, now), run.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "",
                Seconds((run.Updated - run.Started).TotalSeconds), Number(first?.Books.In), Number(last?.Books.Kept));
        }

        console.Write(table);
    }

    /// <summary>One run with its stages.</summary>
    public static void Show(RunRecord run, DateTimeOffset now, IAnsiConsole console)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                grid.AddRow(name, Markup.Escape(value));
        }

        Add("run", run.RunId);
        Add("command", $"{run.Command} (Stackmill {run.Version})");
        Add("pipeline", run.PipelineName);
        Add("machine", string.Create(CultureInfo.InvariantCulture, $"{run.Machine}, process {run.ProcessId}"));
        Add("started", Time(run.Started));
        Add("seconds", Seconds((run.Updated - run.Started).TotalSeconds));
        Add("status", RunStatus.Word(run, now) + (run.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $", exit code {code}") : ""));
        Add("error", run.Error);
        console.Write(grid);
        var table = new Table().Border(TableBorder.Rounded).AddColumn("stage");
        foreach (var name in new[] { "seconds", "tasks", "reused", "in", "kept", "dropped", "failed", "bytes read" })
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var stage in run.Stages)
        {
            table.AddRow(
                Markup.Escape(stage.Stage + (stage.IsUpToDate ? " (up to date)" : "")), Seconds(stage.Seconds), Number(stage.Tasks), Number(stage.Reused), Number(stage.Books.In), Number(stage.Books.Kept),
                Number(stage.Books.DroppedTotal), Number(stage.Books.FailedTotal), Number(stage.BytesRead));
        }

        console.Write(table);
    }

    /// <summary>What is different between two runs, stage by stage.</summary>
    public static void Compare(RunRecord left, RunRecord right, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("stage", "what").AddColumn(new TableColumn(Time(left.Started)).RightAligned())
            .AddColumn(new TableColumn(Time(right.Started)).RightAligned()).AddColumn(new TableColumn("change").RightAligned());
        if (left.Version != right.Version)
            table.AddRow("", "version", Markup.Escape(left.Version), Markup.Escape(right.Version), "");
        foreach (var (stage, a, b) in RunHistory.Compare(left, right))
        {
            table.AddRow(Markup.Escape(stage), "seconds", Seconds(a?.Seconds), Seconds(b?.Seconds), a is null || b is null ? "" : Change(b.Seconds - a.Seconds, "0.00"));
            foreach (var (what, before, after) in RunHistory.Differences(a, b))
                table.AddRow("", Markup.Escape(what), Number(before), Number(after), Change(after - before, "N0"));
        }

        console.Write(table);
    }

    /// <summary>The same as JSON.</summary>
    public static string Json(object value) => JsonSerializer.Serialize(value, ShardRunner.Json);

    private static string Change(double change, string format) => (change > 0 ? "+" : "") + change.ToString(format, CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Seconds(double? seconds) => seconds?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "";
}
