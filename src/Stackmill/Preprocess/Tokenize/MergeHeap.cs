namespace Stackmill.Preprocess.Tokenize;

/// <summary>A binary min-heap of possible merges: lowest rank first, and of equal ranks the leftmost position.</summary>
internal sealed class MergeHeap
{
    private ulong[] _items = new ulong[256];
    private int _count;

    /// <summary>Adds a merge.</summary>
    public void Push(int rank, int position)
    {
        if (_count == _items.Length) Array.Resize(ref _items, _count * 2);
        var item = ((ulong)(uint)rank << 32) | (uint)position;
        var at = _count++;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (_items[parent] <= item) break;
            _items[at] = _items[parent];
            at = parent;
        }

        _items[at] = item;
    }

    /// <summary>Takes the first merge; false when there is none.</summary>
    public bool TryPop(out int rank, out int position)
    {
        rank = position = 0;
        if (_count == 0) return false;
        (rank, position) = ((int)(_items[0] >> 32), (int)(uint)_items[0]);
        var last = _items[--_count];
        var items = _items.AsSpan(0, _count);
        var at = 0;
        for (var child = 1; child < items.Length; child = at * 2 + 1)
        {
            if (child + 1 < items.Length && items[child + 1] < items[child]) child++;
            if (last <= items[child]) break;
            items[at] = items[child];
            at = child;
        }

        _items[at] = last;
        return true;
    }

    /// <summary>Gives back memory beyond <paramref name="capacity"/> merges. The heap has to be empty.</summary>
    public void Trim(int capacity)
    {
        if (_items.Length > capacity) _items = new ulong[256];
    }
}
