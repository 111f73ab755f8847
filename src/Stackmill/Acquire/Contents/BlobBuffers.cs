using System.Buffers;

namespace Stackmill.Acquire.Contents;

/// <summary>
/// Buffers of contents. A pool rounds up to powers of two and keeps what was given back: of large ones that would be several times
/// what is under way, and the runtime sets aside twice an array of sixteen megabytes and a header. So those have the length that is
/// asked for, and are the collector's when they are given back; they are few beside the ones that a pool serves.
/// </summary>
internal static class BlobBuffers
{
    private const int Large = 1 << 20;

    /// <summary>A buffer of at least so many bytes.</summary>
    public static byte[] Rent(int bytes) => bytes > Large ? GC.AllocateUninitializedArray<byte>(bytes) : ArrayPool<byte>.Shared.Rent(bytes);

    /// <summary>Gives a buffer back.</summary>
    public static void Return(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (buffer.Length <= Large)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
