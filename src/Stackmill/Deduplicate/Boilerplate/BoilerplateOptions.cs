using Stackmill.Core.Options;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>Section <c>boilerplate</c>: blocks of lines that many files share.</summary>
internal sealed class BoilerplateOptions
{
    /// <summary>Value of <see cref="Mode"/>: nothing is looked for.</summary>
    public const string Off = "off";

    /// <summary>Value of <see cref="Mode"/>: blocks are reported, files stay as they are.</summary>
    public const string ReportOnly = "report";

    /// <summary>Value of <see cref="Mode"/>: blocks are cut out of the files.</summary>
    public const string Remove = "remove";

    /// <summary>Value of <see cref="Cut"/>: lines that are comments throughout.</summary>
    public const string Comments = "comments";

    /// <summary>Value of <see cref="Cut"/>: lines of any kind.</summary>
    public const string All = "all";

    [Option("mode", "What is done about blocks of lines that many of the files that stay share, such as licence headers: off, report (boilerplate_report.json), or remove (report, and cut them out of the files).", Values = [Off, ReportOnly, Remove])]
    public string Mode { get; set; } = Off;

    [Option("min_files", "Files that must hold the same lines, each counted once.", Min = 2, Max = 1_000_000_000)]
    public int MinFiles { get; set; } = 100;

    [Option("min_lines", "Lines in a row that a block has at least. Lines are compared from their first to their last letter or digit; lines without one are passed over.", Min = 2, Max = 50)]
    public int MinLines { get; set; } = 5;

    [Option("cut", "Which lines of a block may go: comments (lines that are comments throughout) or all (code as well, where its brackets are balanced).", Values = [Comments, All])]
    public string Cut { get; set; } = Comments;

    /// <summary>True when blocks are looked for.</summary>
    public bool IsOn => Mode != Off;

    /// <summary>True when blocks are cut out.</summary>
    public bool Removes => Mode == Remove;

    /// <summary>True when lines of code may go as well.</summary>
    public bool CutsCode => Cut == All;
}
