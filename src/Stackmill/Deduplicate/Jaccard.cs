namespace Stackmill.Deduplicate;

/// <summary>Exact Jaccard similarity |A ∩ B| / |A ∪ B| of sorted sets of hashes.</summary>
internal static class Jaccard
{
    // Steps between two looks at whether the needed intersection can still be reached.
    private const int StepsPerCheck = 64;

    /// <summary>Similarity from the sizes; the two sets aren't both empty.</summary>
    public static double Similarity(int intersection, int left, int right) =>
        (double)intersection / ((long)left + right - intersection);

    /// <summary>
    /// The smallest intersection at which sets of these sizes have at least this similarity (0 to 1, as
    /// <see cref="Similarity"/> computes it): ⌈s(a + b) / (1 + s)⌉. Above the smaller size, none suffices.
    /// </summary>
    public static int MinIntersection(int left, int right, double similarity)
    {
        long sum = (long)left + right;
        int needed = (int)Math.Ceiling(similarity * sum / (1 + similarity));
        // The estimate is rounded: the division that decides has the last word.
        while (needed > 0 && (double)(needed - 1) / (sum - needed + 1) >= similarity)
            needed--;
        while (needed < sum && (double)needed / (sum - needed) < similarity)
            needed++;
        return needed;
    }

    /// <summary>Size of the intersection of two ascending sets, or −1 as soon as it can't reach <paramref name="needed"/>.</summary>
    public static int Intersection(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, int needed)
    {
        int i = 0, j = 0, common = 0;
        while (i < left.Length && j < right.Length)
        {
            int steps = Math.Min(StepsPerCheck, Math.Min(left.Length - i, right.Length - j));
            if (common + Math.Min(left.Length - i, right.Length - j) < needed)
                return -1;
            for (; steps > 0; steps--)
            {
                ulong a = left[i], b = right[j];
                common += a == b ? 1 : 0;
                i += a <= b ? 1 : 0;
                j += b <= a ? 1 : 0;
            }
        }
        return common >= needed ? common : -1;
    }
}
