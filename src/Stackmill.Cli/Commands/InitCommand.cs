using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Stackmill.Catalog;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Runs;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;
using Stackmill.Versioning.Projects;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill init</c>: a commented configuration file.</summary>
internal static class InitCommand
{
    private const string Heading = "Configuration of Stackmill. Every key is optional; the values here are the defaults.";

    public static Command Create(CancellationToken cancellation)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder to write into.", DefaultValueFactory = _ => "." };
        var force = new Option<bool>("--force") { Description = "Replace files that exist." };
        var dvc = new Option<bool>("--dvc") { Description = "Also dvc.yaml with the stages, and what makes the folder a DVC project." };
        var input = new Option<string?>("--input", "-i") { Description = "With --dvc: what the stages read, a path or address; without it what stackmill.yaml names.", HelpName = "PATH" };
        var command = new Command("init",
            """
            Writes stackmill.yaml with every key, its meaning and its default, and stackmill.schema.json for editors; with --dvc
            also dvc.yaml, whose stages 'stackmill data repro' and 'dvc repro' run.

            Example: stackmill init ./project --dvc --input ~/src
            """) { folder, force, dvc, input };
        command.SetAction(parsed =>
        {
            var target = StoragePaths.RequireLocal(parsed.GetValue(folder)!);
            if (parsed.GetValue(input) is not null && !parsed.GetValue(dvc))
                throw new UsageException("--input belongs to --dvc: stackmill.yaml alone names no input. Add --dvc, or set source in stackmill.yaml.");
            var files = new List<(string Name, string Text)>
            {
                ("stackmill.yaml", "# yaml-language-server: $schema=./stackmill.schema.json\n" + ConfigurationWriter.WriteYaml<StackmillOptions>(Heading)),
                ("stackmill.schema.json", ConfigurationSchema.Write<StackmillOptions>("Stackmill configuration")),
            };
            if (parsed.GetValue(dvc))
                files.AddRange(ProjectSetup.Files(target, Look(parsed.GetValue(input), cancellation)));
            foreach (var (name, _) in files)
            {
                if (File.Exists(Path.Combine(target, name)) && !parsed.GetValue(force))
                    throw new UsageException($"'{Path.Combine(target, name)}' exists; nothing was written. Use --force to replace it.");
            }

            foreach (var (name, text) in files)
            {
                AtomicFile.WriteAllBytes(Path.Combine(target, name), System.Text.Encoding.UTF8.GetBytes(text));
                Console.Out.WriteLine(Path.Combine(target, name));
            }

            if (parsed.GetValue(dvc))
                ProjectSetup.IgnoreOwn(target);

            return (int)ExitCode.Done;
        });
        return command;
    }

    // The stages are those that 'run' would do with the input: it is looked at in the same way.
    private static PipelineInput? Look(string? input, CancellationToken cancellation)
    {
        if (input is null)
            return null;
        var options = new StackmillOptions();
        using var console = new ConsoleObserver(Console.Error, false, 0, false);
        var context = new RunContext { Workers = 1, MemoryBytes = options.Memory, Observer = console, Loggers = NullLoggerFactory.Instance, Cancellation = cancellation };
        return new PipelineInput(input, RunSource.IsRemote(input), RunSource.DescribesFiles(input, options, context));
    }
}
