using System.Text;

namespace Stackmill.Preprocess.Redact;

/// <summary>What a rule finds; each kind has its own placeholder and numbers.</summary>
internal enum RedactionKind : byte
{
    Email,
    Key,
    Ssn,
    CreditCard,
    Phone,
    IpAddress,
}

/// <summary>The names of the kinds, in reports and in placeholders.</summary>
internal static class RedactionKinds
{
    private static readonly string[] Names = ["email", "key", "ssn", "credit_card", "phone", "ip_address"];
    private static readonly byte[][] Openings = [.. Names.Select(n => Encoding.ASCII.GetBytes("<" + n.ToUpperInvariant() + "_"))];

    public const int Count = 6;

    /// <summary>snake_case name, as in reports.</summary>
    public static string Name(RedactionKind kind) => Names[(int)kind];

    /// <summary>The bytes of a placeholder up to its number: <c>&lt;EMAIL_</c>.</summary>
    public static ReadOnlySpan<byte> Opening(RedactionKind kind) => Openings[(int)kind];

    /// <summary>Length of the placeholder that begins at <paramref name="at"/>; 0 when none does.</summary>
    public static int PlaceholderLength(ReadOnlySpan<byte> text, int at)
    {
        if (text[at] != '<')
            return 0;
        foreach (byte[] opening in Openings)
        {
            if (!text[at..].StartsWith(opening))
                continue;
            int end = at + opening.Length;
            int digits = Shapes.Run(text, end, DigitScan.Digits, 10);
            return digits > 0 && Shapes.At(text, end + digits) == '>' ? opening.Length + digits + 1 : 0;
        }
        return 0;
    }
}
