using System.Globalization;
using Stackmill.Runs.Explain;
using Stackmill.Runs.Scan;

namespace Stackmill.Cli.Terminal;

/// <summary>Two texts side by side, with some equal lines around what differs.</summary>
internal static class DiffView
{
    private const int Around = 3;
    private const int NarrowestColumn = 20;
    private const int MostLines = 400;

    /// <summary>Writes the differences: equal lines with two blanks between the columns, changed ones with <c>|</c>, and those of one side with <c>&lt;</c> or <c>&gt;</c>.</summary>
    /// <param name="left">Name and text of the left side.</param>
    /// <param name="right">Name and text of the right side.</param>
    /// <param name="width">Characters of a line.</param>
    /// <param name="output">Where to.</param>
    public static void Write((string Name, string Text) left, (string Name, string Text) right, int width, TextWriter output)
    {
        var column = Math.Max(NarrowestColumn, (width - 3) / 2);
        var lines = LineDiff.Of(left.Text, right.Text);
        output.WriteLine(Row(left.Name, ' ', right.Name, column));
        var (written, last) = (0, -1);
        for (var i = 0; i < lines.Count; i++)
        {
            if (!IsNear(lines, i))
                continue;
            if (written++ == MostLines)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {lines.Count - i:N0} lines more"));
                return;
            }

            if (i > last + 1)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {i - last - 1:N0} equal lines"));
            var line = lines[i];
            output.WriteLine(Row(line.Left, line.IsEqual ? ' ' : line.Left is null ? '>' : line.Right is null ? '<' : '|', line.Right, column));
            last = i;
        }

        if (last < lines.Count - 1)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {lines.Count - 1 - last:N0} equal lines"));
    }

    private static bool IsNear(IReadOnlyList<DiffLine> lines, int at)
    {
        for (var i = Math.Max(0, at - Around); i <= Math.Min(lines.Count - 1, at + Around); i++)
        {
            if (!lines[i].IsEqual)
                return true;
        }

        return false;
    }

    private static string Row(string? left, char sign, string? right, int column) => $"{Cell(left, column).PadRight(column)} {sign} {Cell(right, column)}".TrimEnd();

    private static string Cell(string? text, int column)
    {
        var line = ScanReport.Printable((text ?? "").Replace("\t", "    ", StringComparison.Ordinal));
        return line.Length <= column ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[column - 2]) ? column - 2 : column - 1), "…");
    }
}
