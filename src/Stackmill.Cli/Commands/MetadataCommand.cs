using System.CommandLine;
using Stackmill.Acquire.Metadata;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Runs;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill metadata</c>: filters rows that describe files.</summary>
internal static class MetadataCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var input = new Option<string?>("--input", "-i") { Description = "Parquet files of such rows: a local file or folder, or an s3:// or hf:// address; without it the --dataset.", HelpName = "PATH" };
        var output = new Option<string>("--output", "-o") { Description = "Folder of the filtered rows.", Required = true, HelpName = "DIR" };
        var languages = new Option<string?>("--languages") { Description = "Languages to keep, separated by commas.", HelpName = "LIST" };
        var command = new Command("metadata",
            """
            Filters the rows of The Stack v2, which describe files, by language, size, stars, licence and lists, and writes
            filtered_metadata_<language>.parquet. Of remote files only what is needed is read; the revision is pinned and recorded.

            Example: stackmill metadata --dataset bigcode/the-stack-v2-dedup --languages Python --limit 1000 --output ./project/data/raw
            """) { input, output, languages };
        var hub = new HubSourceOptions().AddTo(command);
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed, [("languages", parsed.GetValue(languages)), .. hub.Assignments(parsed)]);
            var source = RunSource.Choose(parsed.GetValue(input), options);
            return common.RunAt(parsed, options, source, parsed.GetValue(output)!, StageCommands.LogsFor, cancellation, (_, folder) => DatasetBuild.RequireOwn(folder), (from, folder, context) =>
            {
                using var rows = RunSource.OpenMetadata(from, options, context);
                var manifest = MetadataStage.Run(rows.Metadata!, folder, options.MetadataStage, context);
                RunTables.Print(manifest, folder, common.IsJson(parsed));
                return (int)(manifest.FailedShards.Count > 0 ? ExitCode.ShardsFailed : ExitCode.Done);
            });
        });
        return command;
    }
}
