using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    /// <summary>Size of the intersection of two ascending sets, or −1 when it is less than <paramref name="needed"/>: then as soon as that is certain.</summary>
    /// <param name="left">A set, each element once.</param>
    /// <param name="right">The other one.</param>
    /// <param name="needed">The least size that counts.</param>
    /// <param name="level">Vectors to use; by default the widest that the processor has.</param>
    public static int Intersection(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, int needed, SimdLevel? level = null)
    {
        int i = 0, j = 0, common = 0;
        if ((level ?? SimdLevels.Best) == SimdLevel.Vector512 && !Blocks512(left, right, needed, ref i, ref j, ref common))
            return -1;
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

    // Eight elements of each set are compared all with all; then the eight are passed whose last one is less, as all that equals them has been met
    // (Schlegel, Willhalm, Lehner: "Fast Sorted-Set Intersection using SIMD Instructions", ADMS 2011). False when the needed size is out of reach.
    private static bool Blocks512(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, int needed, ref int leftAt, ref int rightAt, ref int found)
    {
        ref ulong a = ref MemoryMarshal.GetReference(left);
        ref ulong b = ref MemoryMarshal.GetReference(right);
        int i = 0, j = 0, common = 0;
        int leftEnd = left.Length - Vector512<ulong>.Count, rightEnd = right.Length - Vector512<ulong>.Count;
        var turn = Vector512.Create(1UL, 2, 3, 4, 5, 6, 7, 0);
        var half = Vector512.Create(4UL, 5, 6, 7, 0, 1, 2, 3);
        while (i <= leftEnd && j <= rightEnd)
        {
            if (common + Math.Min(left.Length - i, right.Length - j) < needed)
                return false;
            var these = Vector512.LoadUnsafe(ref a, (nuint)i);
            var those = Vector512.LoadUnsafe(ref b, (nuint)j);
            var far = Vector512.Shuffle(those, half);
            var equal = Vector512.Equals(these, those) | Vector512.Equals(these, far);
            for (var turns = 1; turns < 4; turns++)
            {
                those = Vector512.Shuffle(those, turn);
                far = Vector512.Shuffle(far, turn);
                equal |= Vector512.Equals(these, those) | Vector512.Equals(these, far);
            }
            common += BitOperations.PopCount(equal.ExtractMostSignificantBits());
            ulong last = Unsafe.Add(ref a, i + Vector512<ulong>.Count - 1), other = Unsafe.Add(ref b, j + Vector512<ulong>.Count - 1);
            i += last <= other ? Vector512<ulong>.Count : 0;
            j += other <= last ? Vector512<ulong>.Count : 0;
        }
        (leftAt, rightAt, found) = (i, j, common);
        return true;
    }
}
