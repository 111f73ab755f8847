using System.Runtime.CompilerServices;
using Stackmill.Core.Engine;

namespace Stackmill.Shared;

/// <summary>
/// Sorts any number of values of a fixed size in a fixed amount of memory: what doesn't fit is written as sorted runs, which are merged when they
/// are read (Knuth, "The Art of Computer Programming", volume 3, §5.4). Equal values may come in any order, so they must be equal in every bit. Not thread-safe.
/// </summary>
internal sealed class ExternalSort<T> : IDisposable
    where T : unmanaged, IComparable<T>
{
    private const int LeastBufferBytes = 1 << 14;
    private const int MostRuns = 256;
    private const int LeastValues = 256;

    private readonly string _path;
    private readonly SpanSort? _sort;
    private readonly int _capacity;
    private readonly int _fanIn;
    private readonly int _readBytes;
    private readonly List<Run> _runs = [];
    private T[] _values;
    private int _count;
    private int _names;

    /// <param name="path">Where runs are written: the start of their names; its folder is there.</param>
    /// <param name="memoryBytes">Most memory for values.</param>
    /// <param name="sort">Sorts values in memory with the help of as many others, if there is room for those; by default the runtime's sort.</param>
    public ExternalSort(string path, long memoryBytes, SpanSort? sort = null)
    {
        (_path, _sort) = (path, sort);
        // While the array grows, the old one is there as well: both are at most 3/2 of this.
        _capacity = (int)Math.Clamp(memoryBytes / Unsafe.SizeOf<T>() * 2 / 3, 16, Array.MaxLength);
        _fanIn = (int)Math.Clamp(memoryBytes / LeastBufferBytes, 2, MostRuns);
        _readBytes = (int)Math.Clamp(memoryBytes / _fanIn, Unsafe.SizeOf<T>(), 1 << 20);
        _values = new T[Math.Min(_capacity, LeastValues)];
    }

    /// <summary>Sorts the first values ascending; the others are as many, and are overwritten.</summary>
    public delegate void SpanSort(Span<T> values, Span<T> scratch);

    /// <summary>Values added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a value.</summary>
    public void Add(in T value)
    {
        if (_count == _values.Length)
            Grow();
        _values[_count++] = value;
        Count++;
    }

    /// <summary>All values in ascending order, once; nothing is added afterwards.</summary>
    public SortedValues<T> Sort()
    {
        if (_runs.Count == 0)
        {
            SortValues();
            return new SortedValues<T>(_values, _count);
        }

        Spill();
        _values = [];
        while (_runs.Count > _fanIn)
            MergeOldest();
        return new SortedValues<T>([.. _runs.Select(Open)]);
    }

    /// <summary>Forgets all values, and keeps the memory for others; what <see cref="Sort"/> gave is read no further.</summary>
    public void Clear()
    {
        Dispose();
        (_count, Count) = (0, 0);
    }

    /// <summary>Removes the runs.</summary>
    public void Dispose()
    {
        foreach (var run in _runs)
            run.File.Dispose();
        _runs.Clear();
    }

    private RowReader<T> Open(Run run) => new(run.File.Handle, run.Path, 0, run.File.Count, _readBytes);

    private void Grow()
    {
        var larger = (int)Math.Min(_capacity, Math.Max(LeastValues, 2L * _values.Length));
        if (larger > _values.Length && larger + (long)_values.Length <= _capacity * 3L / 2)
        {
            Array.Resize(ref _values, larger);
            return;
        }

        Spill();
        if (_runs.Count >= 2 * MostRuns)
            MergeOldest();
    }

    private void SortValues()
    {
        // The array and the larger one that it is copied to are both there for a while.
        if (_sort is null || _count > _capacity / 3)
        {
            _values.AsSpan(0, _count).Sort();
            return;
        }

        if (_values.Length - _count < _count)
            Array.Resize(ref _values, 2 * _count);
        _sort(_values.AsSpan(0, _count), _values.AsSpan(_count, _count));
    }

    private void Spill()
    {
        if (_count == 0)
            return;
        SortValues();
        var run = NewRun();
        run.File.AddRange(_values.AsSpan(0, _count));
        run.File.Flush();
        _count = 0;
    }

    // The oldest are the smallest or have been merged least, so that no value is merged much more often than others.
    private void MergeOldest()
    {
        var oldest = _runs.Take(_fanIn).ToList();
        var merged = NewRun();
        var sorted = new SortedValues<T>([.. oldest.Select(Open)]);
        while (sorted.Read(out var value))
            merged.File.Add(value);
        merged.File.Flush();
        foreach (var run in oldest)
            run.File.Dispose();
        _runs.RemoveRange(0, oldest.Count);
    }

    private Run NewRun()
    {
        var path = AtomicFile.TemporaryName($"{_path}-{_names++:D5}.run");
        var run = new Run(path, new RowWriter<T>(path, _readBytes, temporary: true));
        _runs.Add(run);
        return run;
    }

    private readonly record struct Run(string Path, RowWriter<T> File);
}

/// <summary>Values in ascending order, from memory or from sorted runs.</summary>
internal sealed class SortedValues<T>
    where T : unmanaged, IComparable<T>
{
    private readonly T[] _values;
    private readonly int _count;
    private readonly RowReader<T>[] _runs = [];
    private readonly T[] _heads = [];
    private readonly int[] _heap = [];
    private int _next;
    private int _open;

    internal SortedValues(T[] values, int count) => (_values, _count) = (values, count);

    internal SortedValues(RowReader<T>[] runs)
    {
        (_values, _runs, _heads, _heap) = ([], runs, new T[runs.Length], new int[runs.Length]);
        for (var i = 0; i < runs.Length; i++)
        {
            if (!runs[i].Read(out _heads[i]))
                continue;
            _heap[_open++] = i;
        }

        for (var i = (_open / 2) - 1; i >= 0; i--)
            Sink(i);
    }

    /// <summary>The next value; false at the end.</summary>
    public bool Read(out T value)
    {
        if (_runs.Length == 0)
        {
            value = _next < _count ? _values[_next] : default;
            return _next++ < _count;
        }

        if (_open == 0)
        {
            value = default;
            return false;
        }

        var run = _heap[0];
        value = _heads[run];
        if (!_runs[run].Read(out _heads[run]))
            _heap[0] = _heap[--_open];
        Sink(0);
        return true;
    }

    private void Sink(int at)
    {
        while ((2 * at) + 1 < _open)
        {
            var child = (2 * at) + 1;
            if (child + 1 < _open && _heads[_heap[child + 1]].CompareTo(_heads[_heap[child]]) < 0)
                child++;
            if (_heads[_heap[at]].CompareTo(_heads[_heap[child]]) <= 0)
                return;
            (_heap[at], _heap[child]) = (_heap[child], _heap[at]);
            at = child;
        }
    }
}
