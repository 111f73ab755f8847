namespace Stackmill.Shared;

/// <summary>
/// Finds the known name that someone probably meant: by optimal string alignment distance (insert, delete, replace, swap of
/// neighbours, each 1), after case and <c>-</c>/<c>_</c> are made equal.
/// </summary>
public static class NearestName
{
    /// <summary>Names longer than this get no suggestion: nobody mistypes them by hand, and the distance costs length × length.</summary>
    public const int LongestName = 64;

    /// <summary>
    /// The candidate nearest to <paramref name="name"/>, or <c>null</c> when none is near: at most one edit for every three
    /// characters, or <paramref name="name"/> is a whole word of the candidate (<c>min</c> in <c>min_bytes</c>).
    /// Of equally near candidates the first wins.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        if (name.Length is 0 or > LongestName)
            return null;
        var wanted = Normalize(name);
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            if (candidate.Length is 0 or > LongestName)
                continue;
            var distance = Rank(wanted, Normalize(candidate));
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    private static int Rank(string wanted, string candidate)
    {
        var distance = Distance(wanted, candidate);
        if (distance <= Math.Max(1, Math.Max(wanted.Length, candidate.Length) / 3) && distance < wanted.Length)
            return distance;
        // A left-out word is a worse match than any typing error.
        return IsWordOf(wanted, candidate) ? LongestName + distance : int.MaxValue;
    }

    private static bool IsWordOf(string word, string candidate) =>
        word.Length > 1 && $"_{candidate}_".Contains($"_{word}_", StringComparison.Ordinal);

    private static string Normalize(string name) => name.ToLowerInvariant().Replace('-', '_').Replace('.', '_');

    /// <summary>Optimal string alignment distance of two strings, in edits of UTF-16 units. Costs length × length.</summary>
    public static int Distance(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var beforePrevious = new int[b.Length + 1];
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var cost = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost = Math.Min(cost, beforePrevious[j - 2] + 1);
                current[j] = cost;
            }
            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }
        return previous[b.Length];
    }
}
