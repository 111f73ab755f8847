using Stackmill.Core.Options;

namespace Stackmill.Deduplicate.Containment;

/// <summary>Section <c>containment</c>: files that lie in others.</summary>
internal sealed class ContainmentOptions
{
    /// <summary>Value of <see cref="Mode"/>: nothing is looked for.</summary>
    public const string Off = "off";

    /// <summary>Value of <see cref="Mode"/>: contained files are reported and go on.</summary>
    public const string ReportOnly = "report";

    /// <summary>Value of <see cref="Mode"/>: contained files are left out.</summary>
    public const string Drop = "drop";

    [Option("mode", "What is done about files whose text lies in a larger file that stays: off, report (containment_report.json), or drop (report, and leave them out).", Values = [Off, ReportOnly, Drop])]
    public string Mode { get; set; } = Off;

    [Option("threshold", "Share of a file's shingles that the larger file must hold, exactly compared.", Min = 0.5, Max = 1)]
    public double Threshold { get; set; } = 0.95;

    [Option("min_shingles", "Fewest different shingles of a file that is looked for in others.", Min = 16, Max = 1_000_000)]
    public int MinShingles { get; set; } = 100;

    [Option("max_files", "Shingles that more files than this share are not asked for; the report counts them, and the files that this concerns.", Min = 2, Max = 1_000_000)]
    public int MaxFiles { get; set; } = 1000;

    /// <summary>True when contained files are looked for.</summary>
    public bool IsOn => Mode != Off;

    /// <summary>True when contained files are left out.</summary>
    public bool Drops => Mode == Drop;
}
