namespace Stackmill.Deduplicate;

/// <summary>Where a document's shingle set lies.</summary>
/// <param name="File">Which file.</param>
/// <param name="Count">Distinct shingles in the set; 0 for a document without shingles.</param>
/// <param name="Offset">Shingles before the set in its file.</param>
internal readonly record struct ShingleReference(int File, int Count, long Offset);

/// <summary>
/// The shingle sets last read, in one array that is filled round and round: a new set takes the place of the oldest ones. Not thread-safe.
/// </summary>
internal sealed class ShingleCache
{
    private readonly Dictionary<ShingleReference, int> _places = [];
    private readonly Queue<(ShingleReference Set, int Place)> _byAge = new();
    private readonly int _capacity;
    private readonly ulong[] _values;
    private ulong[] _large = [];
    private int _next;

    /// <param name="maxBytes">Most bytes of sets that are held.</param>
    public ShingleCache(long maxBytes)
    {
        _capacity = (int)Math.Clamp(maxBytes / sizeof(ulong), 1, Array.MaxLength);
        // Fresh pages of the system: what is never filled takes no memory.
        _values = GC.AllocateUninitializedArray<ulong>(_capacity);
    }

    /// <summary>Sets that are held.</summary>
    public int Count => _places.Count;

    /// <summary>Gives a set that is held, valid until a place is made for another; false when it isn't.</summary>
    public bool TryRead(ShingleReference set, out ReadOnlySpan<ulong> values)
    {
        if (!_places.TryGetValue(set, out var place))
        {
            values = default;
            return false;
        }

        values = _values.AsSpan(place, set.Count);
        return true;
    }

    /// <summary>Makes a place for a set that isn't held, to be filled by the caller. One above the limit has a place until the next, and is not held.</summary>
    public Span<ulong> MakePlace(ShingleReference set)
    {
        if (set.Count > _capacity)
        {
            if (_large.Length < set.Count)
                _large = GC.AllocateUninitializedArray<ulong>(set.Count);
            return _large.AsSpan(0, set.Count);
        }

        if (set.Count > _values.Length - _next)
        {
            // What lies behind is left where it is until its turn comes; the oldest ones from the start on give way first.
            while (_byAge.TryPeek(out var behind) && behind.Place >= _next)
                Drop();
            _next = 0;
        }

        while (_byAge.TryPeek(out var oldest) && oldest.Place >= _next && oldest.Place < _next + set.Count)
            Drop();
        _places.Add(set, _next);
        _byAge.Enqueue((set, _next));
        _next += set.Count;
        return _values.AsSpan(_next - set.Count, set.Count);
    }

    private void Drop() => _places.Remove(_byAge.Dequeue().Set);
}
