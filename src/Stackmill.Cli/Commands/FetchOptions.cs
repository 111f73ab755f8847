using System.CommandLine;

namespace Stackmill.Cli.Commands;

/// <summary>The options of the commands that fetch contents.</summary>
internal sealed class FetchOptions
{
    private readonly Option<bool> _terms = new("--accept-terms") { Description = "You have read the terms of use for bulk access to Software Heritage (shown without this), and agree." };
    private readonly Option<bool> _retry = new("--retry-failed") { Description = "Try contents again that could not be had, of a finished dataset." };
    private readonly Option<bool> _signed = new("--signed") { Description = "Sign requests, with the usual AWS credentials." };

    /// <summary>Adds the options to a command.</summary>
    public FetchOptions AddTo(Command command)
    {
        command.Add(_terms);
        command.Add(_retry);
        command.Add(_signed);
        return this;
    }

    /// <summary>True to try failed contents again.</summary>
    public bool RetryFailed(ParseResult parsed) => parsed.GetValue(_retry);

    /// <summary>What the options set in the configuration.</summary>
    public (string Key, string? Value)[] Assignments(ParseResult parsed) =>
    [
        ("contents.accept_terms", parsed.GetValue(_terms) ? "true" : null),
        ("contents.signed", parsed.GetValue(_signed) ? "true" : null),
    ];
}
