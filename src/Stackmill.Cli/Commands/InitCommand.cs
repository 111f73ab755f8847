using System.CommandLine;
using Stackmill.Catalog;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Shared.Configuration;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill init</c>: a commented configuration file.</summary>
internal static class InitCommand
{
    private const string Heading = "Configuration of Stackmill. Every key is optional; the values here are the defaults.";

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "Folder to write into.", DefaultValueFactory = _ => "." };
        var force = new Option<bool>("--force") { Description = "Replace files that exist." };
        var command = new Command("init",
            """
            Writes stackmill.yaml with every key, its meaning and its default, and stackmill.schema.json for editors.

            Example: stackmill init ./project
            """) { folder, force };
        command.SetAction(parsed =>
        {
            var target = StoragePaths.RequireLocal(parsed.GetValue(folder)!);
            var files = new (string Name, string Text)[]
            {
                ("stackmill.yaml", "# yaml-language-server: $schema=./stackmill.schema.json\n" + ConfigurationWriter.WriteYaml<StackmillOptions>(Heading)),
                ("stackmill.schema.json", ConfigurationSchema.Write<StackmillOptions>("Stackmill configuration")),
            };
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

            return (int)ExitCode.Done;
        });
        return command;
    }
}
