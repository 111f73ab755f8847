using System.CommandLine;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Datasets;
using Stackmill.Runs.Plans;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill task</c>: one task of a plan.</summary>
internal static class TaskCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var id = new Argument<string>("ID") { Description = "GROUP/NUMBER; or GROUP, for the task that --index or a scheduler's variable says (SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX), else for all of the group." };
        var output = new Option<string>("--output", "-o") { Description = "Project folder that was planned.", Required = true, HelpName = "DIR" };
        var index = new Option<string?>("--index") { Description = "Number of the task in its group, from 0; or a range, e.g. 4-7.", HelpName = "N" };
        index.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && TaskRange.Parse(text) is null)
                result.AddError("--index: expected a number from 0, or a range such as 4-7.");
        });
        var planned = new Option<string?>("--plan") { Description = "Id of the plan, or its beginning: the task is refused when the project was planned anew.", HelpName = "ID" };
        var command = new Command("task",
            """
            Does one task of a plan. It may be done again, or by two workers at once: the bytes are the same.
            Without --config and --set it takes the plan's configuration; another one is refused.

            Example: stackmill task preprocess/00003 --output ./project
            """) { id, output, index, planned };
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var project = PlanCommand.RequireShared(parsed.GetValue(output)!);
            var plan = RunPlan.Read(project);
            var of = PlanConfiguration.Read(plan, RunPlan.PathIn(project));
            var options = common.ConfigurationOver(parsed, of);
            PlanConfiguration.RequireSame(of, options);
            PlannedRun.Require(project, plan, parsed.GetValue(planned), options);
            var name = parsed.GetValue(id)!;
            var range = TaskRange.Parse(parsed.GetValue(index)) ?? TaskRange.One(name.Contains('/') ? null : PlannedRun.IndexOf(Environment.GetEnvironmentVariable));
            return common.Run(parsed, options, ProjectLayout.Logs(project), cancellation, context =>
            {
                var ended = range.Run(name, number => PlannedRun.Run(project, plan, name, number, options, context));
                foreach (var error in ended.FailedShards)
                    context.Observer.Warn("task", $"{error} The run goes on without this shard; a new plan tries it again.");
                if (common.IsJson(parsed))
                    Console.Out.WriteLine(new JsonObject { ["task"] = ended.Id, ["exit_code"] = (int)ended.ExitCode, ["was_done"] = ended.WasDone, ["failed_shards"] = ended.FailedShards.Count }.ToJsonString(ShardRunner.Json));
                return (int)ended.ExitCode;
            });
        });
        return command;
    }
}
