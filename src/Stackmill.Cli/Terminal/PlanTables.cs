using System.Globalization;
using Spectre.Console;
using Stackmill.Runs.Plans;
using Stackmill.Shared.Configuration;

namespace Stackmill.Cli.Terminal;

/// <summary>A plan as a table, and as JSON.</summary>
internal static class PlanTables
{
    /// <summary>Prints a plan.</summary>
    public static void Print(RunPlan plan, string project, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(plan.ToJson());
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        var table = new Table().AddColumns("group", "tasks", "shards", "bytes", "needs");
        foreach (var group in plan.Groups)
        {
            table.AddRow(
                Markup.Escape(group.Group), group.Count.ToString(CultureInfo.InvariantCulture), group.Kind != PlanGroup.TasksKind ? "" : group.Shards?.ToString(CultureInfo.InvariantCulture) ?? "later",
                group.Bytes is { } bytes ? SizeText.FormatRounded(bytes) : "", Markup.Escape(string.Join(", ", group.Needs)));
        }

        console.Write(table);
        Console.Out.WriteLine($"plan {plan.Id[..12]} in {RunPlan.PathIn(project)}");
    }
}
