using System.CommandLine;
using Stackmill.Versioning.Reports;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill data metrics</c>: what metric files hold, and how it changed.</summary>
internal static class DataMetricsCommand
{
    public static Command Create(CancellationToken cancellation) => new("metrics",
        """
        Shows metrics, and how they differ between commits.

        Example: stackmill data metrics --help
        """)
    {
        Show(cancellation),
        Diff(cancellation),
    };

    private static Command Show(CancellationToken cancellation)
    {
        var targets = DataOptions.Targets("Files of metrics; without one, all.");
        var json = Json();
        var command = new Command("show",
            """
            Shows what the files of metrics hold.

            Example: stackmill data metrics show
            """) { targets, json };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session =>
        {
            var metrics = MetricsReport.Now(session, parsed.GetValue(targets) ?? []);
            if (parsed.GetValue(json))
                DataCommand.Print(MetricsReport.Json(metrics));
            else
                DataCommand.Print(MetricsReport.Lines(metrics));
        }));
        return command;
    }

    private static Command Diff(CancellationToken cancellation)
    {
        var from = new Argument<string>("FROM") { Description = "The earlier commit, branch or tag.", DefaultValueFactory = _ => "HEAD" };
        var to = new Argument<string?>("TO") { Description = "The later one; without it the workspace.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Also values that did not change." };
        var json = Json();
        var command = new Command("diff",
            """
            Shows how metrics differ between two commits, or since one.

            Example: stackmill data metrics diff HEAD
            """) { from, to, all, json };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session =>
        {
            var (earlier, later) = (parsed.GetValue(from)!, parsed.GetValue(to));
            var differences = MetricsReport.Compare(
                MetricsReport.At(session, earlier, []), later is null ? MetricsReport.Now(session, []) : MetricsReport.At(session, later, []), parsed.GetValue(all));
            if (parsed.GetValue(json))
                DataCommand.Print(MetricsReport.Json(differences));
            else
                DataCommand.Print(MetricsReport.Lines(differences, earlier, later ?? "workspace"));
        }));
        return command;
    }

    private static Option<bool> Json() => new("--json") { Description = "One JSON object, as DVC's." };
}
