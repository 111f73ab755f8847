using System.Buffers.Binary;
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
