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
            Runs all stages: organize, preprocess, deduplicate, validate, statistics, export.
            Stages whose input, options and code are unchanged are skipped; an interrupted run is gone on with.

            Example: stackmill run --input ~/src --output ./project --workers 8 --memory 4GB
            """) { output };
        var from = new SourceOptions().AddTo(command);
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed, from.Assignments(parsed));
            var project = parsed.GetValue(output) ?? (options.OutputPaths.BaseDir.Length > 0 ? options.OutputPaths.BaseDir : null)
                ?? throw new UsageException("there is no --output, and the configuration has no output_paths.base_dir. Name the project folder, e.g. --output ./project.");
            var source = from.Input(parsed);
            Pipeline.Require(source, project, options);
            return common.Run(parsed, options, ProjectLayout.Logs(project), cancellation, context =>
            {
                var result = Pipeline.Run(source, project, options, context);
                RunTables.Print(result, project, common.IsJson(parsed));
                return (int)result.ExitCode;
            });
        });
        return command;
    }
}
