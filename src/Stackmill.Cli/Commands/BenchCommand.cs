using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Spectre.Console;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Engine;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Runs;
using Stackmill.Shared.Configuration;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill bench</c>: speed and memory of each stage on any input.</summary>
internal static class BenchCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var input = new Option<string>("--input", "-i") { Description = "Folder, JSONL or Parquet to run on.", Required = true, HelpName = "PATH" };
        var output = new Option<string?>("--output", "-o") { Description = "JSON file for the results.", HelpName = "FILE" };
        var work = new Option<string?>("--work") { Description = "Folder for the project that the run makes; it is removed (default: below the system's temporary folder).", HelpName = "DIR" };
        var command = new Command("bench",
            """
            Runs all stages from scratch and reports MB/s (10^6 bytes of original content), files/s, processor seconds and peak memory a stage.

            Example: stackmill bench --input ~/src --output results.json
            """) { input, output, work };
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed);
            var project = parsed.GetValue(work) is { } named ? StoragePaths.RequireLocal(named) : Path.Combine(Path.GetTempPath(), $"stackmill-bench-{Environment.ProcessId}");
            if (Directory.Exists(project))
                throw new Core.Faults.UsageException($"the work folder '{project}' exists; it would be removed at the end. Name one that does not exist.");
            Pipeline.Require(parsed.GetValue(input)!, project, options);
            try
            {
                return common.Run(parsed, options, null, cancellation, context =>
                {
                    var bench = new StageBench();
                    var result = Pipeline.Run(parsed.GetValue(input)!, project, options, context with { Observer = new Observers(context.Observer, bench), Force = true });
                    var report = Describe(bench, result, context.Workers);
                    Print(report, common.IsJson(parsed));
                    if (parsed.GetValue(output) is { } path)
                    {
                        using var target = new ReportTarget(path, "results.json");
                        Report.Write(target.Path, report);
                        target.Send(options, context);
                    }

                    return (int)result.ExitCode;
                });
            }
            finally
            {
                if (Directory.Exists(project))
                    Directory.Delete(project, recursive: true);
            }
        });
        return command;
    }

    private static JsonObject Describe(StageBench bench, RunResult result, int workers)
    {
        var bytes = result.Stages[0].Books.BytesIn;
        var files = result.Stages[0].Books.In;
        foreach (var stage in bench.Stages)
        {
            // Stages that read no contents are held against those of the corpus that they describe.
            if ((long)stage!["bytes"]! == 0)
                stage["bytes"] = result.Stages[^1].Books.BytesKept;
            stage["mb_per_second"] = Rate((long)stage["bytes"]! / 1e6, stage["wall_seconds"]);
            stage["files_per_second"] = Rate((long)stage["files"]!, stage["wall_seconds"]);
        }

        var wall = bench.Stages.Sum(s => (double)s!["wall_seconds"]!);
        return new JsonObject
        {
            ["program"] = $"stackmill {CommonOptions.Version}",
            ["machine"] = $"{Processor()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}",
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["workers"] = workers,
            ["stages"] = bench.Stages,
            ["whole"] = new JsonObject
            {
                ["stage"] = "whole run",
                ["files"] = files,
                ["bytes"] = bytes,
                ["wall_seconds"] = Math.Round(wall, 3),
                ["cpu_seconds"] = Math.Round(bench.Stages.Sum(s => (double)s!["cpu_seconds"]!), 3),
                ["peak_rss_bytes"] = bench.PeakBytes,
                ["mb_per_second"] = Rate(bytes / 1e6, JsonValue.Create(wall)),
                ["files_per_second"] = Rate(files, JsonValue.Create(wall)),
            },
            ["root_hash"] = result.Stages[^1].RootHash,
        };
    }

    private static void Print(JsonObject report, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(report.ToJsonString(ShardRunner.Json));
            return;
        }

        var table = new Table().RoundedBorder().AddColumn("stage");
        foreach (var column in new[] { "files", "MB", "wall s", "CPU s", "MB/s", "files/s", "peak memory" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var stage in report["stages"]!.AsArray().Append(report["whole"]))
        {
            table.AddRow(
                (string)stage!["stage"]!,
                $"{(long)stage["files"]!:N0}",
                $"{(long)stage["bytes"]! / 1e6:N1}",
                $"{(double)stage["wall_seconds"]!:F2}",
                $"{(double)stage["cpu_seconds"]!:F2}",
                $"{(double)stage["mb_per_second"]!:N1}",
                $"{(double)stage["files_per_second"]!:N0}",
                SizeText.FormatRounded((long)stage["peak_rss_bytes"]!));
        }

        var console = RunTables.Console();
        console.MarkupLineInterpolated($"{(string)report["program"]!}, {(int)report["workers"]!} workers, {(string)report["runtime"]!}, {(string)report["machine"]!}");
        console.Write(table);
    }

    private static double Rate(double amount, JsonNode? seconds) => Math.Round(amount / Math.Max((double)seconds!, 0.001), 2);

    private static string Processor()
    {
        const string info = "/proc/cpuinfo";
        var line = File.Exists(info) ? File.ReadLines(info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
