using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using Stackmill.Core.Engine;

namespace Stackmill.Acquire.Contents;

/// <summary>
/// A closed segment and its index: rows of id (20 bytes), offset (8) and length (4), little-endian, in the order of the ids.
/// The index is mapped, not loaded; ids are evenly spread, so a search by interpolation needs few steps.
/// </summary>
internal sealed class BlobSegment : IDisposable
{
    private const int RowBytes = BlobId.Size + 8 + 4;

    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long _rows;
    private readonly unsafe byte* _index;

    private unsafe BlobSegment(SafeFileHandle handle, MemoryMappedFile map, long rows)
    {
        (Handle, _map, _rows) = (handle, map, rows);
        _view = map.CreateViewAccessor(0, rows * RowBytes, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _index = start + _view.PointerOffset;
    }

    /// <summary>The segment's bytes.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The index of a segment.</summary>
    public static string IndexPath(string segment) => Path.ChangeExtension(segment, ".index");

    /// <summary>Opens a closed segment; <c>null</c> when it or its index has no rows or another form, which makes it a segment of no use.</summary>
    public static BlobSegment? TryOpen(string path)
    {
        var index = new FileInfo(IndexPath(path));
        if (index.Length == 0 || index.Length % RowBytes != 0)
            return null;
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new BlobSegment(handle, MemoryMappedFile.CreateFromFile(index.FullName, FileMode.Open, null, 0, MemoryMappedFileAccess.Read), index.Length / RowBytes);
    }

    /// <summary>Writes the index of a segment, which closes it.</summary>
    public static void WriteIndex(string segment, IReadOnlyDictionary<BlobId, (long Offset, int Length)> entries)
    {
        var ids = entries.Keys.ToArray();
        Array.Sort(ids);
        AtomicFile.Write(IndexPath(segment), stream =>
        {
            Span<byte> row = stackalloc byte[RowBytes];
            foreach (var id in ids)
            {
                id.Write(row);
                BinaryPrimitives.WriteInt64LittleEndian(row[20..], entries[id].Offset);
                BinaryPrimitives.WriteInt32LittleEndian(row[28..], entries[id].Length);
                stream.Write(row);
            }
        });
    }

    /// <summary>Finds an entry.</summary>
    public unsafe bool TryFind(BlobId id, out long offset, out int length)
    {
        var (low, high) = (0L, _rows - 1);
        while (low <= high)
        {
            var (first, last) = (Id(low), Id(high));
            if (id.CompareTo(first) < 0 || id.CompareTo(last) > 0)
                break;
            // The top 32 bits say where among evenly spread ids it should lie.
            var range = (last.High >> 32) - (first.High >> 32);
            var guess = range == 0 ? low + ((high - low) >> 1) : low + (long)((UInt128)((id.High >> 32) - (first.High >> 32)) * (ulong)(high - low) / range);
            var found = Id(guess);
            var order = found.CompareTo(id);
            if (order == 0)
            {
                var row = new ReadOnlySpan<byte>(_index + guess * RowBytes, RowBytes);
                offset = BinaryPrimitives.ReadInt64LittleEndian(row[20..]);
                length = BinaryPrimitives.ReadInt32LittleEndian(row[28..]);
                return true;
            }

            if (order < 0)
                low = guess + 1;
            else
                high = guess - 1;
        }

        (offset, length) = (0, 0);
        return false;
    }

    /// <summary>Unmaps the index.</summary>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        Handle.Dispose();
    }

    private unsafe BlobId Id(long row) => BlobId.Read(new ReadOnlySpan<byte>(_index + row * RowBytes, BlobId.Size));
}
