using System.CommandLine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Deduplicate;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill deduplicate</c>: the stage in one process, or by single tasks in several.</summary>
internal static class DeduplicateCommand
{
    private const string Processed = "processed";

    public static Command Create(CancellationToken cancellation)
    {
        var (input, output) = (StageCommands.Input("Processed dataset (or project folder)."), StageCommands.Output("Folder of the dataset that is made."));
        var plan = new Option<bool>("--plan") { Description = "Prepare the output and print the tasks as JSON, for processes that share the storage; nothing else is done." };
        var task = new Option<string?>("--task") { Description = "Do one task of the plan, or all of a step: STEP, STEP/NAME or STEP/NUMBER. The last step is publish.", HelpName = "TASK" };
        var against = new Option<string[]>("--against") { Description = "Dataset with a kept index (dedup.keep_index): files that duplicate one of its own go. May be repeated.", HelpName = "DATASET" };
        var command = new Command("deduplicate",
            """
            Removes exact and verified near-duplicates; deduplication_report.json says which file stays for which.

            Example: stackmill deduplicate --input ./project/data/processed --output ./project/data/corpus
            """) { input, output, against, plan, task };
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed);
            if (parsed.GetValue(against) is { Length: > 0 } named)
                options.Deduplicate.Dedup.Against = named;
            var (from, into) = (parsed.GetValue(input)!, parsed.GetValue(output)!);
            var (planned, id) = (parsed.GetValue(plan), parsed.GetValue(task));
            if (planned && id is not null)
                throw new UsageException("--plan and --task are given together; expected one of them: first the plan, then its tasks.");
            if ((planned || id is not null) && StoragePaths.IsAddress(into))
                throw new UsageException($"'{into}' is an address; tasks need a folder that all processes see, e.g. on NFS.");
            return common.RunFrom(parsed, options, from, into, StageCommands.LogsFor, cancellation, Require, (path, folder, context) =>
            {
                var dataset = Dataset.Open(path, Processed);
                if (planned)
                {
                    var tasks = DeduplicateTasks.Plan(dataset, folder, options.Deduplicate, context);
                    return new Ended(ExitCode.Done, () => Console.Out.WriteLine(tasks.ToJsonString(Stackmill.Core.Engine.ShardRunner.Json)));
                }

                var manifest = id is null ? DeduplicateStage.Run(dataset, folder, options.Deduplicate, context) : DeduplicateTasks.Run(dataset, folder, options.Deduplicate, id, context);
                return manifest is null ? new Ended(ExitCode.Done, static () => { }) : StageCommands.Finish(manifest, into, common.IsJson(parsed));
            });

            void Require(string path, string folder)
            {
                StageCommands.RequireApart(Dataset.Open(path, Processed), from, path, into);
                DeduplicateStage.Require(options.Deduplicate);
            }
        });
        return command;
    }
}
