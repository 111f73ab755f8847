using System.Buffers.Binary;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Shared;

/// <summary>
/// Sorts any number of byte strings by their bytes, a shorter one before those that it begins, in a fixed amount of memory, as
/// <see cref="ExternalSort{T}"/> does for values. Not thread-safe.
/// </summary>
internal sealed class ExternalByteSort : IDisposable
{
    private const int LeastBufferBytes = 1 << 14;
    private const int MostRuns = 256;
    private const int EntryBytes = 16;

    private readonly string _path;
    private readonly long _memory;
    private readonly int _fanIn;
    private readonly int _readBytes;
    private readonly List<Run> _runs = [];
    private byte[] _bytes = new byte[1 << 12];
    private Entry[] _entries = new Entry[64];
    private int _used;
    private int _count;
    private int _names;

    /// <param name="path">Where runs are written: the start of their names; its folder is there.</param>
    /// <param name="memoryBytes">Most memory; a single string may be larger.</param>
    public ExternalByteSort(string path, long memoryBytes)
    {
        // While an array grows, the old one is there as well.
        (_path, _memory) = (path, memoryBytes * 2 / 3);
        _fanIn = (int)Math.Clamp(memoryBytes / LeastBufferBytes, 2, MostRuns);
        _readBytes = (int)Math.Clamp(memoryBytes / _fanIn, 64, 1 << 20);
    }

    /// <summary>Strings added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a copy of a string.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        if (_used + (long)value.Length + ((_count + 1L) * EntryBytes) > _memory || _used + (long)value.Length > Array.MaxLength)
            Spill();
        if (_bytes.Length - _used < value.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, _used + (long)value.Length)));
        if (_count == _entries.Length)
            Array.Resize(ref _entries, 2 * _entries.Length);
        value.CopyTo(_bytes.AsSpan(_used));
        _entries[_count++] = new Entry(Prefix(value), _used, value.Length);
        _used += value.Length;
        Count++;
    }

    /// <summary>All strings in ascending order, once; nothing is added afterwards. Each is valid until the next.</summary>
    public SortedBytes Sort()
    {
        if (_runs.Count == 0)
            return new SortedBytes([new MemoryRun(_bytes, Ordered())]);
        Spill();
        (_bytes, _entries) = ([], []);
        while (_runs.Count > _fanIn)
            MergeOldest();
        return new SortedBytes([.. _runs.Select(r => r.Open(_readBytes))]);
    }

    /// <summary>Removes the runs.</summary>
    public void Dispose()
    {
        foreach (var run in _runs)
            run.Dispose();
        _runs.Clear();
    }

    // The first eight bytes as a number: most comparisons end there.
    private static ulong Prefix(ReadOnlySpan<byte> value)
    {
        Span<byte> first = stackalloc byte[8];
        first.Clear();
        value[..Math.Min(8, value.Length)].CopyTo(first);
        return BinaryPrimitives.ReadUInt64BigEndian(first);
    }

    private ReadOnlyMemory<Entry> Ordered()
    {
        var bytes = _bytes;
        _entries.AsSpan(0, _count).Sort((a, b) => a.Prefix != b.Prefix ? a.Prefix.CompareTo(b.Prefix) : a.Of(bytes).SequenceCompareTo(b.Of(bytes)));
        return _entries.AsMemory(0, _count);
    }

    private void Spill()
    {
        if (_count == 0)
            return;
        var run = NewRun();
        foreach (var entry in Ordered().Span)
            run.Add(entry.Of(_bytes));
        run.Complete();
        (_count, _used) = (0, 0);
        if (_runs.Count >= 2 * MostRuns)
            MergeOldest();
    }

    private void MergeOldest()
    {
        var oldest = _runs.Take(_fanIn).ToList();
        var merged = NewRun();
        var sorted = new SortedBytes([.. oldest.Select(r => r.Open(_readBytes))]);
        while (sorted.Read(out var value))
            merged.Add(value);
        merged.Complete();
        foreach (var run in oldest)
            run.Dispose();
        _runs.RemoveRange(0, oldest.Count);
    }

    private Run NewRun()
    {
        var run = new Run(AtomicFile.TemporaryName($"{_path}-{_names++:D5}.run"), _readBytes);
        _runs.Add(run);
        return run;
    }

    internal readonly record struct Entry(ulong Prefix, int Offset, int Length)
    {
        public ReadOnlySpan<byte> Of(byte[] bytes) => bytes.AsSpan(Offset, Length);
    }

    private sealed class Run(string path, int bufferBytes) : IDisposable
    {
        private readonly FileStream _file = new(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose, BufferSize = bufferBytes });

        public void Add(ReadOnlySpan<byte> value)
        {
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
            _file.Write(length);
            _file.Write(value);
        }

        public void Complete() => _file.Flush();

        public FileRun Open(int bytes)
        {
            _file.Position = 0;
            return new FileRun(_file, path, bytes);
        }

        public void Dispose() => _file.Dispose();
    }

    private sealed class MemoryRun(byte[] bytes, ReadOnlyMemory<Entry> entries) : SortedBytes.Source
    {
        private int _next;

        public override bool Next()
        {
            if (_next == entries.Length)
                return false;
            var entry = entries.Span[_next++];
            Current = bytes.AsMemory(entry.Offset, entry.Length);
            return true;
        }
    }

    private sealed class FileRun(FileStream file, string path, int bytes) : SortedBytes.Source
    {
        private byte[] _buffer = new byte[Math.Min(bytes, 256)];

        public override bool Next()
        {
            Span<byte> head = stackalloc byte[4];
            var read = file.ReadAtLeast(head, 4, throwOnEndOfStream: false);
            if (read == 0)
                return false;
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (_buffer.Length < length)
                _buffer = new byte[Math.Max(length, Math.Min(Array.MaxLength, 2L * _buffer.Length))];
            if (read < 4 || file.ReadAtLeast(_buffer.AsSpan(0, length), length, throwOnEndOfStream: false) < length)
                throw new RunFaultException($"'{path}' ends in the middle of a value: something else changed it. Run again with --force.");
            Current = _buffer.AsMemory(0, length);
            return true;
        }
    }
}

/// <summary>Byte strings in ascending order, from memory or from sorted runs.</summary>
internal sealed class SortedBytes
{
    private readonly PriorityQueue<Source, Source> _open = new(Comparer<Source>.Create(static (a, b) => a.Current.Span.SequenceCompareTo(b.Current.Span)));
    private Source? _last;

    internal SortedBytes(IEnumerable<Source> runs)
    {
        foreach (var run in runs.Where(r => r.Next()))
            _open.Enqueue(run, run);
    }

    /// <summary>The next string, valid until the one after it; false at the end.</summary>
    public bool Read(out ReadOnlySpan<byte> value)
    {
        if (_last is not null && _last.Next())
            _open.Enqueue(_last, _last);
        if (!_open.TryDequeue(out _last, out _))
        {
            value = default;
            return false;
        }

        value = _last.Current.Span;
        return true;
    }

    internal abstract class Source
    {
        /// <summary>The string that was read last.</summary>
        public ReadOnlyMemory<byte> Current { get; protected set; }

        /// <summary>Reads the next string; false at the end.</summary>
        public abstract bool Next();
    }
}
