using System.Buffers;

namespace Stackmill.Acquire.Contents;

/// <summary>
/// Buffers of contents. The common pool keeps one array of each size for each thread: of large ones that would be more than all
/// that is under way, so those come from a pool of few.
/// </summary>
internal static class BlobBuffers
{
    private const int Large = 1 << 20;

    // A packed content, twice what was unpacked while its buffer grows, and one more.
    private const int LargeOfEachSize = 4;

    private static readonly ArrayPool<byte> Few = ArrayPool<byte>.Create(1 << 30, LargeOfEachSize);

    /// <summary>A buffer of at least so many bytes.</summary>
    public static byte[] Rent(int bytes) => bytes > Large ? Few.Rent(bytes) : ArrayPool<byte>.Shared.Rent(bytes);

    /// <summary>Gives a buffer back.</summary>
    public static void Return(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        (buffer.Length > Large ? Few : ArrayPool<byte>.Shared).Return(buffer);
    }
}
