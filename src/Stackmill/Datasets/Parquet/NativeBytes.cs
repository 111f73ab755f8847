using System.Buffers;
using ParquetSharp;

namespace Stackmill.Datasets.Parquet;

/// <summary>Bytes that the native library holds, as memory. Whoever hands it out says how long it is valid.</summary>
internal sealed unsafe class NativeBytes(ByteArray bytes) : MemoryManager<byte>
{
    /// <summary>The bytes of a value.</summary>
    public static ReadOnlySpan<byte> Span(ByteArray value) => new((void*)value.Pointer, value.Length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new((void*)bytes.Pointer, bytes.Length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)bytes.Pointer + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Native memory does not move.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The library's page reader owns it.
    }
}
