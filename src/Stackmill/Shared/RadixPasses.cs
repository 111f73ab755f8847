using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackmill.Shared;

/// <summary>A value that is ordered by a number first, whose leading bits are as good as random: a hash.</summary>
internal interface IHashOrdered
{
    /// <summary>The number.</summary>
    ulong Hash { get; }
}

/// <summary>
/// A radix sort over just enough leading bits that few values are left in the wrong place (Knuth, "The Art of Computer Programming", volume 3, §5.2.5): who calls it
/// puts those right, and must not take quadratic time when hashes are chosen to have equal leading bits.
/// </summary>
internal static class RadixPasses
{
    /// <summary>Up to this many values, sorting by insertion beats clearing the counters.</summary>
    public const int InsertionLimit = 24;

    /// <summary>Counters that are needed.</summary>
    public const int Counters = MaxDigits << 11;

    private const int MaxDigits = 3;

    /// <summary>
    /// Orders by leading bits. With n random values about n²/2^(bits+1) pairs are in the wrong order afterwards: n/2 after one digit, n/16 after several. A wider digit
    /// has more counters than a small set has values, and more places to write to than the first-level cache has lines.
    /// </summary>
    /// <param name="values">The values; at least one.</param>
    /// <param name="scratch">As many, which are overwritten.</param>
    /// <param name="counters">At least <see cref="Counters"/>, which are overwritten.</param>
    public static void Run<T>(Span<T> values, Span<T> scratch, Span<int> counters)
        where T : unmanaged, IHashOrdered
    {
        (int digits, int digitBits) = values.Length switch
        {
            <= 1024 => (1, 10),
            <= 2048 => (1, 11),
            <= 4096 => (1, 12),
            <= 8192 => (2, 8),
            <= 32_768 => (2, 9),
            <= 131_072 => (2, 10),
            <= 524_288 => (2, 11),
            _ => (MaxDigits, 11),
        };
        int radix = 1 << digitBits;
        uint mask = (uint)radix - 1;
        int lowestShift = 64 - (digits * digitBits);
        Span<int> counts = counters[..(digits << digitBits)];
        counts.Clear();
        Count(values, counts, digits, digitBits, lowestShift);

        Span<T> from = values;
        Span<T> to = scratch[..values.Length];
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
            Scatter<T>(from, to, starts, lowestShift + (digit * digitBits), mask);
            Span<T> swap = from;
            from = to;
            to = swap;
        }
        if (digits % 2 == 1)
            from.CopyTo(values);
    }

    /// <summary>Sorts ascending. Never takes quadratic time: where many hashes have equal leading bits, it goes on as <see cref="MemoryExtensions.Sort{T}(Span{T})"/> does.</summary>
    /// <param name="values">The values, which compare by their hashes first.</param>
    /// <param name="scratch">As many, which are overwritten.</param>
    /// <param name="counters">At least <see cref="Counters"/>, which are overwritten.</param>
    public static void Sort<T>(Span<T> values, Span<T> scratch, Span<int> counters)
        where T : unmanaged, IHashOrdered, IComparable<T>
    {
        if (values.Length > InsertionLimit)
            Run(values, scratch, counters);
        long budget = 256 + (8L * values.Length);
        for (int i = 1; i < values.Length; i++)
        {
            T value = values[i];
            int at = i;
            while (at > 0 && values[at - 1].CompareTo(value) > 0)
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

    private static void Count<T>(ReadOnlySpan<T> values, Span<int> counts, int digits, int digitBits, int lowestShift)
        where T : unmanaged, IHashOrdered
    {
        ref int countBase = ref MemoryMarshal.GetReference(counts);
        int radix = 1 << digitBits;
        uint mask = (uint)radix - 1;
        if (digits == 1)
        {
            foreach (T value in values)
                Unsafe.Add(ref countBase, (int)(value.Hash >> lowestShift))++;
        }
        else if (digits == 2)
        {
            foreach (T value in values)
            {
                uint leading = (uint)(value.Hash >> lowestShift);
                Unsafe.Add(ref countBase, leading & mask)++;
                Unsafe.Add(ref countBase, radix + (int)(leading >> digitBits))++;
            }
        }
        else
        {
            foreach (T value in values)
            {
                ulong leading = value.Hash >> lowestShift;
                Unsafe.Add(ref countBase, (uint)leading & mask)++;
                Unsafe.Add(ref countBase, radix + (int)((uint)(leading >> digitBits) & mask))++;
                Unsafe.Add(ref countBase, (2 * radix) + (int)(leading >> (2 * digitBits)))++;
            }
        }
    }

    private static void Scatter<T>(ReadOnlySpan<T> from, Span<T> to, Span<int> starts, int shift, uint mask)
        where T : unmanaged, IHashOrdered
    {
        ref T target = ref MemoryMarshal.GetReference(to);
        ref int start = ref MemoryMarshal.GetReference(starts);
        foreach (T value in from)
        {
            ref int slot = ref Unsafe.Add(ref start, (uint)(value.Hash >> shift) & mask);
            Unsafe.Add(ref target, slot) = value;
            slot++;
        }
    }
}
