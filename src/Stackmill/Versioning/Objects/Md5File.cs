using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Stackmill.Core.Faults;

namespace Stackmill.Versioning.Objects;

/// <summary>MD5 as DVC names objects by.</summary>
[SuppressMessage("Security", "CA5351", Justification = "the name that DVC gives objects; it protects against damage, not against attack")]
internal static class Md5File
{
    /// <summary>What follows the hash of a folder's list of files.</summary>
    public const string FolderEnding = ".dir";

    /// <summary>What a hash looks like, for messages.</summary>
    public const string Expected = "32 lower-case hexadecimal digits, and .dir after those of a folder";

    private const int BufferBytes = 1 << 18;
    private const int HexDigits = 32;

    /// <summary>MD5 of a file, lower-case hex.</summary>
    /// <exception cref="RunFaultException">It can't be read.</exception>
    public static string Of(string path)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
            var read = RandomAccess.Read(handle, buffer, 0);
            if (read < BufferBytes && RandomAccess.Read(handle, buffer.AsSpan(read, 1), read) == 0)
                return Of(buffer.AsSpan(0, read));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            for (var at = 0L; ; at += read)
            {
                read = RandomAccess.Read(handle, buffer, at);
                if (read == 0)
                    return Convert.ToHexStringLower(hash.GetHashAndReset());
                hash.AppendData(buffer, 0, read);
            }
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunFaultException($"'{path}' can't be read ({(fault is UnauthorizedAccessException ? "no permission" : "it vanished")}). Give yourself the right to read it, or leave it out with .dvcignore.", fault);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>MD5 of bytes, lower-case hex.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    /// <summary>True for a hash as DVC writes it: 32 lower-case hexadecimal digits, a folder's with its ending.</summary>
    public static bool IsHash(string text)
    {
        var digits = text.EndsWith(FolderEnding, StringComparison.Ordinal) ? text.AsSpan(0, text.Length - FolderEnding.Length) : text;
        return digits.Length == HexDigits && digits.IndexOfAnyExceptInRange('0', 'f') < 0 && digits.IndexOfAnyInRange(':', '`') < 0;
    }

    /// <summary>True for the hash of a folder.</summary>
    public static bool IsFolder(string hash) => hash.EndsWith(FolderEnding, StringComparison.Ordinal);
}
