using System.CommandLine;
using Stackmill.Core.Stages;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Runs.Provenance;
using Stackmill.Shared;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill provenance</c>: is a release what its statement says.</summary>
internal static class ProvenanceCommand
{
    private const int MostNameChars = 300;

    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "Project folder, folder of a release, or its release.intoto.json." };
        var release = new Option<string?>("--release") { Description = "Folder of the release, where it lies elsewhere than runs put it.", HelpName = "DIR" };
        var command = new Command("provenance",
            """
            Checks that the files of a release are those that its provenance names, by their SHA-256. Exit code 4 when one is
            missing, has changed or was added. The provenance (in-toto, SLSA) is written with a release when lineage.provenance is set; it
            is not signed.

            Example: stackmill provenance ./project
            """) { path, release };
        command.SetAction(parsed =>
        {
            var check = ProvenanceCheck.Run(StoragePaths.RequireLocal(parsed.GetValue(path)!), parsed.GetValue(release));
            foreach (var subject in check.Told)
                Console.Out.WriteLine($"{Printable.Line(subject.Name, MostNameChars)}: {Printable.Line(subject.Trouble, MostNameChars)}");
            if (check.Wrong + check.Strange - check.Told.Count is > 0 and var more)
                Console.Out.WriteLine($"and {more:N0} more");
            var others = check.Strange > 0 ? $"; {check.Strange:N0} that lie there are not in it" : "";
            Console.Out.WriteLine(Printable.Of($"{Math.Max(0, check.Files - check.Wrong):N0} of {check.Files:N0} files of '{check.Release}' are as '{check.Statement}' says{others}."));
            return (int)(check.Passed ? ExitCode.Done : ExitCode.ValidationFailed);
        });
        return command;
    }
}
