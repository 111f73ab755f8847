using System.CommandLine;
using System.Runtime.InteropServices;
using Spectre.Console;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Engine;
using Stackmill.Core.Stages;
using Stackmill.Runs.Doctor;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill doctor</c>: what stands in the way of a run, before it is started.</summary>
internal static class DoctorCommand
{
    public static Command Create(CancellationToken cancellation)
    {
        var output = new Option<string?>("--output", "-o") { Description = "Project folder, or s3:// address, that the run will write into; it is written to on trial.", HelpName = "DIR" };
        var command = new Command("doctor",
            """
            Checks what a run needs, and says how to put right what is missing: input, tokens and credentials, servers, terms,
            clock, disk, memory, open files, tools. Takes the options of run: put doctor in its place. Changes nothing.
            The exit code is 1 when something fails that this run requires.

            Example: stackmill doctor --dataset bigcode/the-stack-v2-dedup --output ./project
            """) { output };
        var from = new SourceOptions(optional: true).AddTo(command);
        var hub = new HubSourceOptions().AddTo(command);
        var fetch = new FetchOptions().AddTo(command);
        var common = new CommonOptions().AddTo(command);
        command.SetAction(parsed =>
        {
            var options = common.Configuration(parsed, [.. from.Assignments(parsed), .. hub.Assignments(parsed), .. fetch.Assignments(parsed)]);
            var subject = new DoctorSubject(options, from.Input(parsed), parsed.GetValue(output));
            return RunAsync(subject, common.ConfigurationFile(parsed), common.IsJson(parsed), cancellation).GetAwaiter().GetResult();
        });
        return command;
    }

    private static async Task<int> RunAsync(DoctorSubject subject, string? configuration, bool json, CancellationToken cancellation)
    {
        var program = $"stackmill {CommonOptions.Version}";
        var checks = new List<Check>();
        var console = RunTables.Console();
        if (!json)
        {
            Console.Out.WriteLine($"{program}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors");
            Console.Out.WriteLine($"configuration: {configuration ?? "defaults (no stackmill.yaml here)"}");
            Console.Out.WriteLine();
        }

        await foreach (var check in DoctorRun.RunAsync(subject, cancellation).ConfigureAwait(false))
        {
            checks.Add(check);
            if (!json)
                Print(console, check);
        }

        if (json)
        {
            Console.Out.WriteLine(DoctorReport.Describe(checks, program).ToJsonString(ShardRunner.Json));
        }
        else
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(DoctorReport.Summary(checks));
        }

        return (int)(DoctorReport.IsWell(checks) ? ExitCode.Done : ExitCode.RunFault);
    }

    private static void Print(IAnsiConsole console, Check check)
    {
        var lines = DoctorReport.Lines(check, Console.IsOutputRedirected ? null : console.Profile.Width);
        foreach (var line in lines)
        {
            var status = DoctorReport.StatusName(check.Status);
            var colour = check.Status switch { CheckStatus.Ok => "green", CheckStatus.Warning => "yellow", CheckStatus.Failed => "red", _ => "grey" };
            // Where nobody reads on a terminal, a line has any length and no colour.
            if (Console.IsOutputRedirected)
                Console.Out.WriteLine(line);
            else if (line.StartsWith(status, StringComparison.Ordinal))
                console.MarkupLine($"[{colour}]{status}[/]{Markup.Escape(line[status.Length..])}");
            else
                console.MarkupLine(Markup.Escape(line));
        }
    }
}
