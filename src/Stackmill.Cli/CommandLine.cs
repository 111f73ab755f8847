using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Stackmill.Cli.Commands;
using Stackmill.Core.Stages;

namespace Stackmill.Cli;

/// <summary>All commands, and what happens when a command line is wrong.</summary>
internal static class CommandLine
{
    /// <summary>The commands, in the order of their help.</summary>
    public static RootCommand Create(CancellationToken cancellation)
    {
        var root = new RootCommand(
            """
            Stackmill turns raw source code into training sets for code language models.

            Exit codes: 0 done, 1 the run could not go on, 2 wrong usage or configuration,
            3 some shards failed, 4 validation failed, 130 interrupted.

            Example: stackmill run --input ~/src --output ./project
            """)
        {
            RunCommand.Create(cancellation),
            PlanCommand.Create(cancellation),
            TaskCommand.Create(cancellation),
            SubmitCommand.Create(cancellation),
            StatusCommand.Create(cancellation),
            MetadataCommand.Create(cancellation),
            ContentsCommand.Create(cancellation),
            StageCommands.Organize(cancellation),
            StageCommands.Preprocess(cancellation),
            DeduplicateCommand.Create(cancellation),
            StageCommands.Validate(cancellation),
            StageCommands.Statistics(cancellation),
            StageCommands.Export(cancellation),
            InspectCommand.Create(cancellation),
            ScanCommand.Create(cancellation),
            ExplainCommand.Create(),
            DedupPairsCommand.Create(cancellation),
            DataCommand.Create(cancellation),
            ServeCommand.Create(cancellation),
            HealthCommand.Create(cancellation),
            RunsCommand.Create(),
            LineageCommand.Create(),
            ProvenanceCommand.Create(),
            MetricsCommand.Create(cancellation),
            MonitoringCommand.Create(),
            NotifyCommand.Create(cancellation),
            InitCommand.Create(cancellation),
            DoctorCommand.Create(cancellation),
            BenchCommand.Create(cancellation),
            DemoCommand.Create(cancellation),
            DocsCommand.Create(),
        };
        return root;
    }

    /// <summary>Parses and runs; wrong usage is told with what was expected and gives 2.</summary>
    public static int Invoke(string[] args, CancellationToken cancellation)
    {
        var root = Create(cancellation);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            foreach (var error in parsed.Errors)
                Console.Error.WriteLine($"error: {Told(error)}");
            // A command inside another is named with it.
            var name = "";
            for (var command = parsed.CommandResult; command.Command is not RootCommand && command.Parent is CommandResult parent; command = parent)
                name = $" {command.Command.Name}{name}";
            name = "stackmill" + name;
            Console.Error.WriteLine($"See '{name} --help' for what it takes, with an example.");
            return (int)ExitCode.Usage;
        }

        if (parsed.Action is HelpAction)
        {
            // The library names the program by its file; people start it by the launcher.
            using var help = new StringWriter();
            parsed.Invoke(new InvocationConfiguration { Output = help });
            Console.Out.Write(help.ToString().Replace("Stackmill.Cli", "stackmill", StringComparison.Ordinal));
            return (int)ExitCode.Done;
        }

        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    // The library names what it expected by a type of the runtime.
    private static string Told(ParseError error)
    {
        if (error.SymbolResult is not OptionResult { Option: var option, Tokens: [var token, ..] } || !error.Message.Contains("'System.", StringComparison.Ordinal))
            return error.Message;
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        return type == typeof(int) || type == typeof(long) ? $"{option.Name} '{token.Value}': expected a whole number." : type == typeof(double) ? $"{option.Name} '{token.Value}': expected a number." : error.Message;
    }
}
