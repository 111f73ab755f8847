namespace Stackmill.Runs.Explain;

/// <summary>One line of two texts side by side; <c>null</c> where a side has none.</summary>
internal readonly record struct DiffLine(string? Left, string? Right, bool IsEqual);

/// <summary>
/// The lines of two texts side by side, by the shortest edit script (E. W. Myers, "An O(ND) difference algorithm and its variations", 1986). Texts that differ in
/// more than <see cref="MostEdits"/> lines are told as one changed block, so that time and memory stay bounded.
/// </summary>
internal static class LineDiff
{
    /// <summary>Most lines that are removed and added together.</summary>
    public const int MostEdits = 2000;

    /// <summary>The lines of both, in order.</summary>
    public static IReadOnlyList<DiffLine> Of(string left, string right)
    {
        var (a, b) = (left.Split('\n'), right.Split('\n'));
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
            start++;
        var end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)])
            end++;
        var lines = new List<DiffLine>();
        lines.AddRange(a.Take(start).Select(line => new DiffLine(line, line, true)));
        Change(a[start..^end], b[start..^end], lines);
        lines.AddRange(a.TakeLast(end).Select(line => new DiffLine(line, line, true)));
        return lines;
    }

    private static void Change(string[] a, string[] b, List<DiffLine> lines)
    {
        var common = Common(a, b);
        var (i, k) = (0, 0);
        foreach (var (x, y) in common)
        {
            Block(a[i..x], b[k..y], lines);
            lines.Add(new DiffLine(a[x], b[y], true));
            (i, k) = (x + 1, y + 1);
        }

        Block(a[i..], b[k..], lines);
    }

    private static void Block(string[] a, string[] b, List<DiffLine> lines)
    {
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
            lines.Add(new DiffLine(i < a.Length ? a[i] : null, i < b.Length ? b[i] : null, false));
    }

    // Places of lines that both have, in order; none when too much differs.
    private static List<(int X, int Y)> Common(string[] a, string[] b)
    {
        var most = Math.Min(MostEdits, a.Length + b.Length);
        var furthest = new int[(2 * most) + 3];
        var trace = new List<int[]>();
        for (var edits = 0; edits <= most; edits++)
        {
            trace.Add(furthest[(most + 1 - edits)..(most + 2 + edits)]);
            for (var diagonal = -edits; diagonal <= edits; diagonal += 2)
            {
                var down = diagonal == -edits || (diagonal != edits && furthest[most + diagonal] < furthest[most + 2 + diagonal]);
                var x = down ? furthest[most + 2 + diagonal] : furthest[most + diagonal] + 1;
                var y = x - diagonal;
                while (x < a.Length && y < b.Length && a[x] == b[y])
                    (x, y) = (x + 1, y + 1);
                furthest[most + 1 + diagonal] = x;
                if (x >= a.Length && y >= b.Length)
                    return Walk(trace, a.Length, b.Length);
            }
        }

        return [];
    }

    // Back from the end: each kept array holds the diagonals from −edits to edits as they were before its round.
    private static List<(int X, int Y)> Walk(List<int[]> trace, int x, int y)
    {
        var common = new List<(int X, int Y)>();
        for (var edits = trace.Count - 1; edits > 0; edits--)
        {
            var before = trace[edits];
            int At(int diagonal) => before[diagonal + edits];
            var diagonal = x - y;
            var down = diagonal == -edits || (diagonal != edits && At(diagonal - 1) < At(diagonal + 1));
            var from = down ? diagonal + 1 : diagonal - 1;
            var edited = At(from) + (down ? 0 : 1);
            while (x > edited)
                common.Add((--x, --y));
            (x, y) = (At(from), At(from) - from);
        }

        while (x > 0 && y > 0)
            common.Add((--x, --y));
        common.Reverse();
        return common;
    }
}
