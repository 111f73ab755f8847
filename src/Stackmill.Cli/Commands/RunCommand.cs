using System.CommandLine;
using Stackmill.Cli.Terminal;
using Stackmill.Datasets;
using Stackmill.Runs;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill run</c>: all stages.</summary>
internal static class RunCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var command = new Command("run",
            """
            Runs all stages: organize, preprocess, deduplicate, validate, statistics, export. Where the input is rows that
            describe files (The Stack v2), metadata and contents go before them.
            Stages whose input, options and code are unchanged are skipped; an interrupted run is gone on with.

            Example: stackmill run --input ~/src --output ./project --workers 8 --memory 4GB
            """);
        var run = new RunOptions(command);
        command.SetAction(parsed =>
        {
            var options = run.Configuration(parsed);
            var given = run.Project(parsed, options);
            var source = run.Source(parsed, options);
            Pipeline.RequireApart(source, given);
            return run.Common.RunInto(parsed, options, given, ProjectLayout.Logs, cancellation, project => Pipeline.Require(source, project, options), (project, context) =>
            {
                var result = Pipeline.Run(source, project, options, context, run.RetryFailed(parsed));
                return new Ended(result.ExitCode, () => RunTables.Print(result, given, run.Common.IsJson(parsed)));
            });
        });
        return command;
    }
}
