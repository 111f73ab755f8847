using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>MD5 as S3 uses it: as entity tag of an object or part, and as the check of an upload (Content-MD5, RFC 1864).</summary>
[SuppressMessage("Security", "CA5351", Justification = "the protocol's check against damage on the way; what is published is held to its SHA-256")]
internal static class PartHash
{
    /// <summary>True when an entity tag has the form of an MD5; those of multipart uploads have a count of parts behind it.</summary>
    public static bool IsMd5(string tag) => tag.Length == 32 && tag.All(char.IsAsciiHexDigitLower);

    /// <summary>MD5 of a file, lower-case hex.</summary>
    public static string OfFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(MD5.HashData(stream));
    }

    /// <summary>MD5 of a range of a file.</summary>
    public static byte[] OfRange(string path, long start, long length)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = new byte[1 << 16];
        for (var at = start; at < start + length;)
        {
            var read = RandomAccess.Read(handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, start + length - at)), at);
            if (read == 0)
                throw new EndOfStreamException($"'{path}' became shorter while it was published");
            hash.AppendData(buffer, 0, read);
            at += read;
        }

        return hash.GetHashAndReset();
    }
}
