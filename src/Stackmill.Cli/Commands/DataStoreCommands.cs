using System.CommandLine;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Actions;

namespace Stackmill.Cli.Commands;

/// <summary>Commands of <c>stackmill data</c> that move data between workspace, cache and remotes.</summary>
internal static class DataStoreCommands
{
    public static Command Add(CancellationToken cancellation)
    {
        var targets = DataOptions.Targets("Files and folders.", required: true);
        var command = new Command("add",
            """
            Takes files and folders into the cache and writes a .dvc file beside each, for Git to keep in their place.

            Example: stackmill data add data/raw
            """) { targets };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session => DataAdd.Run(session, parsed.GetValue(targets)!)));
        return command;
    }

    public static Command Commit(CancellationToken cancellation)
    {
        var targets = DataOptions.Targets("Stages or outputs; without one, all that changed.");
        var force = new Option<bool>("--force", "-f") { Description = "Also where inputs or commands changed since the stage ran." };
        var command = new Command("commit",
            """
            Writes down what is in the workspace as what the stages made, and takes it into the cache, without running them.

            Example: stackmill data commit --force
            """) { targets, force };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session => DataCommit.Run(session, parsed.GetValue(targets) ?? [], parsed.GetValue(force))));
        return command;
    }

    public static Command Checkout(CancellationToken cancellation)
    {
        var targets = DataOptions.Targets("Stages or outputs; without one, all.");
        var force = Force();
        var relink = new Option<bool>("--relink") { Description = "Make all files anew as cache.type says." };
        var command = new Command("checkout",
            """
            Makes the workspace hold what dvc.lock and .dvc files say, from the cache.

            Example: stackmill data checkout
            """) { targets, force, relink };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session => DataCheckout.Run(session, parsed.GetValue(targets) ?? [], parsed.GetValue(force), parsed.GetValue(relink))));
        return command;
    }

    public static Command Push(CancellationToken cancellation)
    {
        var (targets, remote, runs) = Transfer();
        var command = new Command("push",
            """
            Sends objects of the cache to a remote, as far as they are not there. Each is held to its hash first.

            Example: stackmill data push --remote storage
            """) { targets, remote, runs };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session => DataTransfer.Push(session, parsed.GetValue(targets) ?? [], parsed.GetValue(remote), parsed.GetValue(runs))));
        return command;
    }

    public static Command Pull(CancellationToken cancellation)
    {
        var (targets, remote, runs) = Transfer();
        var force = Force();
        var command = new Command("pull",
            """
            Fetches objects from a remote and checks them out.

            Example: stackmill data pull
            """) { targets, remote, runs, force };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session =>
        {
            var names = parsed.GetValue(targets) ?? [];
            var fetched = DataTransfer.Fetch(session, names, parsed.GetValue(remote), parsed.GetValue(runs));
            // What did come is checked out; the fault that tells of the rest is the first one.
            try
            {
                DataCheckout.Run(session, names, parsed.GetValue(force), relink: false);
            }
            catch (RunFaultException fault) when (fetched.Faults.Count > 0)
            {
                session.Output.WriteLine(fault.Message);
            }

            fetched.Require("fetched");
        }));
        return command;
    }

    public static Command Fetch(CancellationToken cancellation)
    {
        var (targets, remote, runs) = Transfer();
        var command = new Command("fetch",
            """
            Fetches objects from a remote into the cache. Each is held to its hash; a damaged one is not taken.

            Example: stackmill data fetch
            """) { targets, remote, runs };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed => common.Run(parsed, cancellation, session =>
            DataTransfer.Fetch(session, parsed.GetValue(targets) ?? [], parsed.GetValue(remote), parsed.GetValue(runs)).Require("fetched")));
        return command;
    }

    public static Command Collect(CancellationToken cancellation)
    {
        var workspace = new Option<bool>("--workspace") { Description = "Keep what the workspace needs." };
        var commits = new Option<bool>("--all-commits", "-A") { Description = "Keep what any commit of a branch or tag needs, too." };
        var cloud = new Option<bool>("--cloud", "-c") { Description = "Remove at the remote as well." };
        var remote = new Option<string?>("--remote", "-r") { Description = "The remote, for --cloud and for lists of folders that the cache lacks; without it the standard one.", HelpName = "NAME" };
        var force = new Option<bool>("--force", "-f") { Description = "Remove; without it nothing is." };
        var dry = new Option<bool>("--dry") { Description = "Only tell what would be removed." };
        var command = new Command("gc",
            """
            Removes objects from the cache that nothing needs any more. Earlier runs of stages are left alone.

            Example: stackmill data gc --workspace --dry
            """) { workspace, commits, cloud, remote, force, dry };
        var common = new DataOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            if (!parsed.GetValue(workspace) && !parsed.GetValue(commits))
                throw new UsageException("gc must be told what to keep: --workspace, or --all-commits. Nothing was removed.");
            if (!parsed.GetValue(force) && !parsed.GetValue(dry))
                throw new UsageException("gc removes for good what is not kept. Look with --dry, then use --force. Nothing was removed.");
            return common.Run(parsed, cancellation, session => DataCollection.Run(session, parsed.GetValue(commits), parsed.GetValue(cloud), parsed.GetValue(remote), parsed.GetValue(dry)));
        });
        return command;
    }

    private static Option<bool> Force() => new("--force", "-f") { Description = "Replace and remove files that the cache does not have." };

    private static (Argument<string[]> Targets, Option<string?> Remote, Option<bool> Runs) Transfer() => (
        DataOptions.Targets("Stages or outputs; without one, all."),
        new("--remote", "-r") { Description = "The remote; without it the standard one.", HelpName = "NAME" },
        new("--run-cache") { Description = "Also earlier runs of stages." });
}
