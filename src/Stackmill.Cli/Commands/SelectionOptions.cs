using System.CommandLine;

namespace Stackmill.Cli.Commands;

/// <summary>The filters that are set most often, as options of the commands that choose files.</summary>
internal sealed class SelectionOptions
{
    private readonly Option<string?> _languages = new("--languages") { Description = "Languages to keep, separated by commas.", HelpName = "LIST" };
    private readonly Option<long?> _minStars = new("--min-stars") { Description = "Fewest stars of a repository, where the source tells them (default 10).", HelpName = "N" };
    private readonly Option<string?> _minSize = new("--min-size") { Description = "Smallest file to keep, e.g. 100 or 1KiB (default 100).", HelpName = "SIZE" };
    private readonly Option<string?> _maxSize = new("--max-size") { Description = "Largest file to keep, e.g. 512KiB (default 1MiB).", HelpName = "SIZE" };
    private readonly Option<string?> _licenses = new("--licenses") { Description = "SPDX ids, separated by commas: a file is kept if any of its licences is among them.", HelpName = "LIST" };

    /// <summary>Adds the options to a command.</summary>
    public SelectionOptions AddTo(Command command)
    {
        foreach (var option in new Option[] { _languages, _minStars, _minSize, _maxSize, _licenses })
            command.Add(option);
        return this;
    }

    /// <summary>What the options set in the configuration.</summary>
    public (string Key, string? Value)[] Assignments(ParseResult parsed) =>
    [
        ("languages", parsed.GetValue(_languages)),
        ("filters.stars.min", parsed.GetValue(_minStars)?.ToString()),
        ("filters.file_size.min_bytes", parsed.GetValue(_minSize)),
        ("filters.file_size.max_bytes", parsed.GetValue(_maxSize)),
        ("filters.licenses", parsed.GetValue(_licenses)),
    ];
}
