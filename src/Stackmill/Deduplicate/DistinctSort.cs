using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackmill.Deduplicate;

/// <summary>
/// Sorts hashes and keeps one of each. A radix sort over just enough leading bits that ties are rare, then
/// one pass that drops repeats and puts the ties right. Hashes chosen to tie can't make it quadratic: after
/// a bounded amount of shifting the rest goes to introsort.
/// </summary>
internal sealed class DistinctSort
{
    // Below this, insertion sort beats clearing the counters.
    private const int InsertionLimit = 24;
    private const int MaxDigits = 3;

    private readonly int[] _counts = new int[MaxDigits << 11];
    private ulong[] _scratch = [];

    /// <summary>Bytes held between calls.</summary>
    public long RetainedBytes => (_scratch.LongLength * sizeof(ulong)) + (_counts.LongLength * sizeof(int));

    /// <summary>Sorts <paramref name="values"/> ascending, each once; returns how many there are, from the start.</summary>
    public int Sort(Span<ulong> values)
    {
        if (values.Length > InsertionLimit)
            RadixSort(values);
        return FinishDistinct(values);
    }

    /// <summary>Sorts <paramref name="values"/> ascending, repeats and all.</summary>
    public void Order(Span<ulong> values)
    {
        if (values.Length > InsertionLimit)
            RadixSort(values);
        long budget = 256 + (8L * values.Length);
        for (int i = 1; i < values.Length; i++)
        {
            ulong value = values[i];
            int at = i;
            while (at > 0 && values[at - 1] > value)
                at--;
            if (at == i)
                continue;
            budget -= i - at;
            if (budget < 0)
            {
                values.Sort();
                return;
            }
            values[at..i].CopyTo(values[(at + 1)..]);
            values[at] = value;
        }
    }

    /// <summary>Gives back scratch memory beyond <paramref name="maxBytes"/>.</summary>
    public void Trim(long maxBytes)
    {
        if (_scratch.LongLength * sizeof(ulong) > maxBytes)
            _scratch = [];
    }

    /// <summary>
    /// Orders by leading bits: 2 × 8 up to 1,024 values, 2 × 11 up to 8,192, else 3 × 11. With n random values
    /// about n²/2^(bits+1) pairs are left in the wrong order: 8, 8, and 61 for a million.
    /// </summary>
    private void RadixSort(Span<ulong> values)
    {
        int digitBits = values.Length <= 1024 ? 8 : 11;
        int digits = values.Length <= 8192 ? 2 : 3;
        int radix = 1 << digitBits;
        uint mask = (uint)radix - 1;
        int lowestShift = 64 - (digits * digitBits);
        if (_scratch.Length < values.Length)
            _scratch = GC.AllocateUninitializedArray<ulong>((int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)values.Length), (uint)Array.MaxLength));

        Span<int> counts = _counts.AsSpan(0, digits << digitBits);
        counts.Clear();
        ref int countBase = ref MemoryMarshal.GetReference(counts);
        if (digits == 2)
        {
            foreach (ulong value in values)
            {
                uint leading = (uint)(value >> lowestShift);
                Unsafe.Add(ref countBase, leading & mask)++;
                Unsafe.Add(ref countBase, radix + (int)(leading >> digitBits))++;
            }
        }
        else
        {
            foreach (ulong value in values)
            {
                ulong leading = value >> lowestShift;
                Unsafe.Add(ref countBase, (uint)leading & mask)++;
                Unsafe.Add(ref countBase, radix + (int)((uint)(leading >> digitBits) & mask))++;
                Unsafe.Add(ref countBase, (2 * radix) + (int)(leading >> (2 * digitBits)))++;
            }
        }

        Span<ulong> from = values;
        Span<ulong> to = _scratch.AsSpan(0, values.Length);
        for (int digit = 0; digit < digits; digit++)
        {
            Span<int> starts = counts.Slice(digit << digitBits, radix);
            int sum = 0;
            for (int i = 0; i < starts.Length; i++)
            {
                int count = starts[i];
                starts[i] = sum;
                sum += count;
            }
            Scatter(from, to, starts, lowestShift + (digit * digitBits), mask);
            Span<ulong> swap = from;
            from = to;
            to = swap;
        }
        if (digits % 2 == 1)
            from.CopyTo(values);
    }

    private static void Scatter(ReadOnlySpan<ulong> from, Span<ulong> to, Span<int> starts, int shift, uint mask)
    {
        ref ulong target = ref MemoryMarshal.GetReference(to);
        ref int start = ref MemoryMarshal.GetReference(starts);
        foreach (ulong value in from)
        {
            ref int slot = ref Unsafe.Add(ref start, (uint)(value >> shift) & mask);
            Unsafe.Add(ref target, slot) = value;
            slot++;
        }
    }

    private static int FinishDistinct(Span<ulong> values)
    {
        if (values.IsEmpty)
            return 0;
        long budget = 256 + (8L * values.Length);
        int count = 1;
        ulong last = values[0];
        for (int i = 1; i < values.Length; i++)
        {
            ulong value = values[i];
            if (value >= last)
            {
                values[count] = value;
                count += value != last ? 1 : 0;
                last = value;
                continue;
            }
            int at = count - 1;
            while (at > 0 && values[at - 1] >= value)
                at--;
            if (values[at] != value)
            {
                budget -= count - at;
                values[at..count].CopyTo(values[(at + 1)..]);
                values[at] = value;
                count++;
            }
            else
            {
                budget -= count - at;
            }
            if (budget < 0)
                return FinishBySorting(values, count, i + 1);
        }
        return count;
    }

    private static int FinishBySorting(Span<ulong> values, int done, int next)
    {
        values[next..].CopyTo(values[done..]);
        Span<ulong> rest = values[..(done + values.Length - next)];
        rest.Sort();
        int count = 1;
        for (int i = 1; i < rest.Length; i++)
        {
            rest[count] = rest[i];
            count += rest[count] != rest[count - 1] ? 1 : 0;
        }
        return count;
    }
}
