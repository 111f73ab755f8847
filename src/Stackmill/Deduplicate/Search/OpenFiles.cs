using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>Files that are read from here and there: the last used are kept open. Not thread-safe.</summary>
internal sealed class OpenFiles(int most = 128) : IDisposable
{
    private readonly Dictionary<string, SafeFileHandle> _handles = new(StringComparer.Ordinal);
    private readonly Queue<string> _byAge = new();

    /// <summary>Reads values from a place.</summary>
    public void Read<T>(string path, long offset, Span<T> values)
        where T : unmanaged => RowReader<T>.ReadAt(Handle(path), path, offset, values);

    /// <summary>Reads one row.</summary>
    public T ReadRow<T>(string path, long row)
        where T : unmanaged
    {
        T value = default;
        Read(path, row * Unsafe.SizeOf<T>(), new Span<T>(ref value));
        return value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var handle in _handles.Values)
            handle.Dispose();
        _handles.Clear();
    }

    private SafeFileHandle Handle(string path)
    {
        if (_handles.TryGetValue(path, out var handle))
            return handle;
        if (_handles.Count >= most && _byAge.TryDequeue(out var oldest) && _handles.Remove(oldest, out var old))
            old.Dispose();
        handle = File.OpenHandle(path);
        _handles.Add(path, handle);
        _byAge.Enqueue(path);
        return handle;
    }
}
