using Stackmill.Core.Options;

namespace Stackmill.Preprocess.Clean;

/// <summary>What cleaning does. The two switches are set from the configuration's <c>stages</c> section.</summary>
internal sealed class CleanOptions
{
    /// <summary>Line ends to <c>\n</c>, stray control characters and a leading U+FEFF out (<c>stages.malformed_cleaning</c>).</summary>
    public bool MalformedCleaning { get; set; } = true;

    /// <summary>Trailing white space out, long runs of blank lines shortened (<c>stages.whitespace_cleanup</c>).</summary>
    public bool WhitespaceCleanup { get; set; } = true;

    /// <summary>Blank lines that may follow one another.</summary>
    [Option("max_blank_lines", "Blank lines that may follow one another; further ones are removed by whitespace_cleanup.", Min = 0, Max = 1_000_000)]
    public int MaxBlankLines { get; set; } = 2;
}

/// <summary>What cleaning changed in a text.</summary>
[Flags]
internal enum CleanChange
{
    /// <summary>Nothing: the text was clean.</summary>
    None = 0,

    /// <summary>Control characters were removed or became a space.</summary>
    ControlCharacters = 1,

    /// <summary>CR LF, CR CR LF or CR became LF.</summary>
    LineEnds = 2,

    /// <summary>U+FEFF was removed from the start.</summary>
    ByteOrderMark = 4,

    /// <summary>Spaces and tabs before a line end were removed.</summary>
    TrailingWhitespace = 8,

    /// <summary>Blank lines beyond the allowed number were removed.</summary>
    BlankLines = 16,
}
