using Stackmill.Shared.Lexing;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>
/// Whether a text without its cuts is read as before: the lexer must find the same comments and literals in what stays. A language may read a line by
/// those around it (the block of a YAML key ends at a comment), which no rule on the cut lines alone would tell.
/// </summary>
internal static class CutCheck
{
    /// <summary>Compares what the lexer found before and after.</summary>
    /// <param name="before">In the text with the cuts.</param>
    /// <param name="after">In the text without them.</param>
    /// <param name="cuts">The cuts in bytes, ascending.</param>
    public static bool IsReadAsBefore(IReadOnlyList<Segment> before, IReadOnlyList<Segment> after, IReadOnlyList<(int Start, int End)> cuts)
    {
        var (next, cut, gone) = (0, 0, 0);
        foreach (var segment in before)
        {
            var (start, end) = (segment.Start - segment.Head, segment.End + segment.Tail);
            for (; cut < cuts.Count && cuts[cut].End <= start; cut++)
                gone += cuts[cut].End - cuts[cut].Start;
            if (cut < cuts.Count && cuts[cut].Start <= start && cuts[cut].End >= end)
                continue;
            var inside = 0;
            for (var i = cut; i < cuts.Count && cuts[i].Start < end; i++)
                inside += cuts[i].End - cuts[i].Start;
            if (next == after.Count || after[next++] != segment with { Start = segment.Start - gone, End = segment.End - gone - inside })
                return false;
        }

        return next == after.Count;
    }
}
