using System.Buffers;

namespace Stackmill.Deduplicate;

/// <summary>The shingle sets last used, up to a number of bytes; the least recently used leave first. Not thread-safe.</summary>
internal sealed class ShingleCache(long maxBytes)
{
    // Dictionary and list nodes around one array.
    private const int EntryOverhead = 160;

    private readonly Dictionary<ShingleReference, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();

    /// <summary>Bytes held, with the overhead of entries.</summary>
    public long Bytes { get; private set; }

    /// <summary>Copies a set that is held; false when it isn't.</summary>
    public bool TryRead(ShingleReference set, Span<ulong> target)
    {
        if (!_entries.TryGetValue(set, out LinkedListNode<Entry>? node))
            return false;
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        node.Value.Values.AsSpan(0, set.Count).CopyTo(target);
        return true;
    }

    /// <summary>Holds a copy of a set, unless it is larger than an eighth of the limit.</summary>
    public void Add(ShingleReference set, ReadOnlySpan<ulong> values)
    {
        // An eighth: one huge set must not push out all the others.
        if (Size(values.Length) > maxBytes / 8 || _entries.ContainsKey(set))
            return;
        ulong[] copy = ArrayPool<ulong>.Shared.Rent(values.Length);
        values.CopyTo(copy);
        _entries.Add(set, _byUse.AddFirst(new Entry(set, copy)));
        Bytes += Size(copy.Length);
        while (Bytes > maxBytes)
            Drop(_byUse.Last!);
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        while (_byUse.Last is { } last)
            Drop(last);
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Set);
        Bytes -= Size(node.Value.Values.Length);
        ArrayPool<ulong>.Shared.Return(node.Value.Values);
    }

    private static long Size(int length) => ((long)length * sizeof(ulong)) + EntryOverhead;

    private readonly record struct Entry(ShingleReference Set, ulong[] Values);
}
