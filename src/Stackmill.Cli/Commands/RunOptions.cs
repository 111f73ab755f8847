using System.CommandLine;
using Stackmill.Catalog;
using Stackmill.Core.Faults;
using Stackmill.Runs;

namespace Stackmill.Cli.Commands;

/// <summary>The options that say what a whole run reads, does and writes: those of <c>run</c>, and of what plans one.</summary>
internal sealed class RunOptions
{
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Project folder: data/, reports/ and logs/ go there.", HelpName = "DIR" };
    private readonly SourceOptions _from;
    private readonly SelectionOptions _selection;
    private readonly HubSourceOptions _hub;
    private readonly FetchOptions _fetch;

    /// <summary>Adds the options to a command.</summary>
    public RunOptions(Command command)
    {
        command.Add(_output);
        _from = new SourceOptions(optional: true).AddTo(command);
        _selection = new SelectionOptions().AddTo(command);
        _hub = new HubSourceOptions().AddTo(command);
        _fetch = new FetchOptions().AddTo(command);
        Common = new CommonOptions().AddTo(command);
    }

    /// <summary>The options of every working command.</summary>
    public CommonOptions Common { get; }

    /// <summary>The configuration.</summary>
    public StackmillOptions Configuration(ParseResult parsed) =>
        Common.Configuration(parsed, [.. _from.Assignments(parsed), .. _selection.Assignments(parsed), .. _hub.Assignments(parsed), .. _fetch.Assignments(parsed)]);

    /// <summary>The project folder, by the command line or the configuration.</summary>
    /// <exception cref="UsageException">Neither names one.</exception>
    public string Project(ParseResult parsed, StackmillOptions options) => parsed.GetValue(_output) ?? (options.OutputPaths.BaseDir.Length > 0 ? options.OutputPaths.BaseDir : null)
        ?? throw new UsageException("there is no --output, and the configuration has no output_paths.base_dir. Name the project folder, e.g. --output ./project.");

    /// <summary>The input, by the command line or the configuration.</summary>
    public string Source(ParseResult parsed, StackmillOptions options) => RunSource.Choose(_from.Input(parsed), options);

    /// <summary>True to try failed contents again.</summary>
    public bool RetryFailed(ParseResult parsed) => _fetch.RetryFailed(parsed);
}
