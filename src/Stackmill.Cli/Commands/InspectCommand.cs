using System.CommandLine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Runs;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill inspect</c>: what the pipeline would decide of single files.</summary>
internal static class InspectCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var files = new Argument<string[]>("FILE") { Description = "Files to look at, or s3:// addresses of such.", Arity = ArgumentArity.ZeroOrMore };
        var stdin = new Option<bool>("--stdin") { Description = "Read JSON lines {\"id\", \"path\", \"text\"} or {\"id\", \"path\", \"base64\"}; one answer a line." };
        var json = new Option<bool>("--json") { Description = "One line a file, also on a terminal." };
        var command = new Command("inspect",
            """
            Prints all that the pipeline would decide of single files, one JSON object a file, and writes nothing:
            encoding, is_binary, language, licenses and license_type (of the file alone), measures, redactions (places in code
            points of the decoded input), verdict, reason, content.

            Example: stackmill inspect src/main.py
            """) { files, stdin, json };
        var common = new CommonOptions().AddTo(command, works: false);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed);
            var paths = parsed.GetValue(files) ?? [];
            if (paths.Length == 0 && !parsed.GetValue(stdin))
                throw new UsageException("there is nothing to inspect: name files, or give JSON lines with --stdin.");
            using var output = Console.OpenStandardOutput();
            var inspector = new Inspector(options, output, indented: !parsed.GetValue(json) && !parsed.GetValue(stdin) && !Console.IsOutputRedirected);
            using var storage = new StoragePaths(options.Storage, new Observers(), cancellation);
            foreach (var path in paths)
                inspector.File(storage.Input(path), path);
            if (parsed.GetValue(stdin))
            {
                using var input = Console.OpenStandardInput();
                inspector.Lines(input);
            }

            return (int)(inspector.Failures > 0 ? ExitCode.ShardsFailed : ExitCode.Done);
        });
        return command;
    }
}
