using System.Buffers;
using Apache.Arrow.Memory;

namespace Stackmill.Organize.Sources.Records;

/// <summary>
/// Memory of one Arrow batch at a time, with a bound: packed buffers tell their own lengths, and a few bytes could ask for all
/// that the machine has.
/// </summary>
/// <param name="mostBytes">Bytes of one batch, as it lies in the file and unpacked.</param>
internal sealed class ArrowMemory(long mostBytes) : MemoryAllocator
{
    /// <summary>As much as a message without packed buffers may have.</summary>
    public const long MostBatchBytes = int.MaxValue;

    private readonly NativeMemoryAllocator _memory = new();
    private long _taken;

    /// <summary>What was taken so far belongs to a batch that is no longer used.</summary>
    public void Begin() => _taken = 0;

    /// <summary>Makes room.</summary>
    /// <exception cref="InvalidDataException">The batch needs more than is allowed.</exception>
    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        if ((_taken += length) > mostBytes)
            throw new InvalidDataException($"a batch unpacks to more than {mostBytes} bytes; it may have been made to fill memory, else write it with fewer rows a batch");
        bytesAllocated = length;
        return _memory.Allocate(length);
    }
}
