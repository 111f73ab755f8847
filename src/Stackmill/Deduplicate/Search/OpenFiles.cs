using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// Files that are read from here and there, and that nobody changes: the last used are kept open, and of small reads the pages around them, because what is read next
/// often lies beside them. Not thread-safe.
/// </summary>
internal sealed class OpenFiles(int most = 128) : IDisposable
{
    private const int PageBytes = 1 << 12;
    private const int Pages = 1 << 8;
    private const int SmallRead = PageBytes / 4;

    private readonly Page?[] _pages = new Page?[Pages];
    private readonly Dictionary<string, SafeFileHandle> _handles = new(StringComparer.Ordinal);
    private readonly Queue<string> _byAge = new();

    /// <summary>Reads values from a place.</summary>
    public void Read<T>(string path, long offset, Span<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (bytes.Length <= SmallRead)
            ReadSmall(Handle(path), path, offset, bytes);
        else
            RowReader<T>.ReadAt(Handle(path), path, offset, values);
    }

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
        Array.Clear(_pages);
    }

    // At most two pages.
    private void ReadSmall(SafeFileHandle handle, string path, long offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var page = PageOf(handle, offset / PageBytes);
            var from = (int)(offset % PageBytes);
            var count = Math.Min(bytes.Length, page.Length - from);
            if (count <= 0)
            {
                // The file ends here: the plain reader says so.
                RowReader<byte>.ReadAt(handle, path, offset, bytes);
                return;
            }

            page.Bytes.AsSpan(from, count).CopyTo(bytes);
            bytes = bytes[count..];
            offset += count;
        }
    }

    private Page PageOf(SafeFileHandle handle, long number)
    {
        ref var page = ref _pages[(int)(((uint)RuntimeHelpers.GetHashCode(handle) + (ulong)number) % Pages)];
        if (page?.Handle == handle && page.Number == number)
            return page;
        page ??= new Page();
        var length = 0;
        for (int read; length < PageBytes && (read = RandomAccess.Read(handle, page.Bytes.AsSpan(length), (number * PageBytes) + length)) > 0;)
            length += read;
        (page.Handle, page.Number, page.Length) = (handle, number, length);
        return page;
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

    private sealed class Page
    {
        public readonly byte[] Bytes = new byte[PageBytes];

        public SafeFileHandle? Handle { get; set; }

        public long Number { get; set; }

        public int Length { get; set; }
    }
}
