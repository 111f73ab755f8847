using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Stackmill.Deduplicate;

/// <summary>A SHA-256 as a value of 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ContentDigest(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>The 32 bytes of a SHA-256.</summary>
    /// <exception cref="ArgumentException">There aren't 32 bytes.</exception>
    public static ContentDigest From(ReadOnlySpan<byte> sha256)
    {
        if (sha256.Length != 32)
            throw new ArgumentException($"A SHA-256 has 32 bytes, not {sha256.Length}.", nameof(sha256));
        return new(
            BinaryPrimitives.ReadUInt64BigEndian(sha256),
            BinaryPrimitives.ReadUInt64BigEndian(sha256[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(sha256[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(sha256[24..]));
    }

    /// <summary>The digest of 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">They aren't 64 hexadecimal digits.</exception>
    public static ContentDigest Parse(ReadOnlySpan<char> hex)
    {
        if (hex.Length != 64)
            throw new FormatException($"A SHA-256 has 64 hexadecimal digits, not {hex.Length}.");
        return From(Convert.FromHexString(hex));
    }
}

/// <summary>
/// Finds equal keys. Whole keys are compared, so with a cryptographic digest equal means identical content.
/// Takes 4 bytes for each slot of a table at most two thirds full: 6 to 12 bytes a document.
/// </summary>
internal static class ExactIndex
{
    /// <summary>For each key, the index of the first equal one: its own index when it is the first.</summary>
    public static int[] FirstEqual<T>(ReadOnlySpan<T> keys, Func<T, ulong> hash)
        where T : struct, IEquatable<T>
    {
        var first = new int[keys.Length];
        var table = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2L, keys.Length + (keys.Length / 2L)))];
        int mask = table.Length - 1;
        for (int i = 0; i < keys.Length; i++)
        {
            // The slots hold index + 1, so that a cleared table is an empty one.
            int slot = (int)hash(keys[i]) & mask;
            while (table[slot] != 0 && !keys[table[slot] - 1].Equals(keys[i]))
                slot = (slot + 1) & mask;
            if (table[slot] == 0)
                table[slot] = i + 1;
            first[i] = table[slot] - 1;
        }
        return first;
    }

    /// <summary>For each document in order of preference, the first with the same content.</summary>
    public static int[] FirstEqual(ReadOnlySpan<ContentDigest> digests) => FirstEqual(digests, static digest => digest.A);
}
