using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Versioning.Pipelines;
using Stackmill.Versioning.Reports;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill data</c>: data and stages in the formats of DVC 3; here those that only look.</summary>
internal static class DataCommand
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(CancellationToken cancellation) => new("data",
        """
        Keeps versions of data, and runs stages of dvc.yaml, in DVC 3's own files: DVC and these commands may be used in turn.
        Exit codes: 0 done, 1 it could not be done (status --quiet: something changed), 2 wrong usage.

        Example: stackmill data --help
        """)
    {
        Status(cancellation),
        DataStoreCommands.Add(cancellation),
        DataStoreCommands.Commit(cancellation),
        DataStoreCommands.Checkout(cancellation),
        DataStoreCommands.Push(cancellation),
        DataStoreCommands.Pull(cancellation),
        DataStoreCommands.Fetch(cancellation),
        DataStoreCommands.Collect(cancellation),
        DataReproCommand.Create(cancellation),
        Diff(cancellation),
        Dag(cancellation),
        DataMetricsCommand.Create(cancellation),
        DataRemoteCommand.Create(),
    };

    /// <summary>Prints an object on one line.</summary>
    internal static void Print(JsonObject node) => Console.Out.WriteLine(node.ToJsonString(Json));

    /// <summary>Prints lines.</summary>
    internal static void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Console.Out.WriteLine(line);
    }

    private static Command Status(CancellationToken cancellation)
    {
        var targets = DataOptions.Targets("Stages or outputs; without one, all.");
        var json = new Option<bool>("--json") { Description = "One JSON object, as DVC's." };
        var command = new Command("status",
            """
            Tells which dependencies, parameters, outputs and commands are not as they were when their stage last ran.
            Exit codes: 0 told, 1 with --quiet when something changed.

            Example: stackmill data status
            """) { targets, json };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session =>
        {
            _ = StageGraph.Of(session.Index);
            var changed = session.Index.Find(parsed.GetValue(targets) ?? []).Select(session.StatusOf).Where(s => !s.IsClean).ToList();
            if (common.IsQuiet(parsed))
                return changed.Count == 0 ? (int)ExitCode.Done : (int)ExitCode.RunFault;
            if (parsed.GetValue(json))
                Print(StatusReport.Json(changed));
            else
                Print(StatusReport.Lines(changed));
            return (int)ExitCode.Done;
        }));
        return command;
    }

    private static Command Diff(CancellationToken cancellation)
    {
        var from = new Argument<string>("FROM") { Description = "The earlier commit, branch or tag.", DefaultValueFactory = _ => "HEAD" };
        var to = new Argument<string?>("TO") { Description = "The later one; without it the workspace.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "One JSON object, as DVC's." };
        var command = new Command("diff",
            """
            Tells which data was added, deleted, renamed or modified between two commits, or since one.

            Example: stackmill data diff HEAD
            """) { from, to, json };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session =>
        {
            var diff = DataDiff.Of(session, parsed.GetValue(from)!, parsed.GetValue(to));
            if (parsed.GetValue(json))
                Print(diff.Json());
            else
                Print(diff.Lines());
        }));
        return command;
    }

    private static Command Dag(CancellationToken cancellation)
    {
        var targets = DataOptions.Targets("Stages, with what they need; without one, all.");
        var dot = new Option<bool>("--dot") { Description = "For Graphviz." };
        var mermaid = new Option<bool>("--mermaid") { Description = "For Mermaid." };
        var command = new Command("dag",
            """
            Shows which stage needs which, each after those that it needs.

            Example: stackmill data dag --mermaid
            """) { targets, dot, mermaid };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session =>
        {
            if (parsed.GetValue(dot) && parsed.GetValue(mermaid))
                throw new UsageException("--dot and --mermaid are two forms; give one.");
            var graph = StageGraph.Of(session.Index);
            var stages = graph.Order(session.Index.Find(parsed.GetValue(targets) ?? []), downstream: false);
            Print(parsed.GetValue(dot) ? GraphDrawing.Dot(graph, stages) : parsed.GetValue(mermaid) ? GraphDrawing.Mermaid(graph, stages) : GraphDrawing.Text(graph, stages));
        }));
        return command;
    }
}
