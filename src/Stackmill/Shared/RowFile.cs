using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Shared;

/// <summary>
/// Rows of one fixed size, one after another, in the processor's byte order: for files that live as long as a run. Not thread-safe.
/// </summary>
internal sealed class RowWriter<T> : IDisposable
    where T : unmanaged
{
    private readonly SafeFileHandle _handle;
    private readonly ScratchChecksum? _sum;
    private readonly T[] _buffer;
    private long _written;
    private int _buffered;

    /// <param name="path">The file, replaced when it is there.</param>
    /// <param name="bufferBytes">Bytes gathered before they are written.</param>
    /// <param name="temporary">True when the file goes when it is closed.</param>
    /// <param name="sum">Gets all bytes as they are written; <c>null</c> for none.</param>
    public RowWriter(string path, int bufferBytes = 1 << 16, bool temporary = false, ScratchChecksum? sum = null)
    {
        _sum = sum;
        _handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, temporary ? FileShare.None : FileShare.Read, temporary ? FileOptions.DeleteOnClose : FileOptions.None);
        _buffer = GC.AllocateUninitializedArray<T>(Math.Max(1, bufferBytes / Unsafe.SizeOf<T>()));
    }

    /// <summary>Rows added.</summary>
    public long Count => _written + _buffered;

    internal SafeFileHandle Handle => _handle;

    /// <summary>Adds a row.</summary>
    public void Add(in T row)
    {
        if (_buffered == _buffer.Length)
            Flush();
        _buffer[_buffered++] = row;
    }

    /// <summary>Adds rows.</summary>
    public void AddRange(ReadOnlySpan<T> rows)
    {
        if (rows.Length > _buffer.Length - _buffered)
            Flush();
        if (rows.Length > _buffer.Length)
        {
            Write(rows);
            return;
        }

        rows.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += rows.Length;
    }

    /// <summary>Writes out what is gathered, so that it can be read.</summary>
    public void Flush()
    {
        Write(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }

    /// <summary>Closes the file without writing out what is gathered.</summary>
    public void Dispose() => _handle.Dispose();

    private void Write(ReadOnlySpan<T> rows)
    {
        if (rows.IsEmpty)
            return;
        var bytes = MemoryMarshal.AsBytes(rows);
        RandomAccess.Write(_handle, bytes, _written * Unsafe.SizeOf<T>());
        _sum?.Add(bytes);
        _written += rows.Length;
    }
}

/// <summary>Reads rows that <see cref="RowWriter{T}"/> wrote, or that lie so in any file. Not thread-safe.</summary>
internal sealed class RowReader<T> : IDisposable
    where T : unmanaged
{
    private readonly SafeFileHandle _handle;
    private readonly bool _owns;
    private readonly string _path;
    private readonly T[] _buffer;
    private long _at;
    private long _left;
    private int _next;
    private int _filled;

    /// <param name="path">The file.</param>
    /// <param name="offset">Where the rows begin, in bytes.</param>
    /// <param name="count">How many there are; −1 for all to the end.</param>
    /// <param name="bufferBytes">Bytes read at once.</param>
    public RowReader(string path, long offset = 0, long count = -1, int bufferBytes = 1 << 16)
        : this(File.OpenHandle(path), path, offset, count, bufferBytes) => _owns = true;

    internal RowReader(SafeFileHandle handle, string path, long offset, long count, int bufferBytes)
    {
        (_handle, _path, _at) = (handle, path, offset);
        _left = count >= 0 ? count : (RandomAccess.GetLength(handle) - offset) / Unsafe.SizeOf<T>();
        _buffer = GC.AllocateUninitializedArray<T>((int)Math.Clamp(Math.Min(bufferBytes / Unsafe.SizeOf<T>(), _left), 1, int.MaxValue));
    }

    /// <summary>Rows that are still to come.</summary>
    public long Left => _left + _filled - _next;

    /// <summary>Reads the next row; false at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out T row)
    {
        if (_next == _filled && !Fill())
        {
            row = default;
            return false;
        }

        row = _buffer[_next++];
        return true;
    }

    /// <summary>Leaves out so many rows, or all that are left.</summary>
    public void Skip(long rows)
    {
        var buffered = Math.Min(rows, _filled - _next);
        _next += (int)buffered;
        rows = Math.Min(rows - buffered, _left);
        _at += rows * Unsafe.SizeOf<T>();
        _left -= rows;
    }

    /// <summary>Reads as many rows as there are places.</summary>
    /// <exception cref="RunFaultException">The file ends before.</exception>
    public static void ReadAt(SafeFileHandle handle, string path, long offset, Span<T> rows)
    {
        var bytes = MemoryMarshal.AsBytes(rows);
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(handle, bytes, offset);
            if (read == 0)
                throw new RunFaultException($"'{path}' ends at byte {offset}, {bytes.Length} bytes too early: something else changed it. Run again with --force.");
            bytes = bytes[read..];
            offset += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_owns)
            _handle.Dispose();
    }

    private bool Fill()
    {
        if (_left == 0)
            return false;
        var count = (int)Math.Min(_left, _buffer.Length);
        ReadAt(_handle, _path, _at, _buffer.AsSpan(0, count));
        (_at, _left, _next, _filled) = (_at + ((long)count * Unsafe.SizeOf<T>()), _left - count, 0, count);
        return true;
    }
}
