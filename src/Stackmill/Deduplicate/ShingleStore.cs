using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Stackmill.Core.Faults;

namespace Stackmill.Deduplicate;

/// <summary>Where a document's shingle set lies in a store.</summary>
/// <param name="File">Which of the store's files.</param>
/// <param name="Count">Distinct shingles in the set; 0 for a document without shingles.</param>
/// <param name="Offset">Shingles before the set in its file.</param>
internal readonly record struct ShingleReference(int File, int Count, long Offset);

/// <summary>Gives back shingle sets that don't all fit in memory.</summary>
internal interface IShingleStore
{
    /// <summary>Copies a set, ascending, to the start of <paramref name="buffer"/>, which is replaced when it is too short.</summary>
    public void Read(ShingleReference set, ref ulong[] buffer);
}

/// <summary>
/// Shingle sets in scratch files, one a worker (8 bytes a shingle, about 1.1 times the size of source code),
/// with the sets last read kept in memory up to a limit. The files are in the processor's byte order, are read
/// only by the process that wrote them, and vanish when the store is disposed. Opening writers and reading are
/// thread-safe; each writer belongs to one worker.
/// </summary>
internal sealed class ShingleStore : IShingleStore, IDisposable
{
    private readonly string _folder;
    private readonly Lock _lock = new();
    private readonly List<ShingleWriter> _writers = [];
    private readonly ShingleCache _cache;

    /// <param name="folder">An existing folder for scratch files, used by this store alone.</param>
    /// <param name="cacheBytes">Most bytes of sets kept in memory, 0 for none.</param>
    public ShingleStore(string folder, long cacheBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cacheBytes);
        _folder = folder;
        _cache = new ShingleCache(cacheBytes);
    }

    /// <summary>Bytes in the scratch files.</summary>
    public long BytesOnDisk
    {
        get
        {
            lock (_lock)
                return _writers.Sum(static writer => writer.FlushedLength * sizeof(ulong));
        }
    }

    /// <summary>Starts another scratch file. Complete or dispose the writer before its sets are read.</summary>
    /// <exception cref="RunFaultException">The file can't be created.</exception>
    public ShingleWriter OpenWriter()
    {
        lock (_lock)
        {
            var writer = new ShingleWriter(_writers.Count, Path.Combine(_folder, $"shingles-{_writers.Count:D5}.tmp"));
            _writers.Add(writer);
            return writer;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The set's writer hasn't been completed.</exception>
    /// <exception cref="RunFaultException">The scratch file can't be read or is shorter than it was.</exception>
    public void Read(ShingleReference set, ref ulong[] buffer)
    {
        if (buffer.Length < set.Count)
            buffer = GC.AllocateUninitializedArray<ulong>((int)Math.Min(2L * set.Count, Array.MaxLength));
        Span<ulong> target = buffer.AsSpan(0, set.Count);
        ShingleWriter writer;
        lock (_lock)
        {
            if (_cache.TryRead(set, target))
                return;
            writer = _writers[set.File];
        }
        writer.Read(set, target);
        lock (_lock)
            _cache.Add(set, target);
    }

    /// <summary>Closes and deletes the scratch files.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (ShingleWriter writer in _writers)
                writer.Close();
            _cache.Clear();
        }
    }
}

/// <summary>Appends shingle sets to one scratch file of a <see cref="ShingleStore"/>; not thread-safe.</summary>
internal sealed class ShingleWriter : IDisposable
{
    private const int BufferLength = 1 << 16;

    private readonly int _number;
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private ulong[] _buffer = new ulong[BufferLength];
    private int _buffered;
    private long _flushedLength;

    internal ShingleWriter(int number, string path)
    {
        _number = number;
        _path = path;
        try
        {
            _handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Fault("create", cause);
        }
    }

    /// <summary>Shingles that have reached the file.</summary>
    internal long FlushedLength => Volatile.Read(ref _flushedLength);

    /// <summary>Appends a set and says where it lies.</summary>
    /// <exception cref="RunFaultException">The file can't be written, for example because the disk is full.</exception>
    public ShingleReference Append(ReadOnlySpan<ulong> shingles)
    {
        var set = new ShingleReference(_number, shingles.Length, _flushedLength + _buffered);
        if (shingles.Length > _buffer.Length - _buffered)
            Complete();
        if (shingles.Length > _buffer.Length)
        {
            Write(shingles);
        }
        else
        {
            shingles.CopyTo(_buffer.AsSpan(_buffered));
            _buffered += shingles.Length;
        }
        return set;
    }

    /// <summary>Writes out what is buffered, so that it can be read. Appending may go on.</summary>
    public void Complete()
    {
        Write(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }

    /// <summary>Completes and frees the buffer; the file stays until the store is disposed.</summary>
    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        Complete();
        _buffer = [];
    }

    internal void Close() => _handle.Dispose();

    internal void Read(ShingleReference set, Span<ulong> target)
    {
        if (set.Offset + set.Count > FlushedLength)
            throw new InvalidOperationException("A shingle set was read before its writer was completed.");
        Span<byte> bytes = MemoryMarshal.AsBytes(target);
        long position = set.Offset * sizeof(ulong);
        while (!bytes.IsEmpty)
        {
            int read;
            try
            {
                read = RandomAccess.Read(_handle, bytes, position);
            }
            catch (IOException cause)
            {
                throw Fault("read", cause);
            }
            if (read == 0)
            {
                throw new RunFaultException(
                    $"The scratch file {_path} ends before byte {position}; expected {FlushedLength * sizeof(ulong)} bytes. Something else changed it: run again with a scratch folder of its own.");
            }
            bytes = bytes[read..];
            position += read;
        }
    }

    private void Write(ReadOnlySpan<ulong> shingles)
    {
        try
        {
            RandomAccess.Write(_handle, MemoryMarshal.AsBytes(shingles), _flushedLength * sizeof(ulong));
        }
        catch (IOException cause)
        {
            throw Fault("write", cause);
        }
        Volatile.Write(ref _flushedLength, _flushedLength + shingles.Length);
    }

    private RunFaultException Fault(string verb, Exception cause) => new(
        $"Can't {verb} the scratch file {_path}: {cause.Message} Near-deduplication needs about 1.5 times the size of its input there: free some space or choose another folder.", cause);
}
