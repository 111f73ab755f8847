using System.Net;
using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Monitoring;

namespace Stackmill.Web;

/// <summary>What clients must know. Only its hash is kept, and hashes are compared in a time that tells nothing.</summary>
internal sealed class AccessToken
{
    /// <summary>Fewer characters could be guessed.</summary>
    public const int LeastChars = 16;

    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    // Longer ones are wrong, and are not worth their hash.
    private const int MostHeaderChars = 4096;

    private readonly byte[] _hash;

    private AccessToken(string token) => _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>The token for an address; <c>null</c> where none is set and none is needed.</summary>
    /// <exception cref="UsageException">One is needed and not set, or is too short.</exception>
    public static AccessToken? Of(string? token, IPAddress address)
    {
        if (string.IsNullOrEmpty(token))
        {
            return IPAddress.IsLoopback(address) ? null
                : throw new UsageException($"{address} is reached from other machines, and {MonitoringOptions.Token} is not set. Set it to {LeastChars} or more random characters, or serve on 127.0.0.1.");
        }

        return token.Length >= LeastChars ? new AccessToken(token)
            : throw new UsageException($"{MonitoringOptions.Token} has {token.Length} characters; expected {LeastChars} or more random ones.");
    }

    /// <summary>True for <c>Bearer TOKEN</c>, and for <c>Basic</c> with any name and the token as password.</summary>
    public bool Accepts(string? authorization)
    {
        if (authorization is null || authorization.Length > MostHeaderChars)
            return false;
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return IsToken(Encoding.UTF8.GetBytes(authorization[Bearer.Length..].Trim()));
        if (!authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return false;
        var decoded = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[Basic.Length..].Trim(), decoded, out var length))
            return false;
        var colon = decoded.AsSpan(0, length).IndexOf((byte)':');
        return colon >= 0 && IsToken(decoded.AsSpan(colon + 1, length - colon - 1));
    }

    private bool IsToken(ReadOnlySpan<byte> guess) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(guess), _hash);
}
