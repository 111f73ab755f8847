using System.Numerics;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>
/// The windows of a text: so many compared lines in a row, each as one 64-bit hash (a cyclic polynomial over the hashes of the lines, as in
/// <see cref="Shingler"/>). A window with few compared bytes says nothing (closing words such as <c>end</c>) and has the hash 0.
/// </summary>
internal static class LineWindows
{
    /// <summary>Fewest compared bytes a line, on average, of a window that counts.</summary>
    public const int MinBytesPerLine = 8;

    /// <summary>Writes the hash of the window that starts at each compared line; gives how many windows there are.</summary>
    /// <param name="lines">The compared lines.</param>
    /// <param name="minLines">Lines in a window.</param>
    /// <param name="hashes">Replaced when it is too short.</param>
    public static int Hash(ReadOnlySpan<ComparedLine> lines, int minLines, ref ulong[] hashes)
    {
        var count = lines.Length - minLines + 1;
        if (count <= 0)
            return 0;
        if (hashes.Length < count)
            hashes = GC.AllocateUninitializedArray<ulong>((int)BitOperations.RoundUpToPowerOf2((uint)count));
        var (rolling, bytes) = (0UL, 0L);
        for (var i = 0; i < minLines - 1; i++)
            (rolling, bytes) = (BitOperations.RotateLeft(rolling, 1) ^ lines[i].Hash, bytes + lines[i].Length);
        for (var i = 0; i < count; i++)
        {
            var entering = lines[i + minLines - 1];
            var leaving = lines[i];
            rolling = BitOperations.RotateLeft(rolling, 1) ^ entering.Hash;
            bytes += entering.Length;
            hashes[i] = bytes < MinBytesPerLine * minLines ? 0 : StableHash.Finalise(rolling);
            rolling ^= BitOperations.RotateLeft(leaving.Hash, minLines - 1);
            bytes -= leaving.Length;
        }

        return count;
    }
}
