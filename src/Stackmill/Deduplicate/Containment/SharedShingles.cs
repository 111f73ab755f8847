namespace Stackmill.Deduplicate.Containment;

/// <summary>How many shingles of a set lie in a larger one, exactly.</summary>
internal static class SharedShingles
{
    // From here on searching for each is faster than walking over all.
    private const int MuchLarger = 8;

    /// <summary>The smallest number of shared shingles that is the threshold's share of a set.</summary>
    public static int Needed(int count, double threshold)
    {
        var needed = (int)Math.Ceiling(threshold * count);
        // The estimate is rounded: the division that decides has the last word.
        while (needed > 0 && (double)(needed - 1) / count >= threshold)
            needed--;
        while (needed < count && (double)needed / count < threshold)
            needed++;
        return needed;
    }

    /// <summary>Shingles that two ascending sets share, or −1 as soon as they can't be <paramref name="needed"/>.</summary>
    public static int Count(ReadOnlySpan<ulong> smaller, ReadOnlySpan<ulong> larger, int needed)
    {
        if (larger.Length / MuchLarger < smaller.Length)
            return Jaccard.Intersection(smaller, larger, needed);
        var (shared, lacking) = (0, 0);
        foreach (var shingle in smaller)
        {
            // The place is looked for in strides that double, so that all searches together are linear at worst.
            var stride = 1;
            while (stride < larger.Length && larger[stride - 1] < shingle)
                stride *= 2;
            var place = larger[..Math.Min(stride, larger.Length)].BinarySearch(shingle);
            shared += place >= 0 ? 1 : 0;
            lacking += place >= 0 ? 0 : 1;
            if (smaller.Length - lacking < needed)
                return -1;
            larger = larger[(place >= 0 ? place + 1 : ~place)..];
        }

        return shared;
    }
}
