using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Stackmill.Preprocess.Redact;

/// <summary>Writes what takes a value's place, in the style of the options. One per worker; it keeps no value.</summary>
/// <param name="options">The style, and its seed or key.</param>
internal sealed class ReplacementWriter(RedactionOptions options)
{
    // bigcode-dataset, pii/ner/pii_redaction/utils.py: five private addresses of each form.
    private static readonly string[] BigCodeV4 = ["172.16.31.10", "172.16.58.3", "172.16.17.32", "192.168.127.12", "192.168.3.11"];
    private static readonly string[] BigCodeV6 =
        ["fd00:c2b6:b24b:be67:2827:688d:e6a1:6a3b", "fd00:a516:7c1b:17cd:6d81:2137:bd2a:2c5b", "fc00:e968:6179::de52:7100", "fc00:db20:35b:7399::5", "fdf8:f53e:61e4::18"];

    private const int HashDigits = 16;

    private readonly byte[] _key = options.HashKey is { Length: > 0 } key ? HashKeys.Read(key) : [];

    /// <summary>Whether the places of equal values get numbers.</summary>
    public bool IsNumbered => options.Style == RedactionOptions.Numbered;

    /// <summary>True when one of the replacements has no marks that keep it apart from what stands beside it.</summary>
    public bool CanJoin(List<Candidate> candidates) =>
        options.Style == RedactionOptions.Fake || (options.Style == RedactionOptions.BigCode && candidates.Exists(c => c.Rule.Kind == RedactionKind.IpAddress));

    /// <summary>Writes the replacement of a value.</summary>
    /// <param name="rule">The rule that found it.</param>
    /// <param name="value">The value: what makes two of them the same.</param>
    /// <param name="stretch">What is replaced: the value, or a piece of it.</param>
    /// <param name="number">Its number, for the style that has some.</param>
    /// <param name="marked">A numbered placeholder, whatever the style.</param>
    /// <param name="output">Where it goes.</param>
    public void Write(Rule rule, ReadOnlySpan<byte> value, ReadOnlySpan<byte> stretch, int number, bool marked, ArrayBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(output);
        switch (marked ? RedactionOptions.Numbered : options.Style)
        {
            case RedactionOptions.Fake:
                FakeValues.Write(rule.Kind, stretch, Choice(rule.Kind, value), output);
                return;
            case RedactionOptions.BigCode when rule.Kind == RedactionKind.IpAddress:
                var addresses = stretch.Contains((byte)':') ? BigCodeV6 : BigCodeV4;
                output.Write(System.Text.Encoding.ASCII.GetBytes(addresses[Choice(rule.Kind, value) % (ulong)addresses.Length]));
                return;
            case RedactionOptions.BigCode:
                output.Write(rule.IsPassword ? "<PASSWORD"u8 : RedactionKinds.Opening(rule.Kind));
                break;
            case RedactionOptions.Hash:
                output.Write(RedactionKinds.Opening(rule.Kind));
                output.Write("_"u8);
                output.Write(System.Text.Encoding.ASCII.GetBytes(HashOf(rule.Kind, value)));
                break;
            default:
                output.Write(RedactionKinds.Opening(rule.Kind));
                output.Write("_"u8);
                Span<byte> digits = stackalloc byte[12];
                Utf8Formatter.TryFormat(number, digits, out var written);
                output.Write(digits[..written]);
                break;
        }

        output.Write(">"u8);
    }

    /// <summary>The hash that is kept beside a place; <c>null</c> when none is asked for.</summary>
    public string? Record(RedactionKind kind, ReadOnlySpan<byte> value) => options.RecordHash ? HashOf(kind, value) : null;

    // HMAC-SHA-256 of the kind's number and the value, addresses in lower case, as equal values are equal elsewhere.
    private string HashOf(RedactionKind kind, ReadOnlySpan<byte> value) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Identity(kind, value)))[..HashDigits];

    // Without a key nobody could keep secret which value had which fake one; so nothing of the value but this is used.
    private ulong Choice(RedactionKind kind, ReadOnlySpan<byte> value)
    {
        Span<byte> seed = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(seed, options.Seed);
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(seed, Identity(kind, value), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private static byte[] Identity(RedactionKind kind, ReadOnlySpan<byte> value)
    {
        var identity = new byte[value.Length + 1];
        identity[0] = (byte)kind;
        value.CopyTo(identity.AsSpan(1));
        if (kind == RedactionKind.Email)
        {
            foreach (ref var b in identity.AsSpan(1))
                b = b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
        }

        return identity;
    }
}
