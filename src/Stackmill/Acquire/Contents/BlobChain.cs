using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace Stackmill.Acquire.Contents;

/// <summary>
/// One sixteenth of the cache: closed segments of all writers, and one open segment of this process. A segment is a row of
/// entries: <c>SMB1</c>, id (20 bytes), length (4), CRC-32 of all the rest (4), the bytes; numbers are little-endian.
/// </summary>
internal sealed class BlobChain : IDisposable
{
    private const int HeaderBytes = 4 + BlobId.Size + 4 + 4;
    private const uint Magic = 0x31424D53;

    private readonly string _own;
    private readonly string _name;
    private readonly long _segmentBytes;
    private readonly Lock _gate = new();
    private readonly List<BlobSegment> _closed = [];
    private readonly Dictionary<BlobId, (long Offset, int Length)> _open = [];
    private readonly HashSet<BlobId> _forgotten = [];
    private byte[] _entry = new byte[1 << 14];
    private FileStream? _file;
    private string _path = "";
    private long _end;
    private int _next;

    /// <summary>Opens the closed segments of all places; what has no index is being written by its own process.</summary>
    public BlobChain(IReadOnlyList<string> places, string own, string name, long segmentBytes)
    {
        (_own, _name, _segmentBytes) = (own, name, segmentBytes);
        foreach (var path in places.SelectMany(place => Directory.EnumerateFiles(place, $"{name}-*.blobs").Order(StringComparer.Ordinal)))
        {
            if (Path.GetDirectoryName(path) == own)
                _next = Math.Max(_next, int.Parse(Path.GetFileNameWithoutExtension(path)[2..]) + 1);
            // The latest first: an entry that was damaged and fetched anew is found there.
            if (File.Exists(BlobSegment.IndexPath(path)) && BlobSegment.TryOpen(path) is { } segment)
                _closed.Insert(0, segment);
        }
    }

    /// <summary>Closes the segments that a killed process left open. Its place must be locked by the caller.</summary>
    public static void Recover(string place)
    {
        foreach (var path in Directory.EnumerateFiles(place, "*.blobs").Where(p => !File.Exists(BlobSegment.IndexPath(p))).ToList())
            RecoverSegment(path);
    }

    /// <summary>Entries added by this process.</summary>
    public long Added { get; private set; }

    /// <summary>Gives the bytes of an entry whose checksum holds.</summary>
    public bool TryRead(BlobId id, ArrayPool<byte> pool, out byte[] buffer, out int length)
    {
        (buffer, length) = ([], 0);
        Microsoft.Win32.SafeHandles.SafeFileHandle? handle;
        long offset;
        lock (_gate)
        {
            if (!Find(id, out handle, out offset, out length))
                return false;
        }

        var entry = pool.Rent(HeaderBytes + length);
        if (RandomAccess.Read(handle!, entry.AsSpan(0, HeaderBytes + length), offset) == HeaderBytes + length && IsWhole(entry, id, length))
        {
            entry.AsSpan(HeaderBytes, length).CopyTo(entry);
            buffer = entry;
            return true;
        }

        pool.Return(entry);
        Forget(id);
        return false;
    }

    /// <summary>True when there is an entry.</summary>
    public bool Contains(BlobId id)
    {
        lock (_gate)
            return Find(id, out _, out _, out _);
    }

    /// <summary>Appends an entry, unless it is there.</summary>
    public void Add(BlobId id, ReadOnlySpan<byte> packed)
    {
        lock (_gate)
        {
            if (Find(id, out _, out _, out _))
                return;
            if (_file is null)
            {
                _path = Path.Combine(_own, $"{_name}-{_next++:D8}.blobs");
                // Read by this process's own handle while it is written; no buffer, so that each entry is out at once.
                _file = new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 0);
                _end = 0;
            }

            var size = HeaderBytes + packed.Length;
            if (_entry.Length < size)
                _entry = new byte[Math.Max(size, _entry.Length * 2)];
            var entry = _entry.AsSpan(0, size);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, Magic);
            id.Write(entry[4..]);
            BinaryPrimitives.WriteInt32LittleEndian(entry[24..], packed.Length);
            packed.CopyTo(entry[HeaderBytes..]);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[28..], Checksum(entry));
            RandomAccess.Write(_file.SafeFileHandle, entry, _end);
            _open[id] = (_end, packed.Length);
            _forgotten.Remove(id);
            _end += size;
            Added++;
            if (_end >= _segmentBytes)
                Close();
        }
    }

    /// <summary>Forgets an entry that is damaged.</summary>
    public void Forget(BlobId id)
    {
        lock (_gate)
        {
            _open.Remove(id);
            _forgotten.Add(id);
        }
    }

    /// <summary>Closes the open segment.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Close();
            foreach (var segment in _closed)
                segment.Dispose();
            _closed.Clear();
        }
    }

    private bool Find(BlobId id, out Microsoft.Win32.SafeHandles.SafeFileHandle? handle, out long offset, out int length)
    {
        if (_open.TryGetValue(id, out var place))
        {
            (handle, offset, length) = (_file!.SafeFileHandle, place.Offset, place.Length);
            return true;
        }

        if (!_forgotten.Contains(id))
        {
            foreach (var segment in _closed)
            {
                if (segment.TryFind(id, out offset, out length))
                {
                    handle = segment.Handle;
                    return true;
                }
            }
        }

        (handle, offset, length) = (null, 0, 0);
        return false;
    }

    private void Close()
    {
        if (_file is null)
            return;
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        _file = null;
        if (_open.Count > 0)
        {
            BlobSegment.WriteIndex(_path, _open);
            if (BlobSegment.TryOpen(_path) is { } segment)
                _closed.Insert(0, segment);
        }

        _open.Clear();
    }

    // A process was killed while it wrote here: whole entries stay, a last one that is cut goes.
    private static void RecoverSegment(string path)
    {
        var entries = new Dictionary<BlobId, (long Offset, int Length)>();
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1 << 16))
        {
            var buffer = new byte[1 << 16];
            long position = 0;
            while (file.Length - position >= HeaderBytes)
            {
                file.Position = position;
                file.ReadExactly(buffer, 0, HeaderBytes);
                var length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(24));
                if (BinaryPrimitives.ReadUInt32LittleEndian(buffer) != Magic || length < 0 || length > file.Length - position - HeaderBytes)
                    break;
                if (buffer.Length < HeaderBytes + length)
                    Array.Resize(ref buffer, HeaderBytes + length);
                file.ReadExactly(buffer, HeaderBytes, length);
                var id = BlobId.Read(buffer.AsSpan(4));
                if (!IsWhole(buffer, id, length))
                    break;
                entries[id] = (position, length);
                position += HeaderBytes + length;
            }

            file.SetLength(position);
            file.Flush(flushToDisk: true);
        }

        if (entries.Count == 0)
            File.Delete(path);
        else
            BlobSegment.WriteIndex(path, entries);
    }

    private static bool IsWhole(byte[] entry, BlobId id, int length) =>
        BinaryPrimitives.ReadUInt32LittleEndian(entry) == Magic
        && BlobId.Read(entry.AsSpan(4)) == id
        && BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(24)) == length
        && BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(28)) == Checksum(entry.AsSpan(0, HeaderBytes + length));

    // Over the head too: zeros from a disk that lost its last writes must not pass for an empty content.
    private static uint Checksum(ReadOnlySpan<byte> entry)
    {
        var crc = new Crc32();
        crc.Append(entry[..28]);
        crc.Append(entry[HeaderBytes..]);
        return crc.GetCurrentHashAsUInt32();
    }
}
