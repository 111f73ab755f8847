using System.CommandLine;
using Stackmill.Acquire.Contents;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Runs;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill contents</c>: fetches contents by their blob_id.</summary>
internal static class ContentsCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var input = new Option<string>("--input", "-i") { Description = "Rows with blob_id: the dataset of metadata (data/raw), a Parquet file, or a folder of those.", Required = true, HelpName = "PATH" };
        var output = new Option<string>("--output", "-o") { Description = "Folder of the dataset that is made.", Required = true, HelpName = "DIR" };
        var command = new Command("contents",
            """
            Fetches the contents that rows name by their blob_id (The Stack v2) from Software Heritage's bucket or a copy of it.
            Each is verified by its SHA-1; what could not be had is in the ledger and in _dead_letter.jsonl, and gives exit code 3.

            Example: stackmill contents --input ./project/data/raw --output ./project/data/contents --accept-terms
            """) { input, output };
        var fetch = new FetchOptions().AddTo(command);
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed, fetch.Assignments(parsed));
            Terms.Require(options.Contents);
            var (rows, into) = (parsed.GetValue(input)!, parsed.GetValue(output)!);
            return common.RunFrom(parsed, options, rows, into, StageCommands.LogsFor, cancellation, (from, folder) =>
            {
                Acquisition.Rows(from);
                Apart.Require(Apart.Inside(rows, from, Acquisition.RowsFolder(from)), into);
                DatasetBuild.RequireOwn(folder);
            }, (from, folder, context) =>
            {
                var manifest = Acquisition.Contents(Acquisition.Rows(from), folder, fetch.RetryFailed(parsed), options, context);
                return new Ended(manifest.FailedShards.Count > 0 || manifest.Books.FailedTotal > 0 ? ExitCode.ShardsFailed : ExitCode.Done, () => RunTables.Print(manifest, into, common.IsJson(parsed)));
            });
        });
        return command;
    }
}
