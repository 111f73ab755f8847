namespace Stackmill.Shared;

/// <summary>
/// Holds copies of many byte sequences in a few pinned slabs, all freed together: contents of one row group
/// without one large-object allocation each, and with addresses that native code can read.
/// </summary>
internal sealed class ByteArena
{
    // Sequences above an eighth of a slab get a slab of their own, so that at most an eighth is wasted.
    private const int SlabBytes = 4 << 20;
    private const int OwnSlabBytes = SlabBytes / 8;

    private readonly List<byte[]> _slabs = [];
    private readonly List<byte[]> _large = [];
    private int _slab = -1;
    private int _used = SlabBytes;

    /// <summary>Bytes copied since the last reset.</summary>
    public long Bytes { get; private set; }

    /// <summary>Copies a sequence; the copy is valid until <see cref="Reset"/>, and is pinned.</summary>
    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        var target = Reserve(bytes.Length);
        bytes.CopyTo(target.Span);
        return target;
    }

    /// <summary>Gives room of a known length to be filled by the caller; valid until <see cref="Reset"/>.</summary>
    public Memory<byte> Reserve(int length)
    {
        Bytes += length;
        if (length > OwnSlabBytes)
        {
            var own = GC.AllocateUninitializedArray<byte>(length, pinned: true);
            _large.Add(own);
            return own;
        }

        if (_slab < 0 || _used + length > SlabBytes)
        {
            _slab++;
            _used = 0;
            if (_slab == _slabs.Count)
                _slabs.Add(GC.AllocateUninitializedArray<byte>(SlabBytes, pinned: true));
        }

        var memory = _slabs[_slab].AsMemory(_used, length);
        _used += length;
        return memory;
    }

    /// <summary>Forgets all sequences; ordinary slabs are kept for reuse.</summary>
    public void Reset()
    {
        _large.Clear();
        _slab = -1;
        _used = SlabBytes;
        Bytes = 0;
    }
}
