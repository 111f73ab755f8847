using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Faults;

namespace Stackmill.Preprocess.Redact;

/// <summary>Keys of hashes: from the configuration, from an environment variable, or from a file.</summary>
internal static class HashKeys
{
    private const int Shortest = 16;

    /// <summary>The bytes of a key.</summary>
    /// <param name="setting">The key itself, <c>env:NAME</c> or <c>file:PATH</c>.</param>
    /// <exception cref="UsageException">It can't be had, or is too short to keep anything secret.</exception>
    public static byte[] Read(string setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        var (text, where) = setting switch
        {
            ['e', 'n', 'v', ':', .. var name] => (Environment.GetEnvironmentVariable(name) ?? throw new UsageException($"the environment variable {name} of redaction.hash_key is not set. Set it to a key of at least {Shortest} bytes, made with: openssl rand -hex 32"), $"the environment variable {name} of redaction.hash_key"),
            ['f', 'i', 'l', 'e', ':', .. var path] => (ReadFile(path), $"the file '{path}' of redaction.hash_key"),
            _ => (setting, "redaction.hash_key"),
        };
        var key = Encoding.UTF8.GetBytes(text.Trim());
        return key.Length >= Shortest ? key : throw new UsageException($"{where} holds {key.Length} bytes, expected at least {Shortest}. Make a key with: openssl rand -hex 32");
    }

    /// <summary>Tells keys apart without telling them: part of what decides whether a dataset is up to date.</summary>
    public static string Fingerprint(string setting) => Convert.ToHexStringLower(HMACSHA256.HashData(Read(setting), "stackmill redaction key"u8))[..16];

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the file '{path}' of redaction.hash_key can't be read: {fault.Message}", fault);
        }
    }
}
