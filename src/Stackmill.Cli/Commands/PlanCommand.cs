using System.CommandLine;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Runs;
using Stackmill.Runs.Plans;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill plan</c>: a run as data.</summary>
internal static class PlanCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var slots = new Option<int>("--slots") { Description = "Tasks of a group, which divide its shards (default: one a shard, at most 1,000; as many as the first stage has, where the shards are not known yet).", HelpName = "N" };
        slots.Within(0, 100_000, "1 to 100000, or 0 for the default");
        var schema = new Option<bool>("--schema") { Description = "Print the JSON Schema of plans; nothing else is done." };
        var command = new Command("plan",
            """
            Writes a run as data into plan/plan.json of the project: groups of tasks, with what they need, read, write and take.
            'stackmill task' does one of them, on any machine that sees the same storage. The first stage is prepared.

            Example: stackmill plan --input ~/src --output ./project --slots 32
            """) { slots, schema };
        var run = new RunOptions(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(schema))
            {
                Console.Out.Write(PlanSchema.Text);
                return (int)ExitCode.Done;
            }

            var options = run.Configuration(parsed);
            var given = run.Project(parsed, options);
            var source = run.Source(parsed, options);
            var isAddress = StoragePaths.IsAddress(given);
            Pipeline.RequireApart(source, given);
            if (!isAddress)
                Pipeline.Require(source, given, options);
            return run.Common.Run(parsed, options, isAddress ? null : ProjectLayout.Logs(given), cancellation, context =>
            {
                using var project = SharedProject.Open(given, options.Storage, context.Observer, context.Cancellation);
                project.FetchAll();
                var plan = Planner.Make(source, project.Folder, options, parsed.GetValue(slots), context);
                project.Send();
                PlanTables.Print(plan, given, run.Common.IsJson(parsed));
                return (int)ExitCode.Done;
            });
        });
        return command;
    }

    /// <summary>A project folder that all nodes see.</summary>
    /// <exception cref="UsageException">It is an address.</exception>
    internal static string RequireShared(string project) => !StoragePaths.IsAddress(project) ? project
        : throw new UsageException($"'{project}' is an address; jobs of a cluster need a folder that all nodes see, e.g. on NFS. 'stackmill plan' and 'stackmill task' work on addresses too.");
}
