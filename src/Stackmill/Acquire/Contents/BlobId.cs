using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stackmill.Acquire.Contents;

/// <summary>SHA-1 of a content, by which Software Heritage stores it: 20 bytes, ordered as its hex digits are.</summary>
internal readonly record struct BlobId(ulong High, ulong Middle, uint Low) : IComparable<BlobId>
{
    /// <summary>Bytes of an id.</summary>
    public const int Size = 20;

    /// <summary>Reads 40 hex digits of either case; false when it is something else.</summary>
    public static bool TryParse(string? text, out BlobId id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        id = default;
        if (text is not { Length: 2 * Size } || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        id = Read(bytes);
        return true;
    }

    /// <summary>The id of some bytes.</summary>
    public static BlobId Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA1.HashData(content, hash);
        return Read(hash);
    }

    /// <summary>Reads 20 bytes.</summary>
    public static BlobId Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]));

    /// <summary>Writes 20 bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Middle);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], Low);
    }

    /// <inheritdoc/>
    public int CompareTo(BlobId other)
    {
        var order = High.CompareTo(other.High);
        if (order == 0)
            order = Middle.CompareTo(other.Middle);
        return order != 0 ? order : Low.CompareTo(other.Low);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
