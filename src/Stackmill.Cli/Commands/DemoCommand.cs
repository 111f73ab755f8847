using System.CommandLine;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Runs;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill demo</c>: the whole pipeline on the shipped samples.</summary>
internal static class DemoCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var output = new Option<string>("--output", "-o") { Description = "Project folder.", DefaultValueFactory = _ => "demo-output", HelpName = "DIR" };
        var samples = new Option<string?>("--samples") { Description = "Folder of the samples (default: samples/corpus beside the program's launcher).", HelpName = "DIR" };
        var command = new Command("demo",
            """
            Runs the whole pipeline on the shipped samples, a small corpus with planted flaws, and prints where the results are.

            Example: stackmill demo
            """) { output, samples };
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed);
            var source = parsed.GetValue(samples) ?? Find();
            var project = parsed.GetValue(output)!;
            return common.RunInto(parsed, options, project, ProjectLayout.Logs, cancellation, folder => Pipeline.Require(source, folder, options), (folder, context) =>
            {
                var result = Pipeline.Run(source, folder, options, context);
                return new Ended(result.ExitCode, () => RunTables.Print(result, project, common.IsJson(parsed)));
            });
        });
        return command;
    }

    // The launcher names the project's root; a program that was moved finds the samples above itself.
    private static string Find()
    {
        var starts = new[] { Environment.GetEnvironmentVariable("STACKMILL_HOME"), AppContext.BaseDirectory };
        foreach (var start in starts.OfType<string>().Where(s => s.Length > 0))
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var samples = Path.Combine(folder.FullName, "samples", "corpus");
                if (Directory.Exists(samples))
                    return samples;
            }
        }

        throw new UsageException("the samples are not here: there is no folder samples/corpus beside or above the program. Name it with --samples.");
    }
}
