using System.CommandLine;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Organize;
using Stackmill.Preprocess;
using Stackmill.Runs;
using Stackmill.Statistics;
using Stackmill.Validate;

namespace Stackmill.Cli.Commands;

/// <summary>One command a stage.</summary>
internal static class StageCommands
{
    public static Command Organize(CancellationToken cancellation)
    {
        var output = Output("Folder of the staged dataset.");
        var command = new Command("organize",
            """
            Sorts files by language, filters them by size, language, stars and licence, and accounts for each in ingest_manifest.json.

            Example: stackmill organize --input ~/src --output ./project/data/staged
            """) { output };
        var source = new SourceOptions().AddTo(command);
        var selection = new SelectionOptions().AddTo(command);
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed, [.. source.Assignments(parsed), .. selection.Assignments(parsed)]);
            var (from, into) = (source.Input(parsed)!, parsed.GetValue(output)!);
            if (StoragePaths.IsAddress(from))
                Apart.Require(from, into);
            return common.RunInto(parsed, options, into, LogsFor, cancellation, folder => RequireOrganize(from, folder, options), (folder, context) =>
            {
                using var opened = RunSource.Open(from, options, context);
                var found = opened.Input ?? throw new UsageException($"'{from}' holds rows that describe files, not contents. 'stackmill run' fetches the contents and goes on; 'stackmill metadata' and 'stackmill contents' do it in steps.");
                OrganizeStage.Require(found, folder, options.Organize);
                return Finish(OrganizeStage.Run(found, folder, options.Organize, context), into, common.IsJson(parsed));
            });
        });
        return command;
    }

    public static Command Preprocess(CancellationToken cancellation) => Transform(
        "preprocess",
        """
        Decodes files to UTF-8, cleans them, replaces personal data and secrets, measures them and counts tokens.

        Example: stackmill preprocess --input ./project/data/staged --output ./project/data/processed
        """,
        "Staged dataset.",
        "staged",
        cancellation,
        (dataset, folder, options, context) => PreprocessStage.Run(dataset, folder, options.Preprocess, context));

    public static Command Validate(CancellationToken cancellation)
    {
        var input = Input("Dataset or project folder.");
        var output = new Option<string?>("--output", "-o") { Description = "The report (default: reports/ of the project, or beside the shards).", HelpName = "FILE" };
        var command = new Command("validate",
            """
            Checks schema, counts, encodings, checksums, books and residual personal data. Exit code 4 when something is wrong.

            Example: stackmill validate --input ./project
            """) { input, output };
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed);
            var from = parsed.GetValue(input)!;
            // Who names a place for the report may be without the right to write into the dataset's.
            var into = parsed.GetValue(output) is null ? from : null;
            return common.RunFrom(parsed, options, from, into, LogsOf, cancellation, (path, _) => Dataset.Open(path), (path, _, context) =>
            {
                var dataset = Dataset.Open(path);
                using var report = new ReportTarget(parsed.GetValue(output), Path.Combine(ProjectLayout.ReportsFor(dataset.Folder), ValidateStage.ReportName));
                var result = ValidateStage.Run(dataset, report.Path, options.Validate, context with { Force = true });
                report.Send(options, context);
                var name = Apart.Inside(from, path, report.Name);
                return new Ended(ValidateStage.Passed(result) ? ExitCode.Done : ExitCode.ValidationFailed, () => RunTables.PrintValidation(result, name, common.IsJson(parsed)));
            });
        });
        return command;
    }

    public static Command Statistics(CancellationToken cancellation)
    {
        var input = Input("Dataset or project folder.");
        var output = new Option<string?>("--output", "-o") { Description = "The report (default: reports/ of the project, or beside the shards).", HelpName = "FILE" };
        var command = new Command("statistics",
            """
            Files, bytes, lines and tokens by language, sizes, redactions, and what each stage removed and why.

            Example: stackmill statistics --input ./project
            """) { input, output };
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed);
            var from = parsed.GetValue(input)!;
            // Who names a place for the report may be without the right to write into the dataset's.
            var into = parsed.GetValue(output) is null ? from : null;
            return common.RunFrom(parsed, options, from, into, LogsOf, cancellation, (path, _) => Dataset.Open(path), (path, _, context) =>
            {
                var dataset = Dataset.Open(path);
                using var report = new ReportTarget(parsed.GetValue(output), Path.Combine(ProjectLayout.ReportsFor(dataset.Folder), StatisticsStage.ReportName));
                var result = StatisticsStage.Run(dataset, Pipeline.History(dataset), report.Path, context);
                report.Send(options, context);
                var name = Apart.Inside(from, path, report.Name);
                return new Ended(ExitCode.Done, () => RunTables.PrintStatistics(result, name, common.IsJson(parsed)));
            });
        });
        return command;
    }

    public static Command Export(CancellationToken cancellation)
    {
        var (input, output) = (Input("Dataset or project folder."), Output("Folder of the release."));
        var format = new Option<string?>("--format", "-f") { Description = "parquet, jsonl or files.", HelpName = "FORMAT" };
        var command = new Command("export",
            """
            Writes a dataset as Parquet, JSON lines, or plain files by language.

            Example: stackmill export --input ./project --output ./release --format jsonl
            """) { input, output, format };
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed, ("export.format", parsed.GetValue(format)));
            var (from, into) = (parsed.GetValue(input)!, parsed.GetValue(output)!);
            return common.RunFrom(parsed, options, from, into, LogsFor, cancellation, (path, _) => RequireApart(Dataset.Open(path), from, path, into), (path, folder, context) =>
                Finish(RunStages.Export(Dataset.Open(path), folder, options, context, WorkPart.Whole())!, into, common.IsJson(parsed)));
        });
        return command;
    }

    private static Command Transform(
        string name, string description, string inputIs, string stage, CancellationToken cancellation,
        Func<Dataset, string, Catalog.StackmillOptions, Shared.RunContext, Manifest> run)
    {
        var (input, output) = (Input($"{inputIs} (or project folder)"), Output("Folder of the dataset that is made."));
        var command = new Command(name, description) { input, output };
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed);
            var (from, into) = (parsed.GetValue(input)!, parsed.GetValue(output)!);
            return common.RunFrom(parsed, options, from, into, LogsFor, cancellation, (path, _) => RequireApart(Dataset.Open(path, stage), from, path, into), (path, folder, context) =>
                Finish(run(Dataset.Open(path, stage), folder, options, context), into, common.IsJson(parsed)));
        });
        return command;
    }

    internal static Option<string> Input(string description) =>
        new("--input", "-i") { Description = description, Required = true, HelpName = "PATH" };

    internal static Option<string> Output(string description) =>
        new("--output", "-o") { Description = description, Required = true, HelpName = "DIR" };

    // A dataset inside a project logs with the project; one elsewhere is left without logs beside its shards.
    internal static string? LogsFor(string dataset)
    {
        var reports = ProjectLayout.ReportsFor(dataset);
        return Path.GetFileName(reports) == "reports" ? ProjectLayout.Logs(Path.GetDirectoryName(reports)!) : null;
    }

    // Of what was opened: a project folder stands for its latest dataset.
    private static string? LogsOf(string input) => LogsFor(Dataset.Open(input).Folder);

    private static void RequireOrganize(string input, string folder, Catalog.StackmillOptions options)
    {
        if (!RunSource.IsRemote(input))
            OrganizeStage.Require(input, folder, options.Organize);
    }

    // A dataset that is made from itself would be gone before it is read.
    internal static void RequireApart(Dataset dataset, string given, string local, string output) => Apart.Require(Apart.Inside(given, local, dataset.Folder), output);

    internal static Ended Finish(Manifest manifest, string folder, bool json) =>
        new(manifest.FailedShards.Count > 0 ? ExitCode.ShardsFailed : ExitCode.Done, () => RunTables.Print(manifest, folder, json));
}
