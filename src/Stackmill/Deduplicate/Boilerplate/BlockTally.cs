using System.Runtime.InteropServices;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>What files have of one block.</summary>
/// <param name="High">First half of what tells the block from others.</param>
/// <param name="Low">Second half.</param>
/// <param name="Files">Files that hold it.</param>
/// <param name="Bytes">Bytes of its lines in all of them.</param>
/// <param name="CutFiles">Files in which lines of it go.</param>
/// <param name="CutBytes">Bytes of the lines of it that go.</param>
/// <param name="Example">Where it is shown: its first place in the dataset.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BlockCount(ulong High, ulong Low, long Files, long Bytes, long CutFiles, long CutBytes, BlockPlace Example) : ISummedRow<BlockCount>
{
    /// <inheritdoc/>
    public static BlockCount Sum(in BlockCount left, in BlockCount right) => left with
    {
        Files = left.Files + right.Files,
        Bytes = left.Bytes + right.Bytes,
        CutFiles = left.CutFiles + right.CutFiles,
        CutBytes = left.CutBytes + right.CutBytes,
        Example = left.Example.CompareTo(right.Example) <= 0 ? left.Example : right.Example,
    };

    /// <inheritdoc/>
    public int CompareTo(BlockCount other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);
}

/// <summary>A place of a block.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Row">The record in it.</param>
/// <param name="FirstLine">The block's first line, from 0.</param>
/// <param name="Lines">Lines from its first to its last.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BlockPlace(int Shard, int Row, int FirstLine, int Lines) : IComparable<BlockPlace>
{
    /// <inheritdoc/>
    public int CompareTo(BlockPlace other) =>
        Shard != other.Shard ? Shard.CompareTo(other.Shard) : Row != other.Row ? Row.CompareTo(other.Row) : FirstLine.CompareTo(other.FirstLine);
}

/// <summary>Counts the blocks of one shard's files in bounded memory, and writes them ascending to a file. Not thread-safe.</summary>
internal sealed class BlockTally : IDisposable
{
    private readonly ExternalSort<BlockCount> _sort;
    private readonly Dictionary<UInt128, BlockCount> _file = [];

    /// <param name="scratch">Start of the names of files that are made on the way; its folder is there.</param>
    /// <param name="memoryBytes">Most memory for counts, apart from those of one file.</param>
    public BlockTally(string scratch, long memoryBytes) => _sort = new ExternalSort<BlockCount>(scratch, memoryBytes);

    /// <summary>Adds a block of the file at hand.</summary>
    /// <param name="block">What tells it from others.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="bytes">Bytes of its lines, those of the block before it left out.</param>
    /// <param name="cutBytes">Bytes of them that go.</param>
    public void Add(UInt128 block, BlockPlace place, long bytes, long cutBytes)
    {
        var more = new BlockCount((ulong)(block >> 64), (ulong)block, 1, bytes, cutBytes > 0 ? 1 : 0, cutBytes, place);
        if (_file.TryGetValue(block, out var before))
            more = BlockCount.Sum(before, more) with { Files = 1, CutFiles = Math.Max(before.CutFiles, more.CutFiles) };
        _file[block] = more;
    }

    /// <summary>Ends the file at hand.</summary>
    public void EndFile()
    {
        foreach (var count in _file.Values)
            _sort.Add(count);
        _file.Clear();
    }

    /// <summary>Writes all that was counted; the file appears whole or not at all.</summary>
    public void Complete(string path) => SummedRows.Write(path, _sort.Sort());

    /// <summary>Removes what was made on the way.</summary>
    public void Dispose() => _sort.Dispose();
}
