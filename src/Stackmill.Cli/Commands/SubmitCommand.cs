using System.CommandLine;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Stages;
using Stackmill.Runs.Cluster;
using Stackmill.Runs.Plans;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill submit</c>: hands a plan to a scheduler.</summary>
internal static class SubmitCommand
{
    public static Command Create(CancellationToken cancellation) => new("submit",
        """
        Hands the tasks of a plan to a scheduler.

        Example: stackmill submit --help
        """) { Slurm(cancellation), SubmitKubernetesCommand.Create() };

    private static Command Slurm(CancellationToken cancellation)
    {
        var output = new Option<string>("--output", "-o") { Description = "Project folder that was planned, on storage that all nodes see.", Required = true, HelpName = "DIR" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Write the scripts and print the calls of sbatch; submit nothing." };
        var partition = new Option<string?>("--partition", "-p") { Description = "Partition of the cluster.", HelpName = "NAME" };
        var time = new Option<string?>("--time", "-t") { Description = "Limit of time of a task, as sbatch takes it (default: estimated from the bytes).", HelpName = "TIME" };
        var memory = new Option<string?>("--memory", "-m") { Description = "Memory of a task, as sbatch's --mem takes it (default: a tenth above the memory of the plan's configuration).", HelpName = "SIZE" };
        var concurrent = new Option<int>("--max-concurrent") { Description = "Tasks of a group that run at the same time (default: as the cluster likes).", HelpName = "N" };
        var requeue = new Option<bool>("--no-requeue") { Description = "Do not let Slurm begin tasks again when their node fails." };
        var attempts = new Option<int>("--attempts") { Description = "Times that a task is begun within its job when it is killed or can't go on.", DefaultValueFactory = _ => 3, HelpName = "N" };
        var array = new Option<int>("--max-array") { Description = "Tasks of one array; the cluster's MaxArraySize must be above it.", DefaultValueFactory = _ => 1000, HelpName = "N" };
        var sbatch = new Option<string[]>("--sbatch") { Description = "Further argument of sbatch, e.g. --sbatch=--account=lab; may be repeated.", HelpName = "ARG" };
        var command = new Option<string?>("--command") { Description = "How nodes start this program (default: as this one was started).", HelpName = "COMMAND" };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        foreach (var (option, least) in new[] { (concurrent, 0), (attempts, 1), (array, 1) })
            option.Within(least, int.MaxValue, $"{least} or more");

        var submit = new Command("slurm",
            """
            Submits what is not done of a plan to Slurm: an array a group, each after the groups that it needs (afterok).
            Run again, it submits failed tasks alone, and the groups behind them; what waits or runs is left as it is.

            Example: stackmill submit slurm --output ./project --partition main --max-concurrent 50
            """) { output, dryRun, partition, time, memory, concurrent, requeue, attempts, array, sbatch, command, json };
        submit.SetAction(parsed =>
        {
            var project = PlanCommand.RequireShared(parsed.GetValue(output)!);
            var plan = RunPlan.Read(project);
            var options = PlanConfiguration.Read(plan, RunPlan.PathIn(project));
            PlannedRun.Require(project, plan, null, options);
            var how = new SlurmOptions
            {
                Command = parsed.GetValue(command) ?? Self(),
                Partition = parsed.GetValue(partition) ?? "",
                Time = parsed.GetValue(time) ?? "",
                Memory = parsed.GetValue(memory) ?? "",
                MaxConcurrent = parsed.GetValue(concurrent),
                Requeue = !parsed.GetValue(requeue),
                Attempts = parsed.GetValue(attempts),
                MaxArray = parsed.GetValue(array),
                Arguments = parsed.GetValue(sbatch) ?? [],
            };
            var isDry = parsed.GetValue(dryRun);
            var calls = new SlurmSubmission(project, plan, how, isDry ? null : new SlurmClient(cancellation)).Run(PlanProgress.Of(project, plan, options), Environment.CurrentDirectory);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(new JsonArray([.. calls.Select(c => (JsonNode)new JsonObject
                {
                    ["group"] = c.Group,
                    ["job"] = isDry ? null : c.Job,
                    ["tasks"] = new JsonArray([.. c.Tasks.Select(t => (JsonNode)t)]),
                    ["sbatch"] = new JsonArray([.. c.Arguments.Select(a => (JsonNode)a)]),
                })]).ToJsonString(ShardRunner.Json));
            }
            else if (calls.Count == 0)
            {
                Console.Out.WriteLine("nothing to submit: every task is done, waits or runs");
            }
            else
            {
                foreach (var call in calls)
                    Console.Out.WriteLine(isDry ? $"sbatch {string.Join(' ', call.Arguments.Select(Word))}" : $"{call.Job}  {call.Group}, {call.Tasks.Count} tasks");
            }

            return (int)ExitCode.Done;
        });
        return submit;
    }

    private static string Word(string argument) => argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:,%".Contains(c)) ? argument : SlurmScript.Quote(argument);

    // By the runtime's host, or by itself where it is published with one.
    private static string Self()
    {
        var host = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(host) == "dotnet" ? $"{SlurmScript.Quote(host)} {SlurmScript.Quote(Environment.GetCommandLineArgs()[0])}" : SlurmScript.Quote(host);
    }
}
