using System.CommandLine;
using System.Text.Json.Nodes;
using Stackmill.Catalog;
using Stackmill.Core.Engine;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Runs.Plans;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill task</c>: one task of a plan.</summary>
internal static class TaskCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "task";

    public static Command Create(CancellationToken cancellation)
    {
        var id = new Argument<string>("ID") { Description = "GROUP/NUMBER; or GROUP, for the task that --index or a scheduler's variable says (SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX), else for all of the group." };
        var output = new Option<string>("--output", "-o") { Description = "Project folder that was planned.", Required = true, HelpName = "DIR" };
        var index = new Option<string?>("--index") { Description = "Number of the task in its group, from 0; or a range, e.g. 4-7.", HelpName = "N" };
        index.Validators.Add(result =>
        {
            if (Given.Text(result) is { } text && TaskRange.Parse(text) is null)
                result.AddError("--index: expected a number from 0, or a range such as 4-7.");
        });
        var planned = new Option<string?>("--plan") { Description = "Id of the plan, or its beginning: the task is refused when the project was planned anew.", HelpName = "ID" };
        var command = new Command(Name,
            """
            Does one task of a plan. It may be done again, or by two workers at once: the bytes are the same.
            Without --config and --set it takes the plan's configuration; another one is refused.

            Example: stackmill task preprocess/00003 --output ./project
            """) { id, output, index, planned };
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(output)!;
            var isAddress = StoragePaths.IsAddress(given);
            // Where the plan lies has to be known before it is read: of an address, by the command line, the file and the environment.
            var place = isAddress ? common.Configuration(parsed) : new StackmillOptions();
            var (plan, options) = isAddress ? (null, place) : Read(parsed, common, given, parsed.GetValue(planned));
            var name = parsed.GetValue(id)!;
            var range = TaskRange.Parse(parsed.GetValue(index)) ?? TaskRange.One(name.Contains('/') ? null : PlannedRun.IndexOf(Environment.GetEnvironmentVariable));
            return common.Run(parsed, options, isAddress ? null : ProjectLayout.Logs(given), cancellation, context =>
            {
                using var project = SharedProject.Open(given, place.Storage, context.Observer, context.Cancellation);
                if (plan is null)
                {
                    project.FetchPlan();
                    (plan, options) = Read(parsed, common, project.Folder, parsed.GetValue(planned));
                }

                var ended = range.Run(name, number =>
                {
                    if (isAddress)
                    {
                        var (group, task) = PlannedRun.Find(plan, name, number);
                        project.FetchFor(PlannedRun.StagesOf(plan, options), group, task);
                    }

                    var one = PlannedRun.Run(project.Folder, plan, name, number, options, context);
                    project.Send();
                    return one;
                });
                foreach (var error in ended.FailedShards)
                    context.Observer.Warn("task", $"{error} The run goes on without this shard; a new plan tries it again.");
                if (common.IsJson(parsed))
                    Console.Out.WriteLine(new JsonObject { ["task"] = ended.Id, ["exit_code"] = (int)ended.ExitCode, ["was_done"] = ended.WasDone, ["failed_shards"] = ended.FailedShards.Count }.ToJsonString(ShardRunner.Json));
                return (int)ended.ExitCode;
            });
        });
        return command;
    }

    private static (RunPlan Plan, StackmillOptions Options) Read(ParseResult parsed, CommonOptions common, string project, string? named)
    {
        var plan = RunPlan.Read(project);
        var of = PlanConfiguration.Read(plan, RunPlan.PathIn(project));
        var options = common.ConfigurationOver(parsed, of);
        PlanConfiguration.RequireSame(of, options);
        PlannedRun.Require(project, plan, named, options);
        return (plan, options);
    }
}
