using System.CommandLine;
using Stackmill.Versioning.Pipelines;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill data repro</c>: runs stages of <c>dvc.yaml</c>.</summary>
internal static class DataReproCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var targets = DataOptions.Targets("Stages, with what they need; without one, all of dvc.yaml.");
        var force = new Option<bool>("--force", "-f") { Description = "Run stages that did not change too." };
        var single = new Option<bool>("--single-item", "-s") { Description = "Only the targets, not what they need." };
        var downstream = new Option<bool>("--downstream") { Description = "The targets and what needs them." };
        var dry = new Option<bool>("--dry") { Description = "Only tell what would run." };
        var noRuns = new Option<bool>("--no-run-cache") { Description = "Run also what was run with the same before." };
        var noCommit = new Option<bool>("--no-commit") { Description = "Leave the cache alone; data commit does it later." };
        var keepGoing = new Option<bool>("--keep-going", "-k") { Description = "Go on with stages that do not need the one that failed." };
        var missing = new Option<bool>("--allow-missing") { Description = "Take data that is not there for unchanged." };
        var command = new Command("repro",
            """
            Runs the stages of dvc.yaml whose inputs, parameters or commands changed, each after those that it needs, and
            writes dvc.lock. A stage that was run with the same before gets its outputs from the cache.

            Example: stackmill data repro
            """) { targets, force, single, downstream, dry, noRuns, noCommit, keepGoing, missing };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session =>
        {
            var options = new ReproductionOptions
            {
                Force = parsed.GetValue(force),
                Single = parsed.GetValue(single),
                Downstream = parsed.GetValue(downstream),
                Dry = parsed.GetValue(dry),
                UseRuns = !parsed.GetValue(noRuns),
                Commit = !parsed.GetValue(noCommit),
                KeepGoing = parsed.GetValue(keepGoing),
                AllowMissing = parsed.GetValue(missing),
            };
            if (new Reproduction(session, options).Run(parsed.GetValue(targets) ?? []).Count == 0)
                session.Output.WriteLine("data and stages are up to date");
        }));
        return command;
    }
}
