using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace Stackmill.Acquire.Contents;

/// <summary>One sixteenth of the cache: segments of all writers, of which this process appends to one.</summary>
internal sealed partial class BlobChain : IDisposable
{
    // Entries that are in memory until they get into an index: a megabyte a chain, however small they are.
    private const int MostUnindexed = 16 << 10;

    private readonly string _own;
    private readonly string _name;
    private readonly long _segmentBytes;
    private readonly Lock _gate = new();
    private readonly List<BlobSegment> _segments = [];
    private readonly Dictionary<BlobId, BlobPlace> _added = [];
    private readonly HashSet<BlobId> _forgotten = [];
    private BlobSegment? _last;
    private int _next;

    /// <summary>Opens the segments of all places. One without an index is being written by its own process.</summary>
    public BlobChain(IReadOnlyList<string> places, string own, string name, long segmentBytes)
    {
        (_own, _name, _segmentBytes) = (own, name, segmentBytes);
        foreach (var path in places.SelectMany(place => Segments(place).Where(p => Path.GetFileName(p).StartsWith(name, StringComparison.Ordinal)).Order(StringComparer.Ordinal)))
        {
            var isOwn = Path.GetDirectoryName(path) == own;
            var segment = isOwn ? BlobSegment.Append(path) : BlobSegment.Open(path);
            if (segment.Covered == 0)
            {
                segment.Dispose();
                continue;
            }

            // The latest first: an entry that was damaged and fetched anew is found there.
            _segments.Insert(0, segment);
            if (isOwn)
            {
                _next = Math.Max(_next, int.Parse(Path.GetFileNameWithoutExtension(path)[2..]) + 1);
                // Appended to by the next run too, so that many short ones do not leave many small files.
                _last = segment.End < segmentBytes && segment.Covered == segment.End ? segment : null;
            }
        }
    }

    /// <summary>Closes the segments that a killed process left open. Its place must be this process's.</summary>
    public static void Recover(string place)
    {
        foreach (var path in Segments(place).ToList())
            BlobSegment.Recover(path);
    }

    /// <summary>Entries added by this process.</summary>
    public long Added { get; private set; }

    /// <summary>Gives the bytes of an entry whose checksum holds.</summary>
    public bool TryRead(BlobId id, out byte[] buffer, out int length)
    {
        // As many as there are copies: the first may be damaged.
        for (var copy = 0; ; copy++)
        {
            SafeFileHandle? handle;
            BlobPlace place;
            lock (_gate)
            {
                if (!Find(id, copy, out handle, out place))
                {
                    if (copy > 0)
                        Forget(id);
                    (buffer, length) = ([], 0);
                    return false;
                }
            }

            var size = BlobEntry.HeaderBytes + place.Length;
            buffer = BlobBuffers.Rent(size);
            if (BlobEntry.Fill(handle!, buffer.AsSpan(0, size), place.Offset) && BlobEntry.IsWhole(buffer.AsSpan(0, size), id))
            {
                length = place.Length;
                buffer.AsSpan(BlobEntry.HeaderBytes, length).CopyTo(buffer);
                return true;
            }

            BlobBuffers.Return(buffer);
        }
    }

    /// <summary>True when there is an entry.</summary>
    public bool Contains(BlobId id)
    {
        lock (_gate)
            return Find(id, 0, out _, out _);
    }

    /// <summary>Appends an entry, unless it is there.</summary>
    public void Add(BlobId id, ReadOnlySpan<byte> packed)
    {
        lock (_gate)
        {
            if (Find(id, 0, out _, out _))
                return;
            if (_last is null)
                _segments.Insert(0, _last = BlobSegment.Create(Path.Combine(_own, $"{_name}-{_next++:D8}.blobs")));
            var size = BlobEntry.HeaderBytes + packed.Length;
            var entry = BlobBuffers.Rent(size);
            try
            {
                BlobEntry.Write(entry.AsSpan(0, size), id, packed);
                _added[id] = new BlobPlace(_last.Write(entry.AsSpan(0, size)), packed.Length);
            }
            finally
            {
                BlobBuffers.Return(entry);
            }

            _forgotten.Remove(id);
            Added++;
            if (_last.End >= _segmentBytes)
                Close();
            else if (_added.Count >= MostUnindexed)
                Seal();
        }
    }

    /// <summary>Forgets an entry that is damaged, so that it can be added anew.</summary>
    public void Forget(BlobId id)
    {
        lock (_gate)
        {
            _added.Remove(id);
            _forgotten.Add(id);
        }
    }

    /// <summary>Writes the index of what was added.</summary>
    public void Close()
    {
        lock (_gate)
        {
            Seal();
            _last = null;
        }
    }

    /// <summary>Closes the files. What has no index by now gets it from the next process.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var segment in _segments)
                segment.Dispose();
            _segments.Clear();
        }
    }

    private void Seal()
    {
        if (_added.Count > 0)
            _last!.Seal(_added);
        _added.Clear();
    }

    // By their whole names: what else lies there is somebody else's.
    private static IEnumerable<string> Segments(string place) => Directory.EnumerateFiles(place, "*.blobs").Where(path => SegmentName().IsMatch(Path.GetFileName(path)));

    // Copies are counted as they are met: what was added now, then the latest segment first.
    private bool Find(BlobId id, int copy, out SafeFileHandle? handle, out BlobPlace place)
    {
        if (_added.TryGetValue(id, out place) && copy-- == 0)
        {
            handle = _last!.Handle;
            return true;
        }

        handle = null;
        if (_forgotten.Contains(id))
            return false;
        foreach (var segment in _segments)
        {
            if (segment.TryFind(id, out place) && copy-- == 0)
            {
                handle = segment.Handle;
                return true;
            }
        }

        place = default;
        return false;
    }

    [GeneratedRegex(@"^[0-9a-f]-[0-9]{8}\.blobs\z")]
    private static partial Regex SegmentName();
}
