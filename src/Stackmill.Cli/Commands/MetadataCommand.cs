using System.CommandLine;
using Stackmill.Acquire.Metadata;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Runs;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill metadata</c>: filters rows that describe files.</summary>
internal static class MetadataCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var input = new Option<string?>("--input", "-i") { Description = "Parquet files of such rows: a local file or folder, or an s3:// or hf:// address; without it the --dataset.", HelpName = "PATH" };
        var output = new Option<string>("--output", "-o") { Description = "Folder of the filtered rows.", Required = true, HelpName = "DIR" };
        var command = new Command("metadata",
            """
            Filters the rows of The Stack v2, which describe files, by language, size, stars, licence and lists, and writes
            filtered_metadata_<language>.parquet. Of remote files only what is needed is read; the revision is pinned and recorded.

            Example: stackmill metadata --dataset bigcode/the-stack-v2-dedup --languages Python --limit 1000 --output ./project/data/raw
            """) { input, output };
        var selection = new SelectionOptions().AddTo(command);
        var hub = new HubSourceOptions().AddTo(command);
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed, [.. selection.Assignments(parsed), .. hub.Assignments(parsed)]);
            var source = RunSource.Choose(parsed.GetValue(input), options);
            var into = parsed.GetValue(output)!;
            if (!RunSource.IsRemote(source) || StoragePaths.IsAddress(source))
                Apart.Require(source, into);
            return common.RunInto(parsed, options, into, StageCommands.LogsFor, cancellation, DatasetBuild.RequireOwn, (folder, context) =>
            {
                using var rows = RunSource.OpenMetadata(source, options, context);
                var manifest = MetadataStage.Run(rows.Metadata!, folder, options.MetadataStage, context);
                return new Ended(manifest.FailedShards.Count > 0 ? ExitCode.ShardsFailed : ExitCode.Done, () => RunTables.Print(manifest, into, common.IsJson(parsed)));
            });
        });
        return command;
    }
}
