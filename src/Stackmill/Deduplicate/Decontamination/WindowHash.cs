using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>
/// The hash of the last words in a row, rolled on word by word: the exclusive or of their hashes, each rotated by its place
/// (a cyclic polynomial, as shingles have), with the number of words mixed in, so that windows of several sizes share a table.
/// </summary>
/// <param name="size">Words in the window, at most 50.</param>
internal struct WindowHash(int size)
{
    private readonly ulong _salt = (ulong)size * 0x9e3779b97f4a7c15;
    private ulong _mixed;

    /// <summary>Words in the window.</summary>
    public int Size { get; } = size;

    /// <summary>Begins another text.</summary>
    public void Reset() => _mixed = 0;

    /// <summary>Takes a word in, and the one out that is <see cref="Size"/> words before it (0 when there is none).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Roll(ulong entering, ulong leaving)
    {
        _mixed = BitOperations.RotateLeft(_mixed, 1) ^ BitOperations.RotateLeft(leaving, Size) ^ entering;
        return _mixed + _salt;
    }
}
