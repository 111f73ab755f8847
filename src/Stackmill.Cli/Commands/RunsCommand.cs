using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Monitoring.Runs;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill runs</c>: what became of the runs of a project folder.</summary>
internal static class RunsCommand
{
    private const int MostDamaged = 5;

    public static Command Create()
    {
        var command = new Command("runs",
            """
            Shows the runs of a project folder from the records that each leaves in logs/runs: when, what, how it ended, and the
            books and times of its stages.

            Example: stackmill runs --help
            """);
        var most = new Option<int>("--most", "-n") { Description = "Most runs to show.", DefaultValueFactory = _ => 20, HelpName = "N" };
        command.Subcommands.Add(Make("list", "Lists runs, the newest first.\n\nExample: stackmill runs list --project ./project", [most], (parsed, history) =>
        {
            if (parsed.GetValue(most) < 1)
                throw new UsageException($"--most {parsed.GetValue(most)}: expected a number from 1.");
            var runs = history.Records.Take(parsed.GetValue(most)).ToList();
            return (runs, console => RunHistoryView.List(runs, TimeProvider.System.GetUtcNow(), console));
        }));
        var one = new Argument<string>("RUN") { Description = "Id of a run, or what it begins with; 'last' for the newest. 'plan', or the id of a plan, for the tasks of a plan." };
        var tasks = new Option<int>("--tasks") { Description = "Of a plan: most tasks to show, those that failed first, then the slowest.", DefaultValueFactory = _ => 20, HelpName = "N" };
        command.Subcommands.Add(Make("show", "Shows one run with its stages; or what became of the tasks of a plan: times, counts, machines, attempts.\n\nExample: stackmill runs show last --project ./project", [one, tasks], (parsed, history) =>
        {
            if (parsed.GetValue(tasks) < 0)
                throw new UsageException($"--tasks {parsed.GetValue(tasks)}: expected a number from 0.");
            RunHistory.RequireId(parsed.GetValue(one)!);
            if (TaskHistory.Find(history.Logs, parsed.GetValue(one)!, TimeProvider.System.GetUtcNow(), NullLogger.Instance) is { } planned)
            {
                var foremost = planned.Foremost(parsed.GetValue(tasks));
                return (new PlannedTasks(planned.PlanId, planned.Attempts.Count, planned.Groups(), foremost), console => TaskHistoryView.Show(planned, foremost, console));
            }

            var run = history.Find(parsed.GetValue(one)!);
            return (run, console => RunHistoryView.Show(run, TimeProvider.System.GetUtcNow(), console));
        }));
        var (left, right) = (new Argument<string>("RUN") { Description = "Id of the first run, or what it begins with." }, new Argument<string>("OTHER") { Description = "Id of the second; 'last' for the newest." });
        command.Subcommands.Add(Make("compare", "Shows times, and the counts that differ, of two runs, stage by stage.\n\nExample: stackmill runs compare 019a1c2f last --project ./project", [left, right], (parsed, history) =>
        {
            var (a, b) = (history.Find(parsed.GetValue(left)!), history.Find(parsed.GetValue(right)!));
            return (new RunComparison(a.RunId, b.RunId, [.. RunHistory.Compare(a, b).Select(s => new StageComparison(s.Stage, s.Left?.Seconds, s.Right?.Seconds, [.. RunHistory.Differences(s.Left, s.Right).Select(d => new CountChange(d.What, d.Left, d.Right))]))]),
                console => RunHistoryView.Compare(a, b, console));
        }));
        return command;
    }

    private static Command Make(string name, string description, IReadOnlyList<Symbol> symbols, Func<ParseResult, RunHistory, (object Value, Action<IAnsiConsole> Print)> answer)
    {
        var project = new Option<string>("--project", "-p") { Description = "Project folder whose runs are shown.", Required = true, HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add((Option)symbol);
        }

        command.Options.Add(project);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var folder = StoragePaths.RequireLocal(parsed.GetValue(project)!);
            if (!Directory.Exists(folder))
                throw new UsageException($"there is no project folder '{folder}'. Expected the --output of a run.");
            var history = RunHistory.Open(ProjectLayout.Logs(folder), NullLogger.Instance);
            foreach (var path in history.Damaged.Take(MostDamaged))
                System.Console.Error.WriteLine($"warning: the record '{path}' is damaged, and left out. Remove it.");
            if (history.Damaged.Count > MostDamaged)
                System.Console.Error.WriteLine($"warning: {history.Damaged.Count - MostDamaged:N0} more records are damaged.");
            var (value, print) = answer(parsed, history);
            if (parsed.GetValue(json))
                System.Console.Out.WriteLine(RunHistoryView.Json(value));
            else
                print(RunTables.Console());
            return (int)ExitCode.Done;
        });
        return command;
    }

    private sealed record PlannedTasks(string Plan, int Attempts, IReadOnlyList<TaskGroupFigures> Groups, IReadOnlyList<TaskAttempt> Tasks);

    private sealed record RunComparison(string Left, string Right, IReadOnlyList<StageComparison> Stages);

    private sealed record StageComparison(string Stage, double? LeftSeconds, double? RightSeconds, IReadOnlyList<CountChange> Counts);

    private sealed record CountChange(string What, long Left, long Right);
}
