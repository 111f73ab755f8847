using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Stackmill.Shared.Lexing;

namespace Stackmill.Preprocess.Clean;

/// <summary>
/// Removes what a text should not hold without changing what its code means: stray control characters, foreign line
/// ends, trailing white space, long runs of blank lines. Leading white space and runs inside a line are never touched.
/// Inside a literal of several lines (strings, here-documents, templates with their holes) of a language whose syntax is known, no white
/// space changes. Linear, idempotent; valid UTF-8 stays valid. One per worker: it reuses its memory.
/// </summary>
/// <remarks>
/// C1 control characters (U+0080 to U+009F) stay: in valid UTF-8 they are mostly halves of double-encoded letters,
/// and removing them would make those unrepairable.
/// </remarks>
internal sealed class TextCleaner(CleanOptions options)
{
    /// <summary>Two trailing spaces are a line break in Markdown.</summary>
    private static readonly FrozenSet<string> KeepTrailing = FrozenSet.ToFrozenSet(["Markdown", "RMarkdown", "MDX"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Formats in which a space, a tab or an empty line is data: an unchanged blank line of a diff is one space.</summary>
    private static readonly FrozenSet<string> KeepWhitespace = FrozenSet.ToFrozenSet(["Diff", "TSV", "CSV", "Whitespace"], StringComparer.OrdinalIgnoreCase);

    private static readonly SearchValues<byte> UnwantedOrLineEnd = SearchValues.Create(
        [.. Enumerable.Range(0, 0x80).Select(b => (byte)b).Where(b => b == '\n' || CleanScan.Unwanted.Contains(b))]);

    private static readonly SearchValues<byte> LineEndOnly = SearchValues.Create("\n"u8);

    private readonly ContextScanner scanner = new();
    private readonly List<Segment> segments = [];
    private readonly ArrayBufferWriter<byte> normalised = new();
    private readonly OffsetMap normalisedMap = new();

    private static ReadOnlySpan<byte> Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Cleans <paramref name="utf8"/>. Appends the cleaned text to <paramref name="output"/>, or nothing at all if
    /// the text was clean, which the returned value then says.
    /// </summary>
    /// <param name="utf8">The text.</param>
    /// <param name="language">Linguist's name of its language; an unknown one is treated as code.</param>
    /// <param name="output">Receives the cleaned text.</param>
    /// <param name="map">Filled, if given, with the way back from the cleaned text's offsets to <paramref name="utf8"/>'s.</param>
    internal CleanChange Clean(ReadOnlySpan<byte> utf8, string language, ArrayBufferWriter<byte> output, OffsetMap? map = null)
    {
        map?.Reset();
        var tidy = options.WhitespaceCleanup && !KeepWhitespace.Contains(language);
        var trim = tidy && !KeepTrailing.Contains(language);
        var malformed = options.MalformedCleaning && (utf8.ContainsAny(CleanScan.Unwanted) || utf8.StartsWith(Bom));
        if (!malformed && !(tidy && MayHoldLooseWhitespace(utf8)))
            return CleanChange.None;

        if (!tidy)
            return Run(utf8, false, int.MaxValue, output, map, default);
        var syntax = SyntaxTable.Find(language);
        if (syntax is null)
            return Run(utf8, trim, options.MaxBlankLines, output, map, default);

        // Where literals lie is asked of the text with its final line ends, so that a second cleaning gets the same answer.
        var change = CleanChange.None;
        if (malformed)
        {
            normalised.ResetWrittenCount();
            normalisedMap.Reset();
            change = Run(utf8, false, int.MaxValue, normalised, normalisedMap, default);
        }

        var text = change == CleanChange.None ? utf8 : normalised.WrittenSpan;
        var tidied = CleanChange.None;
        if (MayHoldLooseWhitespace(text))
        {
            scanner.Scan(text, syntax, segments);
            // Where a literal has no end by what is known of the language, it is not known either where literals lie: all of it stays.
            if (!scanner.Degraded)
                tidied = Run(text, trim, options.MaxBlankLines, output, map, CollectionsMarshal.AsSpan(scanner.Literals));
        }

        if (change == CleanChange.None)
            return tidied;
        if (tidied == CleanChange.None)
            output.Write(text);
        map?.Compose(normalisedMap);
        return change | tidied;
    }

    private CleanChange Run(
        ReadOnlySpan<byte> utf8, bool trim, int maxBlankLines, ArrayBufferWriter<byte> output, OffsetMap? map, ReadOnlySpan<(int Start, int End)> literals)
    {
        var pass = new CleanPass(utf8, output.GetSpan(utf8.Length), trim, maxBlankLines, map, literals);
        var change = pass.Run(options.MalformedCleaning, options.MalformedCleaning ? UnwantedOrLineEnd : LineEndOnly);
        if (change == CleanChange.None)
            map?.Reset();
        else
            output.Advance(pass.Written);
        return change;
    }

    /// <summary>With line ends kept as they are, a CR may hide trailing white space from the fast look.</summary>
    private bool MayHoldLooseWhitespace(ReadOnlySpan<byte> utf8) =>
        CleanScan.MayHoldLooseWhitespace(utf8, options.MaxBlankLines) || (!options.MalformedCleaning && utf8.Contains((byte)'\r'));
}
