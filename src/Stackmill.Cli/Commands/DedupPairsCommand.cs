using System.CommandLine;
using System.Text.Json.Nodes;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Runs;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill dedup-pairs</c>: which file went for which, as Parquet.</summary>
internal static class DedupPairsCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var input = new Option<string>("--input", "-i") { Description = "Project folder of a run, or the dataset that deduplication made.", HelpName = "FOLDER", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "The Parquet file to write.", HelpName = "FILE", Required = true };
        var least = new Option<double>("--min-similarity") { Description = "Only pairs at least so similar (0 to 1).", HelpName = "S" };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        var command = new Command("dedup-pairs",
            """
            Lists each file that deduplication removed with the file that stays for it, the kind of the pair and its exact similarity.
            Columns: file, content_id, language, bytes, kept_file, kept_content_id, kind, similarity.

            Example: stackmill dedup-pairs --input ./project --output pairs.parquet
            """) { input, output, least, json };
        command.SetAction(parsed =>
        {
            var (file, similarity) = (parsed.GetValue(output)!, parsed.GetValue(least));
            if (similarity is < 0 or > 1)
                throw new UsageException(FormattableString.Invariant($"--min-similarity is {similarity}; expected a number from 0 to 1."));
            var counts = DuplicatePairs.Write(parsed.GetValue(input)!, file, similarity, cancellation);
            if (parsed.GetValue(json))
                Console.Out.WriteLine(new JsonObject { ["output"] = file, ["pairs"] = counts.Values.Sum(), ["by_kind"] = new JsonObject([.. counts.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))]) }.ToJsonString(ShardRunner.Json));
            else
                Console.Out.WriteLine(FormattableString.Invariant($"{counts.Values.Sum()} pairs ({(counts.Count == 0 ? "none" : string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}")))}) in {file}"));
            return 0;
        });
        return command;
    }
}
