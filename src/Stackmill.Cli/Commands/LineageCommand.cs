using System.CommandLine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Lineage;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill lineage</c>: what was made of what.</summary>
internal static class LineageCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "Project folder, a folder of event files, or such a file.", DefaultValueFactory = _ => "." };
        var format = new Option<string>("--format", "-f") { Description = "text, mermaid, dot or json.", DefaultValueFactory = _ => GraphText.Formats[0], HelpName = "FORMAT" };
        var columns = new Option<bool>("--columns") { Description = "Show which columns come from which." };
        var run = new Option<string?>("--run") { Description = "Only the run with this id, or one that begins so, with its stages; or the tasks of the plan with such an id.", HelpName = "ID" };
        var command = new Command("lineage",
            """
            Draws what was made of what, from the OpenLineage events that runs leave in logs/lineage of a project when
            lineage.enabled is set.

            Example: stackmill lineage ./project --format mermaid
            """) { path, format, columns, run };
        command.SetAction(parsed =>
        {
            var form = parsed.GetValue(format)!;
            if (!GraphText.Formats.Contains(form))
                throw new UsageException($"--format {form}: expected {string.Join(", ", GraphText.Formats)}.");
            var graph = LineageGraph.Read(LineageEvents.Open(StoragePaths.RequireLocal(parsed.GetValue(path)!)), parsed.GetValue(run), parsed.GetValue(columns));
            Console.Out.Write(GraphText.Write(graph, form));
            if (graph.Unreadable > 0)
                Console.Error.WriteLine($"note: {graph.Unreadable:N0} lines are no events, such as the last of a run that was killed; they are left out.");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
