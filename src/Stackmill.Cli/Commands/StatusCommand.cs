using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Stackmill.Core.Engine;
using Stackmill.Core.Stages;
using Stackmill.Runs.Cluster;
using Stackmill.Runs.Plans;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill status</c>: how far a planned run is.</summary>
internal static class StatusCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var output = new Option<string>("--output", "-o") { Description = "Project folder that was planned.", Required = true, HelpName = "DIR" };
        var cluster = new Option<bool>("--cluster") { Description = "Ask Slurm for the jobs too (squeue, and sacct where there is accounting)." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("status",
            """
            Tells how far a planned run is, from the markers of its tasks. Exit code 3 when shards failed, 4 when validation did.

            Example: stackmill status --output ./project --cluster
            """) { output, cluster, json };
        command.SetAction(parsed =>
        {
            var project = PlanCommand.RequireShared(parsed.GetValue(output)!);
            var plan = RunPlan.Read(project);
            var progress = PlanProgress.Of(project, plan, PlanConfiguration.Read(plan, RunPlan.PathIn(project)));
            var jobs = parsed.GetValue(cluster) ? SlurmStatus.Of(project, plan, new SlurmClient(cancellation)) : null;
            Print(plan, progress, jobs, parsed.GetValue(json));
            return (int)(progress.Any(p => !p.Passed) ? ExitCode.ValidationFailed : progress.Any(p => p.FailedShards > 0) ? ExitCode.ShardsFailed : ExitCode.Done);
        });
        return command;
    }

    private static void Print(RunPlan plan, IReadOnlyList<GroupProgress> progress, IReadOnlyDictionary<string, SlurmCounts>? jobs, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(new JsonObject
            {
                ["plan"] = plan.Id,
                ["done"] = progress.All(p => p.Open.Count == 0),
                ["groups"] = new JsonArray([.. progress.Select(p => (JsonNode)Json(p, jobs?.GetValueOrDefault(p.Group.Group)))]),
            }.ToJsonString(ShardRunner.Json));
            return;
        }

        var table = new Table().AddColumns("group", "tasks", "done");
        if (jobs is not null)
            table.AddColumns("waiting", "running", "failed");
        foreach (var group in progress)
        {
            List<string> row = [Markup.Escape(group.Group.Group), Text(group.Group.Count), Text(group.Done)];
            if (jobs is not null)
                row.AddRange(jobs.GetValueOrDefault(group.Group.Group) is { } counts ? [Text(counts.Waiting), Text(counts.Running), Text(counts.Failed)] : ["", "", ""]);
            table.AddRow([.. row]);
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }).Write(table);
        if (progress.Sum(p => p.FailedShards) is var failed and > 0)
            Console.Out.WriteLine($"{failed} shards could not be read; the manifests and the logs say why");
        if (progress.Any(p => !p.Passed))
            Console.Out.WriteLine("validation failed: no release is made");
    }

    private static JsonObject Json(GroupProgress group, SlurmCounts? counts)
    {
        var json = new JsonObject { ["group"] = group.Group.Group, ["tasks"] = group.Group.Count, ["done"] = group.Done, ["open"] = new JsonArray([.. group.Open.Select(t => (JsonNode)t)]), ["failed_shards"] = group.FailedShards };
        if (counts is not null)
            json["jobs"] = new JsonObject { ["waiting"] = counts.Waiting, ["running"] = counts.Running, ["failed"] = counts.Failed };
        return json;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
