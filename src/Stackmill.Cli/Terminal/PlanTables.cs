using System.Globalization;
using Spectre.Console;
using Stackmill.Runs.Plans;
using Stackmill.Shared.Configuration;

namespace Stackmill.Cli.Terminal;

/// <summary>A plan as a table, and as JSON.</summary>
internal static class PlanTables
{
    private const string Shards = "shards";
    private const string Needs = "needs";

    // A border, and a space on both sides of each cell.
    private const int PerColumn = 3;

    /// <summary>Prints a plan.</summary>
    public static void Print(RunPlan plan, string project, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(plan.ToJson());
            return;
        }

        Print(plan, RunTables.Console());
        Console.Out.WriteLine($"plan {plan.Id[..12]} in {RunPlan.PathIn(project)}");
    }

    /// <summary>Prints the groups. No name is broken, for people copy them: where the terminal is too narrow, columns are left out instead.</summary>
    public static void Print(RunPlan plan, IAnsiConsole console)
    {
        var columns = new List<(string Name, Func<PlanGroup, string> Cell)>
        {
            ("group", g => g.Group),
            ("tasks", g => g.Count.ToString(CultureInfo.InvariantCulture)),
            (Shards, g => g.Kind != PlanGroup.TasksKind ? "" : g.Shards?.ToString(CultureInfo.InvariantCulture) ?? "later"),
            ("bytes", g => g.Bytes is { } bytes ? SizeText.FormatRounded(bytes) : ""),
            (Needs, g => string.Join(",\n", g.Needs)),
        };
        var leftOut = new List<string>();
        foreach (var name in (string[])[Shards, Needs])
        {
            if (1 + columns.Sum(c => PerColumn + plan.Groups.SelectMany(g => c.Cell(g).Split('\n')).Append(c.Name).Max(t => t.Length)) <= console.Profile.Width)
                break;
            columns.RemoveAll(c => c.Name == name);
            leftOut.Add(name);
        }

        var table = new Table();
        foreach (var (name, _) in columns)
            table.AddColumn(new TableColumn(name).NoWrap());
        foreach (var group in plan.Groups)
            table.AddRow([.. columns.Select(c => Markup.Escape(c.Cell(group)))]);
        console.Write(table);
        if (leftOut.Count > 0)
            console.WriteLine($"For a wider terminal, or --json: {string.Join(" and ", leftOut)}.");
    }
}
