using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>Puts the entry of one stage into the text of a lock and leaves every other line as it is.</summary>
internal static class LockSplice
{
    private const string StageIndent = "  ";

    /// <summary>The new text; null where that can't be done line by line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="entry">Its entry.</param>
    /// <param name="root">What the new text must stand for.</param>
    public static string? Try(string text, string stage, DataMap entry, DataMap root)
    {
        var lines = text.TrimStart('\uFEFF').Split('\n').Select(l => l.TrimEnd('\r')).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        var head = lines.FindIndex(l => IsHead(l, stage));
        var written = YamlWriter.Write(new DataMap { { "stages", new DataMap { { stage, entry } } } }).TrimEnd('\n').Split('\n').Skip(1).ToList();
        if (head < 0)
        {
            lines.AddRange(written);
        }
        else
        {
            var end = head + 1;
            while (end < lines.Count && (lines[end].Length == 0 || lines[end].StartsWith(StageIndent + " ", StringComparison.Ordinal)))
                end++;
            // Blank lines before what follows are its own.
            while (lines[end - 1].Length == 0)
                end--;
            lines.RemoveRange(head, end - head);
            lines.InsertRange(head, written);
        }

        var result = new StringBuilder().AppendJoin('\n', lines).Append('\n').ToString();
        try
        {
            return ValueEquality.Identical(YamlReader.Read(result, "lock"), root) ? result : null;
        }
        catch (UsageException)
        {
            // Not in block style: the caller writes all of it anew.
            return null;
        }
    }

    private static bool IsHead(string line, string stage) =>
        line.StartsWith(StageIndent, StringComparison.Ordinal) && line.Length > StageIndent.Length && line[StageIndent.Length] != ' '
        && line.TrimEnd().EndsWith(':') && line.Trim().TrimEnd(':').Trim('\'', '"') == stage;
}
