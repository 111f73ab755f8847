using System.CommandLine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Runs.Scan;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill scan</c>: personal data and secrets in a folder or file, for people and for CI.</summary>
internal static class ScanCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var path = new Argument<string>("PATH") { Description = "Folder or file to scan." };
        var format = new Option<string>("--format", "-f") { Description = "text (one line a find), json, or sarif (2.1.0).", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "sarif");
        var rules = new Option<string[]>("--rules") { Description = "Further rules and allow-lists, TOML in the form of gitleaks; may be repeated.", HelpName = "FILE" };
        var baseline = new Option<string?>("--baseline") { Description = "A report of an earlier scan (json or sarif): its finds are known and not told again.", HelpName = "FILE" };
        var context = new Option<bool>("--show-context") { Description = "Tell the line of each find, with all values masked." };
        var workers = new Option<int?>("--workers", "-w") { Description = "Threads (default: one a processor).", HelpName = "N" };
        var command = new Command("scan",
            """
            Looks for personal data and secrets in a folder or file by the rules of redaction, and changes nothing. Values
            are never printed. Exit codes: 0 nothing found, 1 something found, 3 nothing found and something could not be read.

            Example: stackmill scan . --format sarif > findings.sarif
            """) { path, format, rules, baseline, context, workers };
        var common = new CommonOptions().AddTo(command, works: false);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed);
            options.Redaction.RuleFiles = [.. options.Redaction.RuleFiles, .. parsed.GetValue(rules) ?? []];
            if (parsed.GetValue(workers) is < 1)
                throw new UsageException($"--workers {parsed.GetValue(workers)}: expected at least 1.");
            var request = new ScanRequest(
                parsed.GetValue(path)!, options.Redaction, parsed.GetValue(workers) ?? options.Workers, (long)options.MaxFileSizeMb << 20, parsed.GetValue(context), parsed.GetValue(baseline));
            var result = Scanner.Run(request, cancellation);
            using var output = Console.OpenStandardOutput();
            switch (parsed.GetValue(format))
            {
                case "json":
                    ScanReport.WriteJson(result, output);
                    break;
                case "sarif":
                    ScanReport.WriteSarif(result, options.Redaction, CommonOptions.Version, output);
                    break;
                default:
                    ScanReport.WriteText(result, Console.Out);
                    break;
            }

            Tell(result, options.Redaction.UserRules.Notes, options.MaxFileSizeMb);
            return (int)(result.Findings.Count > 0 ? ExitCode.RunFault : result.Failed.Count > 0 ? ExitCode.ShardsFailed : ExitCode.Done);
        });
        return command;
    }

    private static void Tell(ScanResult result, IEnumerable<string> notes, int maxFileSizeMb)
    {
        foreach (var note in notes)
            Console.Error.WriteLine(note);
        foreach (var (path, reason) in result.Failed)
            Console.Error.WriteLine($"not read: {ScanReport.Printable(path)}: {reason}");
        var parts = new List<string> { $"{result.Findings.Count:N0} finds in {result.Findings.Select(f => f.Path).Distinct().Count():N0} of {result.Files:N0} files" };
        if (result.Known > 0)
            parts.Add($"{result.Known:N0} known by the baseline");
        if (result.Binary > 0)
            parts.Add($"{result.Binary:N0} files are no text");
        if (result.TooLarge > 0)
            parts.Add($"{result.TooLarge:N0} files above {maxFileSizeMb} MiB not looked into");
        Console.Error.WriteLine(string.Join(", ", parts));
    }
}
