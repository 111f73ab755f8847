using Stackmill.Core.Faults;

namespace Stackmill.Core.Model;

/// <summary>
/// The count of what came in and where it went. The invariant, checked after every shard:
/// in = kept + dropped (by reason) + failed (by reason).
/// </summary>
public sealed class Books
{
    /// <summary>Records that came in.</summary>
    public long In { get; set; }

    /// <summary>Records that went on.</summary>
    public long Kept { get; set; }

    /// <summary>Bytes of content that came in, where they were read.</summary>
    public long BytesIn { get; set; }

    /// <summary>Bytes of content that went on.</summary>
    public long BytesKept { get; set; }

    /// <summary>Records left out, by reason.</summary>
    public SortedDictionary<string, long> Dropped { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Records that could not be processed, by reason.</summary>
    public SortedDictionary<string, long> Failed { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Other counts of the stage, by dotted name, e.g. <c>redactions.email</c>.</summary>
    public SortedDictionary<string, long> Counters { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Sum of all drops.</summary>
    public long DroppedTotal => Sum(Dropped);

    /// <summary>Sum of all failures.</summary>
    public long FailedTotal => Sum(Failed);

    /// <summary>Counts one drop.</summary>
    public void Drop(string reason) => Add(Dropped, reason, 1);

    /// <summary>Counts one failure.</summary>
    public void Fail(string reason) => Add(Failed, reason, 1);

    /// <summary>Adds to a counter.</summary>
    public void Count(string counter, long amount = 1)
    {
        if (amount != 0)
            Add(Counters, counter, amount);
    }

    /// <summary>Adds the books of another shard to these.</summary>
    public void Merge(Books other)
    {
        In += other.In;
        Kept += other.Kept;
        BytesIn += other.BytesIn;
        BytesKept += other.BytesKept;
        MergeInto(Dropped, other.Dropped);
        MergeInto(Failed, other.Failed);
        MergeInto(Counters, other.Counters);
    }

    /// <summary>Throws when a record is unaccounted for: that would be a bug, and nothing may be published then.</summary>
    /// <exception cref="RunFaultException">The books do not balance.</exception>
    public void Check(string where)
    {
        if (In != Kept + DroppedTotal + FailedTotal)
        {
            throw new RunFaultException(
                $"the books of {where} do not balance: {In} in, but {Kept} kept + {DroppedTotal} dropped + {FailedTotal} failed = {Kept + DroppedTotal + FailedTotal}; nothing was published. This is a bug in Stackmill: please report it with the log.");
        }
    }

    private static long Sum(SortedDictionary<string, long> counts)
    {
        long sum = 0;
        foreach (var count in counts.Values)
            sum += count;
        return sum;
    }

    private static void Add(SortedDictionary<string, long> counts, string key, long amount) =>
        counts[key] = counts.TryGetValue(key, out var have) ? have + amount : amount;

    private static void MergeInto(SortedDictionary<string, long> counts, SortedDictionary<string, long> more)
    {
        foreach (var (key, amount) in more)
            Add(counts, key, amount);
    }
}
