using System.Security.Cryptography;
using System.Text;

namespace Stackmill.Datasets.Hub;

/// <summary>
/// Holds the bytes of a file against the hash that the Hub lists: the SHA-256 of files in large file storage, else Git's id of the blob, which is
/// the SHA-1 of <c>blob LENGTH\0</c> and the bytes.
/// </summary>
internal sealed class HubHash : IDisposable
{
    private readonly IncrementalHash _hash;
    private string? _found;

    private HubHash(string expected, HashAlgorithmName algorithm)
    {
        (Expected, Algorithm) = (expected, algorithm.Name!);
        _hash = IncrementalHash.CreateHash(algorithm);
    }

    /// <summary>What the Hub lists, in hexadecimal.</summary>
    public string Expected { get; }

    /// <summary>Name of the algorithm.</summary>
    public string Algorithm { get; }

    /// <summary>What the bytes have, in hexadecimal, once <see cref="IsMet"/> was asked.</summary>
    public string? Found => _found;

    /// <summary>The hash of an entry; <c>null</c> where its list tells none that can be one.</summary>
    public static HubHash? Of(HubEntry entry)
    {
        if (entry.ContentHash is not null)
            return IsHex(entry.ContentHash, SHA256.HashSizeInBytes) ? new HubHash(entry.ContentHash, HashAlgorithmName.SHA256) : null;
        if (!IsHex(entry.GitId, SHA1.HashSizeInBytes))
            return null;
        var blob = new HubHash(entry.GitId, HashAlgorithmName.SHA1);
        blob.Add(Encoding.ASCII.GetBytes($"blob {entry.Length}\0"));
        return blob;
    }

    /// <summary>Adds what comes next.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>True when all bytes that were added have the hash.</summary>
    public bool IsMet()
    {
        _found = Convert.ToHexStringLower(_hash.GetHashAndReset());
        return _found.Equals(Expected, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private static bool IsHex(string text, int bytes) => text.Length == 2 * bytes && text.All(char.IsAsciiHexDigit);
}
