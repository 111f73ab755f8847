using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using Stackmill.Core.Engine;

namespace Stackmill.Acquire.Contents;

/// <summary>
/// A file of entries and the index of those that were there when it was closed: rows of id (20 bytes), offset (8) and length (4) in
/// the order of the ids, then <c>SMINDEX1</c> and the bytes of the segment that it covers (8); numbers are little-endian. The index is
/// mapped, not loaded; ids are evenly spread, so a search by interpolation needs few steps. What it says is held against the entry.
/// </summary>
internal sealed class BlobSegment : IDisposable
{
    private const int RowBytes = BlobId.Size + 8 + 4;
    private const int TrailerBytes = 16;
    private static readonly ulong Magic = BinaryPrimitives.ReadUInt64LittleEndian("SMINDEX1"u8);

    private readonly string _path;
    private MemoryMappedFile? _map;
    private MemoryMappedViewAccessor? _view;
    private long _rows;
    private unsafe byte* _index;

    private BlobSegment(string path, SafeFileHandle handle)
    {
        (_path, Handle, End) = (path, handle, RandomAccess.GetLength(handle));
        Map();
    }

    /// <summary>The segment's bytes; open as long as this.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Bytes of the segment.</summary>
    public long End { get; private set; }

    /// <summary>Bytes that the index covers; 0 without a usable one.</summary>
    public long Covered { get; private set; }

    /// <summary>The index of a segment.</summary>
    public static string IndexPath(string segment) => Path.ChangeExtension(segment, ".index");

    /// <summary>Opens a segment for reading.</summary>
    public static BlobSegment Open(string path) => new(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));

    /// <summary>Opens a segment to be appended to. Its place must be this process's.</summary>
    public static BlobSegment Append(string path) => new(path, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));

    /// <summary>Makes an empty segment. Its place must be this process's.</summary>
    public static BlobSegment Create(string path)
    {
        // Of a segment that somebody has removed.
        File.Delete(IndexPath(path));
        return new BlobSegment(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite));
    }

    /// <summary>Closes a segment that a killed process left: whole entries get into the index, a last one that is cut goes. Its place must be this process's.</summary>
    public static void Recover(string path)
    {
        using var segment = Append(path);
        if (segment.Covered > 0 && segment.Covered >= segment.End)
            return;
        var entries = new Dictionary<BlobId, BlobPlace>();
        var end = BlobEntry.Scan(segment.Handle, segment.Covered, (id, place) => entries[id] = place);
        if (end == 0)
        {
            File.Delete(path);
            File.Delete(IndexPath(path));
            return;
        }

        RandomAccess.SetLength(segment.Handle, end);
        segment.End = end;
        segment.Seal(entries);
    }

    /// <summary>Adds bytes at the end and gives their offset. They are out when this returns: a killed process loses none.</summary>
    public long Write(ReadOnlySpan<byte> entry)
    {
        var offset = End;
        RandomAccess.Write(Handle, entry, offset);
        End += entry.Length;
        return offset;
    }

    /// <summary>Flushes the segment, and writes its index anew with more entries.</summary>
    public void Seal(IReadOnlyDictionary<BlobId, BlobPlace> more)
    {
        RandomAccess.FlushToDisk(Handle);
        var all = Entries().Where(e => !more.ContainsKey(e.Id)).Concat(more.Select(e => (Id: e.Key, Place: e.Value))).ToArray();
        Array.Sort(all, (a, b) => a.Id.CompareTo(b.Id));
        Unmap();
        AtomicFile.Write(IndexPath(_path), stream =>
        {
            Span<byte> row = stackalloc byte[RowBytes];
            foreach (var (id, place) in all)
            {
                id.Write(row);
                BinaryPrimitives.WriteInt64LittleEndian(row[20..], place.Offset);
                BinaryPrimitives.WriteInt32LittleEndian(row[28..], place.Length);
                stream.Write(row);
            }

            BinaryPrimitives.WriteUInt64LittleEndian(row, Magic);
            BinaryPrimitives.WriteInt64LittleEndian(row[8..], End);
            stream.Write(row[..TrailerBytes]);
        });
        Map();
    }

    /// <summary>Finds an entry in the index; what lies outside of the segment, for one of the two is damaged, is none.</summary>
    public bool TryFind(BlobId id, out BlobPlace place)
    {
        place = default;
        var (low, high) = (0L, _rows - 1);
        while (low <= high)
        {
            var (first, last) = (Id(low), Id(high));
            if (id.CompareTo(first) < 0 || id.CompareTo(last) > 0)
                break;
            // The top 32 bits say where among evenly spread ids it should lie.
            var range = (last.High >> 32) - (first.High >> 32);
            var guess = range == 0 ? low + ((high - low) >> 1) : low + (long)((UInt128)((id.High >> 32) - (first.High >> 32)) * (ulong)(high - low) / range);
            var order = Id(guess).CompareTo(id);
            if (order == 0)
            {
                place = Place(guess);
                return IsInside(place);
            }

            if (order < 0)
                low = guess + 1;
            else
                high = guess - 1;
        }

        return false;
    }

    /// <summary>Unmaps the index and closes the segment.</summary>
    public void Dispose()
    {
        Unmap();
        Handle.Dispose();
    }

    private IEnumerable<(BlobId Id, BlobPlace Place)> Entries()
    {
        for (long row = 0; row < _rows; row++)
        {
            if (Place(row) is var place && IsInside(place))
                yield return (Id(row), place);
        }
    }

    private bool IsInside(BlobPlace place) => place.Offset >= 0 && place.Length >= 0 && place.Offset <= End - BlobEntry.HeaderBytes - place.Length;

    private unsafe void Map()
    {
        var index = new FileInfo(IndexPath(_path));
        if (!index.Exists || index.Length < RowBytes + TrailerBytes || (index.Length - TrailerBytes) % RowBytes != 0)
            return;
        _map = MemoryMappedFile.CreateFromFile(index.FullName, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _map.CreateViewAccessor(0, index.Length, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _index = start + _view.PointerOffset;
        var trailer = new ReadOnlySpan<byte>(_index + index.Length - TrailerBytes, TrailerBytes);
        if (BinaryPrimitives.ReadUInt64LittleEndian(trailer) != Magic || BinaryPrimitives.ReadInt64LittleEndian(trailer[8..]) is not (> 0 and var covered))
        {
            Unmap();
            return;
        }

        (Covered, _rows) = (covered, (index.Length - TrailerBytes) / RowBytes);
    }

    private unsafe void Unmap()
    {
        _rows = 0;
        Covered = 0;
        if (_view is null)
            return;
        _index = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map!.Dispose();
        (_view, _map) = (null, null);
    }

    private unsafe BlobId Id(long row) => BlobId.Read(new ReadOnlySpan<byte>(_index + row * RowBytes, BlobId.Size));

    private unsafe BlobPlace Place(long row)
    {
        var bytes = new ReadOnlySpan<byte>(_index + row * RowBytes, RowBytes);
        return new BlobPlace(BinaryPrimitives.ReadInt64LittleEndian(bytes[20..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]));
    }
}
