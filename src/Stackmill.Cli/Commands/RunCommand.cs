using System.CommandLine;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Runs;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill run</c>: all stages.</summary>
internal static class RunCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var output = new Option<string?>("--output", "-o") { Description = "Project folder: data/, reports/ and logs/ go there.", HelpName = "DIR" };
        var command = new Command("run",
            """
            Runs all stages: organize, preprocess, deduplicate, validate, statistics, export. Where the input is rows that
            describe files (The Stack v2), metadata and contents go before them.
            Stages whose input, options and code are unchanged are skipped; an interrupted run is gone on with.

            Example: stackmill run --input ~/src --output ./project --workers 8 --memory 4GB
            """) { output };
        var from = new SourceOptions(optional: true).AddTo(command);
        var selection = new SelectionOptions().AddTo(command);
        var hub = new HubSourceOptions().AddTo(command);
        var fetch = new FetchOptions().AddTo(command);
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed, [.. from.Assignments(parsed), .. selection.Assignments(parsed), .. hub.Assignments(parsed), .. fetch.Assignments(parsed)]);
            var given = parsed.GetValue(output) ?? (options.OutputPaths.BaseDir.Length > 0 ? options.OutputPaths.BaseDir : null)
                ?? throw new UsageException("there is no --output, and the configuration has no output_paths.base_dir. Name the project folder, e.g. --output ./project.");
            var source = RunSource.Choose(from.Input(parsed), options);
            Pipeline.RequireApart(source, given);
            return common.RunInto(parsed, options, given, ProjectLayout.Logs, cancellation, project => Pipeline.Require(source, project, options), (project, context) =>
            {
                var result = Pipeline.Run(source, project, options, context, fetch.RetryFailed(parsed));
                return new Ended(result.ExitCode, () => RunTables.Print(result, given, common.IsJson(parsed)));
            });
        });
        return command;
    }
}
