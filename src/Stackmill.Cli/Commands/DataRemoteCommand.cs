using System.CommandLine;
using Stackmill.Core.Stages;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Remotes;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill data remote</c>: where objects are pushed to.</summary>
internal static class DataRemoteCommand
{
    public static Command Create() => new("remote",
        """
        Adds and lists remotes: folders, and s3:// addresses. DVC knows more kinds; those are left to it.

        Example: stackmill data remote --help
        """)
    {
        Add(),
        List(),
    };

    private static Command Add()
    {
        var name = new Argument<string>("NAME") { Description = "Its name in the configuration." };
        var url = new Argument<string>("URL") { Description = "A folder, or s3://bucket/prefix." };
        var standard = new Option<bool>("--default", "-d") { Description = "Make it the standard one." };
        var force = new Option<bool>("--force", "-f") { Description = "Change the one of that name." };
        var local = new Option<bool>("--local") { Description = "Into .dvc/config.local, which Git does not keep." };
        var folder = Folder();
        var command = new Command("add",
            """
            Writes a remote into the project's configuration.

            Example: stackmill data remote add --default storage s3://bucket/project
            """) { name, url, standard, force, local, folder };
        command.SetAction(parsed =>
        {
            var project = DvcProject.Find(parsed.GetValue(folder)!);
            RemoteList.Add(project, parsed.GetValue(name)!, parsed.GetValue(url)!, parsed.GetValue(standard), parsed.GetValue(force), parsed.GetValue(local));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command List()
    {
        var folder = Folder();
        var command = new Command("list",
            """
            Lists the remotes of the project's configuration.

            Example: stackmill data remote list
            """) { folder };
        command.SetAction(parsed =>
        {
            foreach (var (name, url, isStandard) in RemoteList.All(DvcProject.Find(parsed.GetValue(folder)!)))
                Console.Out.WriteLine($"{name}\t{url}{(isStandard ? "\t(default)" : "")}");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Option<string> Folder() => new("--cd") { Description = "Folder to work in: the project's, or one inside.", HelpName = "DIR", DefaultValueFactory = _ => "." };
}
