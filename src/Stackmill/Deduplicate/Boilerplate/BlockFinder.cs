using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>A block in a text: a maximal run of windows that enough files hold.</summary>
/// <param name="First">Its first compared line.</param>
/// <param name="Last">Its last compared line.</param>
internal readonly record struct Block(int First, int Last);

/// <summary>Finds the blocks of one text after another. One per worker: not thread-safe.</summary>
/// <param name="frequent">The windows that enough files hold.</param>
internal sealed class BlockFinder(FrequentWindows frequent)
{
    private readonly List<Block> _blocks = [];
    private ulong[] _windows = [];

    /// <summary>The lines of the last text.</summary>
    public ComparedLines Lines { get; } = new();

    /// <summary>The blocks of a text, in order; two may share lines. Valid until the next call.</summary>
    public IReadOnlyList<Block> Find(ReadOnlySpan<byte> text)
    {
        _blocks.Clear();
        Lines.Read(text);
        var count = LineWindows.Hash(Lines.Compared, frequent.MinLines, ref _windows);
        for (var i = 0; i < count; i++)
        {
            if (!Holds(_windows[i]))
                continue;
            var first = i;
            while (i + 1 < count && Holds(_windows[i + 1]))
                i++;
            _blocks.Add(new Block(first, i + frequent.MinLines - 1));
        }

        return _blocks;
    }

    /// <summary>What tells a block from all others: the start of the SHA-256 of its compared lines, each followed by a line end.</summary>
    public UInt128 Identify(ReadOnlySpan<byte> text, Block block)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in Lines.Compared[block.First..(block.Last + 1)])
        {
            hash.AppendData(text.Slice(line.Start, line.Length));
            hash.AppendData("\n"u8);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Holds(ulong window) => window != 0 && frequent.Contains(window);
}
