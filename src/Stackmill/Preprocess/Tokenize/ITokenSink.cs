using System.Buffers;
using System.Runtime.CompilerServices;

namespace Stackmill.Preprocess.Tokenize;

/// <summary>Receives the token ids of a text in order. Implemented by structs, so that each gets its own compiled loop.</summary>
internal interface ITokenSink
{
    /// <summary>The next ids.</summary>
    public void Add(ReadOnlySpan<int> ids);
}

/// <summary>Counts ids.</summary>
internal struct CountingSink : ITokenSink
{
    /// <summary>Number of ids received.</summary>
    public int Count { get; private set; }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<int> ids) => Count += ids.Length;
}

/// <summary>Writes ids to a buffer writer, a block of memory at a time.</summary>
/// <param name="writer">Where they go; complete only after <see cref="Flush"/>.</param>
internal ref struct WritingSink(IBufferWriter<int> writer) : ITokenSink
{
    // About four bytes of source code are one token: 4096 ids are a middling file.
    private const int BlockSize = 4096;

    private Span<int> _block = [];
    private int _used;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<int> ids)
    {
        if (_block.Length - _used < ids.Length)
        {
            Flush();
            _block = writer.GetSpan(Math.Max(BlockSize, ids.Length));
        }

        if (ids.Length == 1) _block[_used] = ids[0];
        else ids.CopyTo(_block[_used..]);
        _used += ids.Length;
    }

    /// <summary>Hands over what was written since the last time.</summary>
    public void Flush()
    {
        writer.Advance(_used);
        _block = [];
        _used = 0;
    }
}
