using System.CommandLine;

namespace Stackmill.Cli.Commands;

/// <summary>The options of the commands that read rows of the Hub.</summary>
internal sealed class HubSourceOptions
{
    private readonly Option<string?> _dataset = new("--dataset") { Description = "Dataset on the Hub, e.g. bigcode/the-stack-v2-dedup.", HelpName = "OWNER/NAME" };
    private readonly Option<string?> _revision = new("--revision") { Description = "Branch, tag or commit of the dataset.", HelpName = "REV" };
    private readonly Option<string?> _token = new("--token") { Description = "Access token of the Hub; better HF_TOKEN or the Hub client's token file, which other users of the machine don't see.", HelpName = "TOKEN" };
    private readonly Option<long?> _limit = new("--limit") { Description = "Most rows to keep of each language.", HelpName = "N" };
    private readonly Option<string?> _sample = new("--sample") { Description = "Share of the files to keep, 0 to 1, by a hash of their content: the same on every machine.", HelpName = "FRACTION" };

    /// <summary>Adds the options to a command.</summary>
    public HubSourceOptions AddTo(Command command)
    {
        foreach (var option in new Option[] { _dataset, _revision, _token, _limit, _sample })
            command.Add(option);
        return this;
    }

    /// <summary>What the options set in the configuration.</summary>
    public (string Key, string? Value)[] Assignments(ParseResult parsed) =>
    [
        ("metadata.dataset", parsed.GetValue(_dataset)),
        ("metadata.revision", parsed.GetValue(_revision)),
        ("hub.token", parsed.GetValue(_token)),
        ("metadata.limit", parsed.GetValue(_limit)?.ToString()),
        ("metadata.sample", parsed.GetValue(_sample)),
        // A dataset on the command line goes before a source in the file.
        ("source", parsed.GetValue(_dataset) is null ? null : ""),
    ];
}
