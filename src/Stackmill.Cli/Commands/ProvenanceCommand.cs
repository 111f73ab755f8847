using System.CommandLine;
using Stackmill.Core.Stages;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Runs.Provenance;
using Stackmill.Shared;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill provenance</c>: is a release what its statement says.</summary>
internal static class ProvenanceCommand
{
    private const int MostShown = 20;

    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "Project folder, folder of a release, or its release.intoto.json." };
        var release = new Option<string?>("--release") { Description = "Folder of the release, where it lies elsewhere than runs put it.", HelpName = "DIR" };
        var command = new Command("provenance",
            """
            Checks that the files of a release are those that its provenance names, by their SHA-256. Exit code 4 when one is
            missing or has changed. The provenance (in-toto, SLSA) is written with a release when lineage.provenance is set; it
            is not signed.

            Example: stackmill provenance ./project
            """) { path, release };
        command.SetAction(parsed =>
        {
            var check = ProvenanceCheck.Run(StoragePaths.RequireLocal(parsed.GetValue(path)!), parsed.GetValue(release));
            var wrong = check.Subjects.Where(s => s.Trouble is not null).ToList();
            foreach (var subject in wrong.Take(MostShown))
                Console.Out.WriteLine(Printable.Of($"{subject.Name}: {subject.Trouble}"));
            Console.Out.WriteLine(Printable.Of($"{check.Subjects.Count - wrong.Count:N0} of {check.Subjects.Count:N0} files of '{check.Release}' are as '{check.Statement}' says."));
            return (int)(check.Passed ? ExitCode.Done : ExitCode.ValidationFailed);
        });
        return command;
    }
}
