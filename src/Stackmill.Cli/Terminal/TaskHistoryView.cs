using System.Globalization;
using Spectre.Console;
using Stackmill.Monitoring.Runs;

namespace Stackmill.Cli.Terminal;

/// <summary>The tasks of a plan for people: figures of each group, and the tasks to look at.</summary>
internal static class TaskHistoryView
{
    /// <summary>Shows them.</summary>
    public static void Show(TaskHistory history, IReadOnlyList<TaskAttempt> foremost, IAnsiConsole console)
    {
        console.WriteLine($"plan {history.PlanId}…, {Number(history.Attempts.Count)} attempts");
        var groups = new Table().Border(TableBorder.Rounded).AddColumn("group");
        foreach (var name in new[] { "tasks", "done", "bad", "attempts", "machines", "seconds", "slowest", "in", "kept" })
            groups.AddColumn(new TableColumn(name).RightAligned());
        foreach (var group in history.Groups())
        {
            groups.AddRow(
                Markup.Escape(group.Group), Number(group.Tasks), Number(group.Done), Number(group.Bad), Number(group.Attempts), Number(group.Machines), Seconds(group.Seconds), Seconds(group.Slowest),
                Number(group.In), Number(group.Kept));
        }

        console.Write(groups);
        if (foremost.Count == 0)
            return;
        var tasks = new Table().Border(TableBorder.Rounded).AddColumns("task", "attempt", "machine", "outcome", "exit", "started (UTC)");
        foreach (var name in new[] { "seconds", "in", "kept", "bytes read" })
            tasks.AddColumn(new TableColumn(name).RightAligned());
        foreach (var task in foremost)
        {
            tasks.AddRow(
                Markup.Escape(task.Task), Number(task.Attempt), Markup.Escape(task.Machine), task.ExitCode is { } code ? RunStatus.Ended(code) : task.Outcome, task.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "",
                task.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), Seconds(task.Seconds), Number(task.In), Number(task.Kept), Number(task.Bytes));
        }

        console.Write(tasks);
        if (foremost.Count < history.Attempts.Count)
            console.WriteLine($"{Number(history.Attempts.Count - foremost.Count)} more are not shown; --tasks shows more.");
        foreach (var task in foremost.Where(t => t.Error is not null))
            console.WriteLine($"{task.Task}: {task.Error}");
    }

    private static string Seconds(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
