using Spectre.Console;
using Stackmill.Cli.Terminal;
using Stackmill.Runs.Plans;

namespace Stackmill.Tests.Cli.Terminal;

public sealed class PlanTablesTests
{
    [Theory]
    [InlineData(160, "group tasks shards bytes needs")]
    [InlineData(80, "group tasks bytes needs")]
    [InlineData(60, "group tasks bytes")]
    public void Names_are_never_broken_and_columns_are_left_out_for_that(int width, string columns)
    {
        var needs = new PlanResources(1 << 30, 1);
        var plan = new RunPlan(1, "", "1.2.3", "input", "", new Dictionary<string, int>(), 0, [], [
            new PlanGroup("deduplicate.repositories", "deduplicate", PlanGroup.TasksKind, ["deduplicate.signatures", "organize.finish"], 1000, [], [], needs, [], 100_000, 123_456_789_012),
            new PlanGroup("deduplicate.finish", "deduplicate", PlanGroup.FinishKind, ["deduplicate.repositories"], 1, [], [], needs, []),
        ]);
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = width;
        PlanTables.Print(plan, console);

        var lines = text.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(columns.Split(' '), lines[1].Split('│', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Contains(lines, l => l.Contains(" deduplicate.repositories ", StringComparison.Ordinal));
        Assert.Equal(columns.EndsWith("needs", StringComparison.Ordinal), text.ToString().Contains(" deduplicate.signatures, ", StringComparison.Ordinal));
        Assert.All(lines, l => Assert.InRange(l.Length, 1, width));
        Assert.Equal(width < 160, lines[^1].StartsWith("For a wider terminal, or --json: shards", StringComparison.Ordinal));
    }
}
