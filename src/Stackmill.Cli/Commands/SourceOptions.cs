using System.CommandLine;

namespace Stackmill.Cli.Commands;

/// <summary>The options of the commands that read an input of any form.</summary>
/// <param name="optional">True when the configuration may name the input instead.</param>
internal sealed class SourceOptions(bool optional = false)
{
    private readonly Option<string?> _input = new("--input", "-i")
    {
        Description = "Folder of code, records (.jsonl, .parquet, .csv, .arrow), archive, Git repository or list of those, s3:// or hf:// address. It is never changed.",
        Required = !optional,
        HelpName = "PATH",
    };

    private readonly Option<string?> _form = new("--input-format") { Description = "What the input is: auto, folder, jsonl, parquet, csv, arrow, archive or git.", HelpName = "FORM" };
    private readonly Option<string?> _content = new("--content-column") { Description = "Column or key of the content, in records.", HelpName = "NAME" };
    private readonly Option<string?> _path = new("--path-column") { Description = "Column or key of the path, in records.", HelpName = "NAME" };
    private readonly Option<int?> _maxSize = new("--max-size-mb") { Description = "Hard limit: larger files are never read, in MiB (default 10).", HelpName = "N" };

    /// <summary>Adds the options to a command.</summary>
    public SourceOptions AddTo(Command command)
    {
        foreach (var option in new Option[] { _input, _form, _content, _path, _maxSize })
            command.Add(option);
        return this;
    }

    /// <summary>The input, as given; <c>null</c> without one.</summary>
    public string? Input(ParseResult parsed) => parsed.GetValue(_input);

    /// <summary>What the options set in the configuration.</summary>
    public (string Key, string? Value)[] Assignments(ParseResult parsed) =>
    [
        ("input.format", parsed.GetValue(_form)),
        ("input.content_column", parsed.GetValue(_content)),
        ("input.path_column", parsed.GetValue(_path)),
        ("max_file_size_mb", parsed.GetValue(_maxSize)?.ToString()),
    ];
}
