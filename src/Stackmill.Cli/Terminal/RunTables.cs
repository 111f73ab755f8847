using System.Text.Json.Nodes;
using Spectre.Console;
using Stackmill.Acquire.Contents;
using Stackmill.Core.Engine;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Decontamination;
using Stackmill.Preprocess;
using Stackmill.Runs;
using Stackmill.Shared.Configuration;
using Stackmill.Statistics;
using Stackmill.Validate;

namespace Stackmill.Cli.Terminal;

/// <summary>The tables that commands end with, and the same as JSON.</summary>
internal static class RunTables
{
    /// <summary>What a whole run did and where its results lie.</summary>
    public static void Print(RunResult result, string project, bool json)
    {
        if (json)
        {
            Json(new JsonObject
            {
                ["exit_code"] = (int)result.ExitCode,
                ["stages"] = Stages(All(result)),
                ["root_hash"] = result.Stages[^1].RootHash,
                ["validation"] = (string?)result.Validation["status"],
                ["total_files"] = result.Statistics["total_files"]!.DeepClone(),
                ["total_bytes"] = result.Statistics["total_bytes"]!.DeepClone(),
                ["total_tokens"] = result.Statistics["total_tokens"]!.DeepClone(),
                ["paths"] = new JsonObject(Places(result, project).Select(p => KeyValuePair.Create<string, JsonNode?>(p.What.Replace(' ', '_'), p.Path))),
            });
            return;
        }

        var console = Console();
        console.Write(StageTable(All(result)));
        PrintStatistics(result.Statistics);
        var passed = result.ExitCode != ExitCode.ValidationFailed;
        console.MarkupLine(passed ? "validation: [green]passed[/]" : $"validation: [red]failed[/], {result.Validation["total_errors"]} errors, export not made");
        if (!passed)
            PrintErrors(console, result.Validation);
        foreach (var shard in All(result).SelectMany(s => s.FailedShards))
            console.MarkupLineInterpolated($"[red]failed shard[/] {shard.Task}: {shard.Error}");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (what, path) in Places(result, project))
            grid.AddRow(Markup.Escape(what), Markup.Escape(path));
        console.Write(grid);
    }

    /// <summary>What one stage did.</summary>
    public static void Print(Manifest manifest, string folder, bool json)
    {
        if (json)
        {
            Json(new JsonObject { ["stage"] = manifest.Stage, ["output"] = folder, ["stages"] = Stages([manifest]), ["root_hash"] = manifest.RootHash });
            return;
        }

        var console = Console();
        console.Write(StageTable([manifest]));
        foreach (var shard in manifest.FailedShards)
            console.MarkupLineInterpolated($"[red]failed shard[/] {shard.Task}: {shard.Error}");
        console.MarkupLineInterpolated($"{folder}  root hash {manifest.RootHash}");
    }

    /// <summary>A validation report.</summary>
    public static void PrintValidation(JsonObject report, string path, bool json)
    {
        if (json)
        {
            Json(report);
            return;
        }

        var console = Console();
        var passed = ValidateStage.Passed(report);
        console.MarkupLine(passed
            ? $"validation: [green]passed[/], {(long?)report["total_files"]:N0} files"
            : $"validation: [red]failed[/], {report["total_errors"]} errors in {(long?)report["total_files"]:N0} files");
        PrintErrors(console, report);
        console.MarkupLineInterpolated($"{path}");
    }

    /// <summary>A statistics report.</summary>
    public static void PrintStatistics(JsonObject report, string? path = null, bool json = false)
    {
        if (json)
        {
            Json(report);
            return;
        }

        var table = new Table().RoundedBorder().AddColumn("language");
        foreach (var column in new[] { "files", "bytes", "lines", "tokens" })
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var (_, figures) in report["languages"]!.AsObject())
            table.AddRow(Markup.Escape((string)figures!["language"]!), Number(figures["files"]), Size(figures["bytes"]), Number(figures["lines"]), Number(figures["tokens"]));
        table.AddEmptyRow();
        table.AddRow("all", Number(report["total_files"]), Size(report["total_bytes"]), Number(report["total_lines"]), Number(report["total_tokens"]));
        var console = Console();
        console.Write(table);
        if (path is not null)
            console.MarkupLineInterpolated($"{path}");
    }

    /// <summary>A console whose tables are as wide as the terminal, or wide enough for everything when piped.</summary>
    public static IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Out) });
        if (System.Console.IsOutputRedirected)
            console.Profile.Width = 160;
        return console;
    }

    private static IReadOnlyList<Manifest> All(RunResult result) => result.Export is null ? result.Stages : [.. result.Stages, result.Export];

    private static void Json(JsonNode node) => System.Console.Out.WriteLine(node.ToJsonString(ShardRunner.Json));

    private static JsonArray Stages(IReadOnlyList<Manifest> stages) => new([.. stages.Select(m => (JsonNode)new JsonObject
    {
        ["stage"] = m.Stage,
        ["in"] = m.Books.In,
        ["kept"] = m.Books.Kept,
        ["dropped"] = Report.Object(m.Books.Dropped),
        ["failed"] = Report.Object(m.Books.Failed),
        ["failed_shards"] = m.FailedShards.Count,
        ["root_hash"] = m.RootHash,
    })]);

    private static Table StageTable(IReadOnlyList<Manifest> stages)
    {
        var table = new Table().RoundedBorder().AddColumn("stage");
        foreach (var column in new[] { "in", "kept", "dropped", "failed" })
            table.AddColumn(new TableColumn(column).RightAligned());
        table.AddColumn("why");
        foreach (var stage in stages)
        {
            var reasons = stage.Books.Dropped.Concat(stage.Books.Failed).OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Value:N0}");
            table.AddRow(stage.Stage, $"{stage.Books.In:N0}", $"{stage.Books.Kept:N0}", $"{stage.Books.DroppedTotal:N0}", $"{stage.Books.FailedTotal:N0}", Markup.Escape(string.Join(", ", reasons)));
        }

        return table;
    }

    private static void PrintErrors(IAnsiConsole console, JsonObject report)
    {
        const int shown = 20;
        var errors = report["errors"]!.AsArray();
        foreach (var error in errors.Take(shown))
            console.MarkupLineInterpolated($"  [red]{(string?)error!["check"]}[/] {(string?)error["path"]}: {(string?)error["message"]}");
        if (errors.Count > shown)
            console.MarkupLineInterpolated($"  … and {(long?)report["total_errors"] - shown:N0} more in the report");
    }

    private static IEnumerable<(string What, string Path)> Places(RunResult result, string project)
    {
        var reports = ProjectLayout.Reports(project);
        if (result.Export is not null)
            yield return ("release", ProjectLayout.Data(project, Pipeline.ReleaseName));
        yield return ("corpus", ProjectLayout.Data(project, "corpus"));
        if (result.Stages.Any(s => s.Stage == ContentStage.Id))
        {
            yield return ("metadata", ProjectLayout.Data(project, ProjectLayout.Raw));
            yield return ("contents", Path.Combine(reports, ContentStage.ReportName));
        }

        if (result.Stages.Any(s => s.Stage == ContentStage.Id && s.Books.FailedTotal > 0))
            yield return ("dead letters", Path.Combine(ProjectLayout.Data(project, ProjectLayout.Contents), ContentStage.DeadLetterName));
        yield return ("ingest manifest", Path.Combine(ProjectLayout.Data(project, "staged"), Organize.IngestManifest.FileName));
        yield return ("preprocessing", Path.Combine(reports, PreprocessReport.FileName));
        yield return ("duplicates", Path.Combine(reports, DeduplicateStage.ReportName));
        if (result.Stages.Any(s => s.Stage == DeduplicateStage.Id && s.Inputs.Any(i => i.Name.StartsWith(Decontaminator.InputPrefix, StringComparison.Ordinal))))
            yield return ("contamination", Path.Combine(reports, DecontaminationReport.FileName));
        yield return ("validation", Path.Combine(reports, ValidateStage.ReportName));
        yield return ("statistics", Path.Combine(reports, StatisticsStage.ReportName));
        if (!StoragePaths.IsAddress(project))
            yield return ("logs", ProjectLayout.Logs(project));
    }

    private static string Number(JsonNode? node) => $"{(long?)node:N0}";

    private static string Size(JsonNode? node) => SizeText.FormatRounded((long?)node ?? 0);
}
