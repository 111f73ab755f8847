using System.Buffers;
using System.Globalization;
using System.Text;

namespace Stackmill.Preprocess.Redact;

/// <summary>
/// Invented values for the style <c>fake</c>, of ranges that belong to nobody: example.com and its like (RFC 2606), 192.0.2.0/24 and 2001:db8::/32
/// (RFC 5737, RFC 3849), 00-00-5E-00-53 (RFC 7042), US numbers 555-01xx, social security numbers 987-65-432x (kept for advertisements),
/// card numbers that begin with 9999 (no scheme). Letters and digits only where a quote could end a literal. A number decides which.
/// No rule finds them again.
/// </summary>
internal static class FakeValues
{
    private static readonly string[] FirstNames = "Alex Blake Casey Dana Eden Finley Gray Harper Indigo Jamie Kai Lane Morgan Noel Oakley Parker Quinn Reese Sage Taylor".Split(' ');
    private static readonly string[] LastNames = "Ashdown Birchwood Cresthill Dunmere Elmstead Fernley Greymoor Hazelton Ivyford Juniper Kestrelby Larkfield Mossley Northgate Oakridge Pinewell".Split(' ');
    private static readonly HashSet<string> Names = [.. FirstNames.SelectMany(f => LastNames.Select(l => $"{f} {l}"))];
    private static readonly string[] Hosts = ["@example.com", "@example.net", "@example.org"];

    /// <summary>Writes a value of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="value">What is replaced: for its form.</param>
    /// <param name="choice">Which.</param>
    /// <param name="output">Where it goes.</param>
    public static void Write(RedactionKind kind, ReadOnlySpan<byte> value, ulong choice, IBufferWriter<byte> output)
    {
        switch (kind)
        {
            case RedactionKind.Email:
                Text($"user{(uint)choice:x8}{Hosts[choice >> 40 & 1]}", output);
                break;
            case RedactionKind.Key:
                Text($"fake{choice:x16}", output);
                break;
            case RedactionKind.Ssn:
                Text($"987-65-432{choice % 10}", output);
                break;
            case RedactionKind.Phone:
                Text($"+1-202-555-01{choice % 100:00}", output);
                break;
            case RedactionKind.IpAddress:
                Text(value.Contains((byte)':') ? $"2001:db8::{(ushort)choice | 0x1000:x}" : $"192.0.2.{(choice % 254) + 1}", output);
                break;
            case RedactionKind.Iban:
                Text($"ZZ00{choice % 100_000_000_000_000:00000000000000}", output);
                break;
            case RedactionKind.MacAddress:
                Text(value.Contains((byte)'.') ? $"0000.5e00.53{(byte)choice:x2}" : value.Contains((byte)'-') ? $"00-00-5E-00-53-{(byte)choice:X2}" : $"00:00:5e:00:53:{(byte)choice:x2}", output);
                break;
            case RedactionKind.UserPath:
                // Behind a single backslash (C:\Users\) most first letters would make an escape: \u in JavaScript and in comments of Java.
                Text("me", output);
                break;
            case RedactionKind.Name:
                Text($"{FirstNames[choice % (ulong)FirstNames.Length]} {LastNames[(choice >> 32) % (ulong)LastNames.Length]}", output);
                break;
            case RedactionKind.CreditCard:
                Shape(value, choice, 4, output);
                break;
            default:
                Shape(value, 0, 0, output);
                break;
        }
    }

    /// <summary>True for what <see cref="Write"/> writes.</summary>
    public static bool IsOwn(RedactionKind kind, ReadOnlySpan<byte> value) => kind switch
    {
        RedactionKind.Email => value.Length == 24 && value.StartsWith("user"u8) && value[12..].StartsWith("@example."u8) && Shapes.Run(value, 4, Shapes.LowerHex, 9) == 8,
        RedactionKind.Key => value.Length == 20 && value.StartsWith("fake"u8) && Shapes.Run(value, 4, Shapes.LowerHex, 16) == 16,
        RedactionKind.Ssn => value.Length == 11 && value.StartsWith("987-65-432"u8),
        RedactionKind.Phone => value.Length == 15 && value.StartsWith("+1-202-555-01"u8),
        RedactionKind.MacAddress => value.StartsWith("00:00:5e:00:53"u8) || value.StartsWith("00-00-5E-00-53"u8) || value.StartsWith("0000.5e00.53"u8),
        RedactionKind.Iban => value.StartsWith("ZZ"u8),
        RedactionKind.UserPath => value.SequenceEqual("me"u8),
        RedactionKind.Name => Names.Contains(Encoding.UTF8.GetString(value)),
        RedactionKind.NationalId or RedactionKind.Passport or RedactionKind.Location => value.IndexOfAnyInRange((byte)'1', (byte)'9') < 0,
        _ => false,
    };

    private static void Text(string text, IBufferWriter<byte> output) => output.Write(Encoding.ASCII.GetBytes(text));

    // Digits and letters change, the rest stays: 'nines' of the former in front, then the choice's digits, or zeros for none.
    private static void Shape(ReadOnlySpan<byte> value, ulong choice, int nines, IBufferWriter<byte> output)
    {
        var digits = choice.ToString("D20", CultureInfo.InvariantCulture);
        var next = 0;
        foreach (var b in value)
        {
            var digit = next < nines ? (byte)'9' : (byte)digits[^(1 + (next % 19))];
            output.Write([Shapes.IsDigit(b) ? digit : Shapes.IsLetter(b) ? (byte)'X' : b]);
            next += Shapes.IsDigit(b) ? 1 : 0;
        }
    }
}
