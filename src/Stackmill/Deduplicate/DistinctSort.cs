using System.Numerics;
using System.Runtime.InteropServices;
using Stackmill.Shared;

namespace Stackmill.Deduplicate;

/// <summary>
/// Sorts hashes and keeps one of each. A radix sort over just enough leading bits that ties are rare, then
/// one pass that drops repeats and puts the ties right. Hashes chosen to tie can't make it quadratic: after
/// a bounded amount of shifting the rest goes to introsort.
/// </summary>
internal sealed class DistinctSort
{
    private readonly int[] _counts = new int[RadixPasses.Counters];
    private ulong[] _scratch = [];

    /// <summary>Bytes held between calls.</summary>
    public long RetainedBytes => (_scratch.LongLength * sizeof(ulong)) + (_counts.LongLength * sizeof(int));

    /// <summary>Sorts <paramref name="values"/> ascending, each once; returns how many there are, from the start.</summary>
    public int Sort(Span<ulong> values)
    {
        if (values.Length > RadixPasses.InsertionLimit)
            RadixPasses.Run(MemoryMarshal.Cast<ulong, Hashed>(values), Scratch(values.Length), _counts);
        return FinishDistinct(values);
    }

    /// <summary>Sorts <paramref name="values"/> ascending, repeats and all.</summary>
    public void Order(Span<ulong> values) => RadixPasses.Sort(MemoryMarshal.Cast<ulong, Hashed>(values), Scratch(values.Length), _counts);

    /// <summary>Gives back scratch memory beyond <paramref name="maxBytes"/>.</summary>
    public void Trim(long maxBytes)
    {
        if (_scratch.LongLength * sizeof(ulong) > maxBytes)
            _scratch = [];
    }

    private Span<Hashed> Scratch(int length)
    {
        if (_scratch.Length < length)
            _scratch = GC.AllocateUninitializedArray<ulong>((int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)length), (uint)Array.MaxLength));
        return MemoryMarshal.Cast<ulong, Hashed>(_scratch.AsSpan(0, length));
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

    private readonly record struct Hashed(ulong Hash) : IHashOrdered, IComparable<Hashed>
    {
        public int CompareTo(Hashed other) => Hash.CompareTo(other.Hash);
    }
}
